/* SPDX-License-Identifier: Apache-2.0 */
/* What the rest of mesh sees of a loop. */
#ifndef MESH__LOOP_H
#define MESH__LOOP_H

#include <grpc/grpc.h>
#include <mesh/loop.h>

#include "arena.h"

/* What an operation of the C core is started with; its completion calls `fn`. It is embedded in
 * the object that waits (MESH__CONTAINER leads back), so that no operation allocates. */
typedef struct mesh__tag mesh__tag;
typedef void mesh__tag_fn(mesh__tag *tag, bool ok);
struct mesh__tag {
  mesh__tag_fn *fn;
};

/* A post without an allocation: embedded in its object, one post at a time. */
typedef struct mesh__task mesh__task;
typedef void mesh__task_fn(mesh__task *task);
struct mesh__task {
  mesh__task *next;
  mesh__task_fn *fn;
};

/* mesh_loop_post for a task that is the caller's. Any thread. */
void mesh__loop_post_task(mesh_loop *loop, mesh__task *task);

/* mesh_loop_post_at_rest for a task that is the caller's. */
void mesh__loop_post_task_at_rest(mesh_loop *loop, mesh__task *task);

grpc_completion_queue *mesh__loop_queue(mesh_loop *loop);

/* The blocks that arenas of this loop are made of. */
mesh__block_pool *mesh__loop_blocks(mesh_loop *loop);

/* Monotonic milliseconds as the C core's deadline; MESH_NO_TIMEOUT (INT64_MAX) is never. */
gpr_timespec mesh__deadline_to_core(int64_t deadline_ms);
int64_t mesh__deadline_from_core(gpr_timespec deadline);

/* now + delay without overflow. */
int64_t mesh__add_ms(int64_t now_ms, int64_t delay_ms);

/* The clock of the loops, monotonic, read now; from any thread. */
int64_t mesh__clock_ms(void);

#endif

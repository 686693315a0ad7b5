/* SPDX-License-Identifier: Apache-2.0 */
/* What contexts are made of. */
#ifndef MESH__CONTEXT_H
#define MESH__CONTEXT_H

#include <mesh/context.h>
#include <stdatomic.h>

#include "loop.h"
#include "metadata.h"

/* Something under way that ends when its scope is cancelled: a call, or a function to call. */
typedef struct mesh__pending mesh__pending;
struct mesh__pending {
  mesh__pending *previous;
  mesh__pending *next;
  /* Called once, out of the list already. */
  void (*cancel)(mesh__pending *pending, grpc_status_code reason);
};

/* What one cancellation reaches: a root's whole family, but not its detached children, which have
 * scopes of their own. */
typedef struct mesh__scope {
  mesh__pending pending; /* the ring's head */
  mesh_timer timer;      /* of the deadline, for scopes that are no server call's */
  int64_t deadline_ms;   /* that the timer watches; INT64_MAX: none */
  struct mesh__root *root;
  struct mesh__scope *next; /* the root's other scopes */
  bool is_cancelled;
  grpc_status_code reason; /* CANCELLED or DEADLINE_EXCEEDED */
} mesh__scope;

typedef struct mesh__root mesh__root;
struct mesh__root {
  atomic_size_t holds;
  mesh_loop *loop;
  mesh_arena *arena;
  mesh__scope scope;
  mesh__task death;
  /* Called on the loop when the last hold is gone, before the arena goes. NULL: nothing to do. */
  void (*on_death)(mesh__root *root);
};

/* Metadata that calls of this context and of its children send; innermost first. */
typedef struct mesh__context_entry mesh__context_entry;
struct mesh__context_entry {
  const mesh__context_entry *next;
  const char *key;
  mesh_bytes value;
};

struct mesh_context {
  mesh__root *root;
  mesh__scope *scope;
  int64_t deadline_ms; /* INT64_MAX: none */
  otlp_context trace;
  const mesh__context_entry *metadata;
};

/* A root that lives in `arena`, with one hold, and its own context. Nobody watches the deadline. */
void mesh__root_init(mesh__root *root, mesh_loop *loop, mesh_arena *arena);
void mesh__context_init(mesh_context *context, mesh__root *root, int64_t deadline_ms);

void mesh__root_hold(mesh__root *root);
void mesh__root_release(mesh__root *root);

/* Enters the ring of the scope; a scope that is cancelled already cancels at once. */
void mesh__scope_add(mesh__scope *scope, mesh__pending *pending);

/* Leaves it. Not being in one is fine. */
void mesh__pending_remove(mesh__pending *pending);

void mesh__scope_cancel(mesh__scope *scope, grpc_status_code reason);

/* Sets the trace context of a context under construction; counts of trace state and baggage are
 * held until the root dies. */
void mesh__context_set_trace(mesh_context *context, const otlp_context *trace);

/* A child that shares everything with its parent, so far. */
mesh_context *mesh__context_child(const mesh_context *parent);

#endif

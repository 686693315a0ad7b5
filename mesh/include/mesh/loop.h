/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The loop: one gRPC completion queue and the one thread that polls it. Every callback of mesh runs
 * on a loop's thread, one at a time, so what belongs to a loop needs no lock.
 *
 * Ownership: a loop outlives the servers, contexts, calls and timers on it.
 * Threads: mesh_loop_post and mesh_loop_stop from any thread; everything else on the loop's thread,
 * or before it runs. Callbacks must not block.
 */
#ifndef MESH_LOOP_H
#define MESH_LOOP_H

#include <mesh/status.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct mesh_loop mesh_loop;

mesh_loop *mesh_loop_new(void);

/** Destroys a loop that is not running, after running what was posted. NULL does nothing. */
void mesh_loop_destroy(mesh_loop *loop);

/** Polls and calls back until mesh_loop_stop. May be run again. */
void mesh_loop_run(mesh_loop *loop);

/** Makes mesh_loop_run return once the callback under way has returned. A stop before the run is
 * not lost. */
void mesh_loop_stop(mesh_loop *loop);

/**
 * Has `fn(data)` called once on the loop's thread, soon, in the order of the posts of one thread;
 * never from within the post.
 */
void mesh_loop_post(mesh_loop *loop, void (*fn)(void *data), void *data);

/**
 * Has `fn(data)` called once when the loop comes to rest: when no event has come that it has not
 * handled, or 32 have since the last rest; and before mesh_loop_run returns. For what many
 * calls want at the same time and is cheaper once for all of them, such as waking a thread. On the
 * loop's thread only.
 */
void mesh_loop_post_at_rest(mesh_loop *loop, void (*fn)(void *data), void *data);

/** True on the thread that runs the loop. */
bool mesh_loop_is_current(const mesh_loop *loop);

/** Monotonic milliseconds, read once per turn of the loop; for timers and deadlines, not for the
 * calendar. */
int64_t mesh_loop_now_ms(const mesh_loop *loop);

/** A one-shot timer; memory is the caller's, zeroed before first use. Members are the loop's. */
typedef struct mesh_timer {
  struct mesh_timer *links[3];
  int64_t due_ms;
  uint64_t sequence;
  void (*fn)(void *data);
  void *data;
  bool is_pending;
} mesh_timer;

/** Has `fn(data)` called once, `delay_ms` from now or later; without a delay (0 or less), in the
 * next turn. Starting a pending timer moves it. */
void mesh_timer_start(mesh_loop *loop, mesh_timer *timer, int64_t delay_ms, void (*fn)(void *data),
                      void *data);

/** After this `fn` is not called. Stopping an idle timer does nothing. */
void mesh_timer_stop(mesh_loop *loop, mesh_timer *timer);

#ifdef __cplusplus
}
#endif

#endif

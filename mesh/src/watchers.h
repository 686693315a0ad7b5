/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Streams of the server's own services that stay open until their client goes, and have to be woken
 * when something changes: health's watchers, reflection's streams.
 *
 * Ownership: watchers are their calls'. Threads: a watcher belongs to its loop's thread; waking is
 * for any thread, and comes to each watcher on its own.
 */
#ifndef MESH__WATCHERS_H
#define MESH__WATCHERS_H

#include <mesh/loop.h>

typedef struct mesh__watchers mesh__watchers;

/* Embedded in what is to be woken. Zeroed before first use. */
typedef struct mesh__watcher mesh__watcher;
struct mesh__watcher {
  mesh__watcher *previous;
  mesh__watcher *next;
  size_t *count;                        /* of its loop; NULL when it is in no list */
  void (*on_wake)(mesh__watcher *self); /* may remove itself, and no other */
};

/* At most `most_per_loop` watchers on each of the loops, which must outlive what is posted to them.
 */
mesh__watchers *mesh__watchers_new(mesh_loop *const *loops, size_t loop_count,
                                   size_t most_per_loop);

/* Frees it once no wake is under way. No watcher may be left. NULL does nothing. */
void mesh__watchers_destroy(mesh__watchers *watchers);

/* False when the loop has its most. On the thread of `loop`, one of those it was made with. */
bool mesh__watchers_add(mesh__watchers *watchers, const mesh_loop *loop, mesh__watcher *watcher);

/* Being in no list is fine. */
void mesh__watchers_remove(mesh__watcher *watcher);

/* Has on_wake called for every watcher, soon, on its loop. Wakes that come before it are one. */
void mesh__watchers_wake(mesh__watchers *watchers);

#endif

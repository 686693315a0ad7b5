/* SPDX-License-Identifier: Apache-2.0 */
#include "watchers.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "memory.h"

/* The watchers of one loop. */
typedef struct watchers_loop {
  mesh__watchers *watchers;
  mesh_loop *loop;
  /* any thread */
  atomic_bool is_posted;
  /* the loop's */
  mesh__watcher ring; /* the list's head */
  size_t count;
} watchers_loop;

struct mesh__watchers {
  atomic_size_t holds; /* the owner's, and one for each post under way */
  size_t most_per_loop;
  size_t loop_count;
  watchers_loop loops[];
};

mesh__watchers *mesh__watchers_new(mesh_loop *const *loops, size_t loop_count,
                                   size_t most_per_loop) {
  mesh__watchers *watchers =
      mesh__xcalloc(1, sizeof(*watchers) + loop_count * sizeof(*watchers->loops));
  atomic_init(&watchers->holds, 1);
  watchers->most_per_loop = most_per_loop;
  watchers->loop_count = loop_count;
  for (size_t i = 0; i < loop_count; i++) {
    watchers_loop *home = &watchers->loops[i];
    home->watchers = watchers;
    home->loop = loops[i];
    home->ring.previous = home->ring.next = &home->ring;
    atomic_init(&home->is_posted, false);
  }
  return watchers;
}

static void release(mesh__watchers *watchers) {
  if (atomic_fetch_sub_explicit(&watchers->holds, 1, memory_order_acq_rel) == 1) {
    free(watchers);
  }
}

void mesh__watchers_destroy(mesh__watchers *watchers) {
  if (watchers != NULL) {
    release(watchers);
  }
}

static watchers_loop *home_of(mesh__watchers *watchers, const mesh_loop *loop) {
  for (size_t i = 0; i < watchers->loop_count; i++) {
    if (watchers->loops[i].loop == loop) {
      return &watchers->loops[i];
    }
  }
  assert(!"a watcher's loop is one of the server's");
  return NULL;
}

bool mesh__watchers_add(mesh__watchers *watchers, const mesh_loop *loop, mesh__watcher *watcher) {
  watchers_loop *home = home_of(watchers, loop);
  if (home->count == watchers->most_per_loop) {
    return false;
  }
  home->count++;
  watcher->count = &home->count;
  watcher->previous = home->ring.previous;
  watcher->next = &home->ring;
  watcher->previous->next = watcher;
  watcher->next->previous = watcher;
  return true;
}

void mesh__watchers_remove(mesh__watcher *watcher) {
  if (watcher->count == NULL) {
    return;
  }
  (*watcher->count)--;
  watcher->count = NULL;
  watcher->previous->next = watcher->next;
  watcher->next->previous = watcher->previous;
}

/* On the loop. What changes from here on is another wake's. */
static void wake(void *data) {
  watchers_loop *home = data;
  atomic_store(&home->is_posted, false);
  for (mesh__watcher *watcher = home->ring.next; watcher != &home->ring;) {
    mesh__watcher *next = watcher->next;
    watcher->on_wake(watcher);
    watcher = next;
  }
  release(home->watchers);
}

void mesh__watchers_wake(mesh__watchers *watchers) {
  for (size_t i = 0; i < watchers->loop_count; i++) {
    watchers_loop *home = &watchers->loops[i];
    if (!atomic_exchange(&home->is_posted, true)) {
      atomic_fetch_add_explicit(&watchers->holds, 1, memory_order_relaxed);
      mesh_loop_post(home->loop, wake, home);
    }
  }
}

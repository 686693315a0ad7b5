/* SPDX-License-Identifier: Apache-2.0 */
#include "timers.h"

#include <assert.h>
#include <stddef.h>

/* What a timer's links are. BACK is the left sibling, or the parent for a first child. */
enum { CHILD, NEXT, BACK };

static bool is_before(const mesh_timer *a, const mesh_timer *b) {
  return a->due_ms != b->due_ms ? a->due_ms < b->due_ms : a->sequence < b->sequence;
}

/* Puts `timer` in front of the children of `parent`. */
static void adopt(mesh_timer *parent, mesh_timer *timer) {
  timer->links[NEXT] = parent->links[CHILD];
  timer->links[BACK] = parent;
  if (parent->links[CHILD] != NULL) {
    parent->links[CHILD]->links[BACK] = timer;
  }
  parent->links[CHILD] = timer;
}

/* Joins two heaps, either of which may be empty. */
static mesh_timer *meld(mesh_timer *a, mesh_timer *b) {
  if (a == NULL || b == NULL) {
    return a != NULL ? a : b;
  }
  mesh_timer *first = is_before(a, b) ? a : b;
  mesh_timer *second = first == a ? b : a;
  adopt(first, second);
  first->links[NEXT] = NULL;
  first->links[BACK] = NULL;
  return first;
}

/* Joins a list of siblings in the two passes that keep the heap shallow. */
static mesh_timer *meld_siblings(mesh_timer *timer) {
  mesh_timer *pairs = NULL;
  while (timer != NULL) {
    mesh_timer *a = timer;
    mesh_timer *b = a->links[NEXT];
    timer = b != NULL ? b->links[NEXT] : NULL;
    mesh_timer *pair = meld(a, b);
    pair->links[NEXT] = pairs;
    pairs = pair;
  }
  mesh_timer *root = NULL;
  while (pairs != NULL) {
    mesh_timer *next = pairs->links[NEXT];
    pairs->links[NEXT] = NULL;
    root = meld(root, pairs);
    pairs = next;
  }
  if (root != NULL) {
    root->links[BACK] = NULL;
  }
  return root;
}

void mesh__timers_add(mesh__timers *timers, mesh_timer *timer, int64_t due_ms) {
  assert(!timer->is_pending);
  timer->links[CHILD] = NULL;
  timer->links[NEXT] = NULL;
  timer->links[BACK] = NULL;
  timer->due_ms = due_ms;
  timer->sequence = timers->sequence++;
  timer->is_pending = true;
  timers->root = meld(timers->root, timer);
}

static void unlink_from_heap(mesh_timer *timer) {
  mesh_timer *back = timer->links[BACK];
  mesh_timer *next = timer->links[NEXT];
  int link = back->links[CHILD] == timer ? CHILD : NEXT;
  back->links[link] = next;
  if (next != NULL) {
    next->links[BACK] = back;
  }
}

void mesh__timers_remove(mesh__timers *timers, mesh_timer *timer) {
  assert(timer->is_pending);
  mesh_timer *children = meld_siblings(timer->links[CHILD]);
  if (timer == timers->root) {
    timers->root = children;
  } else {
    unlink_from_heap(timer);
    timers->root = meld(timers->root, children);
  }
  timer->is_pending = false;
}

int64_t mesh__timers_next_due(const mesh__timers *timers) {
  return timers->root != NULL ? timers->root->due_ms : INT64_MAX;
}

mesh_timer *mesh__timers_take_due(mesh__timers *timers, int64_t now_ms) {
  mesh_timer *timer = timers->root;
  if (timer == NULL || timer->due_ms > now_ms) {
    return NULL;
  }
  mesh__timers_remove(timers, timer);
  return timer;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The timers of a loop: a pairing heap over the callers' mesh_timer, ordered by due time and, when
 * equal, by the order of their starts. No clock in here. */
#ifndef MESH__TIMERS_H
#define MESH__TIMERS_H

#include <mesh/loop.h>

/* All zero is empty. */
typedef struct mesh__timers {
  mesh_timer *root;
  uint64_t sequence;
} mesh__timers;

/* Adds a timer that is not pending, with `fn` and `data` set by the caller. */
void mesh__timers_add(mesh__timers *timers, mesh_timer *timer, int64_t due_ms);

/* Removes a pending timer. */
void mesh__timers_remove(mesh__timers *timers, mesh_timer *timer);

/* The earliest due time; INT64_MAX when there is none. */
int64_t mesh__timers_next_due(const mesh__timers *timers);

/* Takes out the earliest timer that is due at `now_ms`; NULL when none is. */
mesh_timer *mesh__timers_take_due(mesh__timers *timers, int64_t now_ms);

#endif

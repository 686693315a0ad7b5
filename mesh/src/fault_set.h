/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The fault rules in force.
 *
 * Readers are the loops: they load one pointer, to a table that never changes, or to none when
 * there are no rules. A writer publishes another table, and the old one is freed when every loop
 * has turned once since: what a loop reads it lets go of within one callback.
 *
 * Ownership: the set is destroyed after its loops. A fault is counted: tables hold it, and calls
 * that it has struck. Threads: tables on the loops of the set only; everything else from any
 * thread.
 */
#ifndef MESH__FAULT_SET_H
#define MESH__FAULT_SET_H

#include <mesh/loop.h>
#include <stdatomic.h>

#include "fault_rule.h"

enum { MESH__FAULT_RULES_MOST = 64 };

/* A rule in force, and what is left of it. */
typedef struct mesh__fault {
  mesh__fault_rule rule; /* with an id */
  int64_t ends_at_ms;    /* monotonic; INT64_MAX: never */
  atomic_int_least64_t hits;
  atomic_size_t holders;
} mesh__fault;

typedef struct mesh__fault_table {
  size_t count;
  mesh__fault *faults[]; /* the first that matches decides */
} mesh__fault_table;

typedef struct mesh__fault_set mesh__fault_set;

mesh__fault_set *mesh__fault_set_new(mesh_loop *const *loops, size_t loop_count);
void mesh__fault_set_destroy(mesh__fault_set *set);

/* The table, or NULL when there are no rules: then this is one relaxed load. Valid until the
 * callback of the loop returns. */
const mesh__fault_table *mesh__fault_set_table(const mesh__fault_set *set);

/* The first rule of a table that matches and is not over; NULL when there is none. */
mesh__fault *mesh__fault_table_find(const mesh__fault_table *table, mesh__fault_side side,
                                    const char *path, int64_t now_ms);

/* Counts a strike; false when there are none left. */
bool mesh__fault_strike(mesh__fault *fault);

void mesh__fault_acquire(mesh__fault *fault);
void mesh__fault_release(mesh__fault *fault); /* NULL does nothing */

/* Where a rule that is new goes. */
typedef enum mesh__fault_place { MESH__FAULT_FIRST, MESH__FAULT_LAST } mesh__fault_place;

/*
 * Puts a rule that was checked in force. LAST refuses an id that is there (ALREADY_EXISTS), FIRST
 * replaces its rule where it is. RESOURCE_EXHAUSTED when there are too many. `out_fault`, which may
 * be NULL, is acquired for the caller.
 */
MESH_MUST_USE mesh_status mesh__fault_set_put(mesh__fault_set *set, const mesh__fault_rule *rule,
                                              mesh__fault_place place, int64_t now_ms,
                                              mesh__fault **out_fault);

/* False when there is none of this id that is not over. */
bool mesh__fault_set_remove(mesh__fault_set *set, const char *id, int64_t now_ms);

/* Ends all rules. @return how many there were. */
size_t mesh__fault_set_clear(mesh__fault_set *set, int64_t now_ms);

/* The rules in force, in order, acquired for the caller. @return how many. */
size_t mesh__fault_set_list(mesh__fault_set *set, int64_t now_ms,
                            mesh__fault *out_faults[MESH__FAULT_RULES_MOST]);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What an app sets for its process as a whole, before there are threads: they inherit it. */
#ifndef MESH__PROCESS_H
#define MESH__PROCESS_H

#include <mesh/status.h>
#include <stdbool.h>

/**
 * Makes the process one that serves many: one malloc arena more than there are loops (unless
 * MALLOC_ARENA_MAX says otherwise), the scheduling policy that MESH_SCHED_POLICY names, corked
 * connections unless MESH_CORK says no (cork.h), and no deadlock detection in Abseil.
 * @return INVALID_ARGUMENT when a variable cannot be parsed.
 */
MESH_MUST_USE mesh_status mesh__process_set_up(int loop_count);

/* The last of these. @return false when Abseil has no such switch. */
bool mesh__process_stop_deadlock_detection(void);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When a loop that refuses calls is said to refuse them, and when to take them again: once per
 * change, however often calls are taken and refused in between.
 *
 * Threads: a loop's; does no I/O, the clock is an argument.
 */
#ifndef MESH__OVERLOAD_H
#define MESH__OVERLOAD_H

#include <mesh/server.h>

/* Without a refusal for this long, it is over. */
enum { MESH__OVERLOAD_QUIET_MS = 1000 };

/* All zero: nothing was refused. */
typedef struct mesh__overload {
  mesh_overload said;
  int64_t last_ms; /* the last refusal */
} mesh__overload;

/* A call is refused. True when that is a change, to be told. */
bool mesh__overload_refuse(mesh__overload *overload, int64_t now_ms);

/* A call is taken. True when that is a change, to be told. */
bool mesh__overload_take(mesh__overload *overload, int64_t now_ms);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Heap memory that is always there: mesh ends the process when there is none (DESIGN: a service
 * that cannot allocate a call's memory has nothing better to do). */
#ifndef MESH__MEMORY_H
#define MESH__MEMORY_H

#include <stddef.h>

void *mesh__xmalloc(size_t size);

/* Zeroed. */
void *mesh__xcalloc(size_t count, size_t size);

void *mesh__xrealloc(void *memory, size_t size);

/* NULL gives NULL. */
char *mesh__xstrdup(const char *text);

/* Has all threads of a process share this many arenas, unless MALLOC_ARENA_MAX says otherwise: one
 * for each loop. Each arena that the C library would give a dozen threads keeps what it once
 * needed, while the loops do nearly all the work, and threads' own caches keep the others off their
 * locks. Two megabytes less of 25 under load, at the same CPU time for each call. Before other
 * threads are made. */
void mesh__limit_arenas(int count);

/* The object whose `member` is at `pointer`. */
#define MESH__CONTAINER(pointer, type, member) \
  ((type *)(void *)((char *)(pointer)-offsetof(type, member)))

#endif

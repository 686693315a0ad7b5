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

/* The object whose `member` is at `pointer`. */
#define MESH__CONTAINER(pointer, type, member) \
  ((type *)(void *)((char *)(pointer)-offsetof(type, member)))

#endif

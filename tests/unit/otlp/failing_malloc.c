/* SPDX-License-Identifier: Apache-2.0 */
#include "failing_malloc.h"

#include <stdbool.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);

static size_t failing_nth;
static size_t count;

static bool fails(void) {
  count++;
  return count == failing_nth;
}

void failing_malloc_set(size_t nth) {
  failing_nth = nth;
  count = 0;
}

size_t failing_malloc_count(void) {
  return count;
}

void *__wrap_malloc(size_t size) {
  return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t members, size_t size) {
  return fails() ? NULL : __real_calloc(members, size);
}

void *__wrap_realloc(void *block, size_t size) {
  return fails() ? NULL : __real_realloc(block, size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size) {
  return fails() ? NULL : __real_aligned_alloc(alignment, size);
}

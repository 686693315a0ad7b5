/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Lets the nth allocation fail. The program is linked with --wrap for malloc, calloc, realloc and
 * aligned_alloc (cmake: failing_malloc_test), so that the library's calls come here.
 */
#ifndef TESTS_UNIT_OTLP_FAILING_MALLOC_H
#define TESTS_UNIT_OTLP_FAILING_MALLOC_H

#include <stddef.h>

/** From now on the `nth` allocation (1 is the next) fails; 0: none. Starts the count anew. */
void failing_malloc_set(size_t nth);

/** Allocations since the last set, failed ones included. */
size_t failing_malloc_count(void);

#endif

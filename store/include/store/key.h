/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What may become a key of a store: ids and idempotency keys that come with requests.
 *
 * Threads: pure functions.
 */
#ifndef STORE_KEY_H
#define STORE_KEY_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The longest key, in bytes. */
enum { STORE_KEY_MAX = 128 };

/**
 * What is wrong with `text` as a key of 1 to `max_bytes` bytes of UTF-8 without control characters.
 *
 * @return NULL when nothing is, or the rest of a sentence that starts with the field's name: "must
 * not be empty". Static; never echoes the text.
 */
const char *store_key_problem(const char *text, size_t max_bytes);

#ifdef __cplusplus
}
#endif

#endif

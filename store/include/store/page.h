/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Pages of a list. A page goes on behind the last key of the one before, so that rows that come and
 * go between two pages shift nothing.
 *
 * Threads: pure functions, but for the arena.
 */
#ifndef STORE_PAGE_H
#define STORE_PAGE_H

#include <mesh/arena.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  STORE_PAGE_DEFAULT = 50,
  STORE_PAGE_MAX = 1000,
  STORE_PAGE_KEY_MAX = 320, /* bytes: two keys and what is between them */
};

/** The rows on a page when `requested` are asked for: 0 means the default, more than the maximum
 * the maximum, and a negative number -1, which is a mistake of the caller. */
int store_page_size(int32_t requested);

/**
 * A token that goes on behind `last_key`, at most STORE_PAGE_KEY_MAX bytes. `scope` names the list
 * and what filters it: a token is of use only there. @return printable ASCII in the arena.
 */
const char *store_page_token(mesh_arena *arena, const char *scope, const char *last_key);

/**
 * The key in a token, in the arena; "" for the empty token, which means the first page.
 * @return NULL when the token was not made by store_page_token with the same scope.
 */
char *store_page_key(mesh_arena *arena, const char *scope, const char *token);

#ifdef __cplusplus
}
#endif

#endif

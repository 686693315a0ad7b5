/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A page of a list of rows, from the request's page size and token to the token of the next page.
 * Rows are ordered by up to three texts, their keys; a page goes on behind the keys of the last row
 * of the one before. The statement asks for one row more than the page has, to know whether there
 * is another page.
 *
 * Ownership: everything is in the arena or borrowed from it.
 * Threads: as the call's arena; while an operation runs, that of the operation.
 */
#ifndef STORE_LIST_H
#define STORE_LIST_H

#include <store/handler.h>
#include <store/page.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { STORE_LIST_KEYS = 3 };

typedef struct store_list {
  const char *scope; /* names the list and its filters: a token is good for these only */
  size_t key_count;
  const char *after[STORE_LIST_KEYS]; /* the row to go on behind: "" for the first page */
  size_t size;                        /* rows on the page */
  size_t count;                       /* rows read */
  bool has_more;
} store_list;

/** What a request says about its page. */
typedef struct store_list_request {
  int32_t page_size;
  const char *page_token;
} store_list_request;

/**
 * Starts a page. Does nothing when there is a problem already; a negative size or a token of
 * another list becomes one.
 */
void store_list_open(store_list *list, mesh_arena *arena, const store_list_request *request,
                     store_field_problem *problem);

/** The parameter of the statement's LIMIT. */
int64_t store_list_limit(const store_list *list);

/** Steps to the next row of the page and counts it; false when the page is full or there is no
 * more. */
bool store_list_next(store_list *list, store_query *query);

/** The token of the next page, when `keys` are those of the last row; "" when this is the last
 * page. */
char *store_list_token(const store_list *list, mesh_arena *arena, const char *const *keys);

#ifdef __cplusplus
}
#endif

#endif

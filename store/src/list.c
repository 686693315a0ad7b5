/* SPDX-License-Identifier: Apache-2.0 */
#include <store/list.h>
#include <string.h>

/* Between the keys of a row, which have no control characters. */
enum { SEPARATOR = '\n' };

/* False when there are fewer keys than there must be, or more. */
static bool split(store_list *list, char *keys) {
  for (size_t i = 0; i < list->key_count; i++) {
    list->after[i] = keys;
    char *end = strchr(keys, SEPARATOR);
    bool is_last = i + 1 == list->key_count;
    if ((end == NULL) != is_last) {
      return false;
    }
    if (!is_last) {
      *end = '\0';
      keys = end + 1;
    }
  }
  return true;
}

static bool set_after(store_list *list, mesh_arena *arena, const char *token) {
  for (size_t i = 0; i < STORE_LIST_KEYS; i++) {
    list->after[i] = "";
  }
  char *keys = store_page_key(arena, list->scope, token);
  return keys != NULL && (keys[0] == '\0' || split(list, keys));
}

void store_list_open(store_list *list, mesh_arena *arena, const store_list_request *request,
                     store_field_problem *problem) {
  if (problem->field != NULL) {
    return;
  }
  int size = store_page_size(request->page_size);
  if (size < 0) {
    *problem = (store_field_problem){"page_size", "must not be negative"};
  } else if (!set_after(list, arena, request->page_token)) {
    *problem = (store_field_problem){"page_token", "is not a token of this list"};
  } else {
    list->size = (size_t)size;
  }
}

int64_t store_list_limit(const store_list *list) {
  return (int64_t)list->size + 1;
}

bool store_list_next(store_list *list, store_query *query) {
  if (!store_query_next(query)) {
    return false;
  }
  if (list->count == list->size) {
    list->has_more = true;
    store_query_end(query);
    return false;
  }
  list->count++;
  return true;
}

char *store_list_token(const store_list *list, mesh_arena *arena, const char *const *keys) {
  if (!list->has_more) {
    return mesh_arena_strdup(arena, "");
  }
  const char *joined = keys[0];
  for (size_t i = 1; i < list->key_count; i++) {
    joined = mesh_arena_printf(arena, "%s%c%s", joined, SEPARATOR, keys[i]);
  }
  return (char *)store_page_token(arena, list->scope, joined);
}

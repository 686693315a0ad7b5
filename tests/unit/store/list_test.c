/* SPDX-License-Identifier: Apache-2.0 */
#include <store/list.h>
#include <string.h>

#include "../../support/cmocka_headers.h"

static int make_arena(void **state) {
  *state = mesh_arena_new();
  return 0;
}

static int drop_arena(void **state) {
  mesh_arena_destroy(*state);
  return 0;
}

/* Opens a page of three keys. @return the field that is wrong, or "". */
static const char *open_page(store_list *list, mesh_arena *arena, int size, const char *token) {
  store_field_problem problem = {NULL, NULL};
  store_list_request request = {size, token};
  *list = (store_list){.scope = "rows", .key_count = 3};
  store_list_open(list, arena, &request, &problem);
  return problem.field != NULL ? problem.field : "";
}

/* The first page would begin somewhere in the middle. */
static void test_first_page(void **state) {
  store_list list;
  assert_string_equal(open_page(&list, *state, 0, ""), "");
  assert_int_equal(list.size, STORE_PAGE_DEFAULT);
  assert_int_equal(store_list_limit(&list), STORE_PAGE_DEFAULT + 1);
  for (size_t i = 0; i < STORE_LIST_KEYS; i++) {
    assert_string_equal(list.after[i], "");
  }
}

/* The next page would not go on where the last one ended. */
static void test_next_page(void **state) {
  store_list list;
  const char *const keys[] = {"o-1", "sku 001", "Warehouse-\xc3\x84"};
  assert_string_equal(open_page(&list, *state, 2, ""), "");
  assert_string_equal(store_list_token(&list, *state, keys), "");
  list.has_more = true;
  const char *token = store_list_token(&list, *state, keys);
  assert_string_equal(open_page(&list, *state, 2, token), "");
  for (size_t i = 0; i < 3; i++) {
    assert_string_equal(list.after[i], keys[i]);
  }
}

/* A token with fewer keys, or more, would read keys that are not there, or skip rows. */
static void test_tokens_of_other_shapes(void **state) {
  static const char *const keys[] = {"a", "a\nb", "a\nb\nc\nd"};
  store_list list;
  for (size_t i = 0; i < 3; i++) {
    const char *token = store_page_token(*state, "rows", keys[i]);
    assert_string_equal(open_page(&list, *state, 2, token), "page_token");
  }
  const char *token = store_page_token(*state, "other", "a\nb\nc");
  assert_string_equal(open_page(&list, *state, 2, token), "page_token");
  assert_string_equal(open_page(&list, *state, -1, ""), "page_size");
}

/* A problem that came before would be forgotten. */
static void test_earlier_problem_stays(void **state) {
  store_list list = {.scope = "rows", .key_count = 1};
  store_list_request request = {-1, "nonsense"};
  store_field_problem problem = {"state", "is not a state"};
  store_list_open(&list, *state, &request, &problem);
  assert_string_equal(problem.field, "state");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_first_page),
      cmocka_unit_test(test_next_page),
      cmocka_unit_test(test_tokens_of_other_shapes),
      cmocka_unit_test(test_earlier_problem_stays),
  };
  return cmocka_run_group_tests(tests, make_arena, drop_arena);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <store/page.h>
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

/* Clients would get pages of other sizes than they are promised, or read the whole table. */
static void test_sizes(void **state) {
  (void)state;
  assert_int_equal(store_page_size(0), STORE_PAGE_DEFAULT);
  assert_int_equal(store_page_size(1), 1);
  assert_int_equal(store_page_size(STORE_PAGE_MAX), STORE_PAGE_MAX);
  assert_int_equal(store_page_size(STORE_PAGE_MAX + 1), STORE_PAGE_MAX);
  assert_int_equal(store_page_size(INT32_MAX), STORE_PAGE_MAX);
  assert_int_equal(store_page_size(-1), -1);
  assert_int_equal(store_page_size(INT32_MIN), -1);
}

/* The next page would start somewhere else. Every length shows every way base64 can end. */
static void test_gives_the_key_back(void **state) {
  char key[STORE_PAGE_KEY_MAX + 1];
  for (size_t length = 1; length <= STORE_PAGE_KEY_MAX; length++) {
    memset(key, 0, sizeof key);
    for (size_t i = 0; i < length; i++) {
      key[i] = (char)(1 + (i * 7 + length) % 255);
    }
    const char *token = store_page_token(*state, "notes", key);
    assert_int_equal(
        strspn(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
        strlen(token));
    const char *found = store_page_key(*state, "notes", token);
    assert_non_null(found);
    assert_string_equal(found, key);
  }
}

/* The first page could not be asked for. */
static void test_empty_means_the_first_page(void **state) {
  assert_string_equal(store_page_key(*state, "notes", ""), "");
}

/* A token of another list, or with other filters, would give a wrong page instead of an error. */
static void test_refuses_tokens_of_other_lists(void **state) {
  const char *token = store_page_token(*state, "notes/1", "key");
  assert_null(store_page_key(*state, "notes/2", token));
  assert_non_null(store_page_key(*state, "notes/1", token));
}

/* A mistyped token would give a wrong page instead of an error. */
static void test_refuses_damaged_tokens(void **state) {
  const char *token = store_page_token(*state, "notes", "a key");
  char damaged[64];
  for (size_t i = 0; i < strlen(token); i++) {
    strcpy(damaged, token);
    damaged[i] = damaged[i] == 'A' ? 'B' : 'A';
    const char *found = store_page_key(*state, "notes", damaged);
    /* The spare bits of the last digit carry nothing. */
    assert_true(found == NULL || (i == strlen(token) - 1 && strcmp(found, "a key") == 0));
    strcpy(damaged, token);
    damaged[i] = '\0';
    assert_true(i == 0 || store_page_key(*state, "notes", damaged) == NULL);
    damaged[i] = '=';
    assert_null(store_page_key(*state, "notes", damaged));
  }
  static const char *const nonsense[] = {"A", "AAAAAA", "....", "%%%", "\xff\xfe", "next"};
  for (size_t i = 0; i < sizeof nonsense / sizeof nonsense[0]; i++) {
    assert_null(store_page_key(*state, "notes", nonsense[i]));
  }
}

/* A token of any length would be copied somewhere too small. */
static void test_refuses_long_tokens(void **state) {
  char longest[10000];
  for (size_t length = 300; length < sizeof longest; length += 97) {
    memset(longest, 'A', length);
    longest[length] = '\0';
    assert_null(store_page_key(*state, "notes", longest));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_sizes),
      cmocka_unit_test_setup_teardown(test_gives_the_key_back, make_arena, drop_arena),
      cmocka_unit_test_setup_teardown(test_empty_means_the_first_page, make_arena, drop_arena),
      cmocka_unit_test_setup_teardown(test_refuses_tokens_of_other_lists, make_arena, drop_arena),
      cmocka_unit_test_setup_teardown(test_refuses_damaged_tokens, make_arena, drop_arena),
      cmocka_unit_test_setup_teardown(test_refuses_long_tokens, make_arena, drop_arena),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <store/check.h>

#include "../../support/cmocka_headers.h"

/* The last problem would be named instead of the first. */
static void test_first_problem_stays(void **state) {
  (void)state;
  store_field_problem problem = {NULL, NULL};
  store_check(&problem, true, "a", "is wrong");
  assert_null(problem.field);
  store_check(&problem, false, "b", "is wrong");
  store_check_text(&problem, "c", "", 1);
  store_check_quantity(&problem, "d", 0, 1, "must be at most 1");
  store_check_amount(&problem, "e", 0);
  assert_string_equal(problem.field, "b");
  assert_string_equal(problem.text, "is wrong");
}

/* What may be left out would have to be there, or be anything. */
static void test_optional_texts(void **state) {
  (void)state;
  store_field_problem problem = {NULL, NULL};
  store_check_optional_text(&problem, "reason", "", 2);
  store_check_optional_text(&problem, "reason", "ab", 2);
  assert_null(problem.field);
  store_check_optional_text(&problem, "reason", "abc", 2);
  assert_string_equal(problem.field, "reason");
}

/* Whoever sends a list would not know which of its items is meant. */
static void test_places(void **state) {
  (void)state;
  mesh_arena *arena = mesh_arena_new();
  store_field_problem problem = {"quantity", "must be at least 1"};
  store_check_place(&problem, arena, "items", 12);
  assert_string_equal(problem.field, "items[12].quantity");
  mesh_arena_destroy(arena);
}

/* Cents would get lost between messages and books. */
static void test_cents(void **state) {
  (void)state;
  for (int64_t cents = 1; cents < 100000000000; cents = cents * 7 / 5 + 1) {
    store_field_problem problem = {NULL, NULL};
    store_check_amount(&problem, "amount", store_dollars(cents));
    assert_null(problem.field);
    assert_int_equal(store_cents(store_dollars(cents)), cents);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_first_problem_stays),
      cmocka_unit_test(test_optional_texts),
      cmocka_unit_test(test_places),
      cmocka_unit_test(test_cents),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

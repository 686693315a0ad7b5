/* SPDX-License-Identifier: Apache-2.0 */
#include "load_plan.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* A rate that does not divide a second would drift away from what was asked for. */
static void test_requests_are_due_at_the_rate(void **state) {
  (void)state;
  const load_plan plan = {.rate = 3, .seconds = 10, .orders = 20};
  assert_int_equal(load_plan_total(&plan), 30);
  assert_int_equal(load_plan_due_us(&plan, 0), 0);
  assert_int_equal(load_plan_due_us(&plan, 1), 333333);
  assert_int_equal(load_plan_due_us(&plan, 29), 9666666);
}

/* The mix would not be the one asked for, or come in one lump. */
static void test_orders_are_spread_evenly(void **state) {
  (void)state;
  const load_plan plan = {.rate = 100, .seconds = 1, .orders = 20};
  size_t orders = 0;
  for (size_t n = 0; n < 100; n++) {
    orders += load_plan_is_order(&plan, n) ? 1 : 0;
    assert_true(orders == (n + 1) / 5);
  }
}

/* A request that was held up before it was sent must not look fast. */
static void test_latency_counts_from_when_it_was_due(void **state) {
  (void)state;
  load_result result;
  assert_true(load_result_init(&result, 4));
  load_result_add(&result, 200, 1000, 3000);
  load_result_add(&result, 201, 2000, 2500);
  load_result_add(&result, 503, 0, 9000);
  load_result_add(&result, 0, 0, 20000);
  load_result_sort(&result);
  assert_int_equal(result.answered, 3);
  assert_int_equal(result.by_status[0], 1);
  assert_int_equal(load_result_quantile_us(&result, 500), 2000);
  assert_int_equal(load_result_quantile_us(&result, 1000), 9000);
  assert_int_equal(result.last_answer_us, 9000);
  load_result_clean_up(&result);
}

/* A run with no answers would crash in its report. */
static void test_no_answers_have_no_latency(void **state) {
  (void)state;
  load_result result;
  assert_true(load_result_init(&result, 0));
  load_result_sort(&result);
  assert_int_equal(load_result_quantile_us(&result, 990), 0);
  load_result_clean_up(&result);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_requests_are_due_at_the_rate),
      cmocka_unit_test(test_orders_are_spread_evenly),
      cmocka_unit_test(test_latency_counts_from_when_it_was_due),
      cmocka_unit_test(test_no_answers_have_no_latency),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

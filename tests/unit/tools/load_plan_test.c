/* SPDX-License-Identifier: Apache-2.0 */
#include "load_plan.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* A rate that does not divide a second would drift away from what was asked for. */
static void test_requests_are_due_at_the_rate(void **state) {
  (void)state;
  const load_plan plan = {.rate = 3, .seconds = 10};
  assert_int_equal(load_plan_total(&plan), 30);
  assert_int_equal(load_plan_due_us(&plan, 0), 0);
  assert_int_equal(load_plan_due_us(&plan, 1), 333333);
  assert_int_equal(load_plan_due_us(&plan, 29), 9666666);
}

/* The mix would not be the one asked for, or come in lumps. */
static void test_kinds_are_mixed_by_their_shares(void **state) {
  (void)state;
  static const uint32_t shares[] = {60, 0, 10, 30};
  const load_plan plan = {.rate = 100, .seconds = 3, .shares = shares};
  size_t counts[4] = {0};
  size_t in_a_row = 0;
  for (size_t n = 0; n < 300; n++) {
    size_t kind = load_plan_kind(&plan, n);
    bool is_same = n > 0 && load_plan_kind(&plan, n - 1) == kind;
    counts[kind]++;
    in_a_row = is_same ? in_a_row + 1 : 1;
    assert_true(in_a_row <= 3);
    if (n % 100 == 99) {
      for (size_t i = 0; i < 4; i++) {
        assert_int_equal(counts[i], (n + 1) / 100 * shares[i]);
      }
    }
  }
}

/* The stock would not suffice for the orders of a run. */
static void test_kinds_are_counted(void **state) {
  (void)state;
  static const uint32_t shares[] = {60, 10, 5, 5, 20};
  for (uint32_t rate = 1; rate < 320; rate += 7) {
    const load_plan plan = {.rate = rate, .seconds = 1, .shares = shares};
    size_t counts[5] = {0};
    for (size_t n = 0; n < rate; n++) {
      counts[load_plan_kind(&plan, n)]++;
    }
    for (size_t i = 0; i < 5; i++) {
      assert_int_equal(load_plan_count(&plan, i), counts[i]);
    }
  }
}

/* A request that was held up before it was sent must not look fast. */
static void test_latency_counts_from_when_it_was_due(void **state) {
  (void)state;
  load_result result;
  assert_true(load_result_init(&result, 4));
  static const load_answer answers[] = {
      {0, 200, 1000, 3000}, {1, 201, 2000, 2500}, {1, 503, 0, 9000}, {1, 0, 0, 20000}};
  for (size_t i = 0; i < 4; i++) {
    load_result_add(&result, &answers[i]);
  }
  load_result_sort(&result);
  assert_int_equal(result.answered, 3);
  assert_int_equal(result.by_status[0][0], 0);
  assert_int_equal(result.by_status[0][200], 1);
  assert_int_equal(result.by_status[1][0], 1);
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
      cmocka_unit_test(test_kinds_are_mixed_by_their_shares),
      cmocka_unit_test(test_kinds_are_counted),
      cmocka_unit_test(test_latency_counts_from_when_it_was_due),
      cmocka_unit_test(test_no_answers_have_no_latency),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

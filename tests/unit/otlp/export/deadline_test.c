/* SPDX-License-Identifier: Apache-2.0 */
#include "export/deadline.h"

#include "../../../support/cmocka_headers.h"

/* "No timeout", and timeouts beyond all time, must not wrap around into the past. */
static void test_deadlines(void **state) {
  (void)state;
  assert_int_equal(otlp__deadline_after_ms(1000, 0), 1000);
  assert_int_equal(otlp__deadline_after_ms(1000, 2), 2001000);
  assert_int_equal(otlp__deadline_after_ms(1000, -1), OTLP__NEVER);
  assert_int_equal(otlp__deadline_after_ms(1000, INT64_MAX), OTLP__NEVER);
  assert_true(otlp__deadline_after_ms(1000, INT64_MAX / 1000000) > INT64_MAX / 2);
  assert_int_equal(otlp__time_after(OTLP__NEVER, 5), OTLP__NEVER);
  assert_int_equal(otlp__time_after(5, OTLP__NEVER), OTLP__NEVER);
}

/* What is left must be rounded up: a wait that ends too early is a busy loop. */
static void test_milliseconds_left(void **state) {
  (void)state;
  assert_int_equal(otlp__ms_until(1000, 1000), 0);
  assert_int_equal(otlp__ms_until(1001, 1000), 0);
  assert_int_equal(otlp__ms_until(0, 1), 1);
  assert_int_equal(otlp__ms_until(0, 1000000), 1);
  assert_int_equal(otlp__ms_until(0, 1000001), 2);
  assert_int_equal(otlp__ms_until(0, OTLP__NEVER), INT32_MAX);
}

/* Waits take points in time in the system's form. */
static void test_timespec(void **state) {
  (void)state;
  struct timespec time = otlp__timespec_of(3 * OTLP__NS_PER_S + 7);
  assert_int_equal(time.tv_sec, 3);
  assert_int_equal(time.tv_nsec, 7);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_deadlines),
      cmocka_unit_test(test_milliseconds_left),
      cmocka_unit_test(test_timespec),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

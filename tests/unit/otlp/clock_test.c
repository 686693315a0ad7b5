/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "clock.h"

#include <otlp/result.h>
#include <time.h>

/* A span's wall-clock times must be the wall clock's, to well below a millisecond. */
static void test_wall_clock(void **state) {
  (void)state;
  for (int i = 0; i < 100; i++) {
    uint64_t now = otlp__clock_monotonic();
    uint64_t wall = now + otlp__clock_wall_offset(now);
    struct timespec real;
    clock_gettime(CLOCK_REALTIME, &real);
    uint64_t expected = (uint64_t)real.tv_sec * 1000000000 + (uint64_t)real.tv_nsec;
    /* The machine may take the processor away in between; nothing may be off by more. */
    assert_true(wall <= expected + 1000000);
    assert_true(expected - wall < UINT64_C(1000000000) || wall > expected);
  }
}

/* While it is fresh the same offset is used: siblings keep their order. */
static void test_the_offset_is_steady(void **state) {
  (void)state;
  uint64_t now = otlp__clock_monotonic();
  uint64_t offset = otlp__clock_wall_offset(now);
  assert_true(otlp__clock_wall_offset(now) == offset);
  uint64_t later = now + 10 * (uint64_t)OTLP__CLOCK_STALE_NANOS;
  uint64_t renewed = otlp__clock_wall_offset(later);
  assert_true(otlp__clock_wall_offset(later) == renewed);
}

/* Deadlines: none, passed, to come; rounded up so that waiting never ends early in a spin. */
static void test_deadlines(void **state) {
  (void)state;
  assert_true(otlp__deadline_in(OTLP_NO_TIMEOUT) == UINT64_MAX);
  assert_true(otlp__deadline_in(INT64_MAX) == UINT64_MAX);
  assert_int_equal(otlp__deadline_left_ms(UINT64_MAX), OTLP_NO_TIMEOUT);
  assert_int_equal(otlp__deadline_left_ms(1), 0);
  int64_t left = otlp__deadline_left_ms(otlp__deadline_in(60000));
  assert_true(left > 0 && left <= 60000);
  assert_int_equal(otlp__deadline_left_ms(otlp__clock_monotonic() + 3600000000000 + 1) > 3590000,
                   true);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_wall_clock),
      cmocka_unit_test(test_the_offset_is_steady),
      cmocka_unit_test(test_deadlines),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "export/backoff.h"

#include "../../../support/cmocka_headers.h"
#include "export/deadline.h"

static const int64_t MS = OTLP__NS_PER_MS;
static const uint32_t LEAST = 0;
static const uint32_t MIDDLE = UINT32_C(1) << 31;
static const uint32_t MOST = UINT32_MAX;

/* The middle of the waits must be 1, 1.5, 2.25, ... up to the longest, and stay there. */
static void test_steps_grow_to_the_longest(void **state) {
  (void)state;
  otlp__backoff backoff = otlp__backoff_of(1000 * MS, 5000 * MS);
  const int64_t wanted_ms[] = {1000, 1500, 2250, 3375, 5000, 5000, 5000};
  for (size_t i = 0; i < sizeof(wanted_ms) / sizeof(wanted_ms[0]); i++) {
    int64_t wait = otlp__backoff_next(&backoff, OTLP__NO_RETRY_AFTER, MIDDLE);
    assert_in_range(wait / MS, wanted_ms[i] - 1, wanted_ms[i] + 1);
  }
}

/* Without jitter all clients of a collector that restarts would come back in step. */
static void test_jitter_spreads_the_wait(void **state) {
  (void)state;
  otlp__backoff backoff = otlp__backoff_of(1000 * MS, 5000 * MS);
  assert_in_range(otlp__backoff_next(&backoff, OTLP__NO_RETRY_AFTER, LEAST) / MS, 500, 501);
  otlp__backoff_reset(&backoff);
  assert_in_range(otlp__backoff_next(&backoff, OTLP__NO_RETRY_AFTER, MOST) / MS, 1499, 1500);
}

/* What the server asks for must never be undercut, and the next steps must grow from it. */
static void test_server_delay_wins(void **state) {
  (void)state;
  otlp__backoff backoff = otlp__backoff_of(1000 * MS, 60000 * MS);
  assert_int_equal(otlp__backoff_next(&backoff, 20000 * MS, LEAST) / MS, 20000);
  assert_in_range(otlp__backoff_next(&backoff, OTLP__NO_RETRY_AFTER, MIDDLE) / MS, 29999, 30001);
  otlp__backoff_reset(&backoff);
  assert_in_range(otlp__backoff_next(&backoff, 20000 * MS, MOST) / MS, 24999, 25000);
}

/* A server delay shorter than our own step must not make us faster, nor let jitter go below it. */
static void test_short_server_delay(void **state) {
  (void)state;
  otlp__backoff backoff = otlp__backoff_of(1000 * MS, 5000 * MS);
  assert_int_equal(otlp__backoff_next(&backoff, 900 * MS, LEAST) / MS, 900);
  otlp__backoff_reset(&backoff);
  assert_in_range(otlp__backoff_next(&backoff, 0, LEAST) / MS, 500, 501);
}

/* A success must make the next trouble start from the beginning. */
static void test_reset(void **state) {
  (void)state;
  otlp__backoff backoff = otlp__backoff_of(1000 * MS, 5000 * MS);
  for (int i = 0; i < 10; i++) {
    otlp__backoff_next(&backoff, OTLP__NO_RETRY_AFTER, MIDDLE);
  }
  otlp__backoff_reset(&backoff);
  assert_in_range(otlp__backoff_next(&backoff, OTLP__NO_RETRY_AFTER, MIDDLE) / MS, 999, 1001);
}

/* Extreme delays must not overflow into the past. */
static void test_extremes(void **state) {
  (void)state;
  otlp__backoff backoff = otlp__backoff_of(1, INT64_C(86400) * OTLP__NS_PER_S);
  int64_t day = OTLP__LONGEST_DELAY_S * OTLP__NS_PER_S;
  assert_true(otlp__backoff_next(&backoff, day, MOST) >= day);
  for (int i = 0; i < 100; i++) {
    assert_true(otlp__backoff_next(&backoff, OTLP__NO_RETRY_AFTER, MOST) > 0);
  }
  backoff = otlp__backoff_of(1000, 10);
  assert_true(otlp__backoff_next(&backoff, OTLP__NO_RETRY_AFTER, LEAST) >= 500);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_steps_grow_to_the_longest),
      cmocka_unit_test(test_jitter_spreads_the_wait),
      cmocka_unit_test(test_server_delay_wins),
      cmocka_unit_test(test_short_server_delay),
      cmocka_unit_test(test_reset),
      cmocka_unit_test(test_extremes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

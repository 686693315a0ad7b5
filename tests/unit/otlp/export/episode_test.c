/* SPDX-License-Identifier: Apache-2.0 */
#include "export/episode.h"

#include "../../../support/cmocka_headers.h"

/* However long trouble lasts, it must begin once and end once, and add up. */
static void test_begins_and_ends_once(void **state) {
  (void)state;
  otlp__episode episode = {.settle_ns = 100};
  uint64_t lost = 0;
  assert_false(otlp__episode_calm(&episode, 0, &lost));
  assert_true(otlp__episode_trouble(&episode, 10, 0));
  for (int64_t now = 11; now < 1000; now++) {
    assert_false(otlp__episode_trouble(&episode, now, 2));
  }
  assert_true(otlp__episode_calm(&episode, 2000, &lost));
  assert_int_equal(lost, 2 * 989);
  assert_false(otlp__episode_calm(&episode, 2001, &lost));
}

/* A collector that works every other time must not fill the log. */
static void test_flicker_is_one_episode(void **state) {
  (void)state;
  otlp__episode episode = {.settle_ns = 100};
  uint64_t lost = 0;
  assert_true(otlp__episode_trouble(&episode, 0, 1));
  for (int64_t now = 0; now < 1000; now += 50) {
    assert_false(otlp__episode_trouble(&episode, now, 1));
    assert_false(otlp__episode_calm(&episode, now + 25, &lost));
  }
  assert_true(otlp__episode_calm(&episode, 1100, &lost));
  assert_int_equal(lost, 21);
}

/* The second episode must not count the losses of the first. */
static void test_counts_start_anew(void **state) {
  (void)state;
  otlp__episode episode = {.settle_ns = 0};
  uint64_t lost = 0;
  otlp__episode_trouble(&episode, 0, 5);
  assert_true(otlp__episode_calm(&episode, 0, &lost));
  assert_true(otlp__episode_trouble(&episode, 1, 3));
  assert_true(otlp__episode_calm(&episode, 1, &lost));
  assert_int_equal(lost, 3);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_begins_and_ends_once),
      cmocka_unit_test(test_flicker_is_one_episode),
      cmocka_unit_test(test_counts_start_anew),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"
#include "time_text.h"

typedef struct time_case {
  const char *text;
  int64_t seconds;
  int32_t nanos;
} time_case;

/* Timestamps would arrive as other moments. */
static void test_timestamps(void **state) {
  (void)state;
  static const time_case cases[] = {
      {"1970-01-01T00:00:00Z", 0, 0},
      {"1969-12-31T23:59:59.5Z", -1, 500000000},
      {"2000-02-29T12:34:56.123456789Z", 951827696, 123456789},
      {"2026-01-02T03:04:05+02:30", 1767314045, 0},
      {"2026-01-02T03:04:05-00:30", 1767324845, 0},
      {"0001-01-01T00:00:00Z", INT64_C(-62135596800), 0},
      {"9999-12-31T23:59:59.999999999Z", INT64_C(253402300799), 999999999},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    gateway_time time = {0, 0};
    assert_true(gateway_timestamp_from_text(text(cases[i].text), &time));
    assert_int_equal(time.seconds, cases[i].seconds);
    assert_int_equal(time.nanos, cases[i].nanos);
  }
}

/* A time that does not exist would be taken for another one. */
static void test_timestamps_refused(void **state) {
  (void)state;
  static const char *const cases[] = {
      "",
      "now",
      "2026-01-02",
      "2026-01-02T03:04:05",
      "2026-02-29T00:00:00Z",
      "1900-02-29T00:00:00Z",
      "2026-13-01T00:00:00Z",
      "2026-00-01T00:00:00Z",
      "2026-01-32T00:00:00Z",
      "2026-01-00T00:00:00Z",
      "2026-01-01T24:00:00Z",
      "2026-01-01T00:60:00Z",
      "2026-01-01T00:00:60Z",
      "2026-01-01t00:00:00Z",
      "2026-01-01T00:00:00z",
      "2026-01-01T00:00:00.Z",
      "2026-01-01T00:00:00.1234567890Z",
      "2026-01-01T00:00:00ZZ",
      "2026-01-01T00:00:00+2:30",
      "2026-01-01T00:00:00+24:00",
      "2026-01-01T00:00:00+01:60",
      "0000-01-01T00:00:00Z",
      "0001-01-01T00:00:00+01:00",
      "9999-12-31T23:59:59-01:00",
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    gateway_time time = {0, 0};
    assert_false(gateway_timestamp_from_text(text(cases[i]), &time));
  }
}

/* Durations would change length or sign. */
static void test_durations(void **state) {
  (void)state;
  static const time_case cases[] = {
      {"0s", 0, 0},
      {"1.5s", 1, 500000000},
      {"-1.5s", -1, -500000000},
      {"-0.5s", 0, -500000000},
      {"3.000000001s", 3, 1},
      {"315576000000s", INT64_C(315576000000), 0},
      {"-315576000000s", INT64_C(-315576000000), 0},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    gateway_time time = {0, 0};
    assert_true(gateway_duration_from_text(text(cases[i].text), &time));
    assert_int_equal(time.seconds, cases[i].seconds);
    assert_int_equal(time.nanos, cases[i].nanos);
  }
}

/* Text that is no duration, or one beyond 10,000 years, would be let through. */
static void test_durations_refused(void **state) {
  (void)state;
  static const char *const cases[] = {
      "",
      "s",
      "1",
      "1.s",
      ".5s",
      "1m",
      "1.5",
      "1.5ss",
      "+1s",
      "1.0000000001s",
      "--1s",
      "1 s",
      "1e3s",
      "315576000001s",
      "315576000000.1s",
      "99999999999999999999999999s",
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    gateway_time time = {0, 0};
    assert_false(gateway_duration_from_text(text(cases[i]), &time));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_timestamps),
      cmocka_unit_test(test_timestamps_refused),
      cmocka_unit_test(test_durations),
      cmocka_unit_test(test_durations_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "numerals.h"

static void check_int(int64_t value) {
  char expected[32];
  char written[MESH__NUMERAL_SIZE];
  snprintf(expected, sizeof expected, "%" PRId64, value);
  assert_int_equal(mesh__write_int(value, written), strlen(expected));
  assert_memory_equal(written, expected, strlen(expected));
}

static void check_double(double value) {
  char expected[32];
  char written[MESH__NUMERAL_SIZE];
  snprintf(expected, sizeof expected, "%.6g", value);
  assert_int_equal(mesh__write_double(value, written), strlen(expected));
  assert_memory_equal(written, expected, strlen(expected));
}

/* Broken: a port or a count in the log would be another number. */
static void test_integers_are_those_of_printf(void **state) {
  (void)state;
  static const int64_t values[] = {0,  1,         -1,           9,         10,
                                   42, 123456789, -9876543210L, INT64_MAX, INT64_MIN};
  for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
    check_int(values[i]);
  }
}

/* Broken: durations in the log would be wrong where the fast way begins or ends. */
static void test_doubles_are_those_of_printf(void **state) {
  (void)state;
  static const double values[] = {
      0,          -0.0,       0.001,      0.0005,   0.0015,   0.01,      0.1,        1,
      1.5,        1.25,       999.999,    999.9995, 1000,     1000.001,  123456.7,   1234567,
      1e-7,       1e-10,      4e-11,      1e-320,   -1.5,     0.1 + 0.2, 0.00012345, 0.12345678,
      99.9999999, 999.999999, 0.99999999, 1e300,    INFINITY, NAN};
  for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
    check_double(values[i]);
  }
}

/* Broken: one duration in so many would be wrong. */
static void test_milliseconds_are_those_of_printf(void **state) {
  (void)state;
  for (int64_t microseconds = 0; microseconds < 1100000; microseconds += 7) {
    check_double((double)microseconds / 1e3);
  }
  srandom(1);
  for (int i = 0; i < 100000; i++) {
    check_double((double)random() / (double)(1 + random() % 1000000000));
  }
}

/* Broken: the microseconds of a line's time would lose their zeros. */
static void test_digits_keep_leading_zeros(void **state) {
  (void)state;
  char written[7] = {0};
  mesh__write_digits(1234, 6, written);
  assert_string_equal(written, "001234");
  mesh__write_digits(0, 6, written);
  assert_string_equal(written, "000000");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_integers_are_those_of_printf),
      cmocka_unit_test(test_doubles_are_those_of_printf),
      cmocka_unit_test(test_milliseconds_are_those_of_printf),
      cmocka_unit_test(test_digits_keep_leading_zeros),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

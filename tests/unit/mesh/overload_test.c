/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "overload.h"

/* A server at its limit would write a line for every call, or none. */
static void test_says_once_that_it_refuses(void **state) {
  (void)state;
  mesh__overload overload = {0};
  assert_false(mesh__overload_take(&overload, 5000));
  assert_true(mesh__overload_refuse(&overload, 5000));
  assert_int_equal(overload.said.refused, 1);
  assert_false(mesh__overload_take(&overload, 5001));
  assert_false(mesh__overload_refuse(&overload, 5002));
  assert_true(overload.said.is_refusing);
  assert_int_equal(overload.said.refused, 2);
}

/* Nobody would learn that it is over, or how many were refused. */
static void test_says_once_that_it_is_over(void **state) {
  (void)state;
  mesh__overload overload = {0};
  mesh__overload_refuse(&overload, 5000);
  mesh__overload_refuse(&overload, 5500);
  assert_false(mesh__overload_take(&overload, 6499));
  assert_true(mesh__overload_take(&overload, 6500));
  assert_false(overload.said.is_refusing);
  assert_int_equal(overload.said.refused, 2);
  assert_false(mesh__overload_take(&overload, 6501));
  assert_true(mesh__overload_refuse(&overload, 6502));
  assert_int_equal(overload.said.refused, 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_says_once_that_it_refuses),
      cmocka_unit_test(test_says_once_that_it_is_over),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

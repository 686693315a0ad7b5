/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <mesh/env.h>
#include <stdlib.h>
#include <string.h>

#define NAME "MESH_TEST_VARIABLE"

static const mesh_env_range range = {7, -5, 100};

static mesh_status read_int(const char *text, int64_t *out_value) {
  setenv(NAME, text, 1);
  return mesh_env_int(NAME, range, out_value);
}

/* An empty variable would differ from an unset one. */
static void test_unset_and_empty(void **state) {
  (void)state;
  int64_t value = 0;
  bool flag = false;
  unsetenv(NAME);
  for (int round = 0; round < 2; round++) {
    assert_null(mesh_env_text(NAME, NULL));
    assert_string_equal(mesh_env_text(NAME, "fallback"), "fallback");
    mesh_status status = mesh_env_int(NAME, range, &value);
    assert_true(mesh_status_is_ok(&status));
    assert_int_equal(value, 7);
    status = mesh_env_bool(NAME, true, &flag);
    assert_true(mesh_status_is_ok(&status) && flag);
    setenv(NAME, "", 1);
  }
}

/* Good numbers would be refused. */
static void test_integers(void **state) {
  (void)state;
  static const struct {
    const char *text;
    int64_t value;
  } cases[] = {{"0", 0}, {"-5", -5}, {"100", 100}, {"042", 42}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    int64_t value = 0;
    mesh_status status = read_int(cases[i].text, &value);
    assert_true(mesh_status_is_ok(&status));
    assert_int_equal(value, cases[i].value);
  }
}

/* A typing error would be taken for a number, or nobody would say which variable it is in. */
static void test_bad_integers(void **state) {
  (void)state;
  static const char *const cases[] = {"101",
                                      "-6",
                                      "x",
                                      "1x",
                                      " 1",
                                      "1 ",
                                      "+1",
                                      "0x10",
                                      "1.5",
                                      "1e2",
                                      "-",
                                      "--1",
                                      "99999999999999999999"};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    int64_t value = 0;
    mesh_status status = read_int(cases[i], &value);
    assert_int_equal(status.code, GRPC_STATUS_INVALID_ARGUMENT);
    assert_non_null(strstr(status.message, NAME));
    assert_non_null(strstr(status.message, cases[i]));
  }
}

/* "false" would switch something on. */
static void test_booleans(void **state) {
  (void)state;
  static const struct {
    const char *text;
    bool is_valid;
    bool value;
  } cases[] = {{"true", true, true},   {"TRUE", true, true}, {"False", true, false},
               {"false", true, false}, {"1", false, false},  {"yes", false, false},
               {"true ", false, false}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    bool value = !cases[i].value;
    setenv(NAME, cases[i].text, 1);
    mesh_status status = mesh_env_bool(NAME, !cases[i].value, &value);
    assert_int_equal(mesh_status_is_ok(&status), cases[i].is_valid);
    if (cases[i].is_valid) {
      assert_int_equal(value, cases[i].value);
    } else {
      assert_non_null(strstr(status.message, NAME));
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_unset_and_empty),
      cmocka_unit_test(test_integers),
      cmocka_unit_test(test_bad_integers),
      cmocka_unit_test(test_booleans),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

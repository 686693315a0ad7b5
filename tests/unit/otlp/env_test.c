/* SPDX-License-Identifier: Apache-2.0 */
/* The rules for OTEL_* variables: empty is unset, nonsense is warned about and ignored. */
#include "check.h"

#include "env.h"

#include <locale.h>
#include <otlp/log.h>
#include <otlp/result.h>
#include <otlp/sdk.h>

static int warnings;

static void count_warnings(otlp_log_level level, const char *message, void *user_data) {
  (void)user_data;
  assert_non_null(strstr(message, "OTEL_TEST"));
  warnings += level == OTLP_LOG_WARN ? 1 : 0;
}

static void set(const char *value) {
  warnings = 0;
  setenv("OTEL_TEST", value, 1);
}

/* Spaces around do not count; nothing but spaces is unset. */
static void test_string(void **state) {
  (void)state;
  unsetenv("OTEL_TEST");
  assert_null(otlp__env_string("OTEL_TEST").data);
  set("");
  assert_null(otlp__env_string("OTEL_TEST").data);
  set(" \t ");
  assert_null(otlp__env_string("OTEL_TEST").data);
  set("  a b ");
  assert_text_equal(otlp__env_string("OTEL_TEST"), "a b");
}

/* Only "true" is true. */
static void test_bool(void **state) {
  (void)state;
  static const struct {
    const char *text;
    bool fallback;
    bool expected;
    int warnings;
  } cases[] = {
      {"true", false, true, 0}, {"TRUE", false, true, 0}, {"false", true, false, 0},
      {"", true, true, 0},      {"1", true, false, 1},    {"yes", false, false, 1},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    set(cases[i].text);
    assert_true(otlp__env_bool("OTEL_TEST", cases[i].fallback) == cases[i].expected);
    assert_int_equal(warnings, cases[i].warnings);
  }
}

/* 0..2^31-1, decimal, nothing around. */
static void test_integer(void **state) {
  (void)state;
  static const struct {
    const char *text;
    int64_t expected;
    int warnings;
  } cases[] = {
      {"0", 7, 1},
      {"1", 1, 0},
      {" 12 ", 12, 0},
      {"+3", 3, 0},
      {"2147483647", 2147483647, 0},
      {"", 7, 0},
      {"-1", 7, 1},
      {"-", 7, 1},
      {"1.5", 7, 1},
      {"2147483648", 7, 1},
      {"0x1", 7, 1},
      {"1k", 7, 1},
      {"1 2", 7, 1},
      {"99999999999999999999999999", 7, 1},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    set(cases[i].text);
    if (otlp__env_integer("OTEL_TEST", 1, 7) != cases[i].expected) {
      fail_msg("'%s'", cases[i].text);
    }
    assert_int_equal(warnings, cases[i].warnings);
  }
}

/* A timeout of 0 means none at all. */
static void test_timeout(void **state) {
  (void)state;
  set("0");
  assert_int_equal(otlp__env_timeout_ms("OTEL_TEST", 10), OTLP_NO_TIMEOUT);
  set("5");
  assert_int_equal(otlp__env_timeout_ms("OTEL_TEST", 10), 5);
  set("soon");
  assert_int_equal(otlp__env_timeout_ms("OTEL_TEST", 10), 10);
  assert_int_equal(warnings, 1);
}

/* A point is a point, whatever the program's locale. */
static void test_double(void **state) {
  (void)state;
  double number = 0;
  setlocale(LC_ALL, "de_DE.UTF-8"); /* where it is not installed, the test says less */
  set("0.25");
  assert_true(otlp__env_double("OTEL_TEST", &number) && number == 0.25);
  setlocale(LC_ALL, "C");
  static const char *const broken[] = {"", "x", "1,5", "inf", "nan", "1 2"};
  for (size_t i = 0; i < COUNT_OF(broken); i++) {
    set(broken[i]);
    assert_false(otlp__env_double("OTEL_TEST", &number));
    assert_int_equal(warnings, i == 0 ? 0 : 1);
  }
}

/* Enumerations have no case; what is unknown is warned about. */
static void test_enum(void **state) {
  (void)state;
  static const char *const names[] = {"grpc", "http/protobuf"};
  set("GRPC");
  assert_int_equal(otlp__env_enum("OTEL_TEST", names, 2), 0);
  set("http/protobuf");
  assert_int_equal(otlp__env_enum("OTEL_TEST", names, 2), 1);
  set("");
  assert_int_equal(otlp__env_enum("OTEL_TEST", names, 2), -1);
  assert_int_equal(warnings, 0);
  set("http");
  assert_int_equal(otlp__env_enum("OTEL_TEST", names, 2), -1);
  assert_int_equal(warnings, 1);
}

/* The general limit is the default of the specific ones; events and links have no value limit of
 * their own. */
static void test_span_limits(void **state) {
  (void)state;
  setenv("OTEL_ATTRIBUTE_COUNT_LIMIT", "10", 1);
  setenv("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "20", 1);
  otlp_span_limits limits = otlp_span_limits_from_environment();
  assert_int_equal(limits.attribute_count, 10);
  assert_int_equal(limits.attribute_count_per_event, 10);
  assert_int_equal(limits.attribute_count_per_link, 10);
  assert_int_equal(limits.attribute_value_length, 20);
  assert_int_equal(limits.event_count, 128);
  assert_int_equal(limits.link_count, 128);
  setenv("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "1", 1);
  setenv("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "2", 1);
  setenv("OTEL_SPAN_EVENT_COUNT_LIMIT", "3", 1);
  setenv("OTEL_SPAN_LINK_COUNT_LIMIT", "4", 1);
  setenv("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "5", 1);
  setenv("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", "0", 1);
  limits = otlp_span_limits_from_environment();
  assert_int_equal(limits.attribute_count, 1);
  assert_int_equal(limits.attribute_value_length, 2);
  assert_int_equal(limits.event_count, 3);
  assert_int_equal(limits.link_count, 4);
  assert_int_equal(limits.attribute_count_per_event, 5);
  assert_int_equal(limits.attribute_count_per_link, 0);
}

/* Nothing set: the specification's numbers. */
static void test_span_limits_default(void **state) {
  (void)state;
  otlp_span_limits limits = otlp_span_limits_from_environment();
  const otlp_span_limits expected = OTLP_SPAN_LIMITS_INIT;
  assert_memory_equal(&limits, &expected, sizeof(limits));
  assert_int_equal(limits.attribute_count, 128);
  assert_true(limits.attribute_value_length == OTLP_NO_LIMIT);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_string),
      cmocka_unit_test(test_bool),
      cmocka_unit_test(test_integer),
      cmocka_unit_test(test_timeout),
      cmocka_unit_test(test_double),
      cmocka_unit_test(test_enum),
      cmocka_unit_test(test_span_limits_default),
      cmocka_unit_test(test_span_limits),
  };
  otlp_set_log_handler(count_warnings, NULL);
  return cmocka_run_group_tests(tests, NULL, NULL);
}

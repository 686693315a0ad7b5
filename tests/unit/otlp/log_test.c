/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "log_state.h"

#include <stdio.h>

static char last[2048];
static int calls;

static void remember(otlp_log_level level, const char *message, void *user_data) {
  (void)level;
  (*(int *)user_data)++;
  snprintf(last, sizeof(last), "%s", message);
}

/* The level of the environment, read when the first message comes. Runs first: it is read once. */
static void test_level_of_the_environment(void **state) {
  (void)state;
  setenv("OTEL_LOG_LEVEL", "Error", 1);
  otlp_set_log_handler(remember, &calls);
  otlp_log(OTLP_LOG_WARN, "not heard");
  assert_int_equal(calls, 0);
  otlp_log(OTLP_LOG_ERROR, "heard %d", 1);
  assert_int_equal(calls, 1);
  assert_string_equal(last, "heard 1");
}

/* Levels set in code; `none` silences everything, and nothing is of level none. */
static void test_levels(void **state) {
  (void)state;
  otlp_set_log_level(OTLP_LOG_DEBUG);
  assert_true(otlp_log_enabled(OTLP_LOG_DEBUG));
  assert_false(otlp_log_enabled(OTLP_LOG_NONE));
  otlp_set_log_level(OTLP_LOG_NONE);
  assert_false(otlp_log_enabled(OTLP_LOG_ERROR));
  otlp_set_log_level(OTLP_LOG_INFO);
  assert_true(otlp_log_enabled(OTLP_LOG_INFO));
  assert_false(otlp_log_enabled(OTLP_LOG_DEBUG));
}

/* A long message is cut, not written past the buffer's end. */
static void test_long_messages_are_cut(void **state) {
  (void)state;
  char text[3000];
  memset(text, 'x', sizeof(text) - 1);
  text[sizeof(text) - 1] = '\0';
  otlp_log(OTLP_LOG_ERROR, "%s", text);
  assert_int_equal(strlen(last), 1023);
}

static void log_from_handler(otlp_log_level level, const char *message, void *user_data) {
  (void)message;
  otlp_set_log_handler(remember, user_data);
  otlp_log(level, "from the handler");
}

/* A handler may log and replace itself: a lock held during its call would hang here. */
static void test_a_handler_may_log(void **state) {
  (void)state;
  calls = 0;
  otlp_set_log_handler(log_from_handler, &calls);
  otlp_log(OTLP_LOG_ERROR, "first");
  assert_int_equal(calls, 1);
  assert_string_equal(last, "from the handler");
  otlp_set_log_handler(NULL, NULL);
}

/* A state is news once. */
static void test_log_state(void **state) {
  (void)state;
  otlp__log_state log_state = {0};
  assert_false(otlp__log_state_enter(&log_state, 0));
  assert_true(otlp__log_state_enter(&log_state, 1));
  assert_false(otlp__log_state_enter(&log_state, 1));
  assert_true(otlp__log_state_enter(&log_state, 2));
  assert_true(otlp__log_state_enter(&log_state, 0));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_level_of_the_environment),
      cmocka_unit_test(test_levels),
      cmocka_unit_test(test_long_messages_are_cut),
      cmocka_unit_test(test_a_handler_may_log),
      cmocka_unit_test(test_log_state),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Rules as messages: there and back, and what a message may not say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "fault_message.h"

static mesh_status keep(const mesh__fault_rule *rule, void *data) {
  *(mesh__fault_rule *)data = *rule;
  return mesh_status_ok();
}

static mesh__fault fault_of(const char *text) {
  mesh__fault fault = {.ends_at_ms = INT64_MAX};
  mesh_status status = mesh__fault_parse(text, keep, &fault.rule);
  assert_true(mesh_status_is_ok(&status));
  return fault;
}

/* A rule that was listed and set again would be another one. */
static void test_there_and_back(void **state) {
  (void)state;
  static const char *const rules[] = {
      "a.B/C server delay=50ms id=x",
      "* client delay=uniform(0ms,1s)@50% when=both count=3 ttl=1m id=x",
      "a.B/* server delay=exponential(80ms)@0.0001% max=2s id=x",
      "* server delay=normal(80ms,20ms) abort=UNAVAILABLE@12.5% message=\"no\" when=after id=x",
      "* server abort=INTERNAL id=x",
  };
  for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
    mesh_arena *arena = mesh_arena_new();
    mesh__fault fault = fault_of(rules[i]);
    mesh__fault_rule again;
    mesh__fault_message *message = mesh__fault_to_message(&fault, 0, arena);
    assert_string_equal(message->text, rules[i]);
    assert_null(mesh__fault_from_message(message, &again));
    assert_memory_equal(&again, &fault.rule, sizeof again);
    mesh_arena_destroy(arena);
  }
}

/* Nobody would know how much longer a rule strikes. */
static void test_what_is_left(void **state) {
  (void)state;
  mesh_arena *arena = mesh_arena_new();
  mesh__fault fault = fault_of("* delay=1ms count=5 ttl=10s id=x");
  fault.ends_at_ms = 10000;
  mesh__fault_strike(&fault);
  mesh__fault_strike(&fault);
  mesh__fault_message *message = mesh__fault_to_message(&fault, 4000, arena);
  assert_int_equal(message->hits, 2);
  assert_int_equal(message->count_left, 3);
  assert_int_equal(message->ttl_left_ms, 6000);
  mesh_arena_destroy(arena);
}

static const char *check_delay(int64_t fixed_ms, double percent) {
  Meshwork__Fault__V1__Delay delay = MESHWORK__FAULT__V1__DELAY__INIT;
  mesh__fault_message message = MESHWORK__FAULT__V1__RULE__INIT;
  mesh__fault_rule rule;
  delay.distribution_case = MESHWORK__FAULT__V1__DELAY__DISTRIBUTION_FIXED_MS;
  delay.fixed_ms = fixed_ms;
  delay.percent = percent;
  message.method = (char *)(uintptr_t) "*";
  message.delay = &delay;
  return mesh__fault_from_message(&message, &rule);
}

/* What no text can say could be said in a message: a delay without end, an unknown code. */
static void test_mistakes(void **state) {
  (void)state;
  assert_null(check_delay(1, 0));
  assert_non_null(strstr(check_delay(-1, 0), "a delay is"));
  assert_non_null(strstr(check_delay(INT64_MAX, 0), "a delay is"));
  assert_non_null(strstr(check_delay(1, -1), "a percentage is"));
  assert_non_null(strstr(check_delay(1, 100.1), "a percentage is"));
  assert_non_null(strstr(check_delay(1, (double)NAN), "a percentage is"));
  assert_non_null(strstr(check_delay(1, 0.00001), "a percentage is"));

  mesh__fault_message message = MESHWORK__FAULT__V1__RULE__INIT;
  Meshwork__Fault__V1__Abort abort_message = MESHWORK__FAULT__V1__ABORT__INIT;
  mesh__fault_rule rule;
  assert_non_null(strstr(mesh__fault_from_message(&message, &rule), "a method is"));
  message.method = (char *)(uintptr_t) "*";
  assert_non_null(strstr(mesh__fault_from_message(&message, &rule), "a delay or an abort"));
  message.abort = &abort_message;
  assert_non_null(strstr(mesh__fault_from_message(&message, &rule), "codes of gRPC"));
  abort_message.code = (char *)(uintptr_t) "ABORTED";
  assert_null(mesh__fault_from_message(&message, &rule));
  message.side = (Meshwork__Fault__V1__Side)3;
  assert_non_null(strstr(mesh__fault_from_message(&message, &rule), "a side is"));
  message.side = (Meshwork__Fault__V1__Side)-1;
  assert_non_null(strstr(mesh__fault_from_message(&message, &rule), "a side is"));
  message.side = MESHWORK__FAULT__V1__SIDE__SIDE_CLIENT;
  message.when = (Meshwork__Fault__V1__When)4;
  assert_non_null(strstr(mesh__fault_from_message(&message, &rule), "when is"));
  message.when = MESHWORK__FAULT__V1__WHEN__WHEN_AFTER;
  message.count = -1;
  assert_non_null(strstr(mesh__fault_from_message(&message, &rule), "a count is"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_there_and_back),
      cmocka_unit_test(test_what_is_left),
      cmocka_unit_test(test_mistakes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

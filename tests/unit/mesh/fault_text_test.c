/* SPDX-License-Identifier: Apache-2.0 */
/* The text form of fault rules: there and back, and what is said of mistakes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "fault_rule.h"

#define TEN "0123456789"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

enum { RULES_MAX = 8 };

typedef struct rules {
  mesh__fault_rule items[RULES_MAX];
  size_t count;
} rules;

static mesh_status keep(const mesh__fault_rule *rule, void *data) {
  rules *self = data;
  assert_true(self->count < RULES_MAX);
  self->items[self->count++] = *rule;
  return mesh_status_ok();
}

static rules parse(const char *text) {
  rules self = {.count = 0};
  mesh_status status = mesh__fault_parse(text, keep, &self);
  if (!mesh_status_is_ok(&status)) {
    fail_msg("'%s': %s", text, status.message);
  }
  return self;
}

/* A rule would mean something else than it says, or be listed as another than it is. */
static void test_rules_and_their_canonical_text(void **state) {
  (void)state;
  static const struct {
    const char *text;
    const char *canonical;
  } cases[] = {
      {"a.B/C delay=50ms", "a.B/C server delay=50ms"},
      {"  *\tclient\n delay=1.5s ", "* client delay=1500ms"},
      {"* delay=120s max=1h", "* server delay=2m max=1h"},
      {"* delay=uniform(0ms,1s)@50% when=both", "* server delay=uniform(0ms,1s)@50% when=both"},
      {"* delay=exponential(0.2s) max=2000ms", "* server delay=exponential(200ms) max=2s"},
      {"* delay=normal(80ms,20ms)@0.0001%", "* server delay=normal(80ms,20ms)@0.0001%"},
      {"* abort=UNAVAILABLE@100.0%", "* server abort=UNAVAILABLE"},
      {"* abort=ABORTED@2.50%", "* server abort=ABORTED@2.5%"},
      {"* abort=ABORTED@10.01%", "* server abort=ABORTED@10.01%"},
      {"* message=\"say \\\"no\\\"; \\\\o/ \\n\" abort=INTERNAL when=after",
       "* server abort=INTERNAL message=\"say \\\"no\\\"; \\\\o/ \\\\n\" when=after"},
      {"a.B/* ttl=90m count=3 id=x-1.y_2 abort=NOT_FOUND client",
       "a.B/* client abort=NOT_FOUND count=3 ttl=90m id=x-1.y_2"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char text[MESH__FAULT_TEXT_SIZE];
    rules self = parse(cases[i].text);
    assert_int_equal(self.count, 1);
    mesh__fault_format(&self.items[0], text);
    assert_string_equal(text, cases[i].canonical);
    rules again = parse(text);
    assert_memory_equal(&again.items[0], &self.items[0], sizeof again.items[0]);
  }
}

/* Only the first of several rules would count, or the end of the list be a rule. */
static void test_lists(void **state) {
  (void)state;
  assert_int_equal(parse("").count, 0);
  assert_int_equal(parse(" ; ;").count, 0);
  rules self = parse("a.B/C delay=1ms;* abort=ABORTED message=\"a;b\" ; ;x.Y/* delay=2ms;");
  assert_int_equal(self.count, 3);
  assert_string_equal(self.items[0].method, "a.B/C");
  assert_string_equal(self.items[1].abort.message, "a;b");
  assert_string_equal(self.items[2].method, "x.Y/*");
}

/* The longest rule there is would not fit where its text is put. */
static void test_longest_rule(void **state) {
  (void)state;
  char long_text[MESH__FAULT_TEXT_SIZE];
  char text[MESH__FAULT_TEXT_SIZE];
  char message[2 * 255 + 1];
  for (size_t i = 0; i < sizeof message - 1; i++) {
    message[i] = '\\';
  }
  message[sizeof message - 1] = '\0';
  snprintf(long_text, sizeof long_text,
           "%s/%s client delay=normal(3599999ms,3599999ms)@99.9999%% max=3599999ms "
           "abort=RESOURCE_EXHAUSTED@99.9999%% message=\"%s\" when=after count=999999999 "
           "ttl=604799999ms id=%s",
           HUNDRED HUNDRED, TEN TEN TEN TEN TEN "0123", message, TEN TEN TEN TEN TEN TEN "012");
  rules self = parse(long_text);
  mesh__fault_format(&self.items[0], text);
  rules again = parse(text);
  assert_memory_equal(&again.items[0], &self.items[0], sizeof again.items[0]);
}

/* A mistake would be guessed at, or nobody told where it is. */
static void test_mistakes(void **state) {
  (void)state;
  static const struct {
    const char *text;
    const char *says;
  } cases[] = {
      {"nonsense delay=1ms", "rule 1, character 1: a method is"},
      {"a.B delay=1ms", "character 1: a method is"},
      {"a.B/ delay=1ms", "a method is"},
      {"a.B/C/D delay=1ms", "a method is"},
      {"/a.B/C delay=1ms", "a method is"},
      {"a.B/C* delay=1ms", "a method is"},
      {HUNDRED HUNDRED HUNDRED "/C delay=1ms", "at most 255"},
      {"grpc.health.v1.Health/* delay=1ms", "never touched"},
      {"meshwork.fault.v1.FaultService/Clear delay=1ms", "never touched"},
      {"* delay=1ms; * delay=soon", "rule 2, character 22: a delay is a time"},
      {"*", "rule 1, character 1: a rule needs a delay or an abort"},
      {"* delay=1", "a time is a number and"},
      {"* delay=1.s", "a time is a number and"},
      {"* delay=1day", "a time is a number and"},
      {"* delay=1msx", "character 12: a blank or ;"},
      {"* delay=0.5ms", "whole milliseconds"},
      {"* delay=0s", "a delay of 0ms is none"},
      {"* delay=-5ms", "a delay is a time"},
      {"* delay=9999999999s", "a time is a number and"},
      {"* delay=61s", "at most max"},
      {"* delay=2h max=3h", "max is a time from 1ms to 1h"},
      {"* delay=1ms max=0ms", "max is a time from 1ms to 1h"},
      {"* delay=uniform(1s)", "two times"},
      {"* delay=uniform(1s, 2s)", "a time is"},
      {"* delay=uniform(2s,1s)", "lower end first"},
      {"* delay=uniform(1s,61s)", "at most max"},
      {"* delay=normal(1s,2h)", "a deviation is at most 1h"},
      {"* delay=exponential(1s", "a ) is missing"},
      {"* delay=1s@0%", "a percentage is"},
      {"* delay=1s@101%", "a percentage is"},
      {"* delay=1s@5", "a percentage is"},
      {"* delay=1s@0.00001%", "a percentage is"},
      {"* abort=OK", "character 9: an abort has one of the codes"},
      {"* abort=unavailable", "one of the codes"},
      {"* abort=UNAVAILABLE when=both", "not both"},
      {"* delay=1ms message=\"x\"", "a message needs an abort"},
      {"* abort=ABORTED message=x", "in double quotes"},
      {"* abort=ABORTED message=\"x", "ends with"},
      {"* abort=ABORTED message=\"x\\\"", "ends with"},
      {"* abort=ABORTED message=\"" HUNDRED HUNDRED HUNDRED "\"", "at most 255"},
      {"* abort=ABORTED message=\"\xc3\xa4\"", "printable ASCII"},
      {"* abort=ABORTED when=never", "before, after or both"},
      {"* abort=ABORTED count=0", "a count is"},
      {"* abort=ABORTED count=9999999999", "a blank or ;"},
      {"* abort=ABORTED ttl=0s", "a ttl is"},
      {"* abort=ABORTED ttl=200h", "a ttl is at most a week"},
      {"* abort=ABORTED id=", "an id has 1 to 63"},
      {"* abort=ABORTED id=a/b", "an id has letters"},
      {"* abort=ABORTED id=" HUNDRED, "an id has 1 to 63"},
      {"* delay=1ms delay=2ms", "character 13: it says this twice"},
      {"* server client delay=2ms", "twice"},
      {"* delays=1ms", "there is no such word"},
      {"* delay=1ms,abort=OK", "a blank or ;"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    rules self = {.count = 0};
    mesh_status status = mesh__fault_parse(cases[i].text, keep, &self);
    assert_int_equal(status.code, GRPC_STATUS_INVALID_ARGUMENT);
    if (strstr(status.message, cases[i].says) == NULL) {
      fail_msg("'%s' says '%s'", cases[i].text, status.message);
    }
  }
}

static mesh_status refuse(const mesh__fault_rule *rule, void *data) {
  (void)data;
  return mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT, "no %s here", rule->method);
}

/* What is wrong with a rule among its like would not say which it is. */
static void test_refusals_are_placed(void **state) {
  (void)state;
  mesh_status status = mesh__fault_parse(" a.B/C delay=1ms", refuse, NULL);
  assert_string_equal(status.message, "rule 1, character 2: no a.B/C here");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_rules_and_their_canonical_text),
      cmocka_unit_test(test_lists),
      cmocka_unit_test(test_longest_rule),
      cmocka_unit_test(test_mistakes),
      cmocka_unit_test(test_refusals_are_placed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

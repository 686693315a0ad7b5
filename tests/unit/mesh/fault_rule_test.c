/* SPDX-License-Identifier: Apache-2.0 */
/* What fault rules match, and what they draw. The dice are the test's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "fault_rule.h"

static mesh_status keep(const mesh__fault_rule *rule, void *data) {
  *(mesh__fault_rule *)data = *rule;
  return mesh_status_ok();
}

static mesh__fault_rule rule_of(const char *text) {
  mesh__fault_rule rule;
  mesh_status status = mesh__fault_parse(text, keep, &rule);
  if (!mesh_status_is_ok(&status)) {
    fail_msg("'%s': %s", text, status.message);
  }
  return rule;
}

/* Always the same number, from 0 (least) to 1. */
static uint64_t loaded(void *fraction) {
  double value = *(double *)fraction;
  return value >= 1 ? UINT64_MAX : (uint64_t)(value * 0x1p64);
}

/* A generator that is good enough to draw many. */
static uint64_t fair(void *state) {
  uint64_t *x = state;
  *x += 0x9e3779b97f4a7c15u;
  uint64_t z = *x;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

static mesh__fault_plan draw(const char *text, double fraction) {
  mesh__fault_rule rule = rule_of(text);
  return mesh__fault_rule_draw(&rule, loaded, &fraction);
}

/* A rule would touch calls it is not for, or miss its own. */
static void test_matching(void **state) {
  (void)state;
  static const struct {
    const char *rule;
    mesh__fault_side side;
    const char *path;
    bool matches;
  } cases[] = {
      {"a.B/C delay=1ms", MESH__FAULT_SERVER, "/a.B/C", true},
      {"a.B/C delay=1ms", MESH__FAULT_CLIENT, "/a.B/C", false},
      {"a.B/C client delay=1ms", MESH__FAULT_CLIENT, "/a.B/C", true},
      {"a.B/C delay=1ms", MESH__FAULT_SERVER, "/a.B/Cc", false},
      {"a.B/C delay=1ms", MESH__FAULT_SERVER, "/a.B/", false},
      {"a.B/* delay=1ms", MESH__FAULT_SERVER, "/a.B/Cc", true},
      {"a.B/* delay=1ms", MESH__FAULT_SERVER, "/a.Bb/C", false},
      {"* delay=1ms", MESH__FAULT_SERVER, "/any.Service/Method", true},
      {"* delay=1ms", MESH__FAULT_SERVER, "/grpc.health.v1.Health/Check", false},
      {"* delay=1ms", MESH__FAULT_SERVER, "/grpc.reflection.v1.ServerReflection/X", false},
      {"* delay=1ms", MESH__FAULT_SERVER, "/meshwork.fault.v1.FaultService/Clear", false},
      {"* delay=1ms", MESH__FAULT_SERVER,
       "/opentelemetry.proto.collector.trace.v1.TraceService/Export", false},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    mesh__fault_rule rule = rule_of(cases[i].rule);
    if (mesh__fault_rule_matches(&rule, cases[i].side, cases[i].path) != cases[i].matches) {
      fail_msg("'%s' and %s", cases[i].rule, cases[i].path);
    }
  }
}

/* A delay would be longer than its rule says, or of another shape. */
static void test_delays_at_their_ends(void **state) {
  (void)state;
  static const struct {
    const char *rule;
    double fraction;
    int64_t ms;
  } cases[] = {
      {"* delay=70ms", 0, 70},
      {"* delay=uniform(10ms,30ms)", 0, 10},
      {"* delay=uniform(10ms,30ms)", 0.5, 20},
      {"* delay=uniform(10ms,30ms)", 1, 30},
      {"* delay=exponential(100ms)", 0, 0},
      {"* delay=exponential(100ms)", 0.5, 69},
      {"* delay=exponential(100ms) max=1s", 1, 1000},
      {"* delay=normal(100ms,10ms)", 0, 100},
      {"* delay=normal(100ms,10ms)", 0.5, 88}, /* sqrt(2 ln 2) deviations below */
      {"* delay=normal(10ms,1h) max=1h", 0.5, 0},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    mesh__fault_plan plan = draw(cases[i].rule, cases[i].fraction);
    if (plan.before_ms != cases[i].ms) {
      fail_msg("'%s' at %g: %lld ms", cases[i].rule, cases[i].fraction, (long long)plan.before_ms);
    }
    assert_int_equal(plan.after_ms, 0);
    assert_int_equal(plan.abort, GRPC_STATUS_OK);
  }
}

/* A percentage would be another one; the mean of a distribution, too. */
static void test_percentages_and_means_over_many(void **state) {
  (void)state;
  enum { MANY = 20000 };
  mesh__fault_rule rule = rule_of("* delay=exponential(100ms)@50% abort=ABORTED@5%");
  uint64_t seed = 7;
  size_t aborts = 0;
  int64_t total_ms = 0;
  for (int i = 0; i < MANY; i++) {
    mesh__fault_plan plan = mesh__fault_rule_draw(&rule, fair, &seed);
    aborts += plan.abort == GRPC_STATUS_ABORTED;
    total_ms += plan.before_ms;
  }
  assert_in_range(aborts, 900, 1100);
  assert_in_range(total_ms, MANY * 47, MANY * 53);
}

/* It would happen to nobody at 100 %, or to everybody at almost none. */
static void test_percentages_at_their_ends(void **state) {
  (void)state;
  assert_int_equal(draw("* abort=ABORTED", 1).abort, GRPC_STATUS_ABORTED);
  assert_int_equal(draw("* abort=ABORTED@0.0001%", 0).abort, GRPC_STATUS_ABORTED);
  assert_int_equal(draw("* abort=ABORTED@0.0001%", 0.1).abort, GRPC_STATUS_OK);
  assert_int_equal(draw("* abort=ABORTED@99.9999%", 1).abort, GRPC_STATUS_OK);
}

/* What is to come after the call would come before it, or once where it should twice. */
static void test_before_and_after(void **state) {
  (void)state;
  mesh__fault_plan plan = draw("* delay=5ms when=both", 0);
  assert_int_equal(plan.before_ms, 5);
  assert_int_equal(plan.after_ms, 5);
  plan = draw("* delay=5ms abort=DATA_LOSS when=after", 0);
  assert_int_equal(plan.before_ms, 0);
  assert_int_equal(plan.after_ms, 5);
  assert_int_equal(plan.abort, GRPC_STATUS_DATA_LOSS);
  assert_true(plan.abort_after);
  plan = draw("* abort=DATA_LOSS", 0);
  assert_false(plan.abort_after);
  assert_false(mesh__fault_plan_is_empty(&plan));
  plan = draw("* delay=5ms@1%", 1);
  assert_true(mesh__fault_plan_is_empty(&plan));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_matching),
      cmocka_unit_test(test_delays_at_their_ends),
      cmocka_unit_test(test_percentages_and_means_over_many),
      cmocka_unit_test(test_percentages_at_their_ends),
      cmocka_unit_test(test_before_and_after),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

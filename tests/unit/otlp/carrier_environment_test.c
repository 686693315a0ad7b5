/* SPDX-License-Identifier: Apache-2.0 */
/* Context through environment variables, from one program to the next. */
#include "check.h"

#include <otlp/baggage.h>
#include <otlp/propagation.h>
#include <otlp/trace_state.h>

static const otlp_propagators all = {{&otlp_propagator_trace_context, &otlp_propagator_baggage}, 2};

/* What a parent program puts into a child's environment is what the child finds. */
static void test_round_trip(void **state) {
  (void)state;
  setenv("TRACEPARENT", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", 1);
  setenv("TRACESTATE", "a=1", 1);
  setenv("BAGGAGE", "user=1", 1);
  otlp_context context = otlp_propagators_extract(&all, otlp_carrier_environment_get, NULL);
  assert_true(otlp_span_context_is_valid(&context.span));
  otlp_carrier_environment carrier;
  memset(&carrier, 0, sizeof(carrier));
  otlp_propagators_inject(&all, &context, otlp_carrier_environment_set, &carrier);
  otlp_propagators_inject(&all, &context, otlp_carrier_environment_set, &carrier); /* replaces */
  assert_int_equal(carrier.count, 3);
  assert_string_equal(carrier.entries[0],
                      "TRACEPARENT=00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  assert_string_equal(carrier.entries[1], "TRACESTATE=a=1");
  assert_string_equal(carrier.entries[2], "BAGGAGE=user=1");
  assert_null(carrier.entries[3]);
  otlp_carrier_environment_clean_up(&carrier);
  otlp_context_clean_up(&context);
}

/* Names are made fit for variables; what cannot be one is left out; the list has an end. */
static void test_names_and_limits(void **state) {
  (void)state;
  otlp_carrier_environment carrier;
  memset(&carrier, 0, sizeof(carrier));
  otlp_carrier_environment_set(&carrier, S("x-b3-traceid"), S("1"));
  otlp_carrier_environment_set(&carrier, S("9a"), S(""));
  otlp_carrier_environment_set(&carrier, S(""), S("1"));
  otlp_carrier_environment_set(
      &carrier, S("a-name-that-is-longer-than-any-header-that-anybody-would-ever-think-of"),
      S("1"));
  assert_int_equal(carrier.count, 2);
  assert_string_equal(carrier.entries[0], "X_B3_TRACEID=1");
  assert_string_equal(carrier.entries[1], "_9A=");
  for (char key[] = "a"; key[0] <= 'z'; key[0]++) {
    otlp_carrier_environment_set(&carrier, S(key), S("1"));
  }
  assert_int_equal(carrier.count, OTLP_CARRIER_ENVIRONMENT_MAX);
  assert_null(carrier.entries[OTLP_CARRIER_ENVIRONMENT_MAX]);
  otlp_carrier_environment_clean_up(&carrier);
  unsetenv("TRACEPARENT");
  otlp_string value;
  assert_false(otlp_carrier_environment_get(NULL, S("traceparent"), 0, &value));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_round_trip),
      cmocka_unit_test(test_names_and_limits),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Several propagators as one, the baggage propagator, and OTEL_PROPAGATORS. */
#include "headers.h"

#include <otlp/baggage.h>
#include <otlp/log.h>
#include <otlp/trace_state.h>

static int warnings;

static void count_warnings(otlp_log_level level, const char *message, void *user_data) {
  (void)message;
  (void)user_data;
  warnings += level == OTLP_LOG_WARN ? 1 : 0;
}

/* The whole context goes through a carrier and comes out again. */
static void test_round_trip(void **state) {
  (void)state;
  unsetenv("OTEL_PROPAGATORS");
  otlp_propagators all = otlp_propagators_from_environment();
  headers in = {.count = 0};
  headers_add(&in, "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  headers_add(&in, "tracestate", "a=1");
  headers_add(&in, "baggage", "user=1");
  headers_add(&in, "baggage", "");
  headers_add(&in, "baggage", "tenant=2;p");
  otlp_context context = otlp_propagators_extract(&all, headers_get, &in);
  headers out = {.count = 0};
  otlp_propagators_inject(&all, &context, headers_set, &out);
  assert_int_equal(out.count, 3);
  assert_string_equal(headers_value(&out, "traceparent"), in.values[0]);
  assert_string_equal(headers_value(&out, "tracestate"), "a=1");
  assert_string_equal(headers_value(&out, "baggage"), "user=1,tenant=2;p");
  otlp_context_clean_up(&context);
  assert_null(context.baggage);
}

/* Baggage travels without a trace, and a trace without baggage. */
static void test_parts_are_independent(void **state) {
  (void)state;
  otlp_propagators all = {{&otlp_propagator_trace_context, &otlp_propagator_baggage}, 2};
  headers in = {.count = 0};
  headers_add(&in, "baggage", "user=1");
  otlp_context context = otlp_propagators_extract(&all, headers_get, &in);
  assert_false(otlp_span_context_is_valid(&context.span));
  assert_int_equal(otlp_baggage_count(context.baggage), 1);
  headers out = {.count = 0};
  otlp_propagators_inject(&all, &context, headers_set, &out);
  assert_int_equal(out.count, 1);
  otlp_context_clean_up(&context);
}

/* Baggage that is broken as a whole leaves the context's own. */
static void test_broken_baggage_changes_nothing(void **state) {
  (void)state;
  otlp_context context;
  memset(&context, 0, sizeof(context));
  context.baggage = otlp_baggage_parse(S("a=1"));
  headers in = {.count = 0};
  headers_add(&in, "baggage", "no pair at all");
  otlp_propagator_baggage.extract(&context, headers_get, &in);
  assert_text_equal(otlp_baggage_text(context.baggage), "a=1");
  in.count = 0;
  headers_add(&in, "baggage", "b=2");
  otlp_propagator_baggage.extract(&context, headers_get, &in);
  assert_text_equal(otlp_baggage_text(context.baggage), "b=2");
  otlp_context_clean_up(&context);
}

/* A carrier full of baggage: what is beyond twice the limit is not looked at, the rest is kept. */
static void test_endless_baggage_is_cut(void **state) {
  (void)state;
  headers *in = calloc(1, sizeof(*in));
  char value[HEADER_SIZE];
  for (int i = 0; i < HEADERS_MAX; i++) {
    int used = snprintf(value, sizeof(value), "k%d=", i);
    memset(value + used, 'v', sizeof(value) - (size_t)used - 1);
    value[sizeof(value) - 1] = '\0';
    headers_add(in, "baggage", value);
  }
  otlp_context context;
  memset(&context, 0, sizeof(context));
  otlp_propagator_baggage.extract(&context, headers_get, in);
  assert_int_equal(otlp_baggage_count(context.baggage), 8); /* of 1023 bytes and a comma each */
  otlp_context_clean_up(&context);
  free(in);
}

/* OTEL_PROPAGATORS: order, duplicates, none, unknown names. */
static void test_environment(void **state) {
  (void)state;
  static const struct {
    const char *variable;
    const char *names[3];
    int warnings;
  } cases[] = {
      {"", {"tracecontext", "baggage", NULL}, 0},
      {"tracecontext", {"tracecontext", NULL, NULL}, 0},
      {"baggage , TraceContext", {"baggage", "tracecontext", NULL}, 0},
      {"baggage,baggage,,baggage", {"baggage", NULL, NULL}, 0},
      {"none", {NULL, NULL, NULL}, 0},
      {"tracecontext,none", {NULL, NULL, NULL}, 0},
      {"b3,b3multi", {"b3", "b3multi", NULL}, 0},
      {"ottrace,baggage", {"baggage", NULL, NULL}, 1},
      {"ottrace,", {"tracecontext", "baggage", NULL}, 1},
      {" , ", {"tracecontext", "baggage", NULL}, 0},
      {"ottrace,none", {NULL, NULL, NULL}, 1},
  };
  otlp_set_log_handler(count_warnings, NULL);
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    warnings = 0;
    setenv("OTEL_PROPAGATORS", cases[i].variable, 1);
    otlp_propagators seen = otlp_propagators_from_environment();
    for (size_t j = 0; j < 3; j++) {
      assert_true((j < seen.count) == (cases[i].names[j] != NULL));
      if (j < seen.count) {
        assert_string_equal(seen.items[j]->name, cases[i].names[j]);
      }
    }
    assert_int_equal(warnings, cases[i].warnings);
  }
  otlp_set_log_handler(NULL, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_round_trip),
      cmocka_unit_test(test_parts_are_independent),
      cmocka_unit_test(test_broken_baggage_changes_nothing),
      cmocka_unit_test(test_endless_baggage_is_cut),
      cmocka_unit_test(test_environment),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

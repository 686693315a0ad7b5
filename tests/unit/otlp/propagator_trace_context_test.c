/* SPDX-License-Identifier: Apache-2.0 */
/* W3C Trace Context Level 2, rule by rule; many cases are those of the W3C's own test suite. */
#include "headers.h"

#include <otlp/trace_state.h>

#define TRACE_ID "0af7651916cd43dd8448eb211c80319c"
#define SPAN_ID "b7ad6b7169203331"
#define PARENT "00-" TRACE_ID "-" SPAN_ID "-01"

static otlp_context extract(const headers *carrier) {
  otlp_context context;
  memset(&context, 0, sizeof(context));
  otlp_propagator_trace_context.extract(&context, headers_get, carrier);
  return context;
}

static otlp_context extract_parent(const char *trace_parent) {
  headers carrier = {.count = 0};
  headers_add(&carrier, "traceparent", trace_parent);
  return extract(&carrier);
}

/* Which traceparents are one, and which flags of theirs are understood. */
static void test_trace_parent(void **state) {
  (void)state;
  static const struct {
    const char *text;
    int flags; /* -1: not valid */
  } cases[] = {
      {PARENT, 1},
      {"00-" TRACE_ID "-" SPAN_ID "-00", 0},
      {"00-" TRACE_ID "-" SPAN_ID "-02", 2},
      {"00-" TRACE_ID "-" SPAN_ID "-03", 3},
      {"00-" TRACE_ID "-" SPAN_ID "-ff", 3}, /* unknown bits are not passed on */
      {"00-" TRACE_ID "-" SPAN_ID "-fc", 0},
      {" \t" PARENT " \t", 1},
      {"01-" TRACE_ID "-" SPAN_ID "-01", 1}, /* a later version, same length */
      {"cc-" TRACE_ID "-" SPAN_ID "-01-what-the-future-will-be-like", 1},
      {"cc-" TRACE_ID "-" SPAN_ID "-01-", 1},
      {"cc-" TRACE_ID "-" SPAN_ID "-01.what", -1},
      {"cc-" TRACE_ID "-" SPAN_ID "-01x", -1},
      {"ff-" TRACE_ID "-" SPAN_ID "-01", -1},
      {"00-" TRACE_ID "-" SPAN_ID "-01-extra", -1},
      {"00-" TRACE_ID "-" SPAN_ID "-01.", -1},
      {"", -1},
      {"00", -1},
      {"00-" TRACE_ID "-" SPAN_ID, -1},
      {"00-" TRACE_ID "-" SPAN_ID "-", -1},
      {"00-" TRACE_ID "-" SPAN_ID "-0", -1},
      {"0-" TRACE_ID "-" SPAN_ID "-001", -1},
      {"00-00000000000000000000000000000000-" SPAN_ID "-01", -1},
      {"00-" TRACE_ID "-0000000000000000-01", -1},
      {"00-0AF7651916CD43DD8448EB211C80319C-" SPAN_ID "-01", -1},
      {"00-" TRACE_ID "-B7AD6B7169203331-01", -1},
      {"00-" TRACE_ID "-" SPAN_ID "-0A", -1},
      {"0A-" TRACE_ID "-" SPAN_ID "-01", -1},
      {".0-" TRACE_ID "-" SPAN_ID "-01", -1},
      {"00-.af7651916cd43dd8448eb211c80319c-" SPAN_ID "-01", -1},
      {"00-" TRACE_ID "-.7ad6b7169203331-01", -1},
      {"00-" TRACE_ID "-" SPAN_ID "-.1", -1},
      {"00_" TRACE_ID "-" SPAN_ID "-01", -1},
      {"00-" TRACE_ID "_" SPAN_ID "-01", -1},
      {"00-" TRACE_ID "-" SPAN_ID "_01", -1},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    otlp_context context = extract_parent(cases[i].text);
    bool is_valid = otlp_span_context_is_valid(&context.span);
    if (is_valid != (cases[i].flags >= 0)) {
      fail_msg("'%s'", cases[i].text);
    }
    if (is_valid) {
      char hex[OTLP_TRACE_ID_HEX_SIZE + 1];
      otlp_trace_id_to_hex(context.span.trace_id, hex);
      assert_string_equal(hex, TRACE_ID);
      otlp_span_id_to_hex(context.span.span_id, hex);
      assert_string_equal(hex, SPAN_ID);
      assert_true(context.span.is_remote);
      assert_int_equal(context.span.trace_flags, cases[i].flags);
    }
    otlp_context_clean_up(&context);
  }
}

/* Two traceparents contradict each other: neither counts. */
static void test_a_repeated_trace_parent_is_none(void **state) {
  (void)state;
  headers carrier = {.count = 0};
  headers_add(&carrier, "traceparent", PARENT);
  headers_add(&carrier, "traceparent", PARENT);
  otlp_context context = extract(&carrier);
  assert_false(otlp_span_context_is_valid(&context.span));
}

/* What is not valid leaves the context as it was. */
static void test_an_invalid_trace_parent_changes_nothing(void **state) {
  (void)state;
  headers carrier = {.count = 0};
  headers_add(&carrier, "traceparent", "garbage");
  headers_add(&carrier, "tracestate", "a=1");
  otlp_context context = extract_parent(PARENT);
  otlp_context before = context;
  otlp_propagator_trace_context.extract(&context, headers_get, &carrier);
  assert_memory_equal(context.span.trace_id, before.span.trace_id, OTLP_TRACE_ID_SIZE);
  assert_memory_equal(context.span.span_id, before.span.span_id, OTLP_SPAN_ID_SIZE);
  assert_int_equal(context.span.trace_flags, before.span.trace_flags);
  assert_null(context.span.trace_state);
  otlp_context_clean_up(&context);
}

/* Repeated tracestate headers are one list, in order; a bad one never spoils the traceparent. */
static void test_trace_state(void **state) {
  (void)state;
  static const struct {
    const char *headers[3];
    const char *text;
  } cases[] = {
      {{"a=1", NULL, NULL}, "a=1"},
      {{"a=1", "b=2", "c=3"}, "a=1,b=2,c=3"},
      {{"a=1", "", "c=3"}, "a=1,c=3"},
      {{"a=1,b=2", "a=3", NULL}, "a=1,b=2"},
      {{"a=1", "bad", NULL}, ""},
      {{"bad", NULL, NULL}, ""},
      {{"", "", ""}, ""},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    headers carrier = {.count = 0};
    headers_add(&carrier, "traceparent", PARENT);
    for (size_t j = 0; j < 3 && cases[i].headers[j] != NULL; j++) {
      headers_add(&carrier, "tracestate", cases[i].headers[j]);
    }
    otlp_context context = extract(&carrier);
    assert_true(otlp_span_context_is_valid(&context.span));
    assert_text_equal(otlp_trace_state_text(context.span.trace_state), cases[i].text);
    otlp_context_clean_up(&context);
  }
}

/* A carrier full of tracestate must not make us join without end. */
static void test_endless_trace_states_are_dropped(void **state) {
  (void)state;
  headers *carrier = calloc(1, sizeof(*carrier));
  char value[HEADER_SIZE];
  memset(value, ' ', sizeof(value) - 1);
  value[sizeof(value) - 1] = '\0';
  headers_add(carrier, "traceparent", PARENT);
  for (size_t i = 1; i < HEADERS_MAX; i++) {
    headers_add(carrier, "tracestate", value);
  }
  otlp_context context = extract(carrier);
  assert_true(otlp_span_context_is_valid(&context.span));
  assert_null(context.span.trace_state);
  otlp_context_clean_up(&context);
  free(carrier);
}

/* What goes out is what came in, flags reduced to the known ones. */
static void test_inject(void **state) {
  (void)state;
  headers in = {.count = 0};
  headers_add(&in, "traceparent", "00-" TRACE_ID "-" SPAN_ID "-ff");
  headers_add(&in, "tracestate", "a=1");
  headers_add(&in, "tracestate", "b=2");
  otlp_context context = extract(&in);
  headers out = {.count = 0};
  context.span.trace_flags = 0xFF;
  otlp_propagator_trace_context.inject(&context, headers_set, &out);
  assert_int_equal(out.count, 2);
  assert_string_equal(headers_value(&out, "traceparent"), "00-" TRACE_ID "-" SPAN_ID "-03");
  assert_string_equal(headers_value(&out, "tracestate"), "a=1,b=2");
  otlp_context_clean_up(&context);
  assert_false(otlp_span_context_is_valid(&context.span));
}

/* An invalid context writes nothing, not zeros; an empty trace state writes no header. */
static void test_inject_nothing(void **state) {
  (void)state;
  otlp_context context;
  memset(&context, 0, sizeof(context));
  headers out = {.count = 0};
  otlp_propagator_trace_context.inject(&context, headers_set, &out);
  assert_int_equal(out.count, 0);
  context = extract_parent(PARENT);
  otlp_propagator_trace_context.inject(&context, headers_set, &out);
  assert_int_equal(out.count, 1);
}

static void assert_shortened(const char *trace_state, const char *expected) {
  otlp_context context = extract_parent(PARENT);
  context.span.trace_state = otlp_trace_state_parse(S(trace_state));
  assert_non_null(context.span.trace_state);
  headers out = {.count = 0};
  otlp_propagator_trace_context.inject(&context, headers_set, &out);
  const char *sent = headers_value(&out, "tracestate");
  if (expected == NULL) {
    assert_null(sent);
  } else {
    assert_non_null(sent);
    assert_string_equal(sent, expected);
  }
  otlp_context_clean_up(&context);
}

/* Longer than 512: members over 128 characters go first, from the right, then the right-most. */
static void test_long_trace_states_are_shortened(void **state) {
  (void)state;
  char ok[513];
  char header[1024];
  char expected[1024];
  memset(ok, 'v', sizeof(ok));
  /* Three of 200: one has to go, the right-most. */
  snprintf(header, sizeof(header), "a=%.198s,b=%.198s,c=1,d=%.198s,e=2", ok, ok, ok);
  snprintf(expected, sizeof(expected), "a=%.198s,b=%.198s,c=1,e=2", ok, ok);
  assert_shortened(header, expected);
  /* Six of 100: none is long, the last one goes. */
  snprintf(header, sizeof(header), "a=%.98s,b=%.98s,c=%.98s,d=%.98s,e=%.98s,f=%.98s", ok, ok, ok,
           ok, ok, ok);
  snprintf(expected, sizeof(expected), "a=%.98s,b=%.98s,c=%.98s,d=%.98s,e=%.98s", ok, ok, ok, ok,
           ok);
  assert_shortened(header, expected);
  /* One that is too long all alone: there is nothing to send. */
  snprintf(header, sizeof(header), "%.256s=%.256s", ok, ok);
  assert_shortened(header, NULL);
  /* Exactly 512 is not shortened. */
  snprintf(header, sizeof(header), "%.255s=%.256s", ok, ok);
  assert_shortened(header, header);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_trace_parent),
      cmocka_unit_test(test_a_repeated_trace_parent_is_none),
      cmocka_unit_test(test_an_invalid_trace_parent_changes_nothing),
      cmocka_unit_test(test_trace_state),
      cmocka_unit_test(test_endless_trace_states_are_dropped),
      cmocka_unit_test(test_inject),
      cmocka_unit_test(test_inject_nothing),
      cmocka_unit_test(test_long_trace_states_are_shortened),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

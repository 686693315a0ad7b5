/* SPDX-License-Identifier: Apache-2.0 */
/* B3 in and out, in both forms. */
#include "headers.h"

#define TRACE_ID "80f198ee56343ba864fe8b2a57d3eff7"
#define SHORT_ID "64fe8b2a57d3eff7"
#define SPAN_ID "e457b5a2e4d86bd1"

static otlp_context extract(const headers *carrier) {
  otlp_context context;
  memset(&context, 0, sizeof(context));
  otlp_propagator_b3.extract(&context, headers_get, carrier);
  return context;
}

/* The single header: ids of both lengths, every state, an ignored parent; anything else is none. */
static void test_single(void **state) {
  (void)state;
  static const struct {
    const char *text;
    const char *sent; /* NULL: not valid */
  } cases[] = {
      {TRACE_ID "-" SPAN_ID "-1-05e3ac9a4f6e3b90", TRACE_ID "-" SPAN_ID "-1"},
      {TRACE_ID "-" SPAN_ID "-1", TRACE_ID "-" SPAN_ID "-1"},
      {TRACE_ID "-" SPAN_ID "-0", TRACE_ID "-" SPAN_ID "-0"},
      {TRACE_ID "-" SPAN_ID "-d", TRACE_ID "-" SPAN_ID "-d"},
      {TRACE_ID "-" SPAN_ID, TRACE_ID "-" SPAN_ID "-0"},
      {SHORT_ID "-" SPAN_ID "-1", "0000000000000000" SHORT_ID "-" SPAN_ID "-1"},
      {"0", NULL},
      {"", NULL},
      {TRACE_ID, NULL},
      {TRACE_ID "-" SPAN_ID "-2", NULL},
      {TRACE_ID "-" SPAN_ID "-11", NULL},
      {TRACE_ID "-e457b5a2e4d86bd-1", NULL},
      {"80f198ee-" SPAN_ID "-1", NULL},
      {"80F198EE56343BA864FE8B2A57D3EFF7-" SPAN_ID "-1", NULL},
      {"00000000000000000000000000000000-" SPAN_ID "-1", NULL},
      {TRACE_ID "-0000000000000000-1", NULL},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    headers in = {.count = 0};
    headers_add(&in, "b3", cases[i].text);
    otlp_context context = extract(&in);
    headers out = {.count = 0};
    otlp_propagator_b3.inject(&context, headers_set, &out);
    if ((headers_value(&out, "b3") == NULL) != (cases[i].sent == NULL)) {
      fail_msg("'%s'", cases[i].text);
    }
    if (cases[i].sent != NULL) {
      assert_string_equal(headers_value(&out, "b3"), cases[i].sent);
      assert_true(context.span.is_remote);
    }
  }
}

/* Several headers: each way to say sampled, and debug, which is sent without it. */
static void test_multi(void **state) {
  (void)state;
  static const struct {
    const char *sampled;
    const char *flags;
    const char *sent_sampled;
    const char *sent_flags;
  } cases[] = {
      {"1", NULL, "1", NULL},    {"0", NULL, "0", NULL}, {"true", NULL, "1", NULL},
      {NULL, NULL, "0", NULL},   {NULL, "1", NULL, "1"}, {"0", "1", NULL, "1"},
      {"false", "0", "0", NULL},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    headers in = {.count = 0};
    headers_add(&in, "x-b3-traceid", TRACE_ID);
    headers_add(&in, "x-b3-spanid", SPAN_ID);
    headers_add(&in, "x-b3-parentspanid", "05e3ac9a4f6e3b90");
    if (cases[i].sampled != NULL) {
      headers_add(&in, "x-b3-sampled", cases[i].sampled);
    }
    if (cases[i].flags != NULL) {
      headers_add(&in, "x-b3-flags", cases[i].flags);
    }
    otlp_context context = extract(&in);
    headers out = {.count = 0};
    otlp_propagator_b3_multi.inject(&context, headers_set, &out);
    assert_string_equal(headers_value(&out, "x-b3-traceid"), TRACE_ID);
    assert_string_equal(headers_value(&out, "x-b3-spanid"), SPAN_ID);
    assert_null(headers_value(&out, "x-b3-parentspanid"));
    const char *sampled = headers_value(&out, "x-b3-sampled");
    const char *flags = headers_value(&out, "x-b3-flags");
    assert_true((sampled == NULL) == (cases[i].sent_sampled == NULL));
    assert_true(sampled == NULL || strcmp(sampled, cases[i].sent_sampled) == 0);
    assert_true((flags == NULL) == (cases[i].sent_flags == NULL));
  }
}

/* The single header goes first; a broken one gives way to the others. */
static void test_single_before_multi(void **state) {
  (void)state;
  headers in = {.count = 0};
  headers_add(&in, "x-b3-traceid", TRACE_ID);
  headers_add(&in, "x-b3-spanid", SPAN_ID);
  headers_add(&in, "b3", "broken");
  otlp_context context = extract(&in);
  assert_true(otlp_span_context_is_valid(&context.span));
  snprintf(in.values[2], HEADER_SIZE, "%s", "11111111111111111111111111111111-2222222222222222-1");
  context = extract(&in);
  assert_int_equal(context.span.trace_id[0], 0x11);
}

/* Neither form writes what is not there. */
static void test_nothing_to_inject(void **state) {
  (void)state;
  otlp_context root;
  memset(&root, 0, sizeof(root));
  headers out = {.count = 0};
  otlp_propagator_b3.inject(&root, headers_set, &out);
  otlp_propagator_b3_multi.inject(&root, headers_set, &out);
  assert_int_equal(out.count, 0);
}

/* Debug is B3's own business: it must not leak into W3C's flags. */
static void test_debug_stays_out_of_traceparent(void **state) {
  (void)state;
  headers in = {.count = 0};
  headers_add(&in, "b3", TRACE_ID "-" SPAN_ID "-d");
  otlp_context context = extract(&in);
  headers out = {.count = 0};
  otlp_propagator_trace_context.inject(&context, headers_set, &out);
  assert_string_equal(headers_value(&out, "traceparent"), "00-" TRACE_ID "-" SPAN_ID "-01");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_single),
      cmocka_unit_test(test_multi),
      cmocka_unit_test(test_single_before_multi),
      cmocka_unit_test(test_nothing_to_inject),
      cmocka_unit_test(test_debug_stays_out_of_traceparent),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

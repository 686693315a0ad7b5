/* SPDX-License-Identifier: Apache-2.0 */
/* A span's start, identity, name, status and limits, as an independent decoder sees them. */
#include "tracing.h"

#include <otlp/trace_state.h>

static otlp_context remote_parent(uint8_t flags) {
  otlp_context parent;
  memset(&parent, 0, sizeof(parent));
  memset(parent.span.trace_id, 0xAB, OTLP_TRACE_ID_SIZE);
  memset(parent.span.span_id, 0xCD, OTLP_SPAN_ID_SIZE);
  parent.span.trace_flags = flags;
  parent.span.is_remote = true;
  return parent;
}

/* The fields every viewer needs. */
static void test_a_root_span(void **state) {
  (void)state;
  tracing t = tracing_start(NULL);
  otlp_span *span = tracing_begin(&t, "root");
  otlp_span_context context = otlp_span_get_context(span);
  assert_true(otlp_span_context_is_valid(&context));
  assert_true(otlp_span_is_recording(span));
  otlp_span_end(span);
  const proto_span *seen = tracing_span(&t, 0);
  assert_string_equal(seen->name, "root");
  assert_int_equal(seen->trace_id.len, 16);
  assert_memory_equal(seen->trace_id.data, context.trace_id, 16);
  assert_int_equal(seen->span_id.len, 8);
  assert_memory_equal(seen->span_id.data, context.span_id, 8);
  assert_int_equal(seen->parent_span_id.len, 0);
  assert_int_equal(seen->kind,
                   OPENTELEMETRY__PROTO__TRACE__V1__SPAN__SPAN_KIND__SPAN_KIND_INTERNAL);
  assert_int_equal(seen->flags, 0x103); /* sampled, random, parent not remote */
  assert_true(seen->end_time_unix_nano >= seen->start_time_unix_nano);
  assert_true(seen->start_time_unix_nano > UINT64_C(1700000000) * 1000000000);
  assert_null(seen->status);
  tracing_stop(&t);
}

/* A child that did not continue its parent's trace would tear the trace apart. */
static void test_a_child_of_a_local_span(void **state) {
  (void)state;
  tracing t = tracing_start(NULL);
  otlp_span *parent = tracing_begin(&t, "parent");
  otlp_context below = otlp_context_with_span(NULL, parent);
  otlp_span_options options = {.kind = OTLP_SPAN_KIND_CLIENT};
  otlp_span *child = otlp_span_start(t.tracer, &below, S("child"), &options);
  otlp_span_end(child);
  const proto_span *seen = tracing_span(&t, 0);
  assert_memory_equal(seen->trace_id.data, below.span.trace_id, 16);
  assert_memory_equal(seen->parent_span_id.data, below.span.span_id, 8);
  assert_memory_not_equal(seen->span_id.data, below.span.span_id, 8);
  assert_int_equal(seen->kind, OPENTELEMETRY__PROTO__TRACE__V1__SPAN__SPAN_KIND__SPAN_KIND_CLIENT);
  assert_int_equal(seen->flags & 0x300, 0x100);
  otlp_span_end(parent);
  tracing_stop(&t);
}

/* Viewers tell entry points by the is-remote bit; the random flag travels unchanged. */
static void test_a_child_of_a_remote_span(void **state) {
  (void)state;
  static const struct {
    uint8_t parent_flags;
    uint32_t span_flags;
  } cases[] = {
      {OTLP_TRACE_FLAG_SAMPLED, 0x301},
      {OTLP_TRACE_FLAG_SAMPLED | OTLP_TRACE_FLAG_RANDOM, 0x303},
      {OTLP_TRACE_FLAG_SAMPLED | 0xFC, 0x301},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    tracing t = tracing_start(NULL);
    otlp_context parent = remote_parent(cases[i].parent_flags);
    otlp_span *span = otlp_span_start(t.tracer, &parent, S("child"), NULL);
    otlp_span_context context = otlp_span_get_context(span);
    assert_false(context.is_remote);
    otlp_span_end(span);
    assert_int_equal(tracing_span(&t, 0)->flags, cases[i].span_flags);
    tracing_stop(&t);
  }
}

/* A parent that was not sampled: no span is exported, yet the trace goes on with a new span id. */
static void test_a_span_that_is_not_sampled_carries_the_trace_on(void **state) {
  (void)state;
  tracing t = tracing_start(NULL);
  otlp_context parent = remote_parent(0);
  parent.span.trace_state = otlp_trace_state_parse(S("a=1"));
  otlp_span *span = otlp_span_start(t.tracer, &parent, S("child"), NULL);
  assert_non_null(span);
  assert_false(otlp_span_is_recording(span));
  otlp_span_set_string(span, "key", "ignored");
  otlp_span_add_event(span, S("ignored"), 0, NULL, 0);
  otlp_span_add_link(span, &(otlp_link){.context = parent.span});
  otlp_span_set_status(span, OTLP_STATUS_ERROR, S("ignored"));
  otlp_span_record_exception(span, S("ignored"), S("ignored"));
  otlp_span_update_name(span, S("ignored"));
  otlp_span_context context = otlp_span_get_context(span);
  assert_memory_equal(context.trace_id, parent.span.trace_id, 16);
  assert_memory_not_equal(context.span_id, parent.span.span_id, 8);
  assert_false(otlp_span_context_is_sampled(&context));
  assert_text_equal(otlp_trace_state_text(context.trace_state), "a=1");
  otlp_span_end(span);
  assert_int_equal(otlp_memory_exporter_count(t.memory), 0);
  otlp_trace_state_release(parent.span.trace_state);
  tracing_stop(&t);
}

/* The trace state belongs to the span and to what is exported of it. */
static void test_trace_state_is_inherited_and_exported(void **state) {
  (void)state;
  tracing t = tracing_start(NULL);
  otlp_context parent = remote_parent(OTLP_TRACE_FLAG_SAMPLED);
  otlp_trace_state *trace_state = otlp_trace_state_parse(S("a=1,b=2"));
  parent.span.trace_state = trace_state;
  otlp_span *span = otlp_span_start(t.tracer, &parent, S("child"), NULL);
  otlp_trace_state_release(trace_state); /* the span has a count of its own */
  assert_text_equal(otlp_trace_state_text(otlp_span_get_context(span).trace_state), "a=1,b=2");
  otlp_span_end(span);
  assert_string_equal(tracing_span(&t, 0)->trace_state, "a=1,b=2");
  tracing_stop(&t);
}

/* A parent with only one of its ids is no parent: a new trace starts, without its trace state. */
static void test_an_invalid_parent_is_no_parent(void **state) {
  (void)state;
  tracing t = tracing_start(NULL);
  otlp_context parent = remote_parent(OTLP_TRACE_FLAG_SAMPLED);
  memset(parent.span.span_id, 0, OTLP_SPAN_ID_SIZE);
  otlp_trace_state *trace_state = otlp_trace_state_parse(S("a=1"));
  parent.span.trace_state = trace_state;
  otlp_span_end(otlp_span_start(t.tracer, &parent, S("root"), NULL));
  const proto_span *seen = tracing_span(&t, 0);
  assert_memory_not_equal(seen->trace_id.data, parent.span.trace_id, 16);
  assert_int_equal(seen->parent_span_id.len, 0);
  assert_string_equal(seen->trace_state, "");
  otlp_trace_state_release(trace_state);
  tracing_stop(&t);
}

/* The options' parts all arrive, and times given by the caller are kept to the nanosecond. */
static void test_start_options(void **state) {
  (void)state;
  tracing t = tracing_start(NULL);
  otlp_attribute attributes[] = {otlp_attribute_int("a", 1), otlp_attribute_int("a", 2)};
  otlp_link links[] = {{.context = remote_parent(1).span}};
  otlp_span_options options = {
      .kind = OTLP_SPAN_KIND_CONSUMER,
      .start_time = 123456789,
      .attributes = attributes,
      .attribute_count = 2,
      .links = links,
      .link_count = 1,
  };
  otlp_span *span = otlp_span_start(t.tracer, NULL, S("span"), &options);
  otlp_span_end_at(span, 987654321);
  const proto_span *seen = tracing_span(&t, 0);
  assert_int_equal(seen->kind,
                   OPENTELEMETRY__PROTO__TRACE__V1__SPAN__SPAN_KIND__SPAN_KIND_CONSUMER);
  assert_true(seen->start_time_unix_nano == 123456789);
  assert_true(seen->end_time_unix_nano == 987654321);
  assert_int_equal(seen->n_attributes, 1);
  assert_true(seen->attributes[0]->value->int_value == 2);
  assert_int_equal(seen->n_links, 1);
  tracing_stop(&t);
}

/* A kind that does not exist would be a number no viewer knows. */
static void test_an_unknown_kind_is_internal(void **state) {
  (void)state;
  tracing t = tracing_start(NULL);
  otlp_span_options options = {.kind = (otlp_span_kind)6};
  otlp_span_end(otlp_span_start(t.tracer, NULL, S("span"), &options));
  assert_int_equal(tracing_span(&t, 0)->kind, OTLP_SPAN_KIND_INTERNAL);
  tracing_stop(&t);
}

/* The last name counts, whatever its length, and what stands around it is not harmed. */
static void test_update_name(void **state) {
  (void)state;
  static const char *const names[] = {"longer than the first name", "x", "", "same", "size"};
  tracing t = tracing_start(NULL);
  for (size_t i = 0; i < COUNT_OF(names); i++) {
    otlp_span *span = tracing_begin(&t, "first name");
    otlp_span_set_int(span, "before", 1);
    otlp_span_update_name(span, S("in between"));
    otlp_span_update_name(span, S(names[i]));
    otlp_span_set_int(span, "before", 2);
    otlp_span_end(span);
    const proto_span *seen = tracing_span(&t, i);
    assert_string_equal(seen->name, names[i]);
    assert_int_equal(seen->n_attributes, 1);
    assert_true(seen->attributes[0]->value->int_value == 2);
  }
  tracing_stop(&t);
}

/* Names are protobuf strings: what is not UTF-8 must not reach the wire. */
static void test_a_broken_name_is_repaired(void **state) {
  (void)state;
  tracing t = tracing_start(NULL);
  otlp_span_end(tracing_begin(&t, "GET \xFF"));
  assert_string_equal(tracing_span(&t, 0)->name, "GET \xEF\xBF\xBD");
  tracing_stop(&t);
}

/* The total order Ok > Error > Unset, step by step. */
static void test_status_order(void **state) {
  (void)state;
  static const struct {
    otlp_status_code codes[3];
    int expected; /* -1: no status message at all */
    const char *message;
  } cases[] = {
      {{OTLP_STATUS_UNSET, OTLP_STATUS_UNSET, OTLP_STATUS_UNSET}, -1, NULL},
      {{OTLP_STATUS_ERROR, OTLP_STATUS_UNSET, OTLP_STATUS_UNSET}, 2, "0"},
      {{OTLP_STATUS_ERROR, OTLP_STATUS_ERROR, OTLP_STATUS_UNSET}, 2, "1"},
      {{OTLP_STATUS_ERROR, OTLP_STATUS_OK, OTLP_STATUS_ERROR}, 1, ""},
      {{OTLP_STATUS_OK, OTLP_STATUS_ERROR, OTLP_STATUS_UNSET}, 1, ""},
      {{(otlp_status_code)7, OTLP_STATUS_UNSET, OTLP_STATUS_UNSET}, -1, NULL},
  };
  static const char *const messages[] = {"0", "1", "2"};
  tracing t = tracing_start(NULL);
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    otlp_span *span = tracing_begin(&t, "span");
    for (size_t step = 0; step < 3; step++) {
      otlp_span_set_status(span, cases[i].codes[step], S(messages[step]));
    }
    otlp_span_end(span);
    const proto_span *seen = tracing_span(&t, i);
    if (cases[i].expected < 0) {
      assert_null(seen->status);
      continue;
    }
    assert_int_equal((int)seen->status->code, cases[i].expected);
    assert_string_equal(seen->status->message, cases[i].message);
  }
  tracing_stop(&t);
}

/* Callers never check for NULL; work below a lost span hangs where the span would have. */
static void test_the_null_span_does_nothing(void **state) {
  (void)state;
  otlp_context parent = remote_parent(1);
  otlp_span_set_attribute(NULL, S("k"), otlp_value_integer(1));
  otlp_span_set_attributes(NULL, NULL, 0);
  otlp_span_set_string(NULL, "k", "v");
  otlp_span_add_event(NULL, S("e"), 0, NULL, 0);
  otlp_span_add_link(NULL, &(otlp_link){.context = parent.span});
  otlp_span_set_status(NULL, OTLP_STATUS_OK, S(""));
  otlp_span_record_exception(NULL, S("t"), S("m"));
  otlp_span_update_name(NULL, S("n"));
  otlp_span_end(NULL);
  otlp_span_end_at(NULL, 1);
  assert_false(otlp_span_is_recording(NULL));
  otlp_span_context none = otlp_span_get_context(NULL);
  assert_false(otlp_span_context_is_valid(&none));
  otlp_context below = otlp_context_with_span(&parent, NULL);
  assert_memory_equal(below.span.span_id, parent.span.span_id, OTLP_SPAN_ID_SIZE);
  assert_true(below.span.is_remote);
  below = otlp_context_with_span(NULL, NULL);
  assert_false(otlp_span_context_is_valid(&below.span));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_a_root_span),
      cmocka_unit_test(test_a_child_of_a_local_span),
      cmocka_unit_test(test_a_child_of_a_remote_span),
      cmocka_unit_test(test_a_span_that_is_not_sampled_carries_the_trace_on),
      cmocka_unit_test(test_trace_state_is_inherited_and_exported),
      cmocka_unit_test(test_an_invalid_parent_is_no_parent),
      cmocka_unit_test(test_start_options),
      cmocka_unit_test(test_an_unknown_kind_is_internal),
      cmocka_unit_test(test_update_name),
      cmocka_unit_test(test_a_broken_name_is_repaired),
      cmocka_unit_test(test_status_order),
      cmocka_unit_test(test_the_null_span_does_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

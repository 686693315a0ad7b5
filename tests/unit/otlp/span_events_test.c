/* SPDX-License-Identifier: Apache-2.0 */
#include "tracing.h"

#include <otlp/trace_state.h>

static otlp_span_context other_span(bool is_remote) {
  otlp_span_context context;
  memset(&context, 0, sizeof(context));
  memset(context.trace_id, 1, OTLP_TRACE_ID_SIZE);
  memset(context.span_id, 2, OTLP_SPAN_ID_SIZE);
  context.trace_flags = OTLP_TRACE_FLAG_SAMPLED;
  context.is_remote = is_remote;
  return context;
}

/* Events keep their order, names, times and attributes, in between attributes of the span. */
static void test_events(void **state) {
  (void)state;
  tracing t = tracing_start(NULL);
  otlp_span *span = tracing_begin(&t, "span");
  const otlp_attribute attributes[] = {otlp_attribute_string("why", "because")};
  otlp_span_add_event(span, S("first"), 42, attributes, 1);
  otlp_span_set_int(span, "between", 1);
  otlp_span_add_event(span, S("second"), 0, NULL, 0);
  otlp_span_set_string(span, "between", "replaced");
  otlp_span_end(span);
  const proto_span *seen = tracing_span(&t, 0);
  assert_int_equal(seen->n_events, 2);
  assert_string_equal(seen->events[0]->name, "first");
  assert_true(seen->events[0]->time_unix_nano == 42);
  assert_string_equal(seen->events[0]->attributes[0]->value->string_value, "because");
  assert_string_equal(seen->events[1]->name, "second");
  assert_true(seen->events[1]->time_unix_nano >= seen->start_time_unix_nano);
  assert_true(seen->events[1]->time_unix_nano <= seen->end_time_unix_nano);
  assert_string_equal(seen->attributes[0]->value->string_value, "replaced");
  tracing_stop(&t);
}

/* Both limits of events, each with its own count. */
static void test_event_limits(void **state) {
  (void)state;
  otlp_tracer_provider_options options = tracing_options();
  options.limits.event_count = 2;
  options.limits.attribute_count_per_event = 1;
  options.limits.attribute_value_length = 3;
  tracing t = tracing_start(&options);
  otlp_span *span = tracing_begin(&t, "span");
  const otlp_attribute attributes[] = {otlp_attribute_string("a", "long"),
                                       otlp_attribute_string("b", "long"),
                                       otlp_attribute_string("c", "long")};
  for (int i = 0; i < 5; i++) {
    otlp_span_add_event(span, S("event"), 0, attributes, 3);
  }
  otlp_span_end(span);
  const proto_span *seen = tracing_span(&t, 0);
  assert_int_equal(seen->n_events, 2);
  assert_int_equal(seen->dropped_events_count, 3);
  assert_int_equal(seen->events[0]->n_attributes, 1);
  assert_int_equal(seen->events[0]->dropped_attributes_count, 2);
  assert_string_equal(seen->events[0]->attributes[0]->value->string_value, "lon");
  assert_int_equal(seen->dropped_attributes_count, 0);
  tracing_stop(&t);
}

/* An exception is an event with the conventional name and attributes; the status is left alone. */
static void test_record_exception(void **state) {
  (void)state;
  tracing t = tracing_start(NULL);
  otlp_span *span = tracing_begin(&t, "span");
  otlp_span_record_exception(span, S("store_error"), S("disk full"));
  otlp_span_record_exception(span, S(""), S("only a message"));
  otlp_span_end(span);
  const proto_span *seen = tracing_span(&t, 0);
  assert_int_equal(seen->n_events, 2);
  assert_string_equal(seen->events[0]->name, "exception");
  assert_int_equal(seen->events[0]->n_attributes, 2);
  assert_string_equal(
      tracing_attribute(seen->events[0]->attributes, 2, "exception.type")->string_value,
      "store_error");
  assert_string_equal(
      tracing_attribute(seen->events[0]->attributes, 2, "exception.message")->string_value,
      "disk full");
  assert_int_equal(seen->events[1]->n_attributes, 1);
  assert_null(seen->status);
  tracing_stop(&t);
}

/* Links carry the linked span's ids, trace state, flags and whether it is remote. */
static void test_links(void **state) {
  (void)state;
  tracing t = tracing_start(NULL);
  otlp_span *span = tracing_begin(&t, "span");
  otlp_trace_state *trace_state = otlp_trace_state_parse(S("a=1"));
  const otlp_attribute attributes[] = {otlp_attribute_int("n", 1), otlp_attribute_int("n", 2)};
  otlp_link link = {.context = other_span(true), .attributes = attributes, .attribute_count = 2};
  link.context.trace_state = trace_state;
  otlp_span_add_link(span, &link);
  link.context = other_span(false);
  otlp_span_add_link(span, &link);
  otlp_span_end(span);
  const proto_span *seen = tracing_span(&t, 0);
  assert_int_equal(seen->n_links, 2);
  assert_memory_equal(seen->links[0]->trace_id.data, link.context.trace_id, 16);
  assert_memory_equal(seen->links[0]->span_id.data, link.context.span_id, 8);
  assert_string_equal(seen->links[0]->trace_state, "a=1");
  assert_int_equal(seen->links[0]->flags, 0x301);
  assert_int_equal(seen->links[0]->n_attributes, 1);
  assert_true(seen->links[0]->attributes[0]->value->int_value == 2);
  assert_int_equal(seen->links[1]->flags, 0x101);
  assert_string_equal(seen->links[1]->trace_state, "");
  otlp_trace_state_release(trace_state);
  tracing_stop(&t);
}

/* A link to nowhere is kept exactly when it says something. */
static void test_links_to_invalid_contexts(void **state) {
  (void)state;
  tracing t = tracing_start(NULL);
  otlp_span *span = tracing_begin(&t, "span");
  const otlp_attribute attribute = otlp_attribute_int("n", 1);
  otlp_trace_state *trace_state = otlp_trace_state_parse(S("a=1"));
  otlp_link link;
  memset(&link, 0, sizeof(link));
  otlp_span_add_link(span, &link);
  link.context.trace_state = trace_state;
  otlp_span_add_link(span, &link);
  link.context.trace_state = NULL;
  link.attributes = &attribute;
  link.attribute_count = 1;
  otlp_span_add_link(span, &link);
  otlp_span_end(span);
  assert_int_equal(tracing_span(&t, 0)->n_links, 2);
  assert_int_equal(tracing_span(&t, 0)->dropped_links_count, 0);
  otlp_trace_state_release(trace_state);
  tracing_stop(&t);
}

/* Both limits of links, given at the start or later. */
static void test_link_limits(void **state) {
  (void)state;
  otlp_tracer_provider_options options = tracing_options();
  options.limits.link_count = 2;
  options.limits.attribute_count_per_link = 1;
  tracing t = tracing_start(&options);
  const otlp_attribute attributes[] = {otlp_attribute_int("a", 1), otlp_attribute_int("b", 2)};
  otlp_link link = {.context = other_span(false), .attributes = attributes, .attribute_count = 2};
  otlp_span_options with_link = {.links = &link, .link_count = 1};
  otlp_span *span = otlp_span_start(t.tracer, NULL, S("span"), &with_link);
  otlp_span_add_link(span, &link);
  otlp_span_add_link(span, &link);
  otlp_span_end(span);
  const proto_span *seen = tracing_span(&t, 0);
  assert_int_equal(seen->n_links, 2);
  assert_int_equal(seen->dropped_links_count, 1);
  assert_int_equal(seen->links[0]->n_attributes, 1);
  assert_int_equal(seen->links[0]->dropped_attributes_count, 1);
  tracing_stop(&t);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_events),
      cmocka_unit_test(test_event_limits),
      cmocka_unit_test(test_record_exception),
      cmocka_unit_test(test_links),
      cmocka_unit_test(test_links_to_invalid_contexts),
      cmocka_unit_test(test_link_limits),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

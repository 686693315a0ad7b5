/* SPDX-License-Identifier: Apache-2.0 */
/* What processors are given when a span ends. */
#include "tracing.h"

#include <otlp/log.h>
#include <otlp/trace_state.h>

typedef struct probe {
  otlp_processor base;
  int starts;
  int ends;
  bool was_sampled;
  bool had_parent;
  char order; /* set to the shared counter at each end */
  uint8_t frame[512];
  otlp_item last;
} probe;

static char next_order;

static void on_start(otlp_processor *self, otlp_span *span, const otlp_context *parent) {
  probe *seen = (probe *)self;
  seen->starts++;
  seen->had_parent = otlp_span_context_is_valid(&parent->span);
  otlp_span_set_int(span, "set.by.processor", seen->starts);
}

static void on_item(otlp_processor *self, const otlp_item *span) {
  probe *seen = (probe *)self;
  seen->ends++;
  seen->order = next_order++;
  seen->was_sampled = otlp_span_context_is_sampled(&span->context);
  seen->last = *span;
  assert_true(span->frame.size <= sizeof(seen->frame));
  memcpy(seen->frame, span->frame.data, span->frame.size);
}

static otlp_result succeed(otlp_processor *self, int64_t timeout_ms) {
  (void)self;
  (void)timeout_ms;
  return OTLP_OK;
}

static void keep(otlp_processor *self) {
  (void)self;
}

static const otlp_processor_vtable probe_vtable = {
    .name = "probe",
    .on_start = on_start,
    .on_item = on_item,
    .force_flush = succeed,
    .shutdown = succeed,
    .destroy = keep,
};

static void should_sample_record_only(const otlp_sampler *self, const otlp_sampling_input *input,
                                      otlp_sampling_result *out_result) {
  (void)self;
  (void)input;
  out_result->decision = OTLP_SAMPLING_RECORD_ONLY;
}

static const char *describe(const otlp_sampler *self) {
  (void)self;
  return "probe";
}

static void keep_sampler(otlp_sampler *self) {
  (void)self;
}

static const otlp_sampler_vtable record_only_vtable = {should_sample_record_only, describe,
                                                       keep_sampler};

/* A batch is frames strung together: tag and length must fit the message to the byte. */
static void test_the_frame_is_the_message_with_tag_and_length(void **state) {
  (void)state;
  probe first = {.base = {&probe_vtable}};
  otlp_tracer_provider_options options = tracing_options();
  options.processors[0] = &first.base;
  options.processor_count = 1;
  tracing t = tracing_start(&options);
  static const size_t sizes[] = {0, 50, 200};
  for (size_t i = 0; i < COUNT_OF(sizes); i++) {
    otlp_span *span = tracing_begin(&t, "span");
    otlp_span_context context = otlp_span_get_context(span);
    char text[256];
    memset(text, 'x', sizes[i]);
    otlp_span_set_attribute(span, S("k"), otlp_value_text((otlp_string){text, sizes[i]}));
    otlp_span_end(span);
    otlp_bytes run = {first.frame, first.last.frame.size};
    otlp_bytes frame;
    otlp_bytes message;
    assert_true(otlp_next_frame(&run, &frame, &message));
    assert_int_equal(run.size, 0);
    assert_int_equal(frame.size, first.last.frame.size);
    assert_int_equal(message.size, first.last.message.size);
    assert_ptr_equal(first.last.message.data + message.size,
                     first.last.frame.data + first.last.frame.size);
    assert_int_equal(first.frame[0], 0x12);
    assert_memory_equal(first.last.context.span_id, context.span_id, OTLP_SPAN_ID_SIZE);
    assert_text_equal(first.last.scope->name, "test.scope");
  }
  tracing_stop(&t);
}

/* Processors run in the order of the options, and what one adds at the start is exported. */
static void test_processors_run_in_order(void **state) {
  (void)state;
  next_order = 1;
  probe first = {.base = {&probe_vtable}};
  probe second = {.base = {&probe_vtable}};
  otlp_tracer_provider_options options = tracing_options();
  options.processors[0] = &first.base;
  options.processors[1] = &second.base;
  options.processor_count = 2;
  tracing t = tracing_start(&options);
  otlp_span *root = tracing_begin(&t, "root");
  assert_false(first.had_parent);
  otlp_context below = otlp_context_with_span(NULL, root);
  otlp_span_end(otlp_span_start(t.tracer, &below, S("child"), NULL));
  assert_true(first.had_parent);
  assert_int_equal(first.order, 1);
  assert_int_equal(second.order, 2);
  otlp_span_end(root);
  assert_int_equal(first.starts, 2);
  assert_int_equal(second.ends, 2);
  const proto_span *seen = tracing_span(&t, 0);
  assert_true(
      tracing_attribute(seen->attributes, seen->n_attributes, "set.by.processor")->int_value == 2);
  tracing_stop(&t);
}

/* Recorded but not sampled: processors see the span, exporters must not. */
static void test_record_only_reaches_processors_not_exporters(void **state) {
  (void)state;
  probe first = {.base = {&probe_vtable}};
  otlp_sampler record_only = {&record_only_vtable};
  otlp_tracer_provider_options options = tracing_options();
  options.processors[0] = &first.base;
  options.processor_count = 1;
  options.sampler = &record_only;
  tracing t = tracing_start(&options);
  otlp_span *span = tracing_begin(&t, "span");
  assert_true(otlp_span_is_recording(span));
  otlp_span_context context = otlp_span_get_context(span);
  assert_false(otlp_span_context_is_sampled(&context));
  otlp_span_end(span);
  assert_int_equal(first.ends, 1);
  assert_false(first.was_sampled);
  assert_int_equal(otlp_memory_exporter_count(t.memory), 0);
  tracing_stop(&t);
}

static int warnings;

static void count_warnings(otlp_log_level level, const char *message, void *user_data) {
  (void)message;
  (void)user_data;
  warnings += level == OTLP_LOG_WARN ? 1 : 0;
}

/* A limit that is reached is said once, not once per span: a flood helps nobody. */
static void test_limits_are_logged_once(void **state) {
  (void)state;
  warnings = 0;
  otlp_set_log_handler(count_warnings, NULL);
  otlp_tracer_provider_options options = tracing_options();
  options.limits.event_count = 0;
  tracing t = tracing_start(&options);
  for (int i = 0; i < 10; i++) {
    otlp_span *span = tracing_begin(&t, "span");
    otlp_span_add_event(span, S("event"), 0, NULL, 0);
    otlp_span_end(span);
  }
  assert_int_equal(tracing_span(&t, 9)->dropped_events_count, 1);
  assert_int_equal(warnings, 1);
  tracing_stop(&t);
  otlp_set_log_handler(NULL, NULL);
}

/* The end time is no earlier than the start, also when both are taken from the clock at once. */
static void test_duration_is_never_negative(void **state) {
  (void)state;
  tracing t = tracing_start(NULL);
  for (size_t i = 0; i < 1000; i++) {
    otlp_span_end(tracing_begin(&t, "span"));
    const proto_span *seen = tracing_span(&t, i);
    assert_true(seen->end_time_unix_nano >= seen->start_time_unix_nano);
    assert_true(seen->end_time_unix_nano - seen->start_time_unix_nano < UINT64_C(60000000000));
  }
  tracing_stop(&t);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_the_frame_is_the_message_with_tag_and_length),
      cmocka_unit_test(test_processors_run_in_order),
      cmocka_unit_test(test_record_only_reaches_processors_not_exporters),
      cmocka_unit_test(test_limits_are_logged_once),
      cmocka_unit_test(test_duration_is_never_negative),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

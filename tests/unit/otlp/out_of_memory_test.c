/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The nth allocation fails, for every n: nothing crashes or leaks, what is lost is counted, and the
 * hot path does not allocate in the first place.
 */
#include "failing_malloc.h"
#include "tracing.h"

#include "thread.h"

#include <otlp/baggage.h>
#include <otlp/log.h>
#include <otlp/trace_state.h>

#include <stdio.h>

static void silent(otlp_log_level level, const char *message, void *user_data) {
  (void)level;
  (void)message;
  (void)user_data;
}

static otlp_string large_text(void) {
  static char text[8000];
  memset(text, 'x', sizeof(text));
  return (otlp_string){text, sizeof(text)};
}

/* A span that outgrows its block and its slots, with everything in it. */
static void make_big_span(otlp_tracer *tracer, const otlp_context *parent) {
  otlp_span *span = otlp_span_start(tracer, parent, S("big"), NULL);
  char text[400];
  memset(text, 'x', sizeof(text));
  for (int i = 0; i < 40; i++) {
    char key[32];
    snprintf(key, sizeof(key), "key.%d", i);
    otlp_span_set_attribute(span, S(key), otlp_value_text((otlp_string){text, sizeof(text)}));
  }
  otlp_attribute large[12]; /* each of these makes the message grow once more */
  for (size_t i = 0; i < COUNT_OF(large); i++) {
    const char *const keys[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"};
    large[i] = otlp_attribute_of(S(keys[i]), otlp_value_text(large_text()));
  }
  otlp_span_add_event(span, S("event"), 0, large, 4);
  otlp_link link = {
      .context = otlp_span_get_context(span), .attributes = large, .attribute_count = 12};
  otlp_span_add_link(span, &link);
  otlp_span_update_name(span, (otlp_string){text, sizeof(text)});
  otlp_span_set_status(span, OTLP_STATUS_ERROR, (otlp_string){text, sizeof(text)});
  otlp_span_end(span);
}

/* Whatever allocation of a span fails, the span is exported, perhaps poorer, or counted. */
static void test_the_span_path(void **state) {
  (void)state;
  otlp_context parent;
  memset(&parent, 0, sizeof(parent));
  size_t nth = 0;
  bool has_failed = true;
  while (has_failed) {
    tracing t = tracing_start(NULL);
    otlp__thread_clean_up();
    failing_malloc_set(++nth);
    make_big_span(t.tracer, &parent);
    has_failed = failing_malloc_count() >= nth;
    failing_malloc_set(0);
    otlp_stats stats;
    otlp_tracer_provider_get_stats(t.provider, &stats);
    assert_int_equal(stats.exported + stats.dropped[OTLP_DROP_NO_MEMORY], 1);
    for (size_t i = 0; i < stats.exported; i++) {
      const proto_span *seen = tracing_span(&t, i);
      assert_int_equal(seen->n_attributes + seen->dropped_attributes_count, 40);
      assert_int_equal(seen->n_events + seen->dropped_events_count, 1);
      assert_int_equal(seen->n_links + seen->dropped_links_count, 1);
    }
    tracing_stop(&t);
  }
  assert_true(nth > 4);
}

/* The same for making a provider, its resource, its samplers and a tracer. */
static void test_the_provider_path(void **state) {
  (void)state;
  size_t nth = 0;
  bool has_failed = true;
  while (has_failed) {
    failing_malloc_set(++nth);
    otlp_tracer_provider_options options = tracing_options();
    otlp_processor *processor = otlp_simple_processor_new(otlp_memory_exporter_new());
    if (processor != NULL) {
      options.processors[options.processor_count++] = processor;
    }
    otlp_parent_based_options delegates = {.root = otlp_sampler_trace_id_ratio(1)};
    options.sampler = otlp_sampler_parent_based(&delegates);
    otlp_tracer_provider *provider = otlp_tracer_provider_new(&options);
    otlp_tracer *tracer = otlp_tracer_provider_get_tracer(provider, NULL);
    assert_non_null(tracer);
    make_big_span(tracer, NULL);
    otlp_tracer_provider_destroy(provider);
    has_failed = failing_malloc_count() >= nth;
    failing_malloc_set(0);
  }
  assert_true(nth > 8);
}

/* The defaults that a provider makes for itself: its sampler, its resource. */
static void test_the_providers_defaults(void **state) {
  (void)state;
  size_t nth = 0;
  bool has_failed = true;
  while (has_failed) {
    otlp_tracer_provider_options options = tracing_options();
    options.processors[0] = otlp_simple_processor_new(otlp_null_exporter_new());
    options.processor_count = 1;
    failing_malloc_set(++nth);
    otlp_tracer_provider *provider = otlp_tracer_provider_new(&options);
    has_failed = failing_malloc_count() >= nth;
    failing_malloc_set(0);
    assert_true((provider == NULL) == has_failed);
    make_big_span(otlp_tracer_provider_get_tracer(provider, NULL), NULL);
    otlp_tracer_provider_destroy(provider);
  }
  assert_true(nth > 4);
}

/* Trace state and baggage: NULL or right, nothing in between. */
static void test_context_objects(void **state) {
  (void)state;
  for (size_t nth = 1; nth <= 2; nth++) {
    failing_malloc_set(nth);
    otlp_trace_state *one = otlp_trace_state_parse(S("a=1"));
    otlp_trace_state *two = otlp_trace_state_set(one, S("b"), S("2"));
    failing_malloc_set(nth);
    otlp_baggage *red = otlp_baggage_parse(S("a=1"));
    otlp_baggage_entry entry = {S("b"), S("2"), S("")};
    otlp_baggage *blue = otlp_baggage_set(red, &entry);
    failing_malloc_set(0);
    assert_true((one == NULL) == (nth == 1));
    assert_true((two == NULL) == (nth == 2));
    assert_true((red == NULL) == (nth == 1));
    assert_true((blue == NULL) == (nth == 2));
    otlp_trace_state_release(one);
    otlp_trace_state_release(two);
    otlp_baggage_release(red);
    otlp_baggage_release(blue);
  }
}

static void forget_end(otlp_processor *self, const otlp_item *span) {
  (void)self;
  (void)span;
}

static otlp_result succeed(otlp_processor *self, int64_t timeout_ms) {
  (void)self;
  (void)timeout_ms;
  return OTLP_OK;
}

static void keep(otlp_processor *self) {
  (void)self;
}

static void emit_record(otlp_logger *logger, size_t body_size) {
  static char text[8000];
  memset(text, 'x', sizeof(text));
  const otlp_context context = {.span = {.trace_id = {1}, .span_id = {2}}};
  const otlp_attribute fields[] = {otlp_attribute_string("order_id", "ord-7"),
                                   otlp_attribute_int("items", 2)};
  otlp_log_record record = OTLP_LOG_RECORD_INIT;
  record.severity = OTLP_SEVERITY_INFO;
  record.body = otlp_value_text((otlp_string){text, body_size});
  record.attributes = fields;
  record.attribute_count = COUNT_OF(fields);
  otlp_logger_emit(logger, &context, &record);
}

/* A record that finds no memory is counted; a provider that finds none is none. */
static void test_the_log_path(void **state) {
  (void)state;
  size_t nth = 0;
  bool has_failed = true;
  while (has_failed) {
    otlp_exporter *memory = otlp_memory_exporter_new();
    otlp_logger_provider_options options = OTLP_LOGGER_PROVIDER_OPTIONS_INIT;
    options.processors[0] = otlp_simple_processor_new(memory);
    options.processor_count = 1;
    otlp__thread_clean_up();
    failing_malloc_set(++nth);
    otlp_logger_provider *provider = otlp_logger_provider_new(&options);
    otlp_logger *logger = otlp_logger_provider_get_logger(provider, NULL);
    emit_record(logger, 10);
    emit_record(logger, 8000);
    has_failed = failing_malloc_count() >= nth;
    failing_malloc_set(0);
    otlp_stats stats;
    otlp_logger_provider_get_stats(provider, &stats);
    assert_int_equal(stats.exported + stats.dropped[OTLP_DROP_NO_MEMORY], stats.started);
    assert_int_equal(stats.started, logger != NULL ? 2 : 0);
    otlp_logger_provider_destroy(provider);
  }
  assert_true(nth > 4);
}

/* The budget: no allocation per log record of ordinary size. */
static void test_no_allocation_per_log_record(void **state) {
  (void)state;
  static const otlp_processor_vtable vtable = {.name = "forget",
                                               .on_item = forget_end,
                                               .force_flush = succeed,
                                               .shutdown = succeed,
                                               .destroy = keep};
  otlp_processor forget = {&vtable};
  otlp_logger_provider_options options = OTLP_LOGGER_PROVIDER_OPTIONS_INIT;
  options.processors[0] = &forget;
  options.processor_count = 1;
  otlp_logger_provider *provider = otlp_logger_provider_new(&options);
  otlp_logger *logger = otlp_logger_provider_get_logger(provider, NULL);
  emit_record(logger, 50); /* takes the block that is used again */
  failing_malloc_set(0);
  emit_record(logger, 50);
  assert_int_equal(failing_malloc_count(), OTLP__KEEPS_BLOCKS ? 0 : 1);
  otlp_logger_provider_destroy(provider);
}

/* The budget: no allocation per span of ordinary size, none for one that is not sampled. */
static void test_no_allocation_on_the_hot_path(void **state) {
  (void)state;
  static const otlp_processor_vtable vtable = {.name = "forget",
                                               .on_item = forget_end,
                                               .force_flush = succeed,
                                               .shutdown = succeed,
                                               .destroy = keep};
  otlp_processor forget = {&vtable};
  otlp_tracer_provider_options options = tracing_options();
  options.processors[0] = &forget;
  options.processor_count = 1;
  otlp_tracer_provider *provider = otlp_tracer_provider_new(&options);
  otlp_tracer *tracer = otlp_tracer_provider_get_tracer(provider, NULL);
  otlp_context not_sampled;
  memset(&not_sampled, 1, sizeof(not_sampled));
  not_sampled.span.trace_flags = 0;
  not_sampled.span.is_remote = false;
  not_sampled.span.trace_state = NULL;
  not_sampled.baggage = NULL;
  size_t per_round = 2; /* without reuse, under AddressSanitizer: a block for each span */
  for (int i = 0; i < 10; i++) {
    failing_malloc_set(0);
    otlp_span *span = otlp_span_start(tracer, NULL, S("GET /items/{id}"), NULL);
    otlp_span_set_string(span, "http.request.method", "GET");
    otlp_span_set_string(span, "url.path", "/items/42");
    otlp_span_set_int(span, "http.response.status_code", 200);
    otlp_span_set_string(span, "server.address", "localhost");
    otlp_span_set_bool(span, "cache.hit", true);
    otlp_span *other = otlp_span_start(tracer, &not_sampled, S("other"), NULL);
    otlp_span_end(other);
    otlp_span_end(span);
    assert_true(failing_malloc_count() <= per_round);
  }
  assert_int_equal(failing_malloc_count(), OTLP__KEEPS_BLOCKS ? 0 : per_round);
  otlp_tracer_provider_destroy(provider);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_the_span_path),
      cmocka_unit_test(test_the_provider_path),
      cmocka_unit_test(test_the_providers_defaults),
      cmocka_unit_test(test_context_objects),
      cmocka_unit_test(test_no_allocation_on_the_hot_path),
      cmocka_unit_test(test_the_log_path),
      cmocka_unit_test(test_no_allocation_per_log_record),
  };
  otlp_set_log_handler(silent, NULL);
  return cmocka_run_group_tests(tests, NULL, NULL);
}

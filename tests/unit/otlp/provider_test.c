/* SPDX-License-Identifier: Apache-2.0 */
/* Providers and tracers: registry, no-op behaviour, flush, shutdown, counters. */
#include "tracing.h"

#include <otlp/batch_processor.h>
#include <otlp/log.h>

#include <opentelemetry/proto/trace/v1/trace.pb-c.h>

typedef Opentelemetry__Proto__Trace__V1__ScopeSpans proto_scope_spans;
typedef Opentelemetry__Proto__Trace__V1__ResourceSpans proto_resource_spans;

/* A processor that takes its time, and remembers how much it was given. */
typedef struct slow_processor {
  otlp_processor base;
  otlp_result result;
  int64_t flush_timeout_ms;
  int64_t shutdown_timeout_ms;
  int shutdowns;
  int destroys;
} slow_processor;

static void ignore_end(otlp_processor *self, const otlp_item *span) {
  (void)self;
  (void)span;
}

static otlp_result flush(otlp_processor *self, int64_t timeout_ms) {
  ((slow_processor *)self)->flush_timeout_ms = timeout_ms;
  return ((slow_processor *)self)->result;
}

static otlp_result shut_down(otlp_processor *self, int64_t timeout_ms) {
  ((slow_processor *)self)->shutdown_timeout_ms = timeout_ms;
  ((slow_processor *)self)->shutdowns++;
  return ((slow_processor *)self)->result;
}

static void count_destroy(otlp_processor *self) {
  ((slow_processor *)self)->destroys++;
}

static const otlp_processor_vtable slow_vtable = {
    .name = "slow",
    .on_item = ignore_end,
    .force_flush = flush,
    .shutdown = shut_down,
    .destroy = count_destroy,
};

static otlp_tracer *get_tracer(otlp_tracer_provider *provider, const char *name,
                               const char *version) {
  otlp_scope scope = {.name = S(name), .version = S(version)};
  return otlp_tracer_provider_get_tracer(provider, &scope);
}

/* Tracers are asked for again and again: the same scope must give the same one, or they pile up. */
static void test_same_scope_same_tracer(void **state) {
  (void)state;
  tracing t = tracing_start(NULL);
  otlp_tracer *tracer = get_tracer(t.provider, "a", "1");
  assert_ptr_equal(get_tracer(t.provider, "a", "1"), tracer);
  assert_ptr_not_equal(get_tracer(t.provider, "a", "2"), tracer);
  assert_ptr_not_equal(get_tracer(t.provider, "b", "1"), tracer);
  const otlp_attribute attribute = otlp_attribute_int("n", 1);
  otlp_scope scope = {
      .name = S("a"), .version = S("1"), .attributes = &attribute, .attribute_count = 1};
  assert_ptr_not_equal(otlp_tracer_provider_get_tracer(t.provider, &scope), tracer);
  scope.attribute_count = 0;
  scope.schema_url = S("https://example.com/schema");
  assert_ptr_not_equal(otlp_tracer_provider_get_tracer(t.provider, &scope), tracer);
  tracing_stop(&t);
}

/* An empty name is allowed and gives a working tracer; no scope at all is the same. */
static void test_an_empty_scope_works(void **state) {
  (void)state;
  tracing t = tracing_start(NULL);
  otlp_tracer *tracer = otlp_tracer_provider_get_tracer(t.provider, NULL);
  assert_ptr_equal(tracer, get_tracer(t.provider, "", ""));
  otlp_span_end(otlp_span_start(tracer, NULL, S("span"), NULL));
  assert_string_equal(tracing_span(&t, 0)->name, "span");
  tracing_stop(&t);
}

/* All of a scope and of a resource, as the exporter sends them. */
static void test_scope_and_resource_headers(void **state) {
  (void)state;
  const otlp_attribute resource_attributes[] = {otlp_attribute_string("service.name", "shop")};
  otlp_resource *resource =
      otlp_resource_new(resource_attributes, 1, S("https://example.com/resource"));
  otlp_tracer_provider_options options = tracing_options();
  options.resource = resource;
  tracing t = tracing_start(&options);
  otlp_resource_release(resource); /* the provider has what it needs */
  const otlp_attribute scope_attribute = otlp_attribute_int("n", 1);
  char long_name[201];
  memset(long_name, 'n', 200);
  long_name[200] = '\0';
  otlp_scope scope = {.name = S(long_name),
                      .version = S("v"),
                      .schema_url = S("https://s"),
                      .attributes = &scope_attribute,
                      .attribute_count = 1};
  otlp_tracer *tracer = otlp_tracer_provider_get_tracer(t.provider, &scope);
  otlp_span_end(otlp_span_start(tracer, NULL, S("span"), NULL));
  otlp_memory_item kept = otlp_memory_exporter_get(t.memory, 0);
  proto_scope_spans *scope_spans =
      opentelemetry__proto__trace__v1__scope_spans__unpack(NULL, kept.scope.size, kept.scope.data);
  assert_non_null(scope_spans);
  assert_string_equal(scope_spans->scope->name, long_name);
  assert_string_equal(scope_spans->scope->version, "v");
  assert_string_equal(scope_spans->schema_url, "https://s");
  assert_int_equal(scope_spans->scope->n_attributes, 1);
  opentelemetry__proto__trace__v1__scope_spans__free_unpacked(scope_spans, NULL);
  proto_resource_spans *resource_spans = opentelemetry__proto__trace__v1__resource_spans__unpack(
      NULL, kept.resource.size, kept.resource.data);
  assert_non_null(resource_spans);
  assert_int_equal(resource_spans->resource->n_attributes, 1);
  assert_string_equal(resource_spans->resource->attributes[0]->value->string_value, "shop");
  assert_string_equal(resource_spans->schema_url, "https://example.com/resource");
  opentelemetry__proto__trace__v1__resource_spans__free_unpacked(resource_spans, NULL);
  tracing_stop(&t);
}

/* Without an SDK nothing records, and the parent's context goes on unchanged. */
static void test_a_null_provider(void **state) {
  (void)state;
  otlp_tracer *tracer = get_tracer(NULL, "a", "1");
  assert_non_null(tracer);
  assert_false(otlp_tracer_enabled(tracer));
  otlp_context parent;
  memset(&parent, 0x11, sizeof(parent));
  parent.span.is_remote = true;
  parent.span.trace_state = NULL;
  parent.baggage = NULL;
  otlp_span *span = otlp_span_start(tracer, &parent, S("span"), NULL);
  assert_null(span);
  otlp_context below = otlp_context_with_span(&parent, span);
  assert_memory_equal(below.span.span_id, parent.span.span_id, OTLP_SPAN_ID_SIZE);
  assert_int_equal(otlp_tracer_provider_force_flush(NULL, 0), OTLP_OK);
  assert_int_equal(otlp_tracer_provider_shutdown(NULL, 0), OTLP_OK);
  otlp_stats stats;
  otlp_tracer_provider_get_stats(NULL, &stats);
  assert_int_equal(stats.started, 0);
  otlp_tracer_provider_destroy(NULL);
}

/* Nobody listens: "Enabled" must say so, and spans cost nothing; but answers and logs would have no
 * trace id, and those who do listen further on would each see a trace of their own. */
static void test_without_processors_nothing_records(void **state) {
  (void)state;
  otlp_tracer_provider_options options = tracing_options();
  otlp_tracer_provider *provider = otlp_tracer_provider_new(&options);
  otlp_tracer *tracer = get_tracer(provider, "a", "1");
  assert_false(otlp_tracer_enabled(tracer));
  otlp_span *root = otlp_span_start(tracer, NULL, S("span"), NULL);
  otlp_context context = otlp_context_with_span(NULL, root);
  assert_true(otlp_span_context_is_valid(&context.span));
  assert_true((context.span.trace_flags & OTLP_TRACE_FLAG_SAMPLED) != 0);
  assert_false(otlp_span_is_recording(root));
  assert_null(otlp_span_start(tracer, &context, S("below"), NULL));
  otlp_span_end(root);
  otlp_tracer_provider_shutdown(provider, 1000);
  assert_null(otlp_span_start(tracer, NULL, S("late"), NULL));
  otlp_tracer_provider_destroy(provider);
}

/* A processor or an exporter that could not be made, for want of memory or a certificate, would
 * crash the program with its first span. */
static void test_what_could_not_be_made_is_left_out(void **state) {
  (void)state;
  assert_null(otlp_simple_processor_new(NULL));
  assert_null(otlp_batch_processor_new(NULL, NULL));
  otlp_exporter *memory = otlp_memory_exporter_new();
  otlp_tracer_provider_options options = tracing_options();
  options.processors[1] = otlp_simple_processor_new(memory);
  options.processor_count = 3;
  otlp_tracer_provider *provider = otlp_tracer_provider_new(&options);
  otlp_span_end(otlp_span_start(get_tracer(provider, "a", "1"), NULL, S("span"), NULL));
  assert_int_equal(otlp_memory_exporter_count(memory), 1);
  assert_int_equal(otlp_tracer_provider_force_flush(provider, 1000), OTLP_OK);
  otlp_tracer_provider_destroy(provider);
}

/* After the shutdown tracers give no spans; a span that was open is counted as lost. */
static void test_after_the_shutdown(void **state) {
  (void)state;
  tracing t = tracing_start(NULL);
  otlp_span *open = tracing_begin(&t, "open");
  assert_int_equal(otlp_tracer_provider_shutdown(t.provider, 1000), OTLP_OK);
  assert_int_equal(otlp_tracer_provider_shutdown(t.provider, 1000), OTLP_FAILED);
  assert_false(otlp_tracer_enabled(t.tracer));
  assert_null(otlp_span_start(t.tracer, NULL, S("late"), NULL));
  otlp_span_end(open);
  otlp_stats stats;
  otlp_tracer_provider_get_stats(t.provider, &stats);
  assert_int_equal(stats.dropped[OTLP_DROP_ALREADY_SHUTDOWN], 1);
  assert_int_equal(stats.exported, 0);
  assert_int_equal(otlp_stats_dropped(&stats), 1);
  tracing_stop(&t);
}

/* Processors share one deadline, are shut down once and destroyed once, and the worst of what they
 * say is what the caller hears. */
static void test_flush_and_shutdown_reach_every_processor(void **state) {
  (void)state;
  slow_processor first = {.base = {&slow_vtable}, .result = OTLP_TIMED_OUT};
  slow_processor second = {.base = {&slow_vtable}, .result = OTLP_OK};
  otlp_tracer_provider_options options = tracing_options();
  options.processors[0] = &first.base;
  options.processors[1] = &second.base;
  options.processor_count = 2;
  otlp_tracer_provider *provider = otlp_tracer_provider_new(&options);
  assert_int_equal(otlp_tracer_provider_force_flush(provider, OTLP_NO_TIMEOUT), OTLP_TIMED_OUT);
  assert_int_equal(second.flush_timeout_ms, OTLP_NO_TIMEOUT);
  assert_int_equal(otlp_tracer_provider_force_flush(provider, 5000), OTLP_TIMED_OUT);
  assert_true(second.flush_timeout_ms > 0 && second.flush_timeout_ms <= 5000);
  second.result = OTLP_FAILED;
  assert_int_equal(otlp_tracer_provider_shutdown(provider, 5000), OTLP_FAILED);
  otlp_tracer_provider_destroy(provider);
  assert_int_equal(first.shutdowns, 1);
  assert_int_equal(second.shutdowns, 1);
  assert_int_equal(first.destroys, 1);
  assert_int_equal(second.destroys, 1);
}

/* Destroying without a shutdown is a shutdown that does not wait. */
static void test_destroy_shuts_down(void **state) {
  (void)state;
  slow_processor only = {.base = {&slow_vtable}};
  otlp_tracer_provider_options options = tracing_options();
  options.processors[0] = &only.base;
  options.processor_count = 1;
  otlp_tracer_provider_destroy(otlp_tracer_provider_new(&options));
  assert_int_equal(only.shutdowns, 1);
  assert_int_equal(only.shutdown_timeout_ms, 0);
  assert_int_equal(only.destroys, 1);
}

/* The counters add up: started = recorded + not recorded, ended = exported. */
static void test_counters(void **state) {
  (void)state;
  tracing t = tracing_start(NULL);
  otlp_context not_sampled;
  memset(&not_sampled, 0, sizeof(not_sampled));
  memset(not_sampled.span.trace_id, 1, OTLP_TRACE_ID_SIZE);
  memset(not_sampled.span.span_id, 1, OTLP_SPAN_ID_SIZE);
  for (int i = 0; i < 3; i++) {
    otlp_span_end(tracing_begin(&t, "span"));
  }
  otlp_span_end(otlp_span_start(t.tracer, &not_sampled, S("dropped"), NULL));
  otlp_span *open = tracing_begin(&t, "open");
  otlp_stats stats;
  otlp_tracer_provider_get_stats(t.provider, &stats);
  assert_int_equal(stats.started, 5);
  assert_int_equal(stats.not_recorded, 1);
  assert_int_equal(stats.ended, 3);
  assert_int_equal(stats.exported, 3);
  assert_int_equal(stats.export_calls, 3);
  assert_int_equal(stats.export_errors, 0);
  assert_int_equal(otlp_stats_dropped(&stats), 0);
  otlp_span_end(open);
  tracing_stop(&t);
}

static void fixed_trace_id(void *self, uint8_t out_trace_id[OTLP_TRACE_ID_SIZE]) {
  memset(out_trace_id, *(int *)self, OTLP_TRACE_ID_SIZE);
}

static void fixed_span_id(void *self, uint8_t out_span_id[OTLP_SPAN_ID_SIZE]) {
  memset(out_span_id, *(int *)self + 1, OTLP_SPAN_ID_SIZE);
}

/* An id generator of the user's is used, and what it says of randomness decides the flag. */
static void test_a_custom_id_generator(void **state) {
  (void)state;
  int digit = 7;
  otlp_tracer_provider_options options = tracing_options();
  options.id_generator =
      (otlp_id_generator){fixed_trace_id, fixed_span_id, &digit, .is_random = false};
  tracing t = tracing_start(&options);
  otlp_span_end(tracing_begin(&t, "span"));
  const proto_span *seen = tracing_span(&t, 0);
  assert_int_equal(seen->trace_id.data[0], 7);
  assert_int_equal(seen->span_id.data[7], 8);
  assert_int_equal(seen->flags, 0x101);
  tracing_stop(&t);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_same_scope_same_tracer),
      cmocka_unit_test(test_an_empty_scope_works),
      cmocka_unit_test(test_scope_and_resource_headers),
      cmocka_unit_test(test_a_null_provider),
      cmocka_unit_test(test_without_processors_nothing_records),
      cmocka_unit_test(test_what_could_not_be_made_is_left_out),
      cmocka_unit_test(test_after_the_shutdown),
      cmocka_unit_test(test_flush_and_shutdown_reach_every_processor),
      cmocka_unit_test(test_destroy_shuts_down),
      cmocka_unit_test(test_counters),
      cmocka_unit_test(test_a_custom_id_generator),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

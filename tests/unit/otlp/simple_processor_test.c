/* SPDX-License-Identifier: Apache-2.0 */
/* The simple processor, and the memory exporter behind it. */
#include "tracing.h"

typedef struct probe_exporter {
  otlp_exporter base;
  otlp_result result;
  otlp_export_report report;
  int exports;
  int flushes;
  int shutdowns;
  int destroys;
} probe_exporter;

static otlp_result export_batch(otlp_exporter *self, const otlp_batch *batch, int64_t timeout_ms,
                                otlp_export_report *out_report) {
  probe_exporter *probe = (probe_exporter *)self;
  assert_int_equal(batch->item_count, 1);
  assert_int_equal(batch->scope_count, 1);
  assert_int_equal(batch->scopes[0].item_count, 1);
  assert_int_equal(batch->scopes[0].run_count, 1);
  assert_int_equal(batch->scopes[0].byte_count, batch->scopes[0].runs[0].size);
  assert_true(timeout_ms > 0);
  *out_report = probe->report;
  probe->exports++;
  return probe->result;
}

static otlp_result flush(otlp_exporter *self, int64_t timeout_ms) {
  (void)timeout_ms;
  ((probe_exporter *)self)->flushes++;
  return ((probe_exporter *)self)->result;
}

static otlp_result shut_down(otlp_exporter *self, int64_t timeout_ms) {
  (void)timeout_ms;
  ((probe_exporter *)self)->shutdowns++;
  return ((probe_exporter *)self)->result;
}

static void destroy(otlp_exporter *self) {
  ((probe_exporter *)self)->destroys++;
}

static const otlp_exporter_vtable vtable = {
    .name = "probe",
    .export_batch = export_batch,
    .force_flush = flush,
    .shutdown = shut_down,
    .destroy = destroy,
};

/* Each span is a batch of its own; results and reports find their way into the counters. */
static void test_results_are_counted(void **state) {
  (void)state;
  probe_exporter probe = {.base = {&vtable}, .report = {.exported = 1}};
  otlp_tracer_provider_options options = tracing_options();
  options.processors[0] = otlp_simple_processor_new(&probe.base);
  options.processor_count = 1;
  otlp_tracer_provider *provider = otlp_tracer_provider_new(&options);
  otlp_tracer *tracer = otlp_tracer_provider_get_tracer(provider, NULL);
  otlp_span_end(otlp_span_start(tracer, NULL, S("good"), NULL));
  probe.result = OTLP_TIMED_OUT;
  probe.report.exported = 0;
  probe.report.dropped[OTLP_DROP_EXPORT_TIMED_OUT] = 1;
  otlp_span_end(otlp_span_start(tracer, NULL, S("late"), NULL));
  otlp_stats stats;
  otlp_tracer_provider_get_stats(provider, &stats);
  assert_int_equal(stats.exported, 1);
  assert_int_equal(stats.dropped[OTLP_DROP_EXPORT_TIMED_OUT], 1);
  assert_int_equal(stats.export_calls, 2);
  assert_int_equal(stats.export_errors, 1);
  assert_int_equal(otlp_tracer_provider_force_flush(provider, 10), OTLP_TIMED_OUT);
  assert_int_equal(probe.flushes, 1);
  assert_int_equal(otlp_tracer_provider_shutdown(provider, 10), OTLP_TIMED_OUT);
  otlp_tracer_provider_destroy(provider);
  assert_int_equal(probe.exports, 2);
  assert_int_equal(probe.shutdowns, 1);
  assert_int_equal(probe.destroys, 1);
}

/* Two processors: their numbers are added up. */
static void test_counters_of_two_processors(void **state) {
  (void)state;
  probe_exporter lost = {.base = {&vtable}, .result = OTLP_FAILED};
  lost.report.dropped[OTLP_DROP_EXPORT_FAILED] = 1;
  probe_exporter kept = {.base = {&vtable}, .report = {.exported = 1}};
  otlp_tracer_provider_options options = tracing_options();
  options.processors[0] = otlp_simple_processor_new(&lost.base);
  options.processors[1] = otlp_simple_processor_new(&kept.base);
  options.processors[2] = otlp_simple_processor_new(otlp_null_exporter_new());
  options.processor_count = 3;
  otlp_tracer_provider *provider = otlp_tracer_provider_new(&options);
  otlp_span_end(
      otlp_span_start(otlp_tracer_provider_get_tracer(provider, NULL), NULL, S("span"), NULL));
  otlp_stats stats;
  otlp_tracer_provider_get_stats(provider, &stats);
  assert_int_equal(stats.exported, 2);
  assert_int_equal(stats.dropped[OTLP_DROP_EXPORT_FAILED], 1);
  assert_int_equal(stats.export_calls, 3);
  assert_int_equal(stats.export_errors, 1);
  otlp_tracer_provider_destroy(provider);
}

/* No exporter, because memory was short: no processor, and nothing leaks or crashes. */
static void test_without_an_exporter(void **state) {
  (void)state;
  assert_null(otlp_simple_processor_new(NULL));
  otlp_processor_destroy(NULL);
}

/* The memory exporter keeps spans in order, gives empty ones beyond the end, and forgets. */
static void test_memory_exporter(void **state) {
  (void)state;
  tracing t = tracing_start(NULL);
  for (int i = 0; i < 100; i++) { /* past its first capacity */
    otlp_span *span = tracing_begin(&t, i % 2 == 0 ? "even" : "odd");
    otlp_span_end(span);
  }
  assert_int_equal(otlp_memory_exporter_count(t.memory), 100);
  assert_string_equal(tracing_span(&t, 98)->name, "even");
  assert_string_equal(tracing_span(&t, 99)->name, "odd");
  assert_int_equal(otlp_memory_exporter_get(t.memory, 100).message.size, 0);
  otlp_memory_exporter_reset(t.memory);
  assert_int_equal(otlp_memory_exporter_count(t.memory), 0);
  otlp_span_end(tracing_begin(&t, "again"));
  assert_string_equal(tracing_span(&t, 0)->name, "again");
  tracing_stop(&t);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_results_are_counted),
      cmocka_unit_test(test_counters_of_two_processors),
      cmocka_unit_test(test_without_an_exporter),
      cmocka_unit_test(test_memory_exporter),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

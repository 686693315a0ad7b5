/* SPDX-License-Identifier: Apache-2.0 */
/* Exports each span as it ends, one at a time (specification, trace/sdk.md, "Simple processor"). */
#include <otlp/processor.h>

#include <pthread.h>
#include <stdlib.h>

enum { EXPORT_TIMEOUT_MS = 30000 };

typedef struct simple_processor {
  otlp_processor base;
  otlp_exporter *exporter;
  /* Held during an export. */
  pthread_mutex_t lock;
  bool is_shut_down;
  otlp_stats stats;
} simple_processor;

static void add_report(otlp_stats *stats, const otlp_export_report *report) {
  stats->exported += report->exported;
  for (int reason = 0; reason < OTLP_DROP_REASON_COUNT; reason++) {
    stats->dropped[reason] += report->dropped[reason];
  }
}

static void export_span(simple_processor *processor, const otlp_ended_span *span) {
  otlp_scope_spans scope = {span->scope, &span->frame, 1, 1, span->frame.size};
  otlp_batch batch = {span->resource, &scope, 1, 1};
  otlp_export_report report;
  memset(&report, 0, sizeof(report));
  otlp_result result = processor->exporter->vtable->export_batch(processor->exporter, &batch,
                                                                 EXPORT_TIMEOUT_MS, &report);
  add_report(&processor->stats, &report);
  processor->stats.export_calls++;
  processor->stats.export_errors += result != OTLP_OK ? 1 : 0;
}

static void on_end(otlp_processor *self, const otlp_ended_span *span) {
  simple_processor *processor = (simple_processor *)self;
  if (!otlp_span_context_is_sampled(&span->context)) {
    return;
  }
  pthread_mutex_lock(&processor->lock);
  if (processor->is_shut_down) {
    processor->stats.dropped[OTLP_DROP_ALREADY_SHUTDOWN]++;
  } else {
    export_span(processor, span);
  }
  pthread_mutex_unlock(&processor->lock);
}

static otlp_result force_flush(otlp_processor *self, int64_t timeout_ms) {
  otlp_exporter *exporter = ((simple_processor *)self)->exporter;
  if (exporter->vtable->force_flush == NULL) {
    return OTLP_OK;
  }
  return exporter->vtable->force_flush(exporter, timeout_ms);
}

static otlp_result shut_down(otlp_processor *self, int64_t timeout_ms) {
  simple_processor *processor = (simple_processor *)self;
  /* First the exporter, which makes an export under way give up, and so the lock free. */
  otlp_result result = processor->exporter->vtable->shutdown(processor->exporter, timeout_ms);
  pthread_mutex_lock(&processor->lock);
  processor->is_shut_down = true;
  pthread_mutex_unlock(&processor->lock);
  return result;
}

static void destroy(otlp_processor *self) {
  simple_processor *processor = (simple_processor *)self;
  otlp_exporter_destroy(processor->exporter);
  pthread_mutex_destroy(&processor->lock);
  free(processor);
}

static void add_stats(otlp_processor *self, otlp_stats *stats) {
  simple_processor *processor = (simple_processor *)self;
  pthread_mutex_lock(&processor->lock);
  stats->exported += processor->stats.exported;
  for (int reason = 0; reason < OTLP_DROP_REASON_COUNT; reason++) {
    stats->dropped[reason] += processor->stats.dropped[reason];
  }
  stats->export_calls += processor->stats.export_calls;
  stats->export_errors += processor->stats.export_errors;
  pthread_mutex_unlock(&processor->lock);
}

static const otlp_processor_vtable vtable = {
    .name = "simple",
    .on_end = on_end,
    .force_flush = force_flush,
    .shutdown = shut_down,
    .destroy = destroy,
    .add_stats = add_stats,
};

otlp_processor *otlp_simple_processor_new(otlp_exporter *exporter) {
  simple_processor *processor = exporter != NULL ? calloc(1, sizeof(*processor)) : NULL;
  if (processor == NULL) {
    otlp_exporter_destroy(exporter);
    return NULL;
  }
  processor->base.vtable = &vtable;
  processor->exporter = exporter;
  pthread_mutex_init(&processor->lock, NULL);
  return &processor->base;
}

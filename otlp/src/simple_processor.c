/* SPDX-License-Identifier: Apache-2.0 */
/* Exports each item as it ends, one at a time (specification, trace/sdk.md, "Simple processor"). */
#include <otlp/processor.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { EXPORT_TIMEOUT_MS = 30000 };

typedef struct simple_processor {
  otlp_processor base;
  otlp_exporter *exporter;
  atomic_bool is_shut_down;
  pthread_mutex_t export_lock; /* held during an export, for as long as that takes */
  pthread_mutex_t stats_lock;
  otlp_stats stats;
} simple_processor;

static void count(simple_processor *processor, const otlp_export_report *report,
                  otlp_result result) {
  otlp_stats *stats = &processor->stats;
  pthread_mutex_lock(&processor->stats_lock);
  stats->exported += report->exported;
  for (int reason = 0; reason < OTLP_DROP_REASON_COUNT; reason++) {
    stats->dropped[reason] += report->dropped[reason];
  }
  stats->export_calls++;
  stats->export_errors += result != OTLP_OK ? 1 : 0;
  pthread_mutex_unlock(&processor->stats_lock);
}

static void count_late_item(simple_processor *processor) {
  pthread_mutex_lock(&processor->stats_lock);
  processor->stats.dropped[OTLP_DROP_ALREADY_SHUTDOWN]++;
  pthread_mutex_unlock(&processor->stats_lock);
}

static void export_item(simple_processor *processor, const otlp_item *item) {
  otlp_scope_items scope = {item->scope, &item->frame, 1, 1, item->frame.size};
  otlp_batch batch = {item->resource, &scope, 1, 1, item->signal};
  otlp_export_report report;
  memset(&report, 0, sizeof(report));
  otlp_result result = processor->exporter->vtable->export_batch(processor->exporter, &batch,
                                                                 EXPORT_TIMEOUT_MS, &report);
  count(processor, &report, result);
}

static void on_item(otlp_processor *self, const otlp_item *item) {
  simple_processor *processor = (simple_processor *)self;
  if (!otlp_item_is_exportable(item)) {
    return;
  }
  pthread_mutex_lock(&processor->export_lock);
  bool is_late = atomic_load(&processor->is_shut_down);
  if (!is_late) {
    export_item(processor, item);
  }
  pthread_mutex_unlock(&processor->export_lock);
  if (is_late) {
    count_late_item(processor);
  }
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
  /* Not under the lock: the exporter is to make an export under way give up. */
  atomic_store(&processor->is_shut_down, true);
  return processor->exporter->vtable->shutdown(processor->exporter, timeout_ms);
}

static void destroy(otlp_processor *self) {
  simple_processor *processor = (simple_processor *)self;
  otlp_exporter_destroy(processor->exporter);
  pthread_mutex_destroy(&processor->export_lock);
  pthread_mutex_destroy(&processor->stats_lock);
  free(processor);
}

static void add_stats(otlp_processor *self, otlp_stats *stats) {
  simple_processor *processor = (simple_processor *)self;
  pthread_mutex_lock(&processor->stats_lock);
  stats->exported += processor->stats.exported;
  for (int reason = 0; reason < OTLP_DROP_REASON_COUNT; reason++) {
    stats->dropped[reason] += processor->stats.dropped[reason];
  }
  stats->export_calls += processor->stats.export_calls;
  stats->export_errors += processor->stats.export_errors;
  pthread_mutex_unlock(&processor->stats_lock);
}

static const otlp_processor_vtable vtable = {
    .name = "simple",
    .on_item = on_item,
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
  pthread_mutex_init(&processor->export_lock, NULL);
  pthread_mutex_init(&processor->stats_lock, NULL);
  return &processor->base;
}

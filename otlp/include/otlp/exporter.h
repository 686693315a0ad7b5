/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Exporters: where batches of ended spans and of log records go (specification, trace/sdk.md, "Span
 * Exporter"; logs/sdk.md, "LogRecordExporter").
 *
 * An item, a span or a log record, was encoded when it ended or was emitted, so a batch is bytes:
 * an ExportTraceServiceRequest, and an ExportLogsServiceRequest just so, is
 *
 *     0x0a len { resource->header  { 0x12 len { scope->header  items... } } per scope }
 *
 * where `items...` are the batch's bytes as they are, tags and lengths included. Only the two kinds
 * of `len` are computed per request.
 *
 * Ownership: whoever is given an exporter (a processor) destroys it. A batch and all it points to
 * is borrowed for the call. Threads: a processor never calls export_batch of one exporter twice at
 * the same time; force_flush and shutdown may come from another thread while an export runs.
 *
 * To write an exporter: put an `otlp_exporter` first in your struct, fill in a vtable, hand
 * `&mine->base` to a processor.
 */
#ifndef OTLP_EXPORTER_H
#define OTLP_EXPORTER_H

#include <otlp/result.h>
#include <otlp/signal.h>
#include <otlp/stats.h>
#include <otlp/value.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A run of bytes; `data` may be NULL when `size` is 0. */
typedef struct otlp_bytes {
  const uint8_t *data;
  size_t size;
} otlp_bytes;

/** The fields of a ResourceSpans or ResourceLogs message but for its scopes: the resource and its
 * schema URL, encoded. Lives as long as the provider. */
typedef struct otlp_encoded_resource {
  otlp_bytes header;
} otlp_encoded_resource;

/** The fields of a ScopeSpans or ScopeLogs message but for its items: the scope and its schema URL,
 * encoded. One address per tracer or logger (compare pointers); lives as long as the provider. */
typedef struct otlp_encoded_scope {
  otlp_bytes header;
  otlp_string name; /* for logs and tests; valid UTF-8 */
} otlp_encoded_scope;

/** The items of one scope. Each run holds one or more of them, framed: 0x12, length, message (Span,
 * LogRecord). */
typedef struct otlp_scope_items {
  const otlp_encoded_scope *scope;
  const otlp_bytes *runs;
  size_t run_count;
  size_t item_count; /* in all runs */
  size_t byte_count; /* of all runs */
} otlp_scope_items;

/** What is exported at once: one resource, and each scope at most once. Never empty. */
typedef struct otlp_batch {
  const otlp_encoded_resource *resource;
  const otlp_scope_items *scopes;
  size_t scope_count;
  size_t item_count; /* in all scopes */
  otlp_signal signal;
} otlp_batch;

/**
 * Takes the next frame off `run`.
 *
 * @param out_frame the whole frame: tag, length, message.
 * @param out_message the Span or LogRecord message alone.
 * @return false at the end of the run.
 */
bool otlp_next_frame(otlp_bytes *run, otlp_bytes *out_frame, otlp_bytes *out_message);

/** What became of a batch's items: `exported` and all of `dropped` sum up to its `item_count`. */
typedef struct otlp_export_report {
  size_t exported;
  size_t dropped[OTLP_DROP_REASON_COUNT];
} otlp_export_report;

typedef struct otlp_exporter otlp_exporter;

/** What an exporter does. All members but `force_flush` are required. */
typedef struct otlp_exporter_vtable {
  /** For logs: "otlp/grpc", "otlp/http", "console", "memory", "none". */
  const char *name;
  /**
   * Sends a batch, retries included, within `timeout_ms`.
   *
   * @param out_report zeroed by the caller; filled in by the exporter, whatever it returns.
   * @return OTLP_OK when the exchange succeeded (a partial success too).
   */
  otlp_result (*export_batch)(otlp_exporter *self, const otlp_batch *batch, int64_t timeout_ms,
                              otlp_export_report *out_report);
  /** Waits until everything handed over has left. NULL when export_batch returns only then. */
  otlp_result (*force_flush)(otlp_exporter *self, int64_t timeout_ms);
  /** Called once; an export under way is to give up within `timeout_ms`. No export follows. */
  otlp_result (*shutdown)(otlp_exporter *self, int64_t timeout_ms);
  /** Frees it. Called last, after shutdown, or without it when nothing was ever exported. */
  void (*destroy)(otlp_exporter *self);
} otlp_exporter_vtable;

/** The first member of every exporter. */
struct otlp_exporter {
  const otlp_exporter_vtable *vtable;
};

/** Frees an exporter that no processor took. NULL does nothing. */
static inline void otlp_exporter_destroy(otlp_exporter *exporter) {
  if (exporter != NULL) {
    exporter->vtable->destroy(exporter);
  }
}

#ifdef __cplusplus
}
#endif

#endif

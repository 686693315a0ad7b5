/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Processors: hooks at the start and end of every recording span, and at every log record that is
 * emitted (specification, trace/sdk.md, "Span processor"; logs/sdk.md, "LogRecordProcessor"). A
 * provider calls its processors in the order in which its options name them.
 *
 * Ownership: a processor is given to a provider, which shuts it down and destroys it. Everything
 * in its calls is borrowed for the call. Threads: on_start, on_emit and on_item run on the thread
 * that starts or ends the span, or emits the record, several at once, and must neither block nor do
 * I/O; the rest may be called from any thread, also meanwhile.
 *
 * To write one: put an `otlp_processor` first in your struct, fill in a vtable, name `&mine->base`
 * in the provider's options.
 */
#ifndef OTLP_PROCESSOR_H
#define OTLP_PROCESSOR_H

#include <otlp/context.h>
#include <otlp/exporter.h>
#include <otlp/result.h>
#include <otlp/stats.h>
#include <otlp/trace.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A span that has ended or a log record that was emitted, encoded. A processor that keeps it
 * copies `frame`. */
typedef struct otlp_item {
  /** 0x12, length, message: the field `spans` of a ScopeSpans, `log_records` of a ScopeLogs, ready
   * to be strung together. */
  otlp_bytes frame;
  /** The Span or LogRecord message alone: the tail of `frame`. */
  otlp_bytes message;
  const otlp_encoded_resource *resource; /* lives as long as the provider */
  const otlp_encoded_scope *scope;       /* lives as long as the provider */
  /** The span's own context; of a log record, that of the span it belongs to, all zero for none.
   */
  otlp_span_context context;
  otlp_signal signal;
} otlp_item;

/** Whether exporters may get the item: a span that is recorded but not sampled comes to processors
 * only. */
static inline bool otlp_item_is_exportable(const otlp_item *item) {
  return item->signal != OTLP_SIGNAL_TRACES || otlp_span_context_is_sampled(&item->context);
}

typedef struct otlp_processor otlp_processor;
typedef struct otlp_log_record otlp_log_record; /* otlp/logs.h */

/** A log record that somebody may emit; all zero is the least that can be known. */
typedef struct otlp_log_query {
  const otlp_context *context; /* NULL: none */
  int severity;                /* an otlp_severity; 0: not known */
  otlp_string event_name;      /* empty: no event */
} otlp_log_query;

/** What a processor does. `on_start`, `on_emit`, `wants_log` and `add_stats` may be NULL. */
typedef struct otlp_processor_vtable {
  const char *name; /* for logs */
  /** `span` may be written to; `parent` is never NULL (the root context is all zero). */
  void (*on_start)(otlp_processor *self, otlp_span *span, const otlp_context *parent);
  /** Before the record is encoded: it may be changed, which later processors and all exporters see.
   * What it is made to point to must live until the emission is over. `context` is never NULL. */
  void (*on_emit)(otlp_processor *self, otlp_log_record *record, const otlp_context *context);
  void (*on_item)(otlp_processor *self, const otlp_item *item);
  /** Whether it wants log records of a kind; NULL: all. `query` is never NULL. */
  bool (*wants_log)(otlp_processor *self, const otlp_log_query *query);
  /** Exports what has ended before the call; back within `timeout_ms`. */
  otlp_result (*force_flush)(otlp_processor *self, int64_t timeout_ms);
  /** Called once: flushes, then shuts the exporter down; back within `timeout_ms`, whatever the
   * exporter does. on_item may still be called afterwards: it drops and counts. */
  otlp_result (*shutdown)(otlp_processor *self, int64_t timeout_ms);
  /** Frees the processor and its exporter. Called last. */
  void (*destroy)(otlp_processor *self);
  /** Adds the processor's own numbers to `stats`: exported, dropped, queue and export counts. */
  void (*add_stats)(otlp_processor *self, otlp_stats *stats);
} otlp_processor_vtable;

/** The first member of every processor. */
struct otlp_processor {
  const otlp_processor_vtable *vtable;
};

/** Frees a processor that no provider took. NULL does nothing. */
static inline void otlp_processor_destroy(otlp_processor *processor) {
  if (processor != NULL) {
    processor->vtable->destroy(processor);
  }
}

/**
 * The simple processor: exports each item as it comes, on the thread that ends the span or emits
 * the record, one at a time ("Simple processor"). For tests and short programs.
 *
 * @param exporter taken over, also on failure. NULL (it could not be made) gives NULL.
 * @return NULL when memory is short.
 */
otlp_processor *otlp_simple_processor_new(otlp_exporter *exporter);

#ifdef __cplusplus
}
#endif

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Span processors: hooks at the start and end of every recording span (specification,
 * trace/sdk.md, "Span processor"). A provider calls its processors in the order in which its
 * options name them.
 *
 * Ownership: a processor is given to a provider, which shuts it down and destroys it. Everything
 * in its calls is borrowed for the call. Threads: on_start and on_end run on the thread that starts
 * or ends the span, several at once, and must neither block nor do I/O; the rest may be called from
 * any thread, also while spans start and end.
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

/** A span that has ended, encoded. A processor that keeps it copies `frame`. */
typedef struct otlp_ended_span {
  /** 0x12, length, Span message: the field `spans` of a ScopeSpans, ready to be strung together. */
  otlp_bytes frame;
  /** The Span message alone: the tail of `frame`. */
  otlp_bytes message;
  const otlp_encoded_resource *resource; /* lives as long as the provider */
  const otlp_encoded_scope *scope;       /* lives as long as the provider */
  /** The span's own context. Spans that are recorded but not sampled come here too; exporters must
   * not get them (otlp_span_context_is_sampled). */
  otlp_span_context context;
} otlp_ended_span;

typedef struct otlp_processor otlp_processor;

/** What a processor does. `on_start` and `add_stats` may be NULL. */
typedef struct otlp_processor_vtable {
  const char *name; /* for logs */
  /** `span` may be written to; `parent` is never NULL (the root context is all zero). */
  void (*on_start)(otlp_processor *self, otlp_span *span, const otlp_context *parent);
  void (*on_end)(otlp_processor *self, const otlp_ended_span *span);
  /** Exports what has ended before the call; back within `timeout_ms`. */
  otlp_result (*force_flush)(otlp_processor *self, int64_t timeout_ms);
  /** Called once: flushes, then shuts the exporter down; back within `timeout_ms`, whatever the
   * exporter does. on_end may still be called afterwards: it drops and counts. */
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
 * The simple processor: exports each span as it ends, on the thread that ends it, one at a time
 * ("Simple processor"). For tests and short programs.
 *
 * @param exporter taken over, also on failure. NULL (it could not be made) gives NULL.
 * @return NULL when memory is short.
 */
otlp_processor *otlp_simple_processor_new(otlp_exporter *exporter);

#ifdef __cplusplus
}
#endif

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What travels with a piece of work: the span context, its trace state, and baggage.
 *
 * Context is explicit: there is no thread-local "current span". A context is a small value; copy it
 * freely.
 *
 * Ownership: `trace_state` and `baggage` are immutable and counted. A context borrows them: keep
 * whoever holds the count alive longer than the context, or acquire. NULL means empty for both.
 * Threads: contexts are values; trace states and baggage are immutable and their counts are atomic,
 * so all are safe anywhere.
 */
#ifndef OTLP_CONTEXT_H
#define OTLP_CONTEXT_H

#include <otlp/value.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  OTLP_TRACE_ID_SIZE = 16,
  OTLP_SPAN_ID_SIZE = 8,
  OTLP_TRACE_ID_HEX_SIZE = 32,
  OTLP_SPAN_ID_HEX_SIZE = 16,
};

/** Bits of `trace_flags` (W3C Trace Context Level 2, section 3.2.2.5). */
enum {
  OTLP_TRACE_FLAG_SAMPLED = 0x01,
  OTLP_TRACE_FLAG_RANDOM = 0x02,
  /** Not W3C's: B3's debug flag, which children inherit and only the B3 propagators send. */
  OTLP_TRACE_FLAG_DEBUG = 0x80,
};

typedef struct otlp_trace_state otlp_trace_state;
typedef struct otlp_baggage otlp_baggage;

/** Identity of a span (specification, trace/api.md, "SpanContext"). All zero is the invalid span
 * context. */
typedef struct otlp_span_context {
  uint8_t trace_id[OTLP_TRACE_ID_SIZE];
  uint8_t span_id[OTLP_SPAN_ID_SIZE];
  uint8_t trace_flags;
  bool is_remote;                      /* came from another process */
  const otlp_trace_state *trace_state; /* borrowed, may be NULL */
} otlp_span_context;

/** The parent of what comes next, and the baggage it carries. All zero is the root context. */
typedef struct otlp_context {
  otlp_span_context span;
  const otlp_baggage *baggage; /* borrowed, may be NULL */
} otlp_context;

/** True when both ids are non-zero ("IsValid"). */
bool otlp_span_context_is_valid(const otlp_span_context *context);

/** True when the sampled flag is set. */
static inline bool otlp_span_context_is_sampled(const otlp_span_context *context) {
  return (context->trace_flags & OTLP_TRACE_FLAG_SAMPLED) != 0;
}

/** Writes the id in lower-case hex and a NUL. */
void otlp_trace_id_to_hex(const uint8_t trace_id[OTLP_TRACE_ID_SIZE],
                          char out_hex[OTLP_TRACE_ID_HEX_SIZE + 1]);
void otlp_span_id_to_hex(const uint8_t span_id[OTLP_SPAN_ID_SIZE],
                         char out_hex[OTLP_SPAN_ID_HEX_SIZE + 1]);

#ifdef __cplusplus
}
#endif

#endif

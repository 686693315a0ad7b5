/* SPDX-License-Identifier: Apache-2.0 */
/* A span's end: the message is completed, handed to the processors, and the memory used again. */
#include "span.h"
#include "wire.h"

#include <otlp/trace_state.h>

enum {
  SCOPE_SPANS_SPANS = OTLP__TAG_BYTES(2),
  SPAN_DROPPED_ATTRIBUTES = OTLP__TAG_VARINT(10),
  SPAN_DROPPED_EVENTS = OTLP__TAG_VARINT(12),
  SPAN_DROPPED_LINKS = OTLP__TAG_VARINT(14),
  DROPPED_COUNTS_SIZE = 3 * (1 + OTLP__VARINT_MAX),
};

static uint8_t *write_count(uint8_t *at, uint8_t tag, uint32_t count) {
  if (count == 0) {
    return at;
  }
  *at++ = tag;
  return otlp__write_varint(at, count);
}

static void write_dropped_counts(otlp__recording_span *span) {
  if ((span->dropped_attributes | span->dropped_events | span->dropped_links) == 0) {
    return;
  }
  if (otlp__log_state_enter(&span->base.tracer->provider->limits_log, 1)) {
    otlp_log(OTLP_LOG_WARN, "a span lost attributes, events or links to its limits, to an empty "
                            "key or to lack of memory; spans carry the counts");
  }
  uint8_t *at = otlp__span_reserve(span, DROPPED_COUNTS_SIZE);
  if (at == NULL) {
    return;
  }
  at = write_count(at, SPAN_DROPPED_ATTRIBUTES, span->dropped_attributes);
  at = write_count(at, SPAN_DROPPED_EVENTS, span->dropped_events);
  at = write_count(at, SPAN_DROPPED_LINKS, span->dropped_links);
  span->size = (uint32_t)(at - span->bytes);
}

/* Puts tag and length right in front of the message, in the headroom. */
static otlp_bytes frame_of(otlp__recording_span *span) {
  size_t message_size = span->size - OTLP__FRAME_HEADROOM;
  size_t prefix_size = 1 + otlp__varint_size(message_size);
  uint8_t *start = span->bytes + OTLP__FRAME_HEADROOM - prefix_size;
  *start = SCOPE_SPANS_SPANS;
  otlp__write_varint(start + 1, message_size);
  otlp_bytes frame = {start, prefix_size + message_size};
  return frame;
}

static void hand_over(otlp__recording_span *span) {
  otlp_tracer *tracer = span->base.tracer;
  otlp_tracer_provider *provider = tracer->provider;
  otlp_item ended;
  ended.frame = frame_of(span);
  ended.message.data = span->bytes + OTLP__FRAME_HEADROOM;
  ended.message.size = span->size - OTLP__FRAME_HEADROOM;
  ended.scope = &tracer->node.scope;
  ended.context = span->base.context;
  ended.signal = OTLP_SIGNAL_TRACES;
  otlp__count(&provider->ended);
  otlp__pipeline_hand_over(&provider->pipeline, &ended);
}

static void end_recording(otlp__recording_span *span, otlp_unix_nanos end_time) {
  otlp__write_fixed64(span->bytes + span->end_time_offset, end_time);
  write_dropped_counts(span);
  hand_over(span);
  otlp_trace_state_release(span->base.context.trace_state);
  otlp__span_buffer_clean_up(span);
  otlp__block_free(OTLP__BLOCK_SPAN, span);
}

void otlp_span_end_at(otlp_span *span, otlp_unix_nanos end_time) {
  otlp__recording_span *recording = otlp__recording(span);
  if (recording != NULL) {
    end_recording(recording, end_time > 0 ? end_time : otlp__span_now(recording));
  } else if (span != NULL) {
    otlp_trace_state_release(span->context.trace_state);
    otlp__block_free(OTLP__BLOCK_SMALL, span);
  }
}

void otlp_span_end(otlp_span *span) {
  otlp_span_end_at(span, 0);
}

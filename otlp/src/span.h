/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A span in the making.
 *
 * A recording span holds no list of attributes and no copies of strings: it holds the OTLP Span
 * message itself, which grows field by field as the span is told things. Fields of a protobuf
 * message may come in any order, so ending the span means filling in the end time, appending the
 * counts of what was dropped, and putting tag and length in front. What may be replaced (the name,
 * the status, each attribute) is remembered as a slot: where in the message it lies.
 *
 * Both kinds of span live in blocks that are used again (thread.h).
 */
#ifndef OTLP_SRC_SPAN_H
#define OTLP_SRC_SPAN_H

#include "encode.h"
#include "lock.h"
#include "provider.h"
#include "thread.h"

enum {
  OTLP__FRAME_HEADROOM = 6, /* tag and the length of up to 4 GiB */
  OTLP__SPAN_INLINE_ATTRIBUTES = 16,
  OTLP__SPAN_FIRST_GROWTH = 4096,
  OTLP__SPAN_MAX_SIZE = 512 << 20, /* so that 32-bit offsets will do */
};

/** What every span has; all that a span has that does not record. Read-only after the start. */
struct otlp_span {
  otlp_tracer *tracer;
  otlp_span_context context; /* owns one count of its trace state */
  bool is_recording;
};

/** A field of the message that may be replaced. Size 0: not there yet. */
typedef struct otlp__slot {
  uint32_t offset;
  uint32_t size;
} otlp__slot;

typedef struct otlp__attribute_slot {
  otlp__slot field;
  uint32_t key_size;
  uint32_t key_hash;
} otlp__attribute_slot;

typedef struct otlp__recording_span {
  otlp_span base;
  /* Read-only after the start. */
  uint64_t wall_offset; /* from the monotonic clock to the wall clock */

  /* Any thread, with the lock held. */
  otlp__lock lock;
  uint8_t status_code;
  uint32_t end_time_offset;
  otlp__slot name;
  otlp__slot status;
  uint32_t attribute_count;
  uint32_t attribute_capacity;
  uint32_t dropped_attributes;
  uint32_t event_count;
  uint32_t dropped_events;
  uint32_t link_count;
  uint32_t dropped_links;
  uint32_t size;                    /* of `bytes` so far, headroom included */
  uint32_t capacity;                /* of `bytes` */
  uint8_t *bytes;                   /* inline_bytes, or on the heap */
  otlp__attribute_slot *attributes; /* inline_attributes, or on the heap */
  otlp__attribute_slot inline_attributes[OTLP__SPAN_INLINE_ATTRIBUTES];
  uint8_t inline_bytes[]; /* the rest of the block */
} otlp__recording_span;

/** The recording span behind a span, NULL if it does not record. */
static inline otlp__recording_span *otlp__recording(otlp_span *span) {
  return span != NULL && span->is_recording ? (otlp__recording_span *)span : NULL;
}

/* The message's bytes: span_buffer.c. The lock is held, or nobody else has the span yet. */

void otlp__span_buffer_init(otlp__recording_span *span);
void otlp__span_buffer_clean_up(otlp__recording_span *span);

/** Makes `bytes` hold `needed` bytes; false when memory is short. */
bool otlp__span_grow(otlp__recording_span *span, size_t needed);

/** Room for `size` more bytes at the end; NULL when memory is short. Nothing is added until
 * `span->size` is raised. */
static inline uint8_t *otlp__span_reserve(otlp__recording_span *span, size_t size) {
  size_t needed = span->size + size;
  if (needed > span->capacity && !otlp__span_grow(span, needed)) {
    return NULL;
  }
  return span->bytes + span->size;
}

/** Takes a field out; what lies behind moves up, and the slots with it. */
void otlp__span_cut(otlp__recording_span *span, otlp__slot field);

/** Room for one more attribute slot; false when memory is short. */
bool otlp__span_reserve_attribute(otlp__recording_span *span);

/* What a span can be told; the same rule for the lock. */

void otlp__span_put_attribute(otlp__recording_span *span, const otlp_attribute *attribute);
void otlp__span_put_link(otlp__recording_span *span, const otlp_link *link);
void otlp__span_put_name(otlp__recording_span *span, otlp_string name);

/** OTLP's `flags` of a span, whose parent is remote or not, and of a link, likewise: W3C's flags in
 * the lower bits, above them that the next bit is known, and that bit (trace.proto, SpanFlags). */
static inline uint32_t otlp__span_flags(uint8_t trace_flags, bool is_remote) {
  uint32_t known = OTLP_TRACE_FLAG_SAMPLED | OTLP_TRACE_FLAG_RANDOM;
  return (trace_flags & known) | 0x100 | (is_remote ? 0x200 : 0);
}

/** Nanoseconds since the epoch, on the span's clock. */
uint64_t otlp__span_now(const otlp__recording_span *span);

#endif

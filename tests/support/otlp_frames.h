/* SPDX-License-Identifier: Apache-2.0 */
/* Encoded spans and batches for tests of what comes after the encoding. */
#ifndef TESTS_SUPPORT_OTLP_FRAMES_H
#define TESTS_SUPPORT_OTLP_FRAMES_H

#include <otlp/processor.h>
#include <stdlib.h>

#include "reader.h"

/* ResourceSpans.resource = { an attribute's worth of bytes }, ScopeSpans.scope = { name }. */
static const uint8_t test_resource_header[] = {0x0A, 0x06, 0x0A, 0x04, 0x0A, 0x02, 'i', 'd'};
static const uint8_t test_scope_headers[2][5] = {{0x0A, 0x03, 0x0A, 0x01, 'a'},
                                                 {0x0A, 0x03, 0x0A, 0x01, 'b'}};
static const otlp_encoded_resource test_resource = {
    {test_resource_header, sizeof(test_resource_header)}};
static const otlp_encoded_scope test_scopes[2] = {
    {{test_scope_headers[0], sizeof(test_scope_headers[0])}, {"a", 1}},
    {{test_scope_headers[1], sizeof(test_scope_headers[1])}, {"b", 1}}};

/*
 * Writes a framed span whose message has exactly `size` bytes, at least 12: `number` as a fixed64
 * in an unknown field, then the name. Returns the frame's size, at most `size` + 6.
 */
static inline size_t test_write_frame(uint8_t *out, uint64_t number, size_t size) {
  size_t at = 0;
  out[at++] = 0x12;
  for (size_t left = size;; left >>= 7) {
    out[at++] = (uint8_t)(left >= 0x80 ? left | 0x80 : left);
    if (left < 0x80) {
      break;
    }
  }
  size_t end = at + size;
  out[at++] = 0x79; /* field 15, fixed64 */
  for (int i = 0; i < 8; i++) {
    out[at++] = (uint8_t)(number >> (8 * i));
  }
  while (at < end) { /* names of up to 127 bytes; a lone last byte pair is an empty one */
    size_t length = end - at - 2 < 127 ? end - at - 2 : 127;
    length -= end - at - 2 - length == 1 ? 1 : 0; /* leave no single byte */
    out[at++] = 0x2A;
    out[at++] = (uint8_t)length;
    memset(out + at, 'n', length);
    at += length;
  }
  return at;
}

/* A batch that owns its memory: spans 0..count-1, all of `size` bytes, alternately of `scopes` (1
 * or 2) scopes, every span a run of its own unless there is one scope. */
typedef struct test_batch {
  uint8_t *bytes;
  otlp_bytes *runs;
  otlp_scope_items scopes[2];
  otlp_batch batch;
} test_batch;

static inline void test_batch_init(test_batch *self, size_t count, size_t size, size_t scopes) {
  memset(self, 0, sizeof(*self));
  self->bytes = malloc(count * (size + 6));
  self->runs = calloc(count, sizeof(*self->runs));
  size_t at = 0;
  size_t run = 0;
  for (size_t scope = 0; scope < scopes; scope++) {
    otlp_scope_items *spans = &self->scopes[scope];
    spans->scope = &test_scopes[scope];
    spans->runs = &self->runs[run];
    for (size_t number = scope; number < count; number += scopes) {
      size_t frame = test_write_frame(self->bytes + at, number, size);
      if (scopes == 1 && number > 0) {
        self->runs[0].size += frame;
      } else {
        self->runs[run++] = (otlp_bytes){self->bytes + at, frame};
        spans->run_count++;
      }
      at += frame;
      spans->item_count++;
      spans->byte_count += frame;
    }
  }
  self->batch = (otlp_batch){&test_resource, self->scopes, scopes, count, OTLP_SIGNAL_TRACES};
}

static inline void test_batch_clean_up(test_batch *self) {
  free(self->bytes);
  free(self->runs);
}

/* Counts the spans of an ExportTraceServiceRequest and marks their numbers in `seen` (of
 * `seen_count` counters; may be NULL). SIZE_MAX when the message is malformed. */
static inline size_t test_count_spans(otlp_bytes request, unsigned *seen, size_t seen_count) {
  size_t count = 0;
  otlp__reader outer = otlp__reader_of(request);
  otlp__field resource;
  while (otlp__reader_next(&outer, &resource)) {
    otlp__reader scopes = otlp__reader_of(resource.bytes);
    otlp__field scope;
    while (otlp__reader_next(&scopes, &scope)) {
      if (scope.number != 2) {
        continue;
      }
      otlp__reader spans = otlp__reader_of(scope.bytes);
      otlp__field span;
      while (otlp__reader_next(&spans, &span)) {
        if (span.number != 2) {
          continue;
        }
        count++;
        otlp__reader fields = otlp__reader_of(span.bytes);
        otlp__field field;
        while (otlp__reader_next(&fields, &field)) {
          if (field.number == 15 && field.number_value < seen_count) {
            seen[field.number_value]++;
          }
        }
        if (fields.size > 0) {
          return SIZE_MAX;
        }
      }
      if (spans.size > 0) {
        return SIZE_MAX;
      }
    }
    if (scopes.size > 0) {
      return SIZE_MAX;
    }
  }
  return outer.size > 0 ? SIZE_MAX : count;
}

#endif

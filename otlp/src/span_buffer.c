/* SPDX-License-Identifier: Apache-2.0 */
#include "span.h"

#include <stdlib.h>

void otlp__span_buffer_init(otlp__recording_span *span) {
  span->bytes = span->inline_bytes;
  span->capacity = OTLP__BLOCK_SPAN_SIZE - offsetof(otlp__recording_span, inline_bytes);
  span->size = OTLP__FRAME_HEADROOM;
  span->attributes = span->inline_attributes;
  span->attribute_capacity = OTLP__SPAN_INLINE_ATTRIBUTES;
  span->attribute_count = 0;
}

void otlp__span_buffer_clean_up(otlp__recording_span *span) {
  if (span->bytes != span->inline_bytes) {
    free(span->bytes);
  }
  if (span->attributes != span->inline_attributes) {
    free(span->attributes);
  }
}

/* A bigger copy of a block that is inline at first; NULL when memory is short. */
static void *grow(void *block, bool is_inline, size_t used, size_t new_size) {
  if (!is_inline) {
    return realloc(block, new_size);
  }
  void *grown = malloc(new_size);
  if (grown != NULL) {
    memcpy(grown, block, used);
  }
  return grown;
}

bool otlp__span_grow(otlp__recording_span *span, size_t needed) {
  if (needed > OTLP__SPAN_MAX_SIZE) {
    return false;
  }
  size_t capacity = OTLP__SPAN_FIRST_GROWTH;
  while (capacity < needed) {
    capacity *= 2;
  }
  uint8_t *grown = grow(span->bytes, span->bytes == span->inline_bytes, span->size, capacity);
  if (grown == NULL) {
    return false;
  }
  span->bytes = grown;
  span->capacity = (uint32_t)capacity;
  return true;
}

static void move_up(otlp__slot *slot, otlp__slot cut) {
  if (slot->offset > cut.offset) {
    slot->offset -= cut.size;
  }
}

void otlp__span_cut(otlp__recording_span *span, otlp__slot field) {
  size_t end = (size_t)field.offset + field.size;
  memmove(span->bytes + field.offset, span->bytes + end, span->size - end);
  span->size -= field.size;
  move_up(&span->name, field);
  move_up(&span->status, field);
  for (uint32_t i = 0; i < span->attribute_count; i++) {
    move_up(&span->attributes[i].field, field);
  }
}

bool otlp__span_reserve_attribute(otlp__recording_span *span) {
  if (span->attribute_count < span->attribute_capacity) {
    return true;
  }
  size_t used = span->attribute_count * sizeof(*span->attributes);
  otlp__attribute_slot *grown =
      grow(span->attributes, span->attributes == span->inline_attributes, used, 4 * used);
  if (grown == NULL) {
    return false;
  }
  span->attributes = grown;
  span->attribute_capacity *= 4;
  return true;
}

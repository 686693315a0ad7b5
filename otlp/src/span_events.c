/* SPDX-License-Identifier: Apache-2.0 */
/* Events, links and exceptions of a span. */
#include "span.h"
#include "wire.h"

#include <otlp/trace_state.h>

enum {
  SPAN_EVENTS = OTLP__TAG_BYTES(11),
  SPAN_LINKS = OTLP__TAG_BYTES(13),
  EVENT_TIME = OTLP__TAG_FIXED64(1),
  EVENT_NAME = OTLP__TAG_BYTES(2),
  EVENT_ATTRIBUTES = OTLP__TAG_BYTES(3),
  EVENT_DROPPED = OTLP__TAG_VARINT(4),
  LINK_TRACE_ID = OTLP__TAG_BYTES(1),
  LINK_SPAN_ID = OTLP__TAG_BYTES(2),
  LINK_TRACE_STATE = OTLP__TAG_BYTES(3),
  LINK_ATTRIBUTES = OTLP__TAG_BYTES(4),
  LINK_DROPPED = OTLP__TAG_VARINT(5),
  LINK_FLAGS = OTLP__TAG_FIXED32(6),
};

typedef struct event {
  otlp_string name;
  otlp_unix_nanos time;
  const otlp_attribute *attributes;
  size_t attribute_count;
} event;

static const otlp_span_limits *limits_of(const otlp__recording_span *span) {
  return &span->base.tracer->provider->limits;
}

static size_t dropped_size(uint32_t dropped) {
  return dropped > 0 ? 1 + otlp__varint_size(dropped) : 0;
}

static uint8_t *write_dropped(uint8_t *at, uint8_t tag, uint32_t dropped) {
  if (dropped == 0) {
    return at;
  }
  *at++ = tag;
  return otlp__write_varint(at, dropped);
}

static bool put_event(otlp__recording_span *span, const event *added) {
  const otlp_span_limits *limits = limits_of(span);
  uint32_t dropped;
  size_t size = otlp__attributes_size(added->attributes, added->attribute_count,
                                      limits->attribute_count_per_event,
                                      limits->attribute_value_length, &dropped);
  size += 9 + otlp__text_field_size(added->name) + dropped_size(dropped);
  uint8_t *at = otlp__span_reserve(span, otlp__bytes_field_size(size));
  if (at == NULL) {
    return false;
  }
  *at++ = SPAN_EVENTS;
  at = otlp__write_varint(at, size);
  *at++ = EVENT_TIME;
  at = otlp__write_fixed64(at, added->time);
  at = otlp__text_field_write(at, EVENT_NAME, added->name);
  at = otlp__attributes_write(at, EVENT_ATTRIBUTES, added->attributes, added->attribute_count,
                              limits->attribute_count_per_event, limits->attribute_value_length);
  at = write_dropped(at, EVENT_DROPPED, dropped);
  span->size = (uint32_t)(at - span->bytes);
  span->event_count++;
  return true;
}

void otlp_span_add_event(otlp_span *span, otlp_string name, otlp_unix_nanos time,
                         const otlp_attribute *attributes, size_t attribute_count) {
  otlp__recording_span *recording = otlp__recording(span);
  if (recording == NULL) {
    return;
  }
  event added = {name, time > 0 ? time : otlp__span_now(recording), attributes, attribute_count};
  otlp__lock_take(&recording->lock);
  if (recording->event_count >= limits_of(recording)->event_count ||
      !put_event(recording, &added)) {
    recording->dropped_events++;
  }
  otlp__lock_give(&recording->lock);
}

void otlp_span_record_exception(otlp_span *span, otlp_string type, otlp_string message) {
  otlp_attribute attributes[2];
  size_t count = 0;
  if (type.length > 0) {
    attributes[count++] =
        otlp_attribute_of(otlp_string_from("exception.type"), otlp_value_text(type));
  }
  if (message.length > 0) {
    attributes[count++] =
        otlp_attribute_of(otlp_string_from("exception.message"), otlp_value_text(message));
  }
  otlp_span_add_event(span, otlp_string_from("exception"), 0, attributes, count);
}

static size_t link_size(const otlp_span_limits *limits, const otlp_link *link,
                        uint32_t *out_dropped) {
  size_t size = otlp__attributes_size(link->attributes, link->attribute_count,
                                      limits->attribute_count_per_link,
                                      limits->attribute_value_length, out_dropped);
  return size + 18 + 10 + otlp__text_field_size(otlp_trace_state_text(link->context.trace_state)) +
         dropped_size(*out_dropped) + 5;
}

static bool write_link(otlp__recording_span *span, const otlp_link *link) {
  const otlp_span_limits *limits = limits_of(span);
  uint32_t dropped;
  size_t size = link_size(limits, link, &dropped);
  uint8_t *at = otlp__span_reserve(span, otlp__bytes_field_size(size));
  if (at == NULL) {
    return false;
  }
  *at++ = SPAN_LINKS;
  at = otlp__write_varint(at, size);
  at = otlp__write_bytes_field(at, LINK_TRACE_ID, link->context.trace_id, OTLP_TRACE_ID_SIZE);
  at = otlp__write_bytes_field(at, LINK_SPAN_ID, link->context.span_id, OTLP_SPAN_ID_SIZE);
  at = otlp__text_field_write(at, LINK_TRACE_STATE,
                              otlp_trace_state_text(link->context.trace_state));
  at = otlp__attributes_write(at, LINK_ATTRIBUTES, link->attributes, link->attribute_count,
                              limits->attribute_count_per_link, limits->attribute_value_length);
  at = write_dropped(at, LINK_DROPPED, dropped);
  *at++ = LINK_FLAGS;
  at =
      otlp__write_fixed32(at, otlp__span_flags(link->context.trace_flags, link->context.is_remote));
  span->size = (uint32_t)(at - span->bytes);
  span->link_count++;
  return true;
}

/* A link to nowhere that says nothing is not worth a byte. */
static bool is_empty(const otlp_link *link) {
  return !otlp_span_context_is_valid(&link->context) && link->attribute_count == 0 &&
         otlp_trace_state_count(link->context.trace_state) == 0;
}

void otlp__span_put_link(otlp__recording_span *span, const otlp_link *link) {
  if (is_empty(link)) {
    return;
  }
  if (span->link_count >= limits_of(span)->link_count || !write_link(span, link)) {
    span->dropped_links++;
  }
}

void otlp_span_add_link(otlp_span *span, const otlp_link *link) {
  otlp__recording_span *recording = otlp__recording(span);
  if (recording == NULL) {
    return;
  }
  otlp__lock_take(&recording->lock);
  otlp__span_put_link(recording, link);
  otlp__lock_give(&recording->lock);
}

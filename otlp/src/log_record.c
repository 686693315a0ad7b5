/* SPDX-License-Identifier: Apache-2.0 */
#include "log_record.h"

#include "encode.h"
#include "wire.h"

enum {
  SCOPE_LOGS_LOG_RECORDS = OTLP__TAG_BYTES(2),
  RECORD_TIME = OTLP__TAG_FIXED64(1),
  RECORD_SEVERITY_NUMBER = OTLP__TAG_VARINT(2),
  RECORD_SEVERITY_TEXT = OTLP__TAG_BYTES(3),
  RECORD_BODY = OTLP__TAG_BYTES(5),
  RECORD_ATTRIBUTES = OTLP__TAG_BYTES(6),
  RECORD_DROPPED_ATTRIBUTES = OTLP__TAG_VARINT(7),
  RECORD_FLAGS = OTLP__TAG_FIXED32(8),
  RECORD_TRACE_ID = OTLP__TAG_BYTES(9),
  RECORD_SPAN_ID = OTLP__TAG_BYTES(10),
  RECORD_OBSERVED_TIME = OTLP__TAG_FIXED64(11),
  RECORD_EVENT_NAME = OTLP__TAG_BYTES(12),
  FIXED64_FIELD = 9, /* with its tag */
  FIXED32_FIELD = 5,
};

static bool has_severity(const otlp_log_record *record) {
  return record->severity > OTLP_SEVERITY_UNSPECIFIED && record->severity <= OTLP_SEVERITY_MAX;
}

static size_t span_size(const otlp__log_record_plan *plan) {
  return plan->has_span ? FIXED32_FIELD + otlp__bytes_field_size(OTLP_TRACE_ID_SIZE) +
                              otlp__bytes_field_size(OTLP_SPAN_ID_SIZE)
                        : 0;
}

static size_t count_size(uint32_t count) {
  return count > 0 ? 1 + otlp__varint_size(count) : 0;
}

void otlp__log_record_plan_make(const otlp_log_record *record, const otlp_span_context *span,
                                otlp_log_record_limits limits, otlp__log_record_plan *out_plan) {
  otlp__log_record_plan *plan = out_plan;
  plan->record = record;
  plan->span = span;
  plan->has_span = otlp_span_context_is_valid(span);
  plan->limits = limits;
  plan->attributes_size =
      otlp__attributes_size(record->attributes, record->attribute_count, limits.attribute_count,
                            limits.attribute_value_length, &plan->dropped_attributes);
  plan->message_size =
      (record->time > 0 ? FIXED64_FIELD : 0) + FIXED64_FIELD + (has_severity(record) ? 2 : 0) +
      otlp__text_field_size(record->severity_text) + otlp__value_field_size(&record->body) +
      plan->attributes_size + count_size(plan->dropped_attributes) + span_size(plan) +
      otlp__text_field_size(record->event_name);
  plan->frame_size = otlp__bytes_field_size(plan->message_size);
}

static uint8_t *write_severity(uint8_t *at, const otlp_log_record *record) {
  if (has_severity(record)) {
    *at++ = RECORD_SEVERITY_NUMBER;
    *at++ = (uint8_t)record->severity;
  }
  return otlp__text_field_write(at, RECORD_SEVERITY_TEXT, record->severity_text);
}

static uint8_t *write_attributes(uint8_t *at, const otlp__log_record_plan *plan) {
  const otlp_log_record *record = plan->record;
  at = otlp__attributes_write(at, RECORD_ATTRIBUTES, record->attributes, record->attribute_count,
                              plan->limits.attribute_count, plan->limits.attribute_value_length);
  if (plan->dropped_attributes > 0) {
    *at++ = RECORD_DROPPED_ATTRIBUTES;
    at = otlp__write_varint(at, plan->dropped_attributes);
  }
  return at;
}

/* Of the flags only W3C's are meant here (logs.proto, LogRecordFlags). */
static uint8_t *write_span(uint8_t *at, const otlp_span_context *span) {
  *at++ = RECORD_FLAGS;
  at = otlp__write_fixed32(at,
                           span->trace_flags & (OTLP_TRACE_FLAG_SAMPLED | OTLP_TRACE_FLAG_RANDOM));
  at = otlp__write_bytes_field(at, RECORD_TRACE_ID, span->trace_id, OTLP_TRACE_ID_SIZE);
  return otlp__write_bytes_field(at, RECORD_SPAN_ID, span->span_id, OTLP_SPAN_ID_SIZE);
}

void otlp__log_record_write(const otlp__log_record_plan *plan, uint8_t *out) {
  const otlp_log_record *record = plan->record;
  uint8_t *at = out;
  *at++ = SCOPE_LOGS_LOG_RECORDS;
  at = otlp__write_varint(at, plan->message_size);
  if (record->time > 0) {
    *at++ = RECORD_TIME;
    at = otlp__write_fixed64(at, record->time);
  }
  at = write_severity(at, record);
  at = otlp__value_field_write(at, RECORD_BODY, &record->body);
  at = write_attributes(at, plan);
  if (plan->has_span) {
    at = write_span(at, plan->span);
  }
  *at++ = RECORD_OBSERVED_TIME;
  at = otlp__write_fixed64(at, record->observed_time);
  otlp__text_field_write(at, RECORD_EVENT_NAME, record->event_name);
}

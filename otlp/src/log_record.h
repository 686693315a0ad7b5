/* SPDX-License-Identifier: Apache-2.0 */
/** Encoding log records (opentelemetry/proto/logs/v1/logs.proto, LogRecord). No I/O, no memory. */
#ifndef OTLP_SRC_LOG_RECORD_H
#define OTLP_SRC_LOG_RECORD_H

#include <otlp/logs.h>

/** How a record will be written. Borrows record and span. */
typedef struct otlp__log_record_plan {
  const otlp_log_record *record;
  const otlp_span_context *span;
  bool has_span;
  otlp_log_record_limits limits;
  uint32_t dropped_attributes;
  size_t attributes_size;
  size_t message_size;
  size_t frame_size; /* tag and length of ScopeLogs.log_records, and the message */
} otlp__log_record_plan;

void otlp__log_record_plan_make(const otlp_log_record *record, const otlp_span_context *span,
                                otlp_log_record_limits limits, otlp__log_record_plan *out_plan);

/** Writes the frame, `frame_size` bytes. */
void otlp__log_record_write(const otlp__log_record_plan *plan, uint8_t *out);

#endif

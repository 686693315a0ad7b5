/* SPDX-License-Identifier: Apache-2.0 */
#include "export/collector_answer.h"

#include "export/backoff.h"
#include "export/deadline.h"
#include "reader.h"

/* Field numbers: collector/.../trace_service.proto and logs_service.proto, google/rpc/status.proto,
 * google/protobuf/any.proto, google/rpc/error_details.proto, google/protobuf/duration.proto. */
enum {
  RESPONSE_PARTIAL_SUCCESS = 1,
  PARTIAL_REJECTED_ITEMS = 1,
  PARTIAL_ERROR_MESSAGE = 2,
  STATUS_MESSAGE = 2,
  STATUS_DETAILS = 3,
  ANY_TYPE_URL = 1,
  ANY_VALUE = 2,
  RETRY_INFO_DELAY = 1,
  DURATION_SECONDS = 1,
  DURATION_NANOS = 2,
};

static otlp__reader reader_of(otlp_string message) {
  return otlp__reader_of((otlp_bytes){(const uint8_t *)message.data, message.length});
}

static otlp_string text_of(otlp_bytes bytes) {
  return (otlp_string){(const char *)bytes.data, bytes.size};
}

static bool is(const otlp__field *field, uint32_t number, otlp__wire_type type) {
  return field->number == number && field->type == type;
}

static bool decode_partial(otlp_string message, otlp__partial_success *out_partial) {
  otlp__reader reader = reader_of(message);
  otlp__field field;
  while (otlp__reader_next(&reader, &field)) {
    if (is(&field, PARTIAL_REJECTED_ITEMS, OTLP__WIRE_VARINT)) {
      out_partial->rejected_items = field.number_value <= INT64_MAX ? field.number_value : 0;
    } else if (is(&field, PARTIAL_ERROR_MESSAGE, OTLP__WIRE_BYTES)) {
      out_partial->message = text_of(field.bytes);
    }
  }
  return reader.size == 0; /* read to the end */
}

bool otlp__partial_success_decode(otlp_string response, otlp__partial_success *out_partial) {
  *out_partial = (otlp__partial_success){0};
  otlp__reader reader = reader_of(response);
  otlp__field field;
  while (otlp__reader_next(&reader, &field)) {
    if (is(&field, RESPONSE_PARTIAL_SUCCESS, OTLP__WIRE_BYTES) &&
        !decode_partial(text_of(field.bytes), out_partial)) {
      return false;
    }
  }
  return reader.size == 0; /* read to the end */
}

static bool decode_duration(otlp_string message, int64_t *out_ns) {
  int64_t seconds = 0;
  int64_t nanos = 0;
  otlp__reader reader = reader_of(message);
  otlp__field field;
  while (otlp__reader_next(&reader, &field)) {
    if (is(&field, DURATION_SECONDS, OTLP__WIRE_VARINT)) {
      seconds = (int64_t)field.number_value;
    } else if (is(&field, DURATION_NANOS, OTLP__WIRE_VARINT)) {
      nanos = (int32_t)(uint32_t)field.number_value;
    }
  }
  if (seconds < 0 || nanos < 0) {
    seconds = nanos = 0;
  }
  if (seconds >= OTLP__LONGEST_DELAY_S) {
    seconds = OTLP__LONGEST_DELAY_S;
    nanos = 0;
  }
  *out_ns = seconds * OTLP__NS_PER_S + (nanos < OTLP__NS_PER_S ? nanos : OTLP__NS_PER_S);
  return reader.size == 0; /* read to the end */
}

static bool decode_retry_info(otlp_string message, int64_t *out_ns) {
  *out_ns = 0;
  otlp__reader reader = reader_of(message);
  otlp__field field;
  while (otlp__reader_next(&reader, &field)) {
    if (is(&field, RETRY_INFO_DELAY, OTLP__WIRE_BYTES) &&
        !decode_duration(text_of(field.bytes), out_ns)) {
      return false;
    }
  }
  return reader.size == 0; /* read to the end */
}

/* Only what follows the last '/' of a type URL names the type (any.proto). */
static bool names_retry_info(otlp_string url) {
  static const char SUFFIX[] = "/google.rpc.RetryInfo";
  const size_t length = sizeof(SUFFIX) - 1;
  return url.length >= length && memcmp(url.data + url.length - length, SUFFIX, length) == 0;
}

static bool decode_detail(otlp_string any, int64_t *out_ns) {
  otlp_string url = {NULL, 0};
  otlp_string value = {NULL, 0};
  otlp__reader reader = reader_of(any);
  otlp__field field;
  while (otlp__reader_next(&reader, &field)) {
    if (is(&field, ANY_TYPE_URL, OTLP__WIRE_BYTES)) {
      url = text_of(field.bytes);
    } else if (is(&field, ANY_VALUE, OTLP__WIRE_BYTES)) {
      value = text_of(field.bytes);
    }
  }
  return reader.size == 0 && names_retry_info(url) && decode_retry_info(value, out_ns);
}

bool otlp__retry_info_decode(otlp_string status, int64_t *out_delay_ns) {
  otlp__reader reader = reader_of(status);
  otlp__field field;
  while (otlp__reader_next(&reader, &field)) {
    if (is(&field, STATUS_DETAILS, OTLP__WIRE_BYTES) &&
        decode_detail(text_of(field.bytes), out_delay_ns)) {
      return true;
    }
  }
  return false;
}

otlp_string otlp__status_message_decode(otlp_string status) {
  otlp_string message = {NULL, 0};
  otlp__reader reader = reader_of(status);
  otlp__field field;
  while (otlp__reader_next(&reader, &field)) {
    if (is(&field, STATUS_MESSAGE, OTLP__WIRE_BYTES)) {
      message = text_of(field.bytes);
    }
  }
  return reader.size == 0 ? message : (otlp_string){NULL, 0};
}

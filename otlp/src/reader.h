/* SPDX-License-Identifier: Apache-2.0 */
/** Reading protobuf's wire format field by field: for what the SDK itself encoded, and for the
 * short answers of collectors. Input is not trusted. */
#ifndef OTLP_SRC_READER_H
#define OTLP_SRC_READER_H

#include <otlp/exporter.h>

typedef enum otlp__wire_type {
  OTLP__WIRE_VARINT = 0,
  OTLP__WIRE_FIXED64 = 1,
  OTLP__WIRE_BYTES = 2,
  OTLP__WIRE_FIXED32 = 5,
} otlp__wire_type;

/** What is left to read. */
typedef struct otlp__reader {
  const uint8_t *at;
  size_t size;
} otlp__reader;

typedef struct otlp__field {
  uint32_t number;
  otlp__wire_type type;
  uint64_t number_value; /* VARINT, FIXED32, FIXED64 */
  otlp_bytes bytes;      /* BYTES: borrowed from the input */
} otlp__field;

static inline otlp__reader otlp__reader_of(otlp_bytes message) {
  otlp__reader reader = {message.data, message.size};
  return reader;
}

/** Reads the next field; false at the end, and where the input makes no sense: `reader->size` is 0
 * only at the end. */
bool otlp__reader_next(otlp__reader *reader, otlp__field *out_field);

#endif

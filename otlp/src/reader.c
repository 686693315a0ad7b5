/* SPDX-License-Identifier: Apache-2.0 */
#include "reader.h"

#include "wire.h"

static bool read_varint(otlp__reader *reader, uint64_t *out_value) {
  uint64_t value = 0;
  for (unsigned i = 0; i < OTLP__VARINT_MAX && i < reader->size; i++) {
    uint8_t byte = reader->at[i];
    value |= (uint64_t)(byte & 0x7F) << (7 * i);
    if ((byte & 0x80) == 0) {
      reader->at += i + 1;
      reader->size -= i + 1;
      *out_value = value;
      return true;
    }
  }
  return false;
}

static bool read_fixed(otlp__reader *reader, size_t size, uint64_t *out_value) {
  if (reader->size < size) {
    return false;
  }
  uint64_t value = 0;
  memcpy(&value, reader->at, size);
  *out_value = size == 4 ? le32toh((uint32_t)value) : le64toh(value);
  reader->at += size;
  reader->size -= size;
  return true;
}

static bool read_bytes(otlp__reader *reader, otlp_bytes *out_bytes) {
  uint64_t length;
  if (!read_varint(reader, &length) || length > reader->size) {
    return false;
  }
  out_bytes->data = reader->at;
  out_bytes->size = (size_t)length;
  reader->at += length;
  reader->size -= length;
  return true;
}

static bool read_field(otlp__reader *reader, otlp__field *out_field) {
  uint64_t tag;
  if (!read_varint(reader, &tag) || tag >> 3 == 0 || tag >> 32 != 0) {
    return false;
  }
  memset(out_field, 0, sizeof(*out_field));
  out_field->number = (uint32_t)(tag >> 3);
  out_field->type = (otlp__wire_type)(tag & 7);
  switch (out_field->type) {
  case OTLP__WIRE_VARINT:
    return read_varint(reader, &out_field->number_value);
  case OTLP__WIRE_FIXED64:
    return read_fixed(reader, 8, &out_field->number_value);
  case OTLP__WIRE_FIXED32:
    return read_fixed(reader, 4, &out_field->number_value);
  case OTLP__WIRE_BYTES:
    return read_bytes(reader, &out_field->bytes);
  }
  return false; /* groups */
}

bool otlp__reader_next(otlp__reader *reader, otlp__field *out_field) {
  otlp__reader ahead = *reader;
  if (!read_field(&ahead, out_field)) {
    return false;
  }
  *reader = ahead;
  return true;
}

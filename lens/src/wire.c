/* SPDX-License-Identifier: Apache-2.0 */
#include "wire.h"

#define MAX_VARINT_BYTES 10

static bool malformed(lens_cursor *cursor) {
  cursor->is_malformed = true;
  return false;
}

static bool read_long_varint(lens_cursor *cursor, uint64_t *out_value) {
  uint64_t value = 0;
  for (unsigned i = 0; i < MAX_VARINT_BYTES && cursor->at < cursor->end; i++) {
    uint8_t byte = *cursor->at++;
    if (i == MAX_VARINT_BYTES - 1 && byte > 1) {
      return malformed(cursor);
    }
    value |= (uint64_t)(byte & 0x7f) << (7 * i);
    if (byte < 0x80) {
      *out_value = value;
      return true;
    }
  }
  return malformed(cursor);
}

/* Nearly all of OTLP's varints are tags and short lengths: one byte. */
static inline bool read_varint(lens_cursor *cursor, uint64_t *out_value) {
  if (cursor->at < cursor->end && *cursor->at < 0x80) {
    *out_value = *cursor->at++;
    return true;
  }
  return read_long_varint(cursor, out_value);
}

/* Little endian, as on the wire. */
static bool read_fixed(lens_cursor *cursor, unsigned size, uint64_t *out_value) {
  if ((size_t)(cursor->end - cursor->at) < size) {
    return malformed(cursor);
  }
  uint64_t value = 0;
  for (unsigned i = 0; i < size; i++) {
    value |= (uint64_t)cursor->at[i] << (8 * i);
  }
  cursor->at += size;
  *out_value = value;
  return true;
}

static bool read_bytes(lens_cursor *cursor, lens_bytes *out_bytes) {
  uint64_t size = 0;
  if (!read_varint(cursor, &size)) {
    return false;
  }
  if (size > (uint64_t)(cursor->end - cursor->at)) {
    return malformed(cursor);
  }
  *out_bytes = (lens_bytes){cursor->at, (size_t)size};
  cursor->at += size;
  return true;
}

bool lens_cursor_next(lens_cursor *cursor, lens_field *out_field) {
  uint64_t tag = 0;
  if (cursor->at == cursor->end || !read_varint(cursor, &tag)) {
    return false;
  }
  if (tag >> 3 == 0 || tag > UINT32_MAX) {
    return malformed(cursor);
  }
  out_field->number = (uint32_t)(tag >> 3);
  out_field->type = (lens_wire_type)(tag & 7);
  switch (out_field->type) {
  case LENS_WIRE_VARINT:
    return read_varint(cursor, &out_field->value);
  case LENS_WIRE_FIXED64:
    return read_fixed(cursor, 8, &out_field->value);
  case LENS_WIRE_BYTES:
    return read_bytes(cursor, &out_field->bytes);
  case LENS_WIRE_FIXED32:
    return read_fixed(cursor, 4, &out_field->value);
  }
  return malformed(cursor);
}

size_t lens_varint_size(uint64_t value) {
  size_t size = 1;
  while (value >= 0x80) {
    value >>= 7;
    size++;
  }
  return size;
}

uint8_t *lens_varint_write(uint8_t *out, uint64_t value) {
  while (value >= 0x80) {
    *out++ = (uint8_t)(value | 0x80);
    value >>= 7;
  }
  *out++ = (uint8_t)value;
  return out;
}

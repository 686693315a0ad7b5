/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The protobuf wire format, read field by field without copying anything (protobuf documentation,
 * "Encoding"). Effort is linear in the input, whatever is in it.
 */
#ifndef LENS_WIRE_H
#define LENS_WIRE_H

#include "bytes.h"

typedef enum lens_wire_type {
  LENS_WIRE_VARINT = 0,
  LENS_WIRE_FIXED64 = 1,
  LENS_WIRE_BYTES = 2,
  LENS_WIRE_FIXED32 = 5,
} lens_wire_type;

/* What begins a field of this number and type. */
#define LENS_TAG(number, type) ((uint32_t)(number) << 3 | (uint32_t)(type))

/* One field of a message. */
typedef struct lens_field {
  uint32_t tag; /* both of the next two */
  uint32_t number;
  lens_wire_type type;
  uint64_t value;   /* of varint and fixed fields */
  lens_bytes bytes; /* of length-delimited ones; points into the message */
} lens_field;

/* Where reading stands in a message. */
typedef struct lens_cursor {
  const uint8_t *at;
  const uint8_t *end;
  bool is_malformed;
} lens_cursor;

static inline lens_cursor lens_cursor_of(lens_bytes message) {
  const uint8_t *end = message.size > 0 ? message.data + message.size : message.data;
  return (lens_cursor){message.data, end, false};
}

/* What follows is inlined into the loops that walk messages, where it takes half the time of a
 * call: lens does little else than this. Nothing takes the address of a cursor, so that compilers
 * keep it in registers. */

static inline bool lens__cursor_fail(lens_cursor *cursor) {
  cursor->is_malformed = true;
  return false;
}

/* Reads a varint of any length; NULL when it is longer than 64 bits, or not all there. */
const uint8_t *lens__long_varint(const uint8_t *at, const uint8_t *end, uint64_t *out_value);

/* Nearly all of OTLP's varints are tags and short lengths: one byte, or two. */
static inline bool lens__cursor_varint(lens_cursor *cursor, uint64_t *out_value) {
  const uint8_t *at = cursor->at;
  if (at < cursor->end && at[0] < 0x80) {
    *out_value = at[0];
    cursor->at = at + 1;
    return true;
  }
  if (cursor->end - at >= 2 && at[1] < 0x80) {
    *out_value = (at[0] & 0x7fu) | (uint32_t)at[1] << 7;
    cursor->at = at + 2;
    return true;
  }
  uint64_t value = 0;
  const uint8_t *behind = lens__long_varint(at, cursor->end, &value);
  if (behind == NULL) {
    return lens__cursor_fail(cursor);
  }
  cursor->at = behind;
  *out_value = value;
  return true;
}

/* Little endian, as on the wire. */
static inline bool lens__cursor_fixed(lens_cursor *cursor, unsigned size, uint64_t *out_value) {
  if ((size_t)(cursor->end - cursor->at) < size) {
    return lens__cursor_fail(cursor);
  }
  uint64_t value = 0;
  for (unsigned i = 0; i < size; i++) {
    value |= (uint64_t)cursor->at[i] << (8 * i);
  }
  cursor->at += size;
  *out_value = value;
  return true;
}

static inline bool lens__cursor_bytes(lens_cursor *cursor, lens_bytes *out_bytes) {
  uint64_t size = 0;
  if (!lens__cursor_varint(cursor, &size)) {
    return false;
  }
  if (size > (uint64_t)(cursor->end - cursor->at)) {
    return lens__cursor_fail(cursor);
  }
  *out_bytes = (lens_bytes){cursor->at, (size_t)size};
  cursor->at += size;
  return true;
}

/*
 * Reads the next field. False at the end of the message, and, with `is_malformed` set, where it
 * cannot be read: a varint of more than 64 bits, a length beyond the end, field number 0, and
 * groups, which proto3 does not have.
 */
static inline bool lens_cursor_next(lens_cursor *cursor, lens_field *out_field) {
  uint64_t tag = 0;
  if (cursor->at == cursor->end || !lens__cursor_varint(cursor, &tag)) {
    return false;
  }
  if (tag >> 3 == 0 || tag > UINT32_MAX) {
    return lens__cursor_fail(cursor);
  }
  *out_field = (lens_field){
      .tag = (uint32_t)tag, .number = (uint32_t)(tag >> 3), .type = (lens_wire_type)(tag & 7)};
  switch (out_field->type) {
  case LENS_WIRE_VARINT:
    return lens__cursor_varint(cursor, &out_field->value);
  case LENS_WIRE_FIXED64:
    return lens__cursor_fixed(cursor, 8, &out_field->value);
  case LENS_WIRE_BYTES:
    return lens__cursor_bytes(cursor, &out_field->bytes);
  case LENS_WIRE_FIXED32:
    return lens__cursor_fixed(cursor, 4, &out_field->value);
  }
  return lens__cursor_fail(cursor);
}

/* Passes over fields of this tag, all of one byte and length-delimited, that are shorter than 128
 * bytes and follow one another; others are left for lens_cursor_next. */
static inline void lens_cursor_skip_run(lens_cursor *cursor, uint8_t tag) {
  const uint8_t *at = cursor->at;
  while (cursor->end - at >= 2 && at[0] == tag && at[1] < 0x80 && at[1] <= cursor->end - at - 2) {
    at += 2 + at[1];
  }
  cursor->at = at;
}

/* Bytes that `value` takes as a varint, and writing it: both for lengths and tags that we emit. */
size_t lens_varint_size(uint64_t value);
uint8_t *lens_varint_write(uint8_t *out, uint64_t value);

/* A length-delimited field of a number below 16: its size with `size` bytes in it, its tag and
 * length alone, and all of it. */
size_t lens_field_size(size_t size);
void lens_field_add_head(lens_buffer *out, unsigned number, size_t size);
void lens_field_add_bytes(lens_buffer *out, unsigned number, lens_bytes bytes);

/* A varint field of a number below 16. */
void lens_field_add_varint(lens_buffer *out, unsigned number, uint64_t value);

#endif

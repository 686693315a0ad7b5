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

/* One field of a message. */
typedef struct lens_field {
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

/*
 * Reads the next field. False at the end of the message, and, with `is_malformed` set, where it
 * cannot be read: a varint of more than 64 bits, a length beyond the end, field number 0, and
 * groups, which proto3 does not have.
 */
bool lens_cursor_next(lens_cursor *cursor, lens_field *out_field);

/* Bytes that `value` takes as a varint, and writing it: both for lengths and tags that we emit. */
size_t lens_varint_size(uint64_t value);
uint8_t *lens_varint_write(uint8_t *out, uint64_t value);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "wire.h"

#define MAX_VARINT_BYTES 10

const uint8_t *lens__long_varint(const uint8_t *at, const uint8_t *end, uint64_t *out_value) {
  uint64_t value = 0;
  for (unsigned i = 0; i < MAX_VARINT_BYTES && at < end; i++) {
    uint8_t byte = *at++;
    if (i == MAX_VARINT_BYTES - 1 && byte > 1) {
      return NULL;
    }
    value |= (uint64_t)(byte & 0x7f) << (7 * i);
    if (byte < 0x80) {
      *out_value = value;
      return at;
    }
  }
  return NULL;
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

size_t lens_field_size(size_t size) {
  return 1 + lens_varint_size(size) + size;
}

static void add_tag_and_varint(lens_buffer *out, unsigned number, lens_wire_type type,
                               uint64_t value) {
  uint8_t bytes[1 + MAX_VARINT_BYTES] = {(uint8_t)(number << 3 | type)};
  const uint8_t *end = lens_varint_write(bytes + 1, value);
  lens_buffer_add(out, bytes, (size_t)(end - bytes));
}

void lens_field_add_head(lens_buffer *out, unsigned number, size_t size) {
  add_tag_and_varint(out, number, LENS_WIRE_BYTES, size);
}

void lens_field_add_bytes(lens_buffer *out, unsigned number, lens_bytes bytes) {
  lens_field_add_head(out, number, bytes.size);
  lens_buffer_add_bytes(out, bytes);
}

void lens_field_add_varint(lens_buffer *out, unsigned number, uint64_t value) {
  add_tag_and_varint(out, number, LENS_WIRE_VARINT, value);
}

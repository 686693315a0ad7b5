/* SPDX-License-Identifier: Apache-2.0 */
#include "wire.h"

#define MAX_VARINT_BYTES 10

bool lens__cursor_long_varint(lens_cursor *cursor, uint64_t *out_value) {
  uint64_t value = 0;
  for (unsigned i = 0; i < MAX_VARINT_BYTES && cursor->at < cursor->end; i++) {
    uint8_t byte = *cursor->at++;
    if (i == MAX_VARINT_BYTES - 1 && byte > 1) {
      return lens__cursor_fail(cursor);
    }
    value |= (uint64_t)(byte & 0x7f) << (7 * i);
    if (byte < 0x80) {
      *out_value = value;
      return true;
    }
  }
  return lens__cursor_fail(cursor);
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

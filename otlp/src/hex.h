/* SPDX-License-Identifier: Apache-2.0 */
/** Ids from the hex of propagation headers. */
#ifndef OTLP_SRC_HEX_H
#define OTLP_SRC_HEX_H

#include "text.h"

/* The value of a lower-case hex digit, and 16 or more for every other character. */
static inline unsigned otlp__lower_hex_digit(char c) {
  unsigned digit = (unsigned char)c - (unsigned)'0';
  unsigned letter = (unsigned char)c - (unsigned)'a';
  return digit < 10 ? digit : letter < 6 ? letter + 10 : 16;
}

/** Reads `size` bytes from twice as many digits; false unless all are lower-case hex. */
static inline bool otlp__read_hex(const char *hex, size_t size, uint8_t *out_bytes) {
  unsigned all = 0;
  for (size_t i = 0; i < size; i++) {
    unsigned high = otlp__lower_hex_digit(hex[2 * i]);
    unsigned low = otlp__lower_hex_digit(hex[2 * i + 1]);
    all |= high | low;
    out_bytes[i] = (uint8_t)(high << 4 | low);
  }
  return all < 16;
}

#endif

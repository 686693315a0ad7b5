/* SPDX-License-Identifier: Apache-2.0 */
/** Ids from the hex of propagation headers. */
#ifndef OTLP_SRC_HEX_H
#define OTLP_SRC_HEX_H

#include "text.h"

/** Reads `size` bytes from twice as many digits; false unless all are lower-case hex. */
static inline bool otlp__read_hex(const char *hex, size_t size, uint8_t *out_bytes) {
  for (size_t i = 0; i < size; i++) {
    char high = hex[2 * i];
    char low = hex[2 * i + 1];
    if (high != otlp__to_lower(high) || low != otlp__to_lower(low) || otlp__hex_digit(high) < 0 ||
        otlp__hex_digit(low) < 0) {
      return false;
    }
    out_bytes[i] = (uint8_t)(otlp__hex_digit(high) << 4 | otlp__hex_digit(low));
  }
  return true;
}

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "utf8.h"

static const uint8_t replacement[3] = {0xEF, 0xBF, 0xBD}; /* U+FFFD */

static bool is_continuation(uint8_t byte) {
  return (byte & 0xC0) == 0x80;
}

/* The range of a second byte keeps out overlong forms, surrogates and what is above U+10FFFF
 * (RFC 3629, section 4). */
static bool is_second(uint8_t first, uint8_t second) {
  switch (first) {
  case 0xE0:
    return second >= 0xA0 && second <= 0xBF;
  case 0xED:
    return second >= 0x80 && second <= 0x9F;
  case 0xF0:
    return second >= 0x90 && second <= 0xBF;
  case 0xF4:
    return second >= 0x80 && second <= 0x8F;
  default:
    return is_continuation(second);
  }
}

/* The length of the character at `bytes`, 0 if there is none. */
static size_t character_length(const uint8_t *bytes, size_t left) {
  uint8_t first = bytes[0];
  if (first < 0x80) {
    return 1;
  }
  if (first < 0xC2 || first > 0xF4) {
    return 0;
  }
  size_t length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (left < length || !is_second(first, bytes[1])) {
    return 0;
  }
  for (size_t i = 2; i < length; i++) {
    if (!is_continuation(bytes[i])) {
      return 0;
    }
  }
  return length;
}

bool otlp__utf8_is_valid_beyond_ascii(otlp_string text) {
  const uint8_t *bytes = (const uint8_t *)text.data;
  for (size_t at = 0; at < text.length;) {
    size_t length = character_length(bytes + at, text.length - at);
    if (length == 0) {
      return false;
    }
    at += length;
  }
  return true;
}

size_t otlp__utf8_prefix(otlp_string text, size_t characters) {
  size_t at = 0;
  while (at < text.length && characters > 0) {
    at++;
    while (at < text.length && is_continuation((uint8_t)text.data[at])) {
      at++;
    }
    characters--;
  }
  return at;
}

size_t otlp__utf8_repaired_size(otlp_string text) {
  const uint8_t *bytes = (const uint8_t *)text.data;
  size_t size = 0;
  for (size_t at = 0; at < text.length;) {
    size_t length = character_length(bytes + at, text.length - at);
    size += length > 0 ? length : sizeof(replacement);
    at += length > 0 ? length : 1;
  }
  return size;
}

uint8_t *otlp__utf8_write_repaired(uint8_t *to, otlp_string text) {
  const uint8_t *bytes = (const uint8_t *)text.data;
  for (size_t at = 0; at < text.length;) {
    size_t length = character_length(bytes + at, text.length - at);
    const uint8_t *from = length > 0 ? bytes + at : replacement;
    size_t size = length > 0 ? length : sizeof(replacement);
    memcpy(to, from, size);
    to += size;
    at += length > 0 ? length : 1;
  }
  return to;
}

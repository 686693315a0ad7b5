/* SPDX-License-Identifier: Apache-2.0 */
/**
 * UTF-8 (RFC 3629): protobuf's `string` fields must hold nothing else, or receivers reject the
 * whole message.
 */
#ifndef OTLP_SRC_UTF8_H
#define OTLP_SRC_UTF8_H

#include <otlp/value.h>

/** The long way: for text that is not all ASCII. */
bool otlp__utf8_is_valid_beyond_ascii(otlp_string text);

/* Whole words, the last ones overlapping: most keys and values have a handful of them. */
static inline bool otlp__is_ascii(otlp_string text) {
  uint64_t word = 0;
  uint64_t any = 0;
  if (text.length < sizeof(word)) {
    for (size_t i = 0; i < text.length; i++) {
      any |= (uint8_t)text.data[i];
    }
    return any < 0x80;
  }
  for (size_t at = 0; text.length - at >= sizeof(word); at += sizeof(word)) {
    memcpy(&word, text.data + at, sizeof(word));
    any |= word;
  }
  memcpy(&word, text.data + text.length - sizeof(word), sizeof(word));
  return ((any | word) & UINT64_C(0x8080808080808080)) == 0;
}

/** Copies the text and says, from the same pass, whether all of it is ASCII. */
static inline bool otlp__copy_ascii(uint8_t *to, otlp_string text) {
  uint64_t word = 0;
  uint64_t any = 0;
  if (text.length < sizeof(word)) {
    for (size_t i = 0; i < text.length; i++) {
      to[i] = (uint8_t)text.data[i];
      any |= to[i];
    }
    return any < 0x80;
  }
  for (size_t at = 0; text.length - at >= sizeof(word); at += sizeof(word)) {
    memcpy(&word, text.data + at, sizeof(word));
    memcpy(to + at, &word, sizeof(word));
    any |= word;
  }
  memcpy(&word, text.data + text.length - sizeof(word), sizeof(word));
  memcpy(to + text.length - sizeof(word), &word, sizeof(word));
  return ((any | word) & UINT64_C(0x8080808080808080)) == 0;
}

static inline bool otlp__utf8_is_valid(otlp_string text) {
  return otlp__is_ascii(text) || otlp__utf8_is_valid_beyond_ascii(text);
}

/** How many bytes the first `characters` characters of valid UTF-8 take. */
size_t otlp__utf8_prefix(otlp_string text, size_t characters);

/** The size of `text` with each byte that is no part of a character replaced by U+FFFD. */
size_t otlp__utf8_repaired_size(otlp_string text);

/** Writes the repaired text, otlp__utf8_repaired_size bytes; returns where the next byte goes. */
uint8_t *otlp__utf8_write_repaired(uint8_t *at, otlp_string text);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/** Small operations on otlp_string and on ASCII, the same in every locale. */
#ifndef OTLP_SRC_TEXT_H
#define OTLP_SRC_TEXT_H

#include <otlp/value.h>

static inline bool otlp__string_equal(otlp_string a, otlp_string b) {
  return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

static inline otlp_string otlp__string_of(const char *data, size_t length) {
  otlp_string view = {data, length};
  return view;
}

/** The bytes from `start` up to, not including, `end`. */
static inline otlp_string otlp__string_part(otlp_string text, size_t start, size_t end) {
  return otlp__string_of(end > start ? text.data + start : text.data, end - start);
}

/** Optional white space (RFC 9110, section 5.6.3). */
static inline bool otlp__is_space(char c) {
  return c == ' ' || c == '\t';
}

static inline otlp_string otlp__string_trim(otlp_string text) {
  while (text.length > 0 && otlp__is_space(text.data[0])) {
    text.data++;
    text.length--;
  }
  while (text.length > 0 && otlp__is_space(text.data[text.length - 1])) {
    text.length--;
  }
  return text;
}

/** The index of the first `c`, or the length. */
static inline size_t otlp__string_find(otlp_string text, char c) {
  const char *found = text.length > 0 ? memchr(text.data, c, text.length) : NULL;
  return found != NULL ? (size_t)(found - text.data) : text.length;
}

/**
 * Takes what stands before the next `separator` off `rest`.
 *
 * @return false when nothing was left. A text that ends in a separator has an empty last part that
 *         is not given.
 */
static inline bool otlp__string_next(otlp_string *rest, char separator, otlp_string *out_part) {
  if (rest->length == 0) {
    return false;
  }
  size_t end = otlp__string_find(*rest, separator);
  *out_part = otlp__string_of(rest->data, end);
  size_t taken = end < rest->length ? end + 1 : end;
  rest->data += taken;
  rest->length -= taken;
  return true;
}

static inline bool otlp__is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

static inline bool otlp__is_digit(char c) {
  return c >= '0' && c <= '9';
}

static inline char otlp__to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static inline bool otlp__string_equal_no_case(otlp_string a, const char *b) {
  if (a.length != strlen(b)) {
    return false;
  }
  for (size_t i = 0; i < a.length; i++) {
    if (otlp__to_lower(a.data[i]) != otlp__to_lower(b[i])) {
      return false;
    }
  }
  return true;
}

/** The value of a hex digit, -1 if it is none. */
static inline int otlp__hex_digit(char c) {
  c = otlp__to_lower(c);
  if (otlp__is_digit(c)) {
    return c - '0';
  }
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

#endif

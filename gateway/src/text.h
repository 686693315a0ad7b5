/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text as it comes from the wire and from descriptors: pointer and length, never NUL-terminated by
 * contract. The gateway uses upb's view for it everywhere, so nothing is converted on the way.
 */
#ifndef GATEWAY_TEXT_H
#define GATEWAY_TEXT_H

#include <stdbool.h>
#include <string.h>
#include <strings.h>
#include <upb/upb.h>

typedef upb_StringView gateway_text;

/* Arguments for "%.*s". */
#define GATEWAY_TEXT_ARGS(text) (int)(text).size, (text).data

static inline gateway_text gateway_text_from(const char *literal) {
  gateway_text text = {literal, strlen(literal)};
  return text;
}

static inline gateway_text gateway_text_of(const char *data, size_t size) {
  gateway_text text = {data, size};
  return text;
}

/* The part from `begin` up to the end of `text`; `begin` is at most its size. */
static inline gateway_text gateway_text_from_offset(gateway_text text, size_t begin) {
  gateway_text rest = {text.data + begin, text.size - begin};
  return rest;
}

static inline bool gateway_text_equals(gateway_text a, gateway_text b) {
  return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

static inline bool gateway_text_is(gateway_text text, const char *literal) {
  return gateway_text_equals(text, gateway_text_from(literal));
}

static inline bool gateway_text_is_nocase(gateway_text text, const char *literal) {
  return text.size == strlen(literal) && strncasecmp(text.data, literal, text.size) == 0;
}

static inline bool gateway_text_starts_with(gateway_text text, const char *prefix) {
  size_t size = strlen(prefix);
  return text.size >= size && memcmp(text.data, prefix, size) == 0;
}

/* Splits at the first `separator`: true with `out_head` before it and `out_tail` behind it; false,
 * with all of `text` as the head and an empty tail, when there is none. */
static inline bool gateway_text_split(gateway_text text, char separator, gateway_text *out_head,
                                      gateway_text *out_tail) {
  const char *at = text.size == 0 ? NULL : memchr(text.data, separator, text.size);
  size_t head_size = at == NULL ? text.size : (size_t)(at - text.data);
  gateway_text whole = text;
  *out_head = gateway_text_of(whole.data, head_size);
  *out_tail = at == NULL ? gateway_text_of("", 0) : gateway_text_from_offset(whole, head_size + 1);
  return at != NULL;
}

#endif

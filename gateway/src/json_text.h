/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A cursor over JSON text that takes nothing but RFC 8259 and valid UTF-8. It builds nothing: it is
 * the eyes of body_check and the knife of the response's parts. What is decoded is decoded by upb.
 *
 * Each function returns false at the first byte that is wrong; `error` says what, and `at` where.
 */
#ifndef GATEWAY_JSON_TEXT_H
#define GATEWAY_JSON_TEXT_H

#include "arena.h"

typedef enum gateway_json_kind {
  GATEWAY_JSON_OBJECT,
  GATEWAY_JSON_ARRAY,
  GATEWAY_JSON_STRING,
  GATEWAY_JSON_NUMBER,
  GATEWAY_JSON_BOOL,
  GATEWAY_JSON_NULL,
  GATEWAY_JSON_NOTHING, /* the end, or what no value starts with */
} gateway_json_kind;

typedef struct gateway_json {
  gateway_text text;
  size_t at;
  const char *error; /* static */
} gateway_json;

static inline gateway_json gateway_json_from(gateway_text text) {
  gateway_json json = {text, 0, NULL};
  return json;
}

/* What comes next, white space skipped. */
gateway_json_kind gateway_json_peek(gateway_json *json);

/* True, and behind it, when the next character is `c`. */
bool gateway_json_accept(gateway_json *json, char c);

/* As accept, but anything else is an error. */
bool gateway_json_expect(gateway_json *json, char c);

/* A string; `out_raw` is what stands between its quotes, escapes and all. */
bool gateway_json_string(gateway_json *json, gateway_text *out_raw);

/* A number, true, false or null. */
bool gateway_json_plain(gateway_json *json, gateway_text *out_raw);

/* An object's next member: true with its key, behind the ':'. False at the '}', which is taken, and
 * on errors. Start with `*index` 0 behind the '{'. */
bool gateway_json_next_member(gateway_json *json, size_t *index, gateway_text *out_raw_key);

/* An array's next element, likewise. */
bool gateway_json_next_element(gateway_json *json, size_t *index);

/* A whole value of at most `depth` levels of objects and arrays. */
bool gateway_json_skip(gateway_json *json, int depth);

/* True when nothing but white space is left. */
bool gateway_json_at_end(gateway_json *json);

/* The text that the raw inside of a string stands for; `raw` itself when it has no escapes. */
gateway_text gateway_json_unescape(upb_Arena *arena, gateway_text raw);

#endif

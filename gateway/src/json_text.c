/* SPDX-License-Identifier: Apache-2.0 */
#include "json_text.h"

#include "field_text.h"
#include "utf8.h"

#include <stdint.h>

static bool fail(gateway_json *json, const char *error) {
  if (json->error == NULL) {
    json->error = error;
  }
  return false;
}

static bool is_at_end(const gateway_json *json) {
  return json->at == json->text.size;
}

static char peek_char(const gateway_json *json) {
  return is_at_end(json) ? '\0' : json->text.data[json->at];
}

static void skip_space(gateway_json *json) {
  while (!is_at_end(json)) {
    char c = json->text.data[json->at];
    if (c != ' ' && c != '\n' && c != '\t' && c != '\r') {
      return;
    }
    json->at++;
  }
}

gateway_json_kind gateway_json_peek(gateway_json *json) {
  skip_space(json);
  switch (peek_char(json)) {
  case '{':
    return GATEWAY_JSON_OBJECT;
  case '[':
    return GATEWAY_JSON_ARRAY;
  case '"':
    return GATEWAY_JSON_STRING;
  case 't':
  case 'f':
    return GATEWAY_JSON_BOOL;
  case 'n':
    return GATEWAY_JSON_NULL;
  default:
    return peek_char(json) == '-' || (peek_char(json) >= '0' && peek_char(json) <= '9')
               ? GATEWAY_JSON_NUMBER
               : GATEWAY_JSON_NOTHING;
  }
}

bool gateway_json_accept(gateway_json *json, char c) {
  skip_space(json);
  if (is_at_end(json) || json->text.data[json->at] != c) {
    return false;
  }
  json->at++;
  return true;
}

static const char *expected(char c) {
  switch (c) {
  case '{':
    return "'{' is expected";
  case '[':
    return "'[' is expected";
  case ':':
    return "':' is expected";
  case ',':
    return "',' or the end of the object or array is expected";
  default:
    return "'\"' is expected";
  }
}

bool gateway_json_expect(gateway_json *json, char c) {
  if (gateway_json_accept(json, c)) {
    return true;
  }
  return fail(json, is_at_end(json) ? "the text ends too soon" : expected(c));
}

static bool hex4(gateway_text text, size_t at, uint32_t *out_unit) {
  uint32_t unit = 0;
  if (text.size < at + 4) {
    return false;
  }
  for (size_t i = 0; i < 4; i++) {
    char c = text.data[at + i];
    uint32_t digit = 16;
    if (c >= '0' && c <= '9') {
      digit = (uint32_t)(c - '0');
    } else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') {
      digit = (uint32_t)((c | 0x20) - 'a') + 10;
    }
    if (digit == 16) {
      return false;
    }
    unit = unit << 4 | digit;
  }
  *out_unit = unit;
  return true;
}

static bool is_high_surrogate(uint32_t unit) {
  return unit >= 0xD800 && unit <= 0xDBFF;
}

static bool is_low_surrogate(uint32_t unit) {
  return unit >= 0xDC00 && unit <= 0xDFFF;
}

/* The character of the \u escape, or pair of escapes, at `at`; its size in `out_size`, or 0 when it
 * stands for none. */
static uint32_t unicode_escape(gateway_text text, size_t at, size_t *out_size) {
  uint32_t high = 0;
  uint32_t low = 0;
  *out_size = 0;
  if (!hex4(text, at + 2, &high) || is_low_surrogate(high)) {
    return 0;
  }
  if (!is_high_surrogate(high)) {
    *out_size = 6;
    return high;
  }
  if (text.size < at + 12 || text.data[at + 6] != '\\' || text.data[at + 7] != 'u' ||
      !hex4(text, at + 8, &low) || !is_low_surrogate(low)) {
    return 0;
  }
  *out_size = 12;
  return 0x10000 + ((high & 0x3FF) << 10 | (low & 0x3FF));
}

static size_t escape_size(gateway_text text, size_t at) {
  char c = text.size > at + 1 ? text.data[at + 1] : '\0';
  if (c == 'u') {
    size_t size = 0;
    (void)unicode_escape(text, at, &size);
    return size;
  }
  return c != '\0' && strchr("\"\\/bfnrt", c) != NULL ? 2 : 0;
}

/* One character of a string. */
static bool take_character(gateway_json *json) {
  unsigned char c = (unsigned char)json->text.data[json->at];
  size_t size = 1;
  if (c < 0x20) {
    return fail(json, "there is a control character in a string");
  }
  if (c == '\\') {
    size = escape_size(json->text, json->at);
  } else if (c >= 0x80) {
    size = gateway_utf8_character_size(gateway_text_from_offset(json->text, json->at));
  }
  if (size == 0) {
    return fail(json, c == '\\' ? "there is an escape that stands for no character"
                                : "the text is not valid UTF-8");
  }
  json->at += size;
  return true;
}

bool gateway_json_string(gateway_json *json, gateway_text *out_raw) {
  if (!gateway_json_expect(json, '"')) {
    return false;
  }
  size_t begin = json->at;
  while (!is_at_end(json) && json->text.data[json->at] != '"') {
    if (!take_character(json)) {
      return false;
    }
  }
  if (is_at_end(json)) {
    return fail(json, "the text ends within a string");
  }
  *out_raw = gateway_text_of(json->text.data + begin, json->at - begin);
  json->at++;
  return true;
}

/* Numbers and names run on until white space or punctuation. */
bool gateway_json_plain(gateway_json *json, gateway_text *out_raw) {
  skip_space(json);
  size_t begin = json->at;
  while (!is_at_end(json) && strchr(" \n\t\r,:]}[{\"", json->text.data[json->at]) == NULL) {
    json->at++;
  }
  gateway_text raw = gateway_text_of(json->text.data + begin, json->at - begin);
  if (!gateway_text_is_json_number(raw) && !gateway_text_is(raw, "true") &&
      !gateway_text_is(raw, "false") && !gateway_text_is(raw, "null")) {
    json->at = begin;
    return fail(json, begin == json->text.size ? "the text ends too soon" : "a value is expected");
  }
  *out_raw = raw;
  return true;
}

bool gateway_json_next_element(gateway_json *json, size_t *index) {
  if (gateway_json_accept(json, ']') || (*index > 0 && !gateway_json_expect(json, ','))) {
    return false;
  }
  (*index)++;
  return true;
}

bool gateway_json_next_member(gateway_json *json, size_t *index, gateway_text *out_raw_key) {
  if (gateway_json_accept(json, '}')) {
    return false;
  }
  if (*index > 0 && !gateway_json_expect(json, ',')) {
    return false;
  }
  (*index)++;
  return gateway_json_string(json, out_raw_key) && gateway_json_expect(json, ':');
}

static bool skip_array(gateway_json *json, int depth) {
  size_t index = 0;
  json->at++;
  while (gateway_json_next_element(json, &index)) {
    if (!gateway_json_skip(json, depth - 1)) {
      return false;
    }
  }
  return json->error == NULL;
}

static bool skip_object(gateway_json *json, int depth) {
  size_t index = 0;
  gateway_text key;
  json->at++;
  while (gateway_json_next_member(json, &index, &key)) {
    if (!gateway_json_skip(json, depth - 1)) {
      return false;
    }
  }
  return json->error == NULL;
}

bool gateway_json_skip(gateway_json *json, int depth) {
  gateway_text raw;
  gateway_json_kind kind = gateway_json_peek(json);
  if (kind == GATEWAY_JSON_STRING) {
    return gateway_json_string(json, &raw);
  }
  if (kind != GATEWAY_JSON_OBJECT && kind != GATEWAY_JSON_ARRAY) {
    return gateway_json_plain(json, &raw);
  }
  if (depth <= 0) {
    return fail(json, "the text is nested too deeply");
  }
  return kind == GATEWAY_JSON_OBJECT ? skip_object(json, depth) : skip_array(json, depth);
}

bool gateway_json_at_end(gateway_json *json) {
  skip_space(json);
  return is_at_end(json);
}

static size_t put_utf8(char *out, uint32_t c) {
  static const unsigned char marks[] = {0, 0, 0xC0, 0xE0, 0xF0};
  size_t size = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  if (size == 1) {
    out[0] = (char)c;
    return 1;
  }
  for (size_t i = size - 1; i > 0; i--) {
    out[i] = (char)(0x80 | (c & 0x3F));
    c >>= 6;
  }
  out[0] = (char)(marks[size] | c);
  return size;
}

static char simple_escape(char c) {
  static const char names[] = "bfnrt";
  static const char values[] = "\b\f\n\r\t";
  const char *at = strchr(names, c);
  return at == NULL ? c : values[at - names];
}

gateway_text gateway_json_unescape(upb_Arena *arena, gateway_text raw) {
  if (raw.size == 0 || memchr(raw.data, '\\', raw.size) == NULL) {
    return raw;
  }
  char *text = gateway_arena_alloc(arena, raw.size + 1);
  size_t size = 0;
  for (size_t at = 0; at < raw.size;) {
    if (raw.data[at] != '\\') {
      text[size++] = raw.data[at++];
      continue;
    }
    size_t taken = 2;
    if (raw.data[at + 1] == 'u') {
      size += put_utf8(text + size, unicode_escape(raw, at, &taken));
    } else {
      text[size++] = simple_escape(raw.data[at + 1]);
    }
    at += taken;
  }
  return gateway_text_of(text, size);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "logfmt.h"

#include <inttypes.h>
#include <stdio.h>

/* Kept free for the mark of a cut line and the newline. */
enum { RESERVE = 16 };

static bool fits(const mesh__logfmt *line, size_t size) {
  return size <= sizeof line->text - RESERVE - line->size;
}

static void put(mesh__logfmt *line, const char *text, size_t size) {
  memcpy(line->text + line->size, text, size);
  line->size += size;
}

void mesh__logfmt_begin(mesh__logfmt *line, struct timespec now) {
  struct tm utc;
  char text[64];
  gmtime_r(&now.tv_sec, &utc);
  size_t size = strftime(text, sizeof text, "time=%Y-%m-%dT%H:%M:%S", &utc);
  size += (size_t)snprintf(text + size, sizeof text - size, ".%06ldZ", now.tv_nsec / 1000);
  line->size = 0;
  line->is_cut = false;
  put(line, text, size);
}

static bool is_plain(unsigned char c) {
  return c > 0x20 && c < 0x7F && c != '"' && c != '=' && c != '\\';
}

static bool needs_quotes(otlp_string value) {
  for (size_t i = 0; i < value.length; i++) {
    if (!is_plain((unsigned char)value.data[i])) {
      return true;
    }
  }
  return value.length == 0;
}

/* The length of the UTF-8 character at `text` (RFC 3629, section 4); 0 when it is none. */
static size_t utf8_size(const unsigned char *text, size_t left) {
  unsigned char first = text[0];
  if (first < 0x80) {
    return 1;
  }
  size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || size > left) {
    return 0;
  }
  bool is_overlong = (first == 0xE0 && text[1] < 0xA0) || (first == 0xF0 && text[1] < 0x90);
  bool is_beyond = (first == 0xED && text[1] >= 0xA0) || (first == 0xF4 && text[1] >= 0x90);
  for (size_t i = 1; i < size; i++) {
    is_beyond = is_beyond || (text[i] & 0xC0) != 0x80;
  }
  return is_overlong || is_beyond ? 0 : size;
}

/* One byte within quotes, of ASCII. */
static size_t escape(unsigned char c, char out[8]) {
  switch (c) {
  case '"':
  case '\\':
    out[0] = '\\';
    out[1] = (char)c;
    return 2;
  case '\n':
    memcpy(out, "\\n", 2);
    return 2;
  case '\t':
    memcpy(out, "\\t", 2);
    return 2;
  default:
    if (c < 0x20 || c == 0x7F) {
      return (size_t)snprintf(out, 8, "\\u%04x", c);
    }
    out[0] = (char)c;
    return 1;
  }
}

/* One character within quotes; `size` is that of UTF-8. It stays as it is; what could end the line
 * or drive a terminal (C1 controls, and the bytes of no character, which some take for them) does
 * not. */
static size_t escape_character(const unsigned char *text, size_t size, char *out) {
  if (size == 1) {
    return escape(text[0], out);
  }
  if (size == 0) {
    memcpy(out, "\\ufffd", 6);
    return 6;
  }
  if (text[0] == 0xC2 && text[1] < 0xA0) {
    return (size_t)snprintf(out, 8, "\\u%04x", text[1]);
  }
  memcpy(out, text, size);
  return size;
}

static size_t quote(otlp_string value, char *out) {
  const unsigned char *text = (const unsigned char *)value.data;
  size_t size = 0;
  out[size++] = '"';
  for (size_t i = 0; i < value.length;) {
    size_t taken = utf8_size(text + i, value.length - i);
    size += escape_character(text + i, taken, out + size);
    i += taken > 0 ? taken : 1;
  }
  out[size++] = '"';
  return size;
}

static size_t clean_key(otlp_string key, char out[64]) {
  size_t size = key.length < 64 ? key.length : 64;
  for (size_t i = 0; i < size; i++) {
    out[i] = is_plain((unsigned char)key.data[i]) ? key.data[i] : '_';
  }
  return size;
}

static void put_pair(mesh__logfmt *line, otlp_string key, const char *value, size_t size) {
  char name[64];
  size_t name_size = clean_key(key, name);
  if (name_size == 0 || !fits(line, name_size + size + 2)) {
    line->is_cut = true;
    return;
  }
  put(line, " ", 1);
  put(line, name, name_size);
  put(line, "=", 1);
  put(line, value, size);
}

/* Not in the middle of a UTF-8 character. */
static size_t cut(otlp_string value) {
  if (value.length <= MESH__LOG_VALUE_SIZE) {
    return value.length;
  }
  size_t size = MESH__LOG_VALUE_SIZE;
  while (size > 0 && ((unsigned char)value.data[size] & 0xC0) == 0x80) {
    size--;
  }
  return size;
}

static void add_text(mesh__logfmt *line, otlp_string key, otlp_string value) {
  char quoted[6 * MESH__LOG_VALUE_SIZE + 8];
  value.length = cut(value);
  if (needs_quotes(value)) {
    put_pair(line, key, quoted, quote(value, quoted));
  } else {
    put_pair(line, key, value.data, value.length);
  }
}

void mesh__logfmt_text(mesh__logfmt *line, const char *key, otlp_string value) {
  add_text(line, otlp_string_from(key), value);
}

void mesh__logfmt_field(mesh__logfmt *line, const otlp_attribute *field) {
  char text[32];
  int size;
  switch (field->value.type) {
  case OTLP_VALUE_STRING:
    add_text(line, field->key, field->value.as.string);
    return;
  case OTLP_VALUE_BOOL:
    size = snprintf(text, sizeof text, "%s", field->value.as.boolean ? "true" : "false");
    break;
  case OTLP_VALUE_INT:
    size = snprintf(text, sizeof text, "%" PRId64, field->value.as.integer);
    break;
  case OTLP_VALUE_DOUBLE:
    size = snprintf(text, sizeof text, "%.6g", field->value.as.number);
    break;
  default:
    line->is_cut = true;
    return;
  }
  put_pair(line, field->key, text, (size_t)size);
}

void mesh__logfmt_trace(mesh__logfmt *line, const otlp_span_context *span) {
  if (!otlp_span_context_is_valid(span)) {
    return;
  }
  char trace_id[OTLP_TRACE_ID_HEX_SIZE + 1];
  char span_id[OTLP_SPAN_ID_HEX_SIZE + 1];
  otlp_trace_id_to_hex(span->trace_id, trace_id);
  otlp_span_id_to_hex(span->span_id, span_id);
  mesh__logfmt_text(line, "trace_id", otlp_string_from(trace_id));
  mesh__logfmt_text(line, "span_id", otlp_string_from(span_id));
}

otlp_string mesh__logfmt_end(mesh__logfmt *line) {
  static const char mark[] = " cut=true";
  if (line->is_cut) {
    put(line, mark, sizeof mark - 1);
  }
  put(line, "\n", 1);
  otlp_string text = {line->text, line->size};
  return text;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "log_line.h"

#include <math.h>
#include <stdio.h>

#include "numerals.h"
#include "utf8.h"

/* Kept free for the mark of a cut line and the newline. */
enum { RESERVE = 16, KEY_SIZE = 64, MICROSECOND_DIGITS = 6 };

static bool fits(const mesh__log_line *line, size_t size) {
  return size <= sizeof line->text - RESERVE - line->size;
}

static void put(mesh__log_line *line, const char *text, size_t size) {
  memcpy(line->text + line->size, text, size);
  line->size += size;
}

/* How a line starts within one second: most lines come in the same one as the line before. */
typedef struct start {
  time_t second;
  mesh_log_format format;
  size_t size; /* 0: none yet */
  char text[48];
} start;

static void make_start(start *made, mesh_log_format format, time_t second) {
  static const char *const texts[] = {"time=%Y-%m-%dT%H:%M:%S.", "{\"time\":\"%Y-%m-%dT%H:%M:%S."};
  struct tm utc;
  gmtime_r(&second, &utc);
  made->second = second;
  made->format = format;
  made->size = strftime(made->text, sizeof made->text, texts[format], &utc);
}

void mesh__log_line_begin(mesh__log_line *line, mesh_log_format format, struct timespec now) {
  static _Thread_local start latest;
  static const char *const ends[] = {"Z", "Z\""};
  if (latest.size == 0 || latest.second != now.tv_sec || latest.format != format) {
    make_start(&latest, format, now.tv_sec);
  }
  line->format = format;
  line->size = 0;
  line->is_cut = false;
  put(line, latest.text, latest.size);
  mesh__write_digits((uint32_t)(now.tv_nsec / 1000), MICROSECOND_DIGITS, line->text + line->size);
  line->size += MICROSECOND_DIGITS;
  put(line, ends[format], strlen(ends[format]));
}

#define BIT(c) (UINT64_C(1) << ((c)&63))

/* Printable ASCII but '"', '=' and '\\', and no space: a bit for each. */
static bool is_plain(unsigned char c) {
  static const uint64_t plain[] = {~UINT64_C(0) << '!' & ~BIT('"') & ~BIT('='),
                                   ~BIT('\\') & ~BIT(0x7F), 0, 0};
  return (plain[c >> 6] >> (c & 63) & 1) != 0;
}

static bool needs_quotes(otlp_string value) {
  for (size_t i = 0; i < value.length; i++) {
    if (!is_plain((unsigned char)value.data[i])) {
      return true;
    }
  }
  return value.length == 0;
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
    size_t taken = mesh__utf8_size(text + i, value.length - i);
    size += escape_character(text + i, taken, out + size);
    i += taken > 0 ? taken : 1;
  }
  out[size++] = '"';
  return size;
}

static void put_pair(mesh__log_line *line, otlp_string key, const char *value, size_t size) {
  static const char *const before[] = {" ", ",\""};
  static const char *const between[] = {"=", "\":"};
  if (key.length == 0 || !fits(line, key.length + size + 4)) {
    line->is_cut = true;
    return;
  }
  put(line, before[line->format], strlen(before[line->format]));
  put(line, key.data, key.length);
  put(line, between[line->format], strlen(between[line->format]));
  put(line, value, size);
}

/* At most the size of a value, and not in the middle of a UTF-8 character. */
static otlp_string cut(mesh__log_line *line, otlp_string value) {
  if (value.length > MESH__LOG_VALUE_SIZE) {
    value.length = MESH__LOG_VALUE_SIZE;
    while (value.length > 0 && ((unsigned char)value.data[value.length] & 0xC0) == 0x80) {
      value.length--;
    }
    line->is_cut = true;
  }
  return value;
}

static void add_quoted(mesh__log_line *line, otlp_string key, otlp_string value) {
  char quoted[6 * MESH__LOG_VALUE_SIZE + 8];
  put_pair(line, key, quoted, quote(value, quoted));
}

static void add_text(mesh__log_line *line, otlp_string key, otlp_string value) {
  value = cut(line, value);
  if (line->format == MESH_LOG_JSON || needs_quotes(value)) {
    add_quoted(line, key, value);
  } else {
    put_pair(line, key, value.data, value.length);
  }
}

void mesh__log_line_text(mesh__log_line *line, const char *key, otlp_string value) {
  add_text(line, otlp_string_from(key), value);
}

/* What JSON has no word for is a string there. */
static size_t write_double(const mesh__log_line *line, double number, char *out) {
  if (line->format == MESH_LOG_JSON && !isfinite(number)) {
    return (size_t)snprintf(out, MESH__NUMERAL_SIZE, "\"%.6g\"", number);
  }
  return mesh__write_double(number, out);
}

static void add_value(mesh__log_line *line, otlp_string key, const otlp_value *value) {
  char number[MESH__NUMERAL_SIZE];
  switch (value->type) {
  case OTLP_VALUE_STRING:
    add_text(line, key, value->as.string);
    return;
  case OTLP_VALUE_BOOL:
    put_pair(line, key, value->as.boolean ? "true" : "false", value->as.boolean ? 4 : 5);
    return;
  case OTLP_VALUE_INT:
    put_pair(line, key, number, mesh__write_int(value->as.integer, number));
    return;
  case OTLP_VALUE_DOUBLE:
    put_pair(line, key, number, write_double(line, value->as.number, number));
    return;
  default:
    line->is_cut = true;
  }
}

static bool is(otlp_string key, const char *name, size_t length) {
  return key.length == length && memcmp(key.data, name, length) == 0;
}

#define IS(key, name) is(key, name, sizeof(name) - 1)

static bool is_reserved(otlp_string key) {
  switch (key.length) {
  case 3:
    return IS(key, "msg") || IS(key, "cut");
  case 4:
    return IS(key, "time") || IS(key, "lost");
  case 5:
    return IS(key, "level");
  case 7:
    return IS(key, "service") || IS(key, "span_id");
  case 8:
    return IS(key, "trace_id");
  default:
    return false;
  }
}

static otlp_string clean_key(otlp_string key, char out[KEY_SIZE]) {
  size_t size = key.length < KEY_SIZE - 1 ? key.length : KEY_SIZE - 1;
  for (size_t i = 0; i < size; i++) {
    out[i] = is_plain((unsigned char)key.data[i]) ? key.data[i] : '_';
  }
  otlp_string clean = {out, size};
  if (is_reserved(clean)) {
    out[clean.length++] = '_';
  }
  return clean;
}

void mesh__log_line_field(mesh__log_line *line, const otlp_attribute *field) {
  char key[KEY_SIZE];
  add_value(line, clean_key(field->key, key), &field->value);
}

void mesh__log_line_lost(mesh__log_line *line, unsigned long count) {
  const otlp_value value = otlp_value_integer((int64_t)count);
  add_value(line, otlp_string_from("lost"), &value);
}

void mesh__log_line_trace(mesh__log_line *line, const otlp_span_context *span) {
  if (span == NULL || !otlp_span_context_is_valid(span)) {
    return;
  }
  char trace_id[OTLP_TRACE_ID_HEX_SIZE + 1];
  char span_id[OTLP_SPAN_ID_HEX_SIZE + 1];
  otlp_trace_id_to_hex(span->trace_id, trace_id);
  otlp_span_id_to_hex(span->span_id, span_id);
  mesh__log_line_text(line, "trace_id", otlp_string_from(trace_id));
  mesh__log_line_text(line, "span_id", otlp_string_from(span_id));
}

otlp_string mesh__log_line_end(mesh__log_line *line) {
  static const char *const marks[] = {" cut=true", ",\"cut\":true"};
  static const char *const ends[] = {"\n", "}\n"};
  if (line->is_cut) {
    put(line, marks[line->format], strlen(marks[line->format]));
  }
  put(line, ends[line->format], strlen(ends[line->format]));
  otlp_string text = {line->text, line->size};
  return text;
}

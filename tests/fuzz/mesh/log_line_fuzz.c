/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any keys and values give one line of text without control characters, within its buffer; in JSON,
 * one object of strings, numbers, and truth values.
 */
#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "log_line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool is_true) {
  if (!is_true) {
    __builtin_trap();
  }
}

/* Up to the next NUL of the input. */
static otlp_string take_text(const uint8_t **at, size_t *left) {
  const uint8_t *end = *left > 0 ? memchr(*at, '\0', *left) : NULL;
  size_t size = end != NULL ? (size_t)(end - *at) : *left;
  otlp_string text = {(const char *)*at, size};
  size_t taken = size < *left ? size + 1 : size;
  *at += taken;
  *left -= taken;
  return text;
}

static const char *skip_string(const char *at) {
  expect(*at == '"');
  for (at++; *at != '"'; at++) {
    if (*at != '\\') {
      expect((unsigned char)*at >= 0x20);
      continue;
    }
    at++;
    expect(*at != '\0' && strchr("\"\\ntu", *at) != NULL);
    for (int i = 0; *at == 'u' && i < 4; i++) {
      expect(isxdigit((unsigned char)at[i + 1]));
    }
  }
  return at + 1;
}

static const char *skip_value(const char *at) {
  if (*at == '"') {
    return skip_string(at);
  }
  size_t size = strspn(at, "-+.0123456789eE");
  if (strncmp(at, "true", 4) == 0) {
    size = 4;
  } else if (strncmp(at, "false", 5) == 0) {
    size = 5;
  }
  expect(size > 0);
  return at + size;
}

static void expect_object(const char *at) {
  expect(*at == '{');
  do {
    at = skip_string(at + 1);
    expect(*at == ':');
    at = skip_value(at + 1);
  } while (*at == ',');
  expect(strcmp(at, "}\n") == 0);
}

static void expect_text(const char *line, size_t size) {
  expect(size > 0 && line[size - 1] == '\n');
  for (size_t i = 0; i + 1 < size; i++) {
    unsigned char c = (unsigned char)line[i];
    expect(c >= 0x20 && c != 0x7F);
  }
}

static void write_line(mesh_log_format format, const uint8_t *data, size_t size) {
  mesh__log_line line;
  mesh__log_line_begin(&line, format, (struct timespec){.tv_sec = size});
  mesh__log_line_text(&line, "msg", take_text(&data, &size));
  while (size > 0) {
    double number = (double)size;
    otlp_attribute field = otlp_attribute_of(take_text(&data, &size), otlp_value_number(number));
    mesh__log_line_field(&line, &field);
    field.value = otlp_value_text(take_text(&data, &size));
    mesh__log_line_field(&line, &field);
  }
  otlp_string text = mesh__log_line_end(&line);
  expect(text.length <= sizeof line.text);
  char copy[sizeof line.text + 1];
  memcpy(copy, text.data, text.length);
  copy[text.length] = '\0';
  expect_text(copy, text.length);
  if (format == MESH_LOG_JSON) {
    expect_object(copy);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  write_line(MESH_LOG_LOGFMT, data, size);
  write_line(MESH_LOG_JSON, data, size);
  return 0;
}

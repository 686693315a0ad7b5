/* SPDX-License-Identifier: Apache-2.0 */
#include "text.h"

#include <assert.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

gen_text gen_text_make(gen_pool *pool) {
  return (gen_text){.pool = pool};
}

void gen_text_add(gen_text *text, const char *piece, size_t size) {
  if (text->size + size + 1 > text->capacity) {
    size_t capacity = 2 * (text->size + size + 1);
    char *data = gen_pool_alloc(text->pool, capacity);
    if (text->size > 0) {
      memcpy(data, text->data, text->size);
    }
    text->data = data;
    text->capacity = capacity;
  }
  if (size > 0) {
    memcpy(text->data + text->size, piece, size);
  }
  text->size += size;
  text->data[text->size] = '\0';
}

void gen_text_printf(gen_text *text, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);

  char *piece = gen_pool_alloc(text->pool, (size_t)length + 1);
  va_start(arguments, format);
  vsnprintf(piece, (size_t)length + 1, format, arguments);
  va_end(arguments);
  gen_text_add(text, piece, (size_t)length);
}

static const char *variable_value(const gen_variable *variables, const char *name, size_t size) {
  for (const gen_variable *each = variables; each->name != NULL; each++) {
    if (strlen(each->name) == size && memcmp(each->name, name, size) == 0) {
      return each->value;
    }
  }
  assert(!"a template names a variable that is not there");
  return "";
}

void gen_text_template(gen_text *text, const char *format, const gen_variable *variables) {
  for (const char *rest = format; *rest != '\0';) {
    size_t plain = strcspn(rest, "$");
    gen_text_add(text, rest, plain);
    rest += plain;
    if (*rest == '\0') {
      return;
    }
    size_t name_size = strcspn(rest + 1, "$");
    const char *value = name_size == 0 ? "$" : variable_value(variables, rest + 1, name_size);
    gen_text_add(text, value, strlen(value));
    rest += name_size + 2;
  }
}

/* One line of a comment, in which nothing may open or close one. */
static void add_comment_line(gen_text *text, const char *line, size_t size) {
  while (size > 0 && strchr(" \t\r", line[size - 1]) != NULL) {
    size--;
  }
  for (size_t at = 0; at < size; at++) {
    bool is_delimiter = at + 1 < size && ((line[at] == '*' && line[at + 1] == '/') ||
                                          (line[at] == '/' && line[at + 1] == '*'));
    gen_text_add(text, &line[at], 1);
    if (is_delimiter) {
      gen_text_add(text, " ", 1);
    }
  }
}

/* The comment without blank lines at its top and blanks at its end. */
static const char *trim(const char *comment, size_t *out_size) {
  while (comment[strspn(comment, " \t\r")] == '\n') {
    comment += strspn(comment, " \t\r") + 1;
  }
  *out_size = strlen(comment);
  while (*out_size > 0 && strchr(" \t\r\n", comment[*out_size - 1]) != NULL) {
    (*out_size)--;
  }
  return comment;
}

void gen_text_comment(gen_text *text, const char *comment, int indent) {
  size_t size = 0;
  const char *line = comment != NULL ? trim(comment, &size) : NULL;
  if (size == 0) {
    return;
  }
  const char *end = line + size;
  if (memchr(line, '\n', size) == NULL) {
    gen_text_printf(text, "%*s/**%s", indent, "", line[0] != ' ' ? " " : "");
    add_comment_line(text, line, size);
    gen_text_printf(text, " */\n");
    return;
  }
  gen_text_printf(text, "%*s/**\n", indent, "");
  while (line < end) {
    const char *newline = memchr(line, '\n', (size_t)(end - line));
    const char *line_end = newline != NULL ? newline : end;
    gen_text_printf(text, "%*s *%s", indent, "", line < line_end && line[0] != ' ' ? " " : "");
    add_comment_line(text, line, (size_t)(line_end - line));
    gen_text_add(text, "\n", 1);
    line = line_end + 1;
  }
  gen_text_printf(text, "%*s */\n", indent, "");
}

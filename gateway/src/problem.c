/* SPDX-License-Identifier: Apache-2.0 */
#include "problem.h"

#include "http_status.h"
#include "utf8.h"

#include <stdarg.h>
#include <stdio.h>

enum { MESSAGE_SIZE_MAX = 512 };

void gateway_problem_init(gateway_problem *problem, upb_Arena *arena) {
  problem->arena = arena;
  problem->http_status = 0;
  problem->code = GRPC_STATUS_OK;
  problem->message = gateway_text_of("", 0);
  problem->violation_count = 0;
}

/* Messages quote what callers sent, which may be any bytes; a message is UTF-8. */
static gateway_text repair(upb_Arena *arena, gateway_text text) {
  gateway_text copy = gateway_arena_copy(arena, text);
  if (gateway_utf8_is_valid(copy)) {
    return copy;
  }
  char *bytes = (char *)copy.data;
  for (size_t i = 0; i < copy.size; i++) {
    if ((unsigned char)bytes[i] >= 0x80) {
      bytes[i] = '?';
    }
  }
  return copy;
}

/* The size of `text` without the half of a character that a cut may have left at its end. */
static size_t whole_characters(gateway_text text) {
  size_t last = text.size;
  while (last > 0 && ((unsigned char)text.data[last - 1] & 0xC0) == 0x80) {
    last--;
  }
  bool is_cut =
      last > 0 && gateway_utf8_character_size(gateway_text_from_offset(text, last - 1)) == 0;
  return is_cut ? last - 1 : text.size;
}

static gateway_text format_message(upb_Arena *arena, const char *format, va_list arguments) {
  char message[MESSAGE_SIZE_MAX];
  int size = vsnprintf(message, sizeof message, format, arguments);
  gateway_text text = gateway_text_of(message, size < 0 ? 0 : (size_t)size);
  if (text.size >= sizeof message) {
    text.size = sizeof message - 1;
    text.size = whole_characters(text);
  }
  return repair(arena, text);
}

void gateway_problem_set(gateway_problem *problem, grpc_status_code code, const char *format, ...) {
  if (gateway_problem_is_set(problem)) {
    return;
  }
  va_list arguments;
  va_start(arguments, format);
  problem->message = format_message(problem->arena, format, arguments);
  va_end(arguments);
  problem->code = code;
  problem->http_status = gateway_http_status_from_code(code);
}

void gateway_problem_set_http(gateway_problem *problem, int http_status, grpc_status_code code,
                              const char *format, ...) {
  if (gateway_problem_is_set(problem)) {
    return;
  }
  va_list arguments;
  va_start(arguments, format);
  problem->message = format_message(problem->arena, format, arguments);
  va_end(arguments);
  problem->code = code;
  problem->http_status = http_status;
}

void gateway_problem_add_violation(gateway_problem *problem, gateway_text field, const char *format,
                                   ...) {
  if (gateway_problem_is_full(problem)) {
    return;
  }
  gateway_violation *violation = &problem->violations[problem->violation_count++];
  va_list arguments;
  va_start(arguments, format);
  violation->description = format_message(problem->arena, format, arguments);
  va_end(arguments);
  violation->field = repair(problem->arena, field);
  gateway_problem_set(problem, GRPC_STATUS_INVALID_ARGUMENT, "%.*s%s%.*s",
                      GATEWAY_TEXT_ARGS(violation->field), field.size == 0 ? "" : ": ",
                      GATEWAY_TEXT_ARGS(violation->description));
}

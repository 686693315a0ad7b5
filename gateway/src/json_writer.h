/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes JSON into a growing text: for documents that are no message (the OpenAPI description, the
 * start page), and to put messages, which upb writes, together.
 */
#ifndef GATEWAY_JSON_WRITER_H
#define GATEWAY_JSON_WRITER_H

#include "arena.h"

#include <stdint.h>

enum { GATEWAY_JSON_WRITER_DEPTH_MAX = 64 };

typedef struct gateway_json_writer {
  upb_Arena *arena;
  char *data;
  size_t size, capacity;
  int depth;
  bool has_item[GATEWAY_JSON_WRITER_DEPTH_MAX]; /* at each depth: does a ',' come first? */
} gateway_json_writer;

void gateway_json_writer_init(gateway_json_writer *writer, upb_Arena *arena);

/* What was written so far. */
static inline gateway_text gateway_json_writer_text(const gateway_json_writer *writer) {
  return gateway_text_of(writer->data, writer->size);
}

/* `open` and `close` are '{' '}' or '[' ']'. */
void gateway_json_open(gateway_json_writer *writer, char open);
void gateway_json_close(gateway_json_writer *writer, char close);

/* The key of the value that is written next. */
void gateway_json_key(gateway_json_writer *writer, gateway_text key);

void gateway_json_text(gateway_json_writer *writer, gateway_text text);
void gateway_json_integer(gateway_json_writer *writer, int64_t number);
void gateway_json_bool(gateway_json_writer *writer, bool value);

/* A value that is JSON already. */
void gateway_json_raw(gateway_json_writer *writer, gateway_text json);

/* Members of the object at hand. */
void gateway_json_member(gateway_json_writer *writer, const char *key, const char *text);
void gateway_json_member_open(gateway_json_writer *writer, const char *key, char open);

#endif

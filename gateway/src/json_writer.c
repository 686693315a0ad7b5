/* SPDX-License-Identifier: Apache-2.0 */
#include "json_writer.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

enum { FIRST_CAPACITY = 512 };

void gateway_json_writer_init(gateway_json_writer *writer, upb_Arena *arena) {
  writer->arena = arena;
  writer->data = gateway_arena_alloc(arena, FIRST_CAPACITY);
  writer->size = 0;
  writer->capacity = FIRST_CAPACITY;
  writer->depth = 0;
  writer->has_item[0] = false;
}

static void put(gateway_json_writer *writer, const char *data, size_t size) {
  if (writer->size + size > writer->capacity) {
    size_t capacity = (writer->size + size) * 2;
    char *grown = upb_Arena_Malloc(writer->arena, capacity);
    memcpy(grown, writer->data, writer->size);
    writer->data = grown;
    writer->capacity = capacity;
  }
  if (size > 0) {
    memcpy(writer->data + writer->size, data, size);
  }
  writer->size += size;
}

static void begin_item(gateway_json_writer *writer) {
  if (writer->has_item[writer->depth]) {
    put(writer, ",", 1);
  }
  writer->has_item[writer->depth] = true;
}

void gateway_json_open(gateway_json_writer *writer, char open) {
  begin_item(writer);
  put(writer, &open, 1);
  assert(writer->depth + 1 < GATEWAY_JSON_WRITER_DEPTH_MAX);
  writer->has_item[++writer->depth] = false;
}

void gateway_json_close(gateway_json_writer *writer, char close) {
  assert(writer->depth > 0);
  writer->depth--;
  put(writer, &close, 1);
}

static void put_escaped(gateway_json_writer *writer, char c) {
  static const char escapes[] = "\"\\\b\f\n\r\t";
  static const char names[] = "\"\\bfnrt";
  const char *at = c == '\0' ? NULL : strchr(escapes, c);
  char text[8];
  int size = at != NULL ? snprintf(text, sizeof text, "\\%c", names[at - escapes])
                        : snprintf(text, sizeof text, "\\u%04x", (unsigned)(unsigned char)c);
  put(writer, text, (size_t)size);
}

static void put_string(gateway_json_writer *writer, gateway_text text) {
  size_t begin = 0;
  put(writer, "\"", 1);
  for (size_t i = 0; i < text.size; i++) {
    unsigned char c = (unsigned char)text.data[i];
    if (c < 0x20 || c == '"' || c == '\\') {
      put(writer, text.data + begin, i - begin);
      put_escaped(writer, (char)c);
      begin = i + 1;
    }
  }
  if (begin < text.size) {
    put(writer, text.data + begin, text.size - begin);
  }
  put(writer, "\"", 1);
}

void gateway_json_key(gateway_json_writer *writer, gateway_text key) {
  begin_item(writer);
  put_string(writer, key);
  put(writer, ":", 1);
  writer->has_item[writer->depth] = false; /* its value needs no ',' */
}

void gateway_json_text(gateway_json_writer *writer, gateway_text text) {
  begin_item(writer);
  put_string(writer, text);
}

void gateway_json_integer(gateway_json_writer *writer, int64_t number) {
  char text[24];
  int size = snprintf(text, sizeof text, "%" PRId64, number);
  gateway_json_raw(writer, gateway_text_of(text, (size_t)size));
}

void gateway_json_bool(gateway_json_writer *writer, bool value) {
  gateway_json_raw(writer, gateway_text_from(value ? "true" : "false"));
}

void gateway_json_raw(gateway_json_writer *writer, gateway_text json) {
  begin_item(writer);
  put(writer, json.data, json.size);
}

void gateway_json_member(gateway_json_writer *writer, const char *key, const char *text) {
  gateway_json_key(writer, gateway_text_from(key));
  gateway_json_text(writer, gateway_text_from(text));
}

void gateway_json_member_open(gateway_json_writer *writer, const char *key, char open) {
  gateway_json_key(writer, gateway_text_from(key));
  gateway_json_open(writer, open);
}

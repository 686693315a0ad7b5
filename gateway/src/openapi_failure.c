/* SPDX-License-Identifier: Apache-2.0 */
#include "openapi_failure.h"

/* Has an earlier failure the same status? Then it has been written with that. */
static bool is_written(const gateway_failures *failures, size_t index) {
  for (size_t i = 0; i < index; i++) {
    if (failures->items[i].http_status == failures->items[index].http_status) {
      return true;
    }
  }
  return false;
}

/* All reasons of one status, as one text. */
static gateway_text reasons_of(const gateway_failures *failures, int status, upb_Arena *arena) {
  gateway_text text = gateway_text_of("", 0);
  for (size_t i = 0; i < failures->count; i++) {
    if (failures->items[i].http_status == status) {
      text = gateway_arena_format(arena, "%.*s%s%.*s", GATEWAY_TEXT_ARGS(text),
                                  text.size == 0 ? "" : ", ",
                                  GATEWAY_TEXT_ARGS(failures->items[i].reason));
    }
  }
  return text;
}

/* The error, with the failure's own members beside. */
static void write_failure(gateway_schemas *schemas, const gateway_failure *failure,
                          const upb_MessageDef *error) {
  gateway_json_writer *writer = schemas->writer;
  gateway_json_open(writer, '{');
  gateway_json_key(writer, gateway_text_from("title"));
  gateway_json_text(writer, failure->reason);
  gateway_json_member_open(writer, "allOf", '[');
  gateway_schema_write_message(schemas, error);
  gateway_json_close(writer, ']');
  gateway_json_member_open(writer, "properties", '{');
  for (size_t i = 0; i < failure->member_count; i++) {
    gateway_json_key(writer, failure->members[i]);
    gateway_json_raw(writer, gateway_text_from("{\"type\":\"string\"}"));
  }
  gateway_json_close(writer, '}');
  gateway_json_close(writer, '}');
}

static void write_status(gateway_schemas *schemas, const gateway_failures *failures, int status,
                         const upb_MessageDef *error) {
  gateway_json_writer *writer = schemas->writer;
  gateway_json_key(writer, gateway_arena_format(writer->arena, "%d", status));
  gateway_json_open(writer, '{');
  gateway_json_key(writer, gateway_text_from("description"));
  gateway_json_text(writer, reasons_of(failures, status, writer->arena));
  gateway_json_member_open(writer, "content", '{');
  gateway_json_member_open(writer, "application/json", '{');
  gateway_json_member_open(writer, "schema", '{');
  gateway_json_member_open(writer, "anyOf", '[');
  for (size_t i = 0; i < failures->count; i++) {
    if (failures->items[i].http_status == status) {
      write_failure(schemas, &failures->items[i], error);
    }
  }
  gateway_json_close(writer, ']');
  gateway_json_close(writer, '}');
  gateway_json_close(writer, '}');
  gateway_json_close(writer, '}');
  gateway_json_close(writer, '}');
}

void gateway_openapi_write_failures(gateway_schemas *schemas, const gateway_failures *failures,
                                    const upb_MessageDef *error) {
  for (size_t i = 0; error != NULL && i < failures->count; i++) {
    if (!is_written(failures, i)) {
      write_status(schemas, failures, failures->items[i].http_status, error);
    }
  }
}

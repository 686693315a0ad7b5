/* SPDX-License-Identifier: Apache-2.0 */
#include "otlp_json.h"

#include "json.h"

#include <string.h>

/* The last field of each number: of a singular field that comes twice, the last one counts. */
typedef struct seen_fields {
  bool is_seen[LENS_MAX_FIELDS];
  lens_field last[LENS_MAX_FIELDS];
} seen_fields;

static void write_message(lens_buffer *out, const lens_message_rule *message, lens_bytes bytes,
                          unsigned depth);

static double as_double(uint64_t bits) {
  double value = 0;
  memcpy(&value, &bits, sizeof(value));
  return value;
}

static void write_value(lens_buffer *out, const lens_field_rule *rule, const lens_field *field,
                        unsigned depth) {
  switch (rule->kind) {
  case LENS_KIND_NONE:
    break;
  case LENS_KIND_STRING:
    lens_json_string(out, field->bytes);
    break;
  case LENS_KIND_BASE64:
    lens_json_base64(out, field->bytes);
    break;
  case LENS_KIND_HEX:
    lens_json_hex(out, field->bytes);
    break;
  case LENS_KIND_BOOL:
    lens_json_bool(out, field->value != 0);
    break;
  case LENS_KIND_INT64:
    lens_json_int64(out, (int64_t)field->value);
    break;
  case LENS_KIND_NUMBER: /* enums and uint32 are cut to 32 bits, as protobuf's parsers do */
  case LENS_KIND_FIXED32:
    lens_json_number(out, (uint32_t)field->value);
    break;
  case LENS_KIND_FIXED64:
    lens_json_uint64(out, field->value);
    break;
  case LENS_KIND_DOUBLE:
    lens_json_double(out, as_double(field->value));
    break;
  case LENS_KIND_MESSAGE:
    write_message(out, rule->message, field->bytes, depth - 1);
    break;
  }
}

static void see_fields(const lens_message_rule *message, lens_bytes bytes, seen_fields *out_seen) {
  lens_cursor cursor = lens_cursor_of(bytes);
  lens_field field;
  memset(out_seen->is_seen, 0, sizeof(out_seen->is_seen));
  while (lens_cursor_next(&cursor, &field)) {
    if (lens_rule_for(message, &field) == NULL) {
      continue;
    }
    if (message->is_oneof) {
      memset(out_seen->is_seen, 0, sizeof(out_seen->is_seen));
    }
    out_seen->is_seen[field.number] = true;
    out_seen->last[field.number] = field;
  }
}

static void write_repeated(lens_buffer *out, const lens_message_rule *message, uint32_t number,
                           lens_bytes bytes, unsigned depth) {
  lens_cursor cursor = lens_cursor_of(bytes);
  lens_field field;
  lens_json_begin_array(out);
  while (lens_cursor_next(&cursor, &field)) {
    const lens_field_rule *rule = lens_rule_for(message, &field);
    if (field.number == number && rule != NULL) {
      write_value(out, rule, &field, depth);
    }
  }
  lens_json_end_array(out);
}

static void write_message(lens_buffer *out, const lens_message_rule *message, lens_bytes bytes,
                          unsigned depth) {
  lens_json_begin_object(out);
  seen_fields seen;
  see_fields(message, depth > 0 ? bytes : (lens_bytes){0}, &seen);
  for (uint32_t number = 1; depth > 0 && number < message->count; number++) {
    const lens_field_rule *rule = &message->fields[number];
    static const lens_field empty = {.type = LENS_WIRE_BYTES};
    if (!seen.is_seen[number] && !rule->is_always) {
      continue;
    }
    lens_json_key(out, rule->name);
    if (rule->is_repeated) {
      write_repeated(out, message, number, bytes, depth);
    } else {
      write_value(out, rule, seen.is_seen[number] ? &seen.last[number] : &empty, depth);
    }
  }
  lens_json_end_object(out);
}

void lens_otlp_json_write(lens_buffer *out, const lens_message_rule *message, lens_bytes bytes) {
  write_message(out, message, bytes, LENS_MAX_DEPTH);
}

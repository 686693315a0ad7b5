/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Driven by tables of the messages' fields. Fields of one number may lie anywhere in a message, so
 * each field of a table looks for its own: messages are short, and this is for people's eyes.
 */
#include "otlp_json.h"

#include "reader.h"

#include <inttypes.h>
#include <math.h>

typedef enum field_kind {
  KIND_STRING,
  KIND_HEX,
  KIND_BASE64,
  KIND_BOOL,
  KIND_NUMBER,        /* 32 bits, and enums: a JSON number */
  KIND_SIGNED_STRING, /* 64 bits: a JSON string of digits */
  KIND_UNSIGNED_STRING,
  KIND_DOUBLE,
  KIND_MESSAGE,
} field_kind;

typedef struct message_table message_table;

typedef struct field_entry {
  uint32_t number;
  const char *name;
  field_kind kind;
  bool is_repeated;
  const message_table *message; /* of KIND_MESSAGE */
} field_entry;

struct message_table {
  const field_entry *fields;
  size_t count;
};

#define TABLE(name) \
  static const message_table name = {name##_fields, sizeof(name##_fields) / sizeof(field_entry)}

static const message_table any_value;

static const field_entry array_value_fields[] = {
    {1, "values", KIND_MESSAGE, true, &any_value},
};
TABLE(array_value);

static const field_entry key_value_fields[] = {
    {1, "key", KIND_STRING, false, NULL},
    {2, "value", KIND_MESSAGE, false, &any_value},
};
TABLE(key_value);

static const field_entry key_value_list_fields[] = {
    {1, "values", KIND_MESSAGE, true, &key_value},
};
TABLE(key_value_list);

static const field_entry any_value_fields[] = {
    {1, "stringValue", KIND_STRING, false, NULL},
    {2, "boolValue", KIND_BOOL, false, NULL},
    {3, "intValue", KIND_SIGNED_STRING, false, NULL},
    {4, "doubleValue", KIND_DOUBLE, false, NULL},
    {5, "arrayValue", KIND_MESSAGE, false, &array_value},
    {6, "kvlistValue", KIND_MESSAGE, false, &key_value_list},
    {7, "bytesValue", KIND_BASE64, false, NULL},
};
TABLE(any_value);

static const field_entry event_fields[] = {
    {1, "timeUnixNano", KIND_UNSIGNED_STRING, false, NULL},
    {2, "name", KIND_STRING, false, NULL},
    {3, "attributes", KIND_MESSAGE, true, &key_value},
    {4, "droppedAttributesCount", KIND_NUMBER, false, NULL},
};
TABLE(event);

static const field_entry link_fields[] = {
    {1, "traceId", KIND_HEX, false, NULL},
    {2, "spanId", KIND_HEX, false, NULL},
    {3, "traceState", KIND_STRING, false, NULL},
    {4, "attributes", KIND_MESSAGE, true, &key_value},
    {5, "droppedAttributesCount", KIND_NUMBER, false, NULL},
    {6, "flags", KIND_NUMBER, false, NULL},
};
TABLE(link);

static const field_entry status_fields[] = {
    {2, "message", KIND_STRING, false, NULL},
    {3, "code", KIND_NUMBER, false, NULL},
};
TABLE(status);

static const field_entry span_fields[] = {
    {1, "traceId", KIND_HEX, false, NULL},
    {2, "spanId", KIND_HEX, false, NULL},
    {3, "traceState", KIND_STRING, false, NULL},
    {4, "parentSpanId", KIND_HEX, false, NULL},
    {16, "flags", KIND_NUMBER, false, NULL},
    {5, "name", KIND_STRING, false, NULL},
    {6, "kind", KIND_NUMBER, false, NULL},
    {7, "startTimeUnixNano", KIND_UNSIGNED_STRING, false, NULL},
    {8, "endTimeUnixNano", KIND_UNSIGNED_STRING, false, NULL},
    {9, "attributes", KIND_MESSAGE, true, &key_value},
    {10, "droppedAttributesCount", KIND_NUMBER, false, NULL},
    {11, "events", KIND_MESSAGE, true, &event},
    {12, "droppedEventsCount", KIND_NUMBER, false, NULL},
    {13, "links", KIND_MESSAGE, true, &link},
    {14, "droppedLinksCount", KIND_NUMBER, false, NULL},
    {15, "status", KIND_MESSAGE, false, &status},
};
TABLE(span);

static const field_entry scope_fields[] = {
    {1, "name", KIND_STRING, false, NULL},
    {2, "version", KIND_STRING, false, NULL},
    {3, "attributes", KIND_MESSAGE, true, &key_value},
};
TABLE(scope);

static const field_entry scope_spans_fields[] = {
    {1, "scope", KIND_MESSAGE, false, &scope},
    {3, "schemaUrl", KIND_STRING, false, NULL},
    {2, "spans", KIND_MESSAGE, true, &span},
};
TABLE(scope_spans);

static const field_entry resource_fields[] = {
    {1, "attributes", KIND_MESSAGE, true, &key_value},
};
TABLE(resource);

static const field_entry resource_spans_fields[] = {
    {1, "resource", KIND_MESSAGE, false, &resource},
    {3, "schemaUrl", KIND_STRING, false, NULL},
    {2, "scopeSpans", KIND_MESSAGE, true, &scope_spans},
};
TABLE(resource_spans);

static const field_entry log_record_fields[] = {
    {1, "timeUnixNano", KIND_UNSIGNED_STRING, false, NULL},
    {11, "observedTimeUnixNano", KIND_UNSIGNED_STRING, false, NULL},
    {2, "severityNumber", KIND_NUMBER, false, NULL},
    {3, "severityText", KIND_STRING, false, NULL},
    {5, "body", KIND_MESSAGE, false, &any_value},
    {6, "attributes", KIND_MESSAGE, true, &key_value},
    {7, "droppedAttributesCount", KIND_NUMBER, false, NULL},
    {8, "flags", KIND_NUMBER, false, NULL},
    {9, "traceId", KIND_HEX, false, NULL},
    {10, "spanId", KIND_HEX, false, NULL},
    {12, "eventName", KIND_STRING, false, NULL},
};
TABLE(log_record);

static const field_entry scope_logs_fields[] = {
    {1, "scope", KIND_MESSAGE, false, &scope},
    {3, "schemaUrl", KIND_STRING, false, NULL},
    {2, "logRecords", KIND_MESSAGE, true, &log_record},
};
TABLE(scope_logs);

static const field_entry resource_logs_fields[] = {
    {1, "resource", KIND_MESSAGE, false, &resource},
    {3, "schemaUrl", KIND_STRING, false, NULL},
    {2, "scopeLogs", KIND_MESSAGE, true, &scope_logs},
};
TABLE(resource_logs);

static const message_table *const tables[] = {
    [OTLP__JSON_RESOURCE_SPANS] = &resource_spans,
    [OTLP__JSON_SCOPE_SPANS] = &scope_spans,
    [OTLP__JSON_SPAN] = &span,
    [OTLP__JSON_RESOURCE_LOGS] = &resource_logs,
    [OTLP__JSON_SCOPE_LOGS] = &scope_logs,
    [OTLP__JSON_LOG_RECORD] = &log_record,
};

static bool write_members(FILE *out, const message_table *table, otlp_bytes message);

static void write_escaped(FILE *out, uint8_t byte) {
  static const char plain[] = "\"\\\b\f\n\r\t";
  static const char letters[] = "\"\\bfnrt";
  const char *found = byte != 0 ? strchr(plain, byte) : NULL;
  if (found != NULL) {
    putc('\\', out);
    putc(letters[found - plain], out);
  } else if (byte < 0x20) {
    fprintf(out, "\\u%04x", byte);
  } else {
    putc(byte, out);
  }
}

void otlp__json_write_string(FILE *out, otlp_bytes text) {
  putc('"', out);
  for (size_t i = 0; i < text.size; i++) {
    write_escaped(out, text.data[i]);
  }
  putc('"', out);
}

static void write_hex(FILE *out, otlp_bytes bytes) {
  putc('"', out);
  for (size_t i = 0; i < bytes.size; i++) {
    fprintf(out, "%02x", bytes.data[i]);
  }
  putc('"', out);
}

static void write_base64(FILE *out, otlp_bytes bytes) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  putc('"', out);
  for (size_t i = 0; i < bytes.size; i += 3) {
    size_t left = bytes.size - i;
    uint32_t group = (uint32_t)bytes.data[i] << 16;
    group |= left > 1 ? (uint32_t)bytes.data[i + 1] << 8 : 0;
    group |= left > 2 ? bytes.data[i + 2] : 0;
    putc(digits[group >> 18], out);
    putc(digits[group >> 12 & 63], out);
    putc(left > 1 ? digits[group >> 6 & 63] : '=', out);
    putc(left > 2 ? digits[group & 63] : '=', out);
  }
  putc('"', out);
}

/* JSON has no word for what is no number, and a point in every locale. */
static void write_double(FILE *out, uint64_t bits) {
  double number;
  memcpy(&number, &bits, sizeof(number));
  if (!isfinite(number)) {
    fputs(isnan(number) ? "\"NaN\"" : number > 0 ? "\"Infinity\"" : "\"-Infinity\"", out);
    return;
  }
  char text[32];
  snprintf(text, sizeof(text), "%.17g", number);
  char *comma = strchr(text, ',');
  if (comma != NULL) {
    *comma = '.';
  }
  fputs(text, out);
}

static void write_field(FILE *out, const field_entry *entry, const otlp__field *field) {
  switch (entry->kind) {
  case KIND_STRING:
    otlp__json_write_string(out, field->bytes);
    break;
  case KIND_HEX:
    write_hex(out, field->bytes);
    break;
  case KIND_BASE64:
    write_base64(out, field->bytes);
    break;
  case KIND_BOOL:
    fputs(field->number_value != 0 ? "true" : "false", out);
    break;
  case KIND_NUMBER:
    fprintf(out, "%" PRIu64, field->number_value);
    break;
  case KIND_SIGNED_STRING:
    fprintf(out, "\"%" PRId64 "\"", (int64_t)field->number_value);
    break;
  case KIND_UNSIGNED_STRING:
    fprintf(out, "\"%" PRIu64 "\"", field->number_value);
    break;
  case KIND_DOUBLE:
    write_double(out, field->number_value);
    break;
  case KIND_MESSAGE:
    putc('{', out);
    write_members(out, entry->message, field->bytes);
    putc('}', out);
    break;
  }
}

/* Finds the next field of the entry's number. */
static bool next_of(otlp__reader *reader, uint32_t number, otlp__field *out_field) {
  while (otlp__reader_next(reader, out_field)) {
    if (out_field->number == number) {
      return true;
    }
  }
  return false;
}

static bool write_entry(FILE *out, const field_entry *entry, otlp_bytes message, bool is_first) {
  otlp__reader reader = otlp__reader_of(message);
  otlp__field field;
  if (!next_of(&reader, entry->number, &field)) {
    return false;
  }
  fprintf(out, "%s\"%s\":%s", is_first ? "" : ",", entry->name, entry->is_repeated ? "[" : "");
  write_field(out, entry, &field);
  while (entry->is_repeated && next_of(&reader, entry->number, &field)) {
    putc(',', out);
    write_field(out, entry, &field);
  }
  if (entry->is_repeated) {
    putc(']', out);
  }
  return true;
}

static bool write_members(FILE *out, const message_table *table, otlp_bytes message) {
  bool has_any = false;
  for (size_t i = 0; i < table->count; i++) {
    has_any = write_entry(out, &table->fields[i], message, !has_any) || has_any;
  }
  return has_any;
}

bool otlp__json_write_members(FILE *out, otlp__json_message kind, otlp_bytes message) {
  return write_members(out, tables[kind], message);
}

void otlp__json_write(FILE *out, otlp__json_message kind, otlp_bytes message) {
  putc('{', out);
  write_members(out, tables[kind], message);
  putc('}', out);
}

static void write_plain_array(FILE *out, otlp_bytes array) {
  otlp__reader reader = otlp__reader_of(array);
  otlp__field field;
  const char *separator = "";
  putc('[', out);
  while (next_of(&reader, 1, &field)) {
    fputs(separator, out);
    otlp__json_write_plain(out, field.bytes);
    separator = ",";
  }
  putc(']', out);
}

void otlp__json_write_plain(FILE *out, otlp_bytes value) {
  otlp__reader reader = otlp__reader_of(value);
  otlp__field field;
  if (!otlp__reader_next(&reader, &field)) {
    fputs("null", out);
    return;
  }
  for (size_t i = 0; i < any_value.count; i++) {
    const field_entry *entry = &any_value.fields[i];
    if (entry->number != field.number) {
      continue;
    }
    if (entry->message == &array_value) {
      write_plain_array(out, field.bytes);
    } else if (entry->kind == KIND_SIGNED_STRING) {
      fprintf(out, "%" PRId64, (int64_t)field.number_value);
    } else {
      write_field(out, entry, &field);
    }
  }
}

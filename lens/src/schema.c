/* SPDX-License-Identifier: Apache-2.0 */
#include "schema.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define MESSAGE(name, ...)                                      \
  static const lens_field_rule name##_fields[] = {__VA_ARGS__}; \
  static const lens_message_rule name = {name##_fields, COUNT_OF(name##_fields), false}

#define SCALAR(json, of) \
  { .name = (json), .kind = LENS_KIND_##of }
#define ONE(json, of) \
  { .name = (json), .kind = LENS_KIND_MESSAGE, .message = &(of) }
#define MANY(json, of) \
  { .name = (json), .kind = LENS_KIND_MESSAGE, .message = &(of), .is_repeated = true }
#define ALWAYS(json, of) \
  { .name = (json), .kind = LENS_KIND_MESSAGE, .message = &(of), .is_always = true }

/* Values nest in themselves, through arrays and lists. */
static const lens_message_rule any_value;
static const lens_message_rule key_value;

MESSAGE(array_value, [1] = MANY("values", any_value));
MESSAGE(key_value_list, [1] = MANY("values", key_value));

static const lens_field_rule any_value_fields[] = {
    [1] = SCALAR("stringValue", STRING),  [2] = SCALAR("boolValue", BOOL),
    [3] = SCALAR("intValue", INT64),      [4] = SCALAR("doubleValue", DOUBLE),
    [5] = ONE("arrayValue", array_value), [6] = ONE("kvlistValue", key_value_list),
    [7] = SCALAR("bytesValue", BASE64),
};
static const lens_message_rule any_value = {any_value_fields, COUNT_OF(any_value_fields), true};

static const lens_field_rule key_value_fields[] = {
    [1] = SCALAR("key", STRING),
    [2] = ALWAYS("value", any_value),
};
static const lens_message_rule key_value = {key_value_fields, COUNT_OF(key_value_fields), false};

MESSAGE(scope, [1] = SCALAR("name", STRING), [2] = SCALAR("version", STRING),
        [3] = MANY("attributes", key_value), [4] = SCALAR("droppedAttributesCount", NUMBER));

MESSAGE(event, [1] = SCALAR("timeUnixNano", FIXED64), [2] = SCALAR("name", STRING),
        [3] = MANY("attributes", key_value), [4] = SCALAR("droppedAttributesCount", NUMBER));

MESSAGE(link, [1] = SCALAR("traceId", HEX), [2] = SCALAR("spanId", HEX),
        [3] = SCALAR("traceState", STRING), [4] = MANY("attributes", key_value),
        [5] = SCALAR("droppedAttributesCount", NUMBER), [6] = SCALAR("flags", FIXED32));

MESSAGE(status, [2] = SCALAR("message", STRING), [3] = SCALAR("code", NUMBER));

static const lens_field_rule span_fields[] = {
    [1] = SCALAR("traceId", HEX),
    [2] = SCALAR("spanId", HEX),
    [3] = SCALAR("traceState", STRING),
    [4] = SCALAR("parentSpanId", HEX),
    [5] = SCALAR("name", STRING),
    [6] = SCALAR("kind", NUMBER),
    [7] = SCALAR("startTimeUnixNano", FIXED64),
    [8] = SCALAR("endTimeUnixNano", FIXED64),
    [9] = MANY("attributes", key_value),
    [10] = SCALAR("droppedAttributesCount", NUMBER),
    [11] = MANY("events", event),
    [12] = SCALAR("droppedEventsCount", NUMBER),
    [13] = MANY("links", link),
    [14] = SCALAR("droppedLinksCount", NUMBER),
    [15] = ALWAYS("status", status),
    [16] = SCALAR("flags", FIXED32),
};
const lens_message_rule lens_span_rule = {span_fields, COUNT_OF(span_fields), false};

static const lens_field_rule resource_fields[] = {
    [1] = MANY("attributes", key_value),
    [2] = SCALAR("droppedAttributesCount", NUMBER),
};
const lens_message_rule lens_resource_rule = {resource_fields, COUNT_OF(resource_fields), false};

MESSAGE(scope_spans, [1] = ALWAYS("scope", scope), [2] = MANY("spans", lens_span_rule),
        [3] = SCALAR("schemaUrl", STRING));

MESSAGE(resource_spans, [1] = ALWAYS("resource", lens_resource_rule),
        [2] = MANY("scopeSpans", scope_spans), [3] = SCALAR("schemaUrl", STRING));

static const lens_field_rule traces_data_fields[] = {
    [1] = {.name = "resourceSpans",
           .kind = LENS_KIND_MESSAGE,
           .message = &resource_spans,
           .is_repeated = true,
           .is_always = true},
};
const lens_message_rule lens_traces_data_rule = {traces_data_fields, COUNT_OF(traces_data_fields),
                                                 false};

MESSAGE(log_record, [1] = SCALAR("timeUnixNano", FIXED64), [2] = SCALAR("severityNumber", NUMBER),
        [3] = SCALAR("severityText", STRING), [5] = ONE("body", any_value),
        [6] = MANY("attributes", key_value), [7] = SCALAR("droppedAttributesCount", NUMBER),
        [8] = SCALAR("flags", FIXED32), [9] = SCALAR("traceId", HEX), [10] = SCALAR("spanId", HEX),
        [11] = SCALAR("observedTimeUnixNano", FIXED64), [12] = SCALAR("eventName", STRING));

MESSAGE(scope_logs, [1] = ALWAYS("scope", scope), [2] = MANY("logRecords", log_record),
        [3] = SCALAR("schemaUrl", STRING));

MESSAGE(resource_logs, [1] = ALWAYS("resource", lens_resource_rule),
        [2] = MANY("scopeLogs", scope_logs), [3] = SCALAR("schemaUrl", STRING));

static const lens_field_rule logs_data_fields[] = {
    [1] = {.name = "resourceLogs",
           .kind = LENS_KIND_MESSAGE,
           .message = &resource_logs,
           .is_repeated = true,
           .is_always = true},
};
const lens_message_rule lens_logs_data_rule = {logs_data_fields, COUNT_OF(logs_data_fields), false};

_Static_assert(COUNT_OF(span_fields) <= LENS_MAX_FIELDS, "a span has the most fields");

static lens_wire_type wire_type_of(lens_kind kind) {
  static const lens_wire_type types[] = {
      [LENS_KIND_STRING] = LENS_WIRE_BYTES,    [LENS_KIND_BASE64] = LENS_WIRE_BYTES,
      [LENS_KIND_HEX] = LENS_WIRE_BYTES,       [LENS_KIND_BOOL] = LENS_WIRE_VARINT,
      [LENS_KIND_INT64] = LENS_WIRE_VARINT,    [LENS_KIND_NUMBER] = LENS_WIRE_VARINT,
      [LENS_KIND_FIXED64] = LENS_WIRE_FIXED64, [LENS_KIND_FIXED32] = LENS_WIRE_FIXED32,
      [LENS_KIND_DOUBLE] = LENS_WIRE_FIXED64,  [LENS_KIND_MESSAGE] = LENS_WIRE_BYTES,
  };
  return types[kind];
}

const lens_field_rule *lens_rule_for(const lens_message_rule *message, const lens_field *field) {
  if (field->number >= message->count) {
    return NULL;
  }
  const lens_field_rule *rule = &message->fields[field->number];
  if (rule->kind == LENS_KIND_NONE || wire_type_of(rule->kind) != field->type) {
    return NULL;
  }
  return rule;
}

/* The message that a field is, or NULL when it is something else. */
static const lens_message_rule *nested_rule(const lens_message_rule *message,
                                            const lens_field *field) {
  bool may_be = field->type == LENS_WIRE_BYTES && field->number < message->count;
  return may_be ? message->fields[field->number].message : NULL;
}

/* True for the bytes of a varint of at most nine bytes, and no more. */
static bool is_varint(const uint8_t *bytes, size_t size) {
  if (size == 0 || size > 9 || bytes[size - 1] >= 0x80) {
    return false;
  }
  for (size_t i = 0; i + 1 < size; i++) {
    if (bytes[i] < 0x80) {
      return false;
    }
  }
  return true;
}

/* True for a key and a value, each once and in this order, where the value is a text or an
 * integer, all of them short: so are nearly all attributes, and attributes are most of a span. They
 * need not be read field by field to see that they are well-formed. */
static bool is_plain_attribute(lens_bytes attribute) {
  enum { HEAD = 2 }; /* tag and length */
  const uint8_t *key = attribute.data;
  if (attribute.size < 3 * HEAD || key[0] != LENS_TAG(1, LENS_WIRE_BYTES) || key[1] >= 0x80 ||
      key[1] + 3u * HEAD > attribute.size) {
    return false;
  }
  const uint8_t *value = key + HEAD + key[1];
  size_t value_size = attribute.size - HEAD - key[1] - HEAD;
  if (value[0] != LENS_TAG(2, LENS_WIRE_BYTES) || value[1] != value_size || value_size >= 0x80) {
    return false;
  }
  const uint8_t *inner = value + HEAD;
  if (inner[0] == LENS_TAG(1, LENS_WIRE_BYTES)) {
    return inner[1] == value_size - HEAD;
  }
  return inner[0] == LENS_TAG(3, LENS_WIRE_VARINT) && is_varint(inner + 1, value_size - 1);
}

/* Messages end where the next field of the one around them begins, so one cursor goes through all
 * of the bytes, and what is around is a stack of ends: half the time that recursion takes. */
bool lens_schema_check(const lens_message_rule *message, lens_bytes bytes) {
  struct {
    const lens_message_rule *message;
    const uint8_t *end;
  } around[LENS_MAX_DEPTH];
  unsigned depth = 0;
  lens_cursor cursor = lens_cursor_of(bytes);
  lens_field field;
  for (;;) {
    while (lens_cursor_next(&cursor, &field)) {
      const lens_message_rule *nested = nested_rule(message, &field);
      if (nested == NULL ||
          (nested == &key_value && depth + 2 < LENS_MAX_DEPTH && is_plain_attribute(field.bytes))) {
        continue;
      }
      around[depth].message = message;
      around[depth].end = cursor.end;
      if (++depth == LENS_MAX_DEPTH) {
        return false;
      }
      message = nested;
      cursor = lens_cursor_of(field.bytes);
    }
    if (cursor.is_malformed || depth == 0) {
      return !cursor.is_malformed;
    }
    depth--;
    message = around[depth].message;
    cursor.end = around[depth].end;
  }
}

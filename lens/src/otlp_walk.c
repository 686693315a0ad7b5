/* SPDX-License-Identifier: Apache-2.0 */
#include "otlp_walk.h"

/* Numbers of fields: of ResourceSpans, ScopeSpans, ResourceLogs and ScopeLogs alike, and of the
 * messages below. */
enum { FIELD_ORIGIN = 1, FIELD_CHILDREN = 2, FIELD_SCHEMA_URL = 3 };
enum { FIELD_KEY = 1, FIELD_VALUE = 2, FIELD_STRING_VALUE = 1, FIELD_INT_VALUE = 3 };
enum { FIELD_STATUS_MESSAGE = 2, FIELD_STATUS_CODE = 3 };

/* True for the length-delimited field of this number. */
static bool is_bytes(const lens_field *field, uint32_t number) {
  return field->tag == LENS_TAG(number, LENS_WIRE_BYTES);
}

/* The last length-delimited field of this number; empty without one. */
static lens_bytes find_bytes(lens_bytes message, uint32_t number) {
  lens_cursor cursor = lens_cursor_of(message);
  lens_field field;
  lens_bytes found = {0};
  while (lens_cursor_next(&cursor, &field)) {
    if (is_bytes(&field, number)) {
      found = field.bytes;
    }
  }
  return found;
}

/* An origin may stand behind the spans it belongs to: fields come in any order. */
static lens_origin origin_of(lens_bytes around) {
  return (lens_origin){find_bytes(around, FIELD_ORIGIN), find_bytes(around, FIELD_SCHEMA_URL)};
}

size_t lens_origin_size(const lens_origin *origin) {
  size_t url_size = origin->schema_url.size;
  return lens_field_size(origin->message.size) + (url_size > 0 ? lens_field_size(url_size) : 0);
}

void lens_origin_add(lens_buffer *out, const lens_origin *origin) {
  lens_field_add_bytes(out, FIELD_ORIGIN, origin->message);
  if (origin->schema_url.size > 0) {
    lens_field_add_bytes(out, FIELD_SCHEMA_URL, origin->schema_url);
  }
}

static void walk_scope(lens_bytes scope_items, const lens_visitor *visitor) {
  if (visitor->scope != NULL) {
    lens_origin scope = origin_of(scope_items);
    visitor->scope(visitor->self, &scope);
  }
  lens_cursor cursor = lens_cursor_of(scope_items);
  lens_field field;
  while (lens_cursor_next(&cursor, &field)) {
    if (is_bytes(&field, FIELD_CHILDREN)) {
      visitor->item(visitor->self, field.bytes);
    }
  }
}

static void walk_resource(lens_bytes resource_items, const lens_visitor *visitor) {
  if (visitor->resource != NULL) {
    lens_origin resource = origin_of(resource_items);
    visitor->resource(visitor->self, &resource);
  }
  lens_cursor cursor = lens_cursor_of(resource_items);
  lens_field field;
  while (lens_cursor_next(&cursor, &field)) {
    if (is_bytes(&field, FIELD_CHILDREN)) {
      walk_scope(field.bytes, visitor);
    }
  }
}

void lens_otlp_walk(lens_bytes data, const lens_visitor *visitor) {
  lens_cursor cursor = lens_cursor_of(data);
  lens_field field;
  while (lens_cursor_next(&cursor, &field)) {
    if (is_bytes(&field, 1)) {
      walk_resource(field.bytes, visitor);
    }
  }
}

static void view_status(lens_bytes status, lens_span_view *view) {
  lens_cursor cursor = lens_cursor_of(status);
  lens_field field;
  view->has_status = true;
  while (lens_cursor_next(&cursor, &field)) {
    if (is_bytes(&field, FIELD_STATUS_MESSAGE)) {
      view->status_message = field.bytes;
    } else if (field.tag == LENS_TAG(FIELD_STATUS_CODE, LENS_WIRE_VARINT)) {
      view->status_code = (uint32_t)field.value;
    }
  }
}

/* Numbers and types of trace.proto's Span. */
static void view_field(const lens_field *field, lens_span_view *view) {
  switch (field->tag) {
  case LENS_TAG(1, LENS_WIRE_BYTES):
    view->trace_id = field->bytes;
    break;
  case LENS_TAG(2, LENS_WIRE_BYTES):
    view->span_id = field->bytes;
    break;
  case LENS_TAG(4, LENS_WIRE_BYTES):
    view->parent_span_id = field->bytes;
    break;
  case LENS_TAG(5, LENS_WIRE_BYTES):
    view->name = field->bytes;
    break;
  case LENS_TAG(6, LENS_WIRE_VARINT):
    view->kind = (uint32_t)field->value;
    break;
  case LENS_TAG(7, LENS_WIRE_FIXED64):
    view->start_unix_nanos = field->value;
    break;
  case LENS_TAG(8, LENS_WIRE_FIXED64):
    view->end_unix_nanos = field->value;
    break;
  case LENS_TAG(15, LENS_WIRE_BYTES):
    view_status(field->bytes, view);
    break;
  default:
    break;
  }
}

/* Not inlined where the view is a local: its members would be spread over registers and the stack,
 * and put together again at the end. */
__attribute__((__noinline__)) static void read_view(lens_bytes span, lens_span_view *view) {
  const uint8_t attribute_tag = LENS_TAG(LENS_SPAN_ATTRIBUTES, LENS_WIRE_BYTES);
  lens_cursor cursor = lens_cursor_of(span);
  lens_field field;
  lens_cursor_skip_run(&cursor, attribute_tag);
  while (lens_cursor_next(&cursor, &field)) {
    view_field(&field, view);
    lens_cursor_skip_run(&cursor, attribute_tag);
  }
  if (lens_bytes_is_zero(view->parent_span_id)) {
    view->parent_span_id = (lens_bytes){0};
  }
}

lens_span_view lens_span_view_of(lens_bytes span) {
  lens_span_view view = {0};
  read_view(span, &view);
  return view;
}

bool lens_span_view_has_ids(const lens_span_view *view) {
  return view->trace_id.size == LENS_TRACE_ID_SIZE && !lens_bytes_is_zero(view->trace_id) &&
         view->span_id.size == LENS_SPAN_ID_SIZE && !lens_bytes_is_zero(view->span_id);
}

bool lens_attribute(lens_bytes message, uint32_t attributes_field, const char *key,
                    lens_bytes *out_any_value) {
  lens_bytes wanted = lens_bytes_of(key);
  lens_cursor cursor = lens_cursor_of(message);
  lens_field field;
  while (lens_cursor_next(&cursor, &field)) {
    if (is_bytes(&field, attributes_field) &&
        lens_bytes_equal(find_bytes(field.bytes, FIELD_KEY), wanted)) {
      *out_any_value = find_bytes(field.bytes, FIELD_VALUE);
      return true;
    }
  }
  return false;
}

lens_bytes lens_any_value_text(lens_bytes any_value) {
  return find_bytes(any_value, FIELD_STRING_VALUE);
}

bool lens_any_value_int(lens_bytes any_value, int64_t *out_number) {
  lens_cursor cursor = lens_cursor_of(any_value);
  lens_field field;
  while (lens_cursor_next(&cursor, &field)) {
    if (field.tag == LENS_TAG(FIELD_INT_VALUE, LENS_WIRE_VARINT)) {
      *out_number = (int64_t)field.value;
      return true;
    }
  }
  return false;
}

lens_bytes lens_resource_service(lens_bytes resource) {
  lens_bytes value = {0};
  lens_bytes service = {0};
  if (lens_attribute(resource, LENS_RESOURCE_ATTRIBUTES, "service.name", &value)) {
    service = lens_any_value_text(value);
  }
  return service.size > 0 ? service : lens_bytes_of(LENS_UNKNOWN_SERVICE);
}

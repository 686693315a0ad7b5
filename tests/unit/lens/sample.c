/* SPDX-License-Identifier: Apache-2.0 */
#include "sample.h"

#include <stdlib.h>
#include <string.h>

#define MAX_SPANS 64
#define TEXT(literal) ((char *)(uintptr_t)(literal)) /* protobuf-c has no const */

typedef Opentelemetry__Proto__Trace__V1__TracesData traces_data;
typedef Opentelemetry__Proto__Common__V1__KeyValue key_value;
typedef Opentelemetry__Proto__Common__V1__AnyValue any_value;

/* One attribute: its parts, and the list of one that messages want. */
typedef struct attribute_parts {
  key_value pair;
  any_value value;
  key_value *list[1];
} attribute_parts;

typedef struct span_parts {
  Opentelemetry__Proto__Trace__V1__Span span;
  Opentelemetry__Proto__Trace__V1__Status status;
  attribute_parts attribute;
  uint8_t trace_id[16];
  uint8_t span_id[8];
  uint8_t parent_id[8];
} span_parts;

static ProtobufCBinaryData make_id(uint8_t *out, size_t size, uint64_t value) {
  memset(out, 0, size);
  for (size_t i = 0; i < sizeof(value); i++) {
    out[size - 1 - i] = (uint8_t)(value >> (8 * i));
  }
  return (ProtobufCBinaryData){size, out};
}

static void fill_attribute(attribute_parts *parts, const char *key, const char *text,
                           int64_t number) {
  opentelemetry__proto__common__v1__key_value__init(&parts->pair);
  opentelemetry__proto__common__v1__any_value__init(&parts->value);
  parts->pair.key = TEXT(key);
  parts->pair.value = &parts->value;
  parts->list[0] = &parts->pair;
  if (text != NULL) {
    parts->value.value_case = OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_STRING_VALUE;
    parts->value.string_value = TEXT(text);
  } else {
    parts->value.value_case = OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_INT_VALUE;
    parts->value.int_value = number;
  }
}

static void fill_span(span_parts *parts, const sample_span *sample) {
  opentelemetry__proto__trace__v1__span__init(&parts->span);
  opentelemetry__proto__trace__v1__status__init(&parts->status);
  parts->span.trace_id = make_id(parts->trace_id, sizeof(parts->trace_id), sample->trace);
  parts->span.span_id = make_id(parts->span_id, sizeof(parts->span_id), sample->id);
  if (sample->parent != 0) {
    parts->span.parent_span_id =
        make_id(parts->parent_id, sizeof(parts->parent_id), sample->parent);
  }
  parts->span.name = TEXT(sample->name != NULL ? sample->name : "");
  parts->span.kind = (Opentelemetry__Proto__Trace__V1__Span__SpanKind)sample->kind;
  parts->span.start_time_unix_nano = sample->start;
  parts->span.end_time_unix_nano = sample->end;
  if (sample->key != NULL) {
    fill_attribute(&parts->attribute, sample->key, sample->text, sample->number);
    parts->span.attributes = parts->attribute.list;
    parts->span.n_attributes = 1;
  }
  if (sample->status_code != 0 || sample->status_message != NULL) {
    parts->status.code = (Opentelemetry__Proto__Trace__V1__Status__StatusCode)sample->status_code;
    parts->status.message = TEXT(sample->status_message != NULL ? sample->status_message : "");
    parts->span.status = &parts->status;
  }
}

/* Adds a TracesData with one resource; several of them in a row are one with several. */
static void add_service(lens_buffer *out, const char *service,
                        Opentelemetry__Proto__Trace__V1__Span **spans, size_t count) {
  traces_data data = OPENTELEMETRY__PROTO__TRACE__V1__TRACES_DATA__INIT;
  Opentelemetry__Proto__Trace__V1__ResourceSpans around =
      OPENTELEMETRY__PROTO__TRACE__V1__RESOURCE_SPANS__INIT;
  Opentelemetry__Proto__Trace__V1__ScopeSpans within =
      OPENTELEMETRY__PROTO__TRACE__V1__SCOPE_SPANS__INIT;
  Opentelemetry__Proto__Resource__V1__Resource resource =
      OPENTELEMETRY__PROTO__RESOURCE__V1__RESOURCE__INIT;
  Opentelemetry__Proto__Common__V1__InstrumentationScope scope =
      OPENTELEMETRY__PROTO__COMMON__V1__INSTRUMENTATION_SCOPE__INIT;
  Opentelemetry__Proto__Trace__V1__ResourceSpans *resource_list[] = {&around};
  Opentelemetry__Proto__Trace__V1__ScopeSpans *scope_list[] = {&within};
  attribute_parts name;
  if (service != NULL) {
    fill_attribute(&name, "service.name", service, 0);
    resource.attributes = name.list;
    resource.n_attributes = 1;
  }
  scope.name = TEXT("sample");
  within.scope = &scope;
  within.spans = spans;
  within.n_spans = count;
  around.resource = &resource;
  around.scope_spans = scope_list;
  around.n_scope_spans = 1;
  data.resource_spans = resource_list;
  data.n_resource_spans = 1;
  size_t size = opentelemetry__proto__trace__v1__traces_data__get_packed_size(&data);
  opentelemetry__proto__trace__v1__traces_data__pack(&data, lens_buffer_extend(out, size));
}

static bool is_same_service(const sample_span *a, const sample_span *b) {
  return a->service == b->service ||
         (a->service != NULL && b->service != NULL && strcmp(a->service, b->service) == 0);
}

lens_buffer sample_request(const sample_span *spans, size_t count) {
  static span_parts parts[MAX_SPANS];
  Opentelemetry__Proto__Trace__V1__Span *list[MAX_SPANS];
  assert_true(count <= MAX_SPANS);
  lens_buffer out = {0};
  size_t first = 0;
  for (size_t i = 0; i < count; i++) {
    fill_span(&parts[i], &spans[i]);
    list[i] = &parts[i].span;
    if (i + 1 == count || !is_same_service(&spans[i], &spans[i + 1])) {
      add_service(&out, spans[i].service, list + first, i + 1 - first);
      first = i + 1;
    }
  }
  return out;
}

const uint8_t *sample_trace_id(uint64_t trace) {
  static uint8_t id[16];
  make_id(id, sizeof(id), trace);
  return id;
}

traces_data *sample_unpack(lens_bytes traces) {
  traces_data *data =
      opentelemetry__proto__trace__v1__traces_data__unpack(NULL, traces.size, traces.data);
  assert_non_null(data);
  return data;
}

void sample_free(traces_data *traces) {
  opentelemetry__proto__trace__v1__traces_data__free_unpacked(traces, NULL);
}

void assert_bytes_equal(const lens_buffer *actual, const char *expected) {
  char *text = lens_alloc(actual->size + 1);
  memcpy(text, actual->data, actual->size);
  assert_string_equal(text, expected);
  free(text);
}

void assert_bytes_contain(const lens_buffer *actual, const char *expected) {
  if (memmem(actual->data, actual->size, expected, strlen(expected)) == NULL) {
    fail_msg("\"%s\" is not in:\n%.*s", expected, (int)actual->size, (const char *)actual->data);
  }
}

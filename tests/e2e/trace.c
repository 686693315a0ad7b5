/* SPDX-License-Identifier: Apache-2.0 */
#include "trace.h"

#include "cmocka_headers.h"
#include "http.h"
#include "mesh_process.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_SPANS 10000

typedef Opentelemetry__Proto__Common__V1__KeyValue key_value;
typedef Opentelemetry__Proto__Common__V1__AnyValue any_value;

/* The value as text: "true", "12", "0.5", the string itself. */
static const char *value_text(const any_value *value) {
  static char text[256];
  switch (value->value_case) {
  case OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_STRING_VALUE:
    return value->string_value;
  case OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_BOOL_VALUE:
    return value->bool_value ? "true" : "false";
  case OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_INT_VALUE:
    snprintf(text, sizeof(text), "%" PRId64, value->int_value);
    return text;
  case OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_DOUBLE_VALUE:
    snprintf(text, sizeof(text), "%.15g", value->double_value);
    return text;
  default:
    return "(neither text nor number)";
  }
}

static const char *find_value(key_value *const *attributes, size_t count, const char *key) {
  for (size_t i = 0; i < count; i++) {
    if (strcmp(attributes[i]->key, key) == 0) {
      return value_text(attributes[i]->value);
    }
  }
  return NULL;
}

static int compare_starts(const void *left, const void *right) {
  uint64_t a = ((const trace_span *)left)->span->start_time_unix_nano;
  uint64_t b = ((const trace_span *)right)->span->start_time_unix_nano;
  return (a > b) - (a < b);
}

static void add_spans(whole_trace *into,
                      const Opentelemetry__Proto__Trace__V1__ResourceSpans *around) {
  const char *service =
      find_value(around->resource->attributes, around->resource->n_attributes, "service.name");
  for (size_t i = 0; i < around->n_scope_spans; i++) {
    const Opentelemetry__Proto__Trace__V1__ScopeSpans *scope = around->scope_spans[i];
    for (size_t j = 0; j < scope->n_spans; j++) {
      assert_true(into->count < MAX_SPANS);
      into->spans[into->count++] = (trace_span){service, scope->spans[j]};
    }
  }
}

whole_trace trace_fetch(int query_port, const char *trace_id) {
  whole_trace found = {0};
  char path[128];
  snprintf(path, sizeof(path), "/api/traces/%s", trace_id);
  http_request request = {
      .port = query_port, .path = path, .headers = {"Accept: application/protobuf"}};
  http_answer answer = http_send(&request);
  if (answer.status == 200) {
    found.data = opentelemetry__proto__trace__v1__traces_data__unpack(NULL, answer.body_size,
                                                                      (const uint8_t *)answer.body);
    assert_non_null(found.data);
    found.spans = calloc(MAX_SPANS, sizeof(found.spans[0]));
    for (size_t i = 0; i < found.data->n_resource_spans; i++) {
      add_spans(&found, found.data->resource_spans[i]);
    }
    qsort(found.spans, found.count, sizeof(found.spans[0]), compare_starts);
  }
  http_answer_clean_up(&answer);
  return found;
}

void trace_clean_up(whole_trace *trace) {
  if (trace->data != NULL) {
    opentelemetry__proto__trace__v1__traces_data__free_unpacked(trace->data, NULL);
  }
  free(trace->spans);
  *trace = (whole_trace){0};
}

/* A trace that is waited for. */
typedef struct awaited {
  int query_port;
  const char *trace_id;
  size_t span_count;
  whole_trace found;
} awaited;

static bool has_come(void *data) {
  awaited *waiting = data;
  trace_clean_up(&waiting->found);
  waiting->found = trace_fetch(waiting->query_port, waiting->trace_id);
  return waiting->found.count >= waiting->span_count;
}

/* Adds the lines of the spans below `parent_id`; of those without a parent here when it is NULL. */
static void describe(const whole_trace *trace, const trace_proto_span *parent, unsigned depth,
                     FILE *out) {
  for (size_t i = 0; i < trace->count; i++) {
    static const char *const kinds[] = {"?",      "INTERNAL", "SERVER",
                                        "CLIENT", "PRODUCER", "CONSUMER"};
    const trace_proto_span *span = trace->spans[i].span;
    if (trace_parent(trace, span) == parent) {
      fprintf(out, "%*s%s %s %s\n", (int)depth * 2, "", trace->spans[i].service, span->name,
              kinds[span->kind]);
      describe(trace, span, depth + 1, out);
    }
  }
}

static char *describe_all(const whole_trace *trace) {
  char *text = NULL;
  size_t size = 0;
  FILE *out = open_memstream(&text, &size);
  assert_non_null(out);
  describe(trace, NULL, 0, out);
  fclose(out);
  return text;
}

whole_trace trace_wait(int query_port, const char *trace_id, size_t span_count) {
  awaited waiting = {query_port, trace_id, span_count, {0}};
  if (!mesh_process_wait_until(has_come, &waiting)) {
    char *text = describe_all(&waiting.found);
    fail_msg("%zu of %zu spans came of trace %s:\n%s", waiting.found.count, span_count, trace_id,
             text);
  }
  return waiting.found;
}

void assert_trace_tree(const whole_trace *trace, const char *expected) {
  char *text = describe_all(trace);
  if (strcmp(text, expected) != 0) {
    fprintf(stderr, "%s", text); /* whole: what follows is cut */
  }
  assert_string_equal(text, expected);
  free(text);
}

const trace_proto_span *trace_find(const whole_trace *trace, const char *service,
                                   const char *name) {
  for (size_t i = 0; i < trace->count; i++) {
    if (strcmp(trace->spans[i].service, service) == 0 &&
        strcmp(trace->spans[i].span->name, name) == 0) {
      return trace->spans[i].span;
    }
  }
  char *text = describe_all(trace);
  fail_msg("no span %s of %s in:\n%s", name, service, text);
  return NULL;
}

static bool is_same_id(ProtobufCBinaryData a, ProtobufCBinaryData b) {
  return a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
}

const trace_proto_span *trace_parent(const whole_trace *trace, const trace_proto_span *span) {
  for (size_t i = 0; span->parent_span_id.len > 0 && i < trace->count; i++) {
    if (is_same_id(trace->spans[i].span->span_id, span->parent_span_id)) {
      return trace->spans[i].span;
    }
  }
  return NULL;
}

static void assert_value(const char *where, const char *key, const char *actual,
                         const char *expected) {
  if (actual == NULL || strcmp(actual, expected) != 0) {
    fail_msg("%s of %s is %s, not %s", key, where, actual != NULL ? actual : "missing", expected);
  }
}

const char *trace_attribute(const trace_proto_span *span, const char *key) {
  return find_value(span->attributes, span->n_attributes, key);
}

void assert_attribute(const trace_proto_span *span, const char *key, const char *expected) {
  assert_value(span->name, key, find_value(span->attributes, span->n_attributes, key), expected);
}

static const Opentelemetry__Proto__Trace__V1__Span__Event *find_event(const trace_proto_span *span,
                                                                      const char *name) {
  for (size_t i = 0; i < span->n_events; i++) {
    if (strcmp(span->events[i]->name, name) == 0) {
      return span->events[i];
    }
  }
  fail_msg("%s has no event %s", span->name, name);
  return NULL;
}

void assert_event(const trace_proto_span *span, const char *name) {
  find_event(span, name);
}

void assert_event_attribute(const trace_proto_span *span, const char *name, const char *key,
                            const char *expected) {
  const Opentelemetry__Proto__Trace__V1__Span__Event *event = find_event(span, name);
  assert_value(name, key, find_value(event->attributes, event->n_attributes, key), expected);
}

void assert_error(const trace_proto_span *span, const char *description) {
  assert_non_null(span->status);
  if (span->status->code !=
      OPENTELEMETRY__PROTO__TRACE__V1__STATUS__STATUS_CODE__STATUS_CODE_ERROR) {
    fail_msg("%s is no error", span->name);
  }
  if (description != NULL) {
    assert_string_equal(span->status->message, description);
  }
}

void assert_no_error(const trace_proto_span *span) {
  if (span->status != NULL &&
      span->status->code ==
          OPENTELEMETRY__PROTO__TRACE__V1__STATUS__STATUS_CODE__STATUS_CODE_ERROR) {
    fail_msg("%s is an error: %s", span->name, span->status->message);
  }
}

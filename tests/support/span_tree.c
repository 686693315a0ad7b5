/* SPDX-License-Identifier: Apache-2.0 */
#include "span_tree.h"

#include <stdio.h>
#include <stdlib.h>

#include "opentelemetry/proto/trace/v1/trace.pb-c.h"

typedef Opentelemetry__Proto__Trace__V1__Span proto_span;
typedef Opentelemetry__Proto__Common__V1__AnyValue proto_value;

typedef struct decoded {
  size_t count;
  proto_span *spans[SPAN_TREE_MAX];
} decoded;

void span_tree_init(span_tree *self) {
  *self = (span_tree){0};
  self->memory = otlp_memory_exporter_new();
  otlp_tracer_provider_options options = OTLP_TRACER_PROVIDER_OPTIONS_INIT;
  options.processors[0] = otlp_simple_processor_new(self->memory);
  options.processor_count = 1;
  self->provider = otlp_tracer_provider_new(&options);
}

void span_tree_clean_up(span_tree *self) {
  otlp_tracer_provider_destroy(self->provider);
}

otlp_tracer *span_tree_tracer(span_tree *self) {
  otlp_scope scope = {.name = otlp_string_from("test")};
  return otlp_tracer_provider_get_tracer(self->provider, &scope);
}

void span_tree_reset(span_tree *self) {
  otlp_memory_exporter_reset(self->memory);
}

static int by_start(const void *a, const void *b) {
  const proto_span *left = *(proto_span *const *)a;
  const proto_span *right = *(proto_span *const *)b;
  if (left->start_time_unix_nano != right->start_time_unix_nano) {
    return left->start_time_unix_nano < right->start_time_unix_nano ? -1 : 1;
  }
  return 0;
}

static decoded *decode(span_tree *self) {
  decoded *all = calloc(1, sizeof *all);
  size_t count = otlp_memory_exporter_count(self->memory);
  for (size_t i = 0; all != NULL && i < count && i < SPAN_TREE_MAX; i++) {
    otlp_bytes message = otlp_memory_exporter_get(self->memory, i).message;
    all->spans[all->count++] =
        opentelemetry__proto__trace__v1__span__unpack(NULL, message.size, message.data);
  }
  if (all == NULL) {
    abort();
  }
  qsort(all->spans, all->count, sizeof all->spans[0], by_start);
  return all;
}

static void drop(decoded *all) {
  for (size_t i = 0; i < all->count; i++) {
    opentelemetry__proto__trace__v1__span__free_unpacked(all->spans[i], NULL);
  }
  free(all);
}

static bool same_id(const ProtobufCBinaryData *a, const ProtobufCBinaryData *b) {
  return a->len == b->len && memcmp(a->data, b->data, a->len) == 0;
}

static bool is_root(const decoded *all, const proto_span *span) {
  for (size_t i = 0; i < all->count; i++) {
    if (same_id(&all->spans[i]->span_id, &span->parent_span_id)) {
      return false;
    }
  }
  return true;
}

static void add(span_tree *self, const char *text) {
  size_t length = strlen(self->text);
  snprintf(self->text + length, sizeof self->text - length, "%s", text);
}

static void print(span_tree *self, const decoded *all, const proto_span *span, int depth) {
  static const char *const kinds[] = {"?", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"};
  for (int i = 0; i < depth; i++) {
    add(self, "  ");
  }
  add(self, span->name);
  add(self, " ");
  add(self, kinds[span->kind]);
  if (span->status != NULL && (int)span->status->code == OTLP_STATUS_ERROR) {
    add(self, " ERROR");
  }
  for (size_t i = 0; i < span->n_events; i++) {
    add(self, " !");
    add(self, span->events[i]->name);
  }
  add(self, "\n");
  for (size_t i = 0; i < all->count; i++) {
    if (same_id(&all->spans[i]->parent_span_id, &span->span_id)) {
      print(self, all, all->spans[i], depth + 1);
    }
  }
}

const char *span_tree_text(span_tree *self) {
  decoded *all = decode(self);
  self->text[0] = '\0';
  for (size_t i = 0; i < all->count; i++) {
    if (is_root(all, all->spans[i])) {
      print(self, all, all->spans[i], 0);
    }
  }
  drop(all);
  return self->text;
}

static void write_value(span_tree *self, const proto_value *value) {
  switch (value->value_case) {
  case OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_STRING_VALUE:
    snprintf(self->value, sizeof self->value, "%s", value->string_value);
    return;
  case OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_INT_VALUE:
    snprintf(self->value, sizeof self->value, "%lld", (long long)value->int_value);
    return;
  case OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_DOUBLE_VALUE:
    snprintf(self->value, sizeof self->value, "%g", value->double_value);
    return;
  case OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_BOOL_VALUE:
    snprintf(self->value, sizeof self->value, "%s", value->bool_value ? "true" : "false");
    return;
  default:
    snprintf(self->value, sizeof self->value, "?");
  }
}

const char *span_tree_attribute(span_tree *self, const char *span_name, const char *key) {
  decoded *all = decode(self);
  const char *found = NULL;
  for (size_t i = 0; i < all->count && found == NULL; i++) {
    const proto_span *span = all->spans[i];
    for (size_t j = 0; strcmp(span->name, span_name) == 0 && j < span->n_attributes; j++) {
      if (strcmp(span->attributes[j]->key, key) == 0) {
        write_value(self, span->attributes[j]->value);
        found = self->value;
      }
    }
  }
  drop(all);
  return found;
}

size_t span_tree_count(span_tree *self, const char *span_name) {
  decoded *all = decode(self);
  size_t count = 0;
  for (size_t i = 0; i < all->count; i++) {
    count += strcmp(all->spans[i]->name, span_name) == 0;
  }
  drop(all);
  return count;
}

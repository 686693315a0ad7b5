/* SPDX-License-Identifier: Apache-2.0 */
#include "encode.h"
#include "provider.h"
#include "text.h"
#include "wire.h"

#include <stdlib.h>

enum {
  SCOPE_SPANS_SCOPE = OTLP__TAG_BYTES(1),
  SCOPE_SPANS_SCHEMA_URL = OTLP__TAG_BYTES(3),
  SCOPE_NAME = OTLP__TAG_BYTES(1),
  SCOPE_VERSION = OTLP__TAG_BYTES(2),
  SCOPE_ATTRIBUTES = OTLP__TAG_BYTES(3),
  RESOURCE_SPANS_RESOURCE = OTLP__TAG_BYTES(1),
  RESOURCE_SPANS_SCHEMA_URL = OTLP__TAG_BYTES(3),
  RESOURCE_ATTRIBUTES = OTLP__TAG_BYTES(1),
};

static otlp_tracer no_op_tracer;
static const otlp_scope no_scope;

static size_t scope_message_size(const otlp_scope *scope) {
  return otlp__text_field_size(scope->name) + otlp__text_field_size(scope->version) +
         otlp__attributes_size(scope->attributes, scope->attribute_count, UINT32_MAX, UINT32_MAX,
                               NULL);
}

/* Writes the scope's fields; the name, as written, is left in `out_name`. */
static uint8_t *write_scope(uint8_t *at, const otlp_scope *scope, size_t message_size,
                            otlp_string *out_name) {
  *at++ = SCOPE_SPANS_SCOPE;
  at = otlp__write_varint(at, message_size);
  at = otlp__text_field_write(at, SCOPE_NAME, scope->name);
  size_t name_size = otlp__text_field_size(scope->name);
  size_t name_length = name_size;
  while (name_length > 0 && otlp__bytes_field_size(name_length) > name_size) {
    name_length--;
  }
  *out_name = otlp__string_of((const char *)at - name_length, name_length);
  at = otlp__text_field_write(at, SCOPE_VERSION, scope->version);
  at = otlp__attributes_write(at, SCOPE_ATTRIBUTES, scope->attributes, scope->attribute_count,
                              UINT32_MAX, UINT32_MAX);
  return otlp__text_field_write(at, SCOPE_SPANS_SCHEMA_URL, scope->schema_url);
}

otlp_tracer *otlp__tracer_new(otlp_tracer_provider *provider, const otlp_scope *scope) {
  size_t message_size = scope_message_size(scope);
  size_t size = otlp__bytes_field_size(message_size) + otlp__text_field_size(scope->schema_url);
  otlp_tracer *tracer = malloc(sizeof(*tracer) + size);
  if (tracer == NULL) {
    return NULL;
  }
  uint8_t *bytes = (uint8_t *)(tracer + 1);
  write_scope(bytes, scope, message_size, &tracer->scope.name);
  tracer->provider = provider;
  tracer->scope.header.data = bytes;
  tracer->scope.header.size = size;
  tracer->next = NULL;
  return tracer;
}

static otlp_tracer *find(otlp_tracer *first, otlp_bytes header) {
  otlp_tracer *tracer = first;
  while (tracer != NULL && (tracer->scope.header.size != header.size ||
                            memcmp(tracer->scope.header.data, header.data, header.size) != 0)) {
    tracer = tracer->next;
  }
  return tracer;
}

otlp_tracer *otlp_tracer_provider_get_tracer(otlp_tracer_provider *provider,
                                             const otlp_scope *scope) {
  if (provider == NULL) {
    return &no_op_tracer;
  }
  otlp_tracer *made = otlp__tracer_new(provider, scope != NULL ? scope : &no_scope);
  if (made == NULL) {
    return &no_op_tracer;
  }
  pthread_mutex_lock(&provider->tracers_lock);
  otlp_tracer *known = find(provider->tracers, made->scope.header);
  if (known == NULL) {
    made->next = provider->tracers;
    provider->tracers = made;
  }
  pthread_mutex_unlock(&provider->tracers_lock);
  if (known != NULL) {
    free(made);
  }
  return known != NULL ? known : made;
}

bool otlp_tracer_enabled(const otlp_tracer *tracer) {
  return tracer != NULL && otlp__provider_records(tracer->provider);
}

otlp_bytes otlp__resource_encode(const otlp_resource *resource) {
  otlp_bytes header = {NULL, 0};
  size_t count;
  const otlp_attribute *attributes = otlp_resource_attributes(resource, &count);
  otlp_string schema_url = otlp_resource_schema_url(resource);
  size_t message_size = otlp__attributes_size(attributes, count, UINT32_MAX, UINT32_MAX, NULL);
  size_t size = otlp__bytes_field_size(message_size) + otlp__text_field_size(schema_url);
  uint8_t *bytes = malloc(size);
  if (bytes == NULL) {
    return header;
  }
  header.data = bytes;
  header.size = size;
  *bytes++ = RESOURCE_SPANS_RESOURCE;
  bytes = otlp__write_varint(bytes, message_size);
  bytes =
      otlp__attributes_write(bytes, RESOURCE_ATTRIBUTES, attributes, count, UINT32_MAX, UINT32_MAX);
  otlp__text_field_write(bytes, RESOURCE_SPANS_SCHEMA_URL, schema_url);
  return header;
}

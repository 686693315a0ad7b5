/* SPDX-License-Identifier: Apache-2.0 */
/* Scopes and resources as the headers that items lie behind. */
#include "encode.h"
#include "pipeline.h"
#include "text.h"
#include "wire.h"

#include <stdlib.h>

/* The same fields in the messages of every signal. */
enum {
  SCOPE_ITEMS_SCOPE = OTLP__TAG_BYTES(1),
  SCOPE_ITEMS_SCHEMA_URL = OTLP__TAG_BYTES(3),
  SCOPE_NAME = OTLP__TAG_BYTES(1),
  SCOPE_VERSION = OTLP__TAG_BYTES(2),
  SCOPE_ATTRIBUTES = OTLP__TAG_BYTES(3),
  RESOURCE_ITEMS_RESOURCE = OTLP__TAG_BYTES(1),
  RESOURCE_ITEMS_SCHEMA_URL = OTLP__TAG_BYTES(3),
  RESOURCE_ATTRIBUTES = OTLP__TAG_BYTES(1),
};

static size_t scope_message_size(const otlp_scope *scope) {
  return otlp__text_field_size(scope->name) + otlp__text_field_size(scope->version) +
         otlp__attributes_size(scope->attributes, scope->attribute_count, UINT32_MAX, UINT32_MAX,
                               NULL);
}

/* Writes the scope's fields; the name, as written, is left in `out_name`. */
static uint8_t *write_scope(uint8_t *at, const otlp_scope *scope, size_t message_size,
                            otlp_string *out_name) {
  *at++ = SCOPE_ITEMS_SCOPE;
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
  return otlp__text_field_write(at, SCOPE_ITEMS_SCHEMA_URL, scope->schema_url);
}

otlp__scope_node *otlp__scope_node_new(const otlp_scope *scope, const void *made, size_t size) {
  size_t message_size = scope_message_size(scope);
  size_t header_size =
      otlp__bytes_field_size(message_size) + otlp__text_field_size(scope->schema_url);
  otlp__scope_node *node = malloc(size + header_size);
  if (node == NULL) {
    return NULL;
  }
  uint8_t *bytes = (uint8_t *)node + size;
  memcpy(node, made, size);
  write_scope(bytes, scope, message_size, &node->scope.name);
  node->scope.header.data = bytes;
  node->scope.header.size = header_size;
  node->next = NULL;
  return node;
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
  *bytes++ = RESOURCE_ITEMS_RESOURCE;
  bytes = otlp__write_varint(bytes, message_size);
  bytes =
      otlp__attributes_write(bytes, RESOURCE_ATTRIBUTES, attributes, count, UINT32_MAX, UINT32_MAX);
  otlp__text_field_write(bytes, RESOURCE_ITEMS_SCHEMA_URL, schema_url);
  return header;
}

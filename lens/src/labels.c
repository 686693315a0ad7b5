/* SPDX-License-Identifier: Apache-2.0 */
#include "labels.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Resource.attributes: {"service.name": "unknown_service"}. */
static const char unknown_service[] = "\x0a\x21"
                                      "\x0a\x0cservice.name"
                                      "\x12\x11\x0a\x0f" LENS_UNKNOWN_SERVICE;

void lens_labels_init(lens_labels *labels, uint64_t seed) {
  *labels = (lens_labels){.seed = seed};
  lens_table_init(&labels->table);
  labels->memory = lens_table_size(&labels->table);
}

void lens_labels_clean_up(lens_labels *labels) {
  assert(labels->table.count == 0);
  lens_table_clean_up(&labels->table);
}

static size_t memory_of(const lens_label *label) {
  return sizeof(*label) + label->origin.message.size + label->origin.schema_url.size;
}

static uint64_t hash_of(const lens_labels *labels, const lens_label *parent,
                        const lens_origin *origin) {
  uint64_t hash = labels->seed + (parent != NULL ? parent->node.hash : 0);
  hash = lens_hash(hash, origin->message);
  return lens_hash(hash, origin->schema_url);
}

static lens_label *find(const lens_labels *labels, uint64_t hash, const lens_label *parent,
                        const lens_origin *origin) {
  lens_node *node = lens_table_first(&labels->table, hash);
  for (; node != NULL; node = lens_node_next(node)) {
    lens_label *label = (lens_label *)node;
    if (label->parent == parent && lens_bytes_equal(label->origin.message, origin->message) &&
        lens_bytes_equal(label->origin.schema_url, origin->schema_url)) {
      return label;
    }
  }
  return NULL;
}

static lens_bytes copy_to(uint8_t *out, lens_bytes bytes) {
  if (bytes.size > 0) {
    memcpy(out, bytes.data, bytes.size);
  }
  return (lens_bytes){out, bytes.size};
}

static lens_label *add(lens_labels *labels, uint64_t hash, lens_label *parent,
                       const lens_origin *origin) {
  lens_label *label = lens_alloc(sizeof(*label) + origin->message.size + origin->schema_url.size);
  label->node.hash = hash;
  label->parent = parent != NULL ? lens_label_acquire(parent) : NULL;
  label->sequence = labels->next_sequence++;
  label->origin.message = copy_to(label->bytes, origin->message);
  label->origin.schema_url = copy_to(label->bytes + origin->message.size, origin->schema_url);
  label->service = parent != NULL ? parent->service : lens_resource_service(label->origin.message);
  labels->memory -= lens_table_size(&labels->table);
  lens_table_add(&labels->table, &label->node);
  labels->memory += lens_table_size(&labels->table) + memory_of(label);
  return label;
}

static lens_label *find_or_add(lens_labels *labels, lens_label *parent, const lens_origin *origin) {
  uint64_t hash = hash_of(labels, parent, origin);
  lens_label *label = find(labels, hash, parent, origin);
  if (label == NULL) {
    label = add(labels, hash, parent, origin);
  }
  return lens_label_acquire(label);
}

static bool has_attributes(lens_bytes resource) {
  lens_cursor cursor = lens_cursor_of(resource);
  lens_field field;
  while (lens_cursor_next(&cursor, &field)) {
    if (field.number == LENS_RESOURCE_ATTRIBUTES && field.type == LENS_WIRE_BYTES) {
      return true;
    }
  }
  return false;
}

lens_label *lens_labels_resource(lens_labels *labels, const lens_origin *resource) {
  if (has_attributes(resource->message)) {
    return find_or_add(labels, NULL, resource);
  }
  lens_buffer named = {0};
  lens_buffer_add_bytes(&named, resource->message);
  lens_buffer_add(&named, unknown_service, sizeof(unknown_service) - 1);
  lens_origin origin = {lens_buffer_bytes(&named), resource->schema_url};
  lens_label *label = find_or_add(labels, NULL, &origin);
  lens_buffer_clean_up(&named);
  return label;
}

lens_label *lens_labels_scope(lens_labels *labels, lens_label *resource, const lens_origin *scope) {
  return find_or_add(labels, resource, scope);
}

lens_label *lens_label_acquire(lens_label *label) {
  label->references++;
  return label;
}

void lens_labels_release(lens_labels *labels, lens_label *label) {
  while (label != NULL && --label->references == 0) {
    lens_label *parent = label->parent;
    lens_table_remove(&labels->table, &label->node);
    labels->memory -= memory_of(label);
    free(label);
    label = parent;
  }
}

void lens_labels_enter_resource(void *walk, const lens_origin *resource) {
  lens_label_walk *self = walk;
  lens_labels_release(self->labels, self->resource);
  self->resource = lens_labels_resource(self->labels, resource);
}

void lens_labels_enter_scope(void *walk, const lens_origin *scope) {
  lens_label_walk *self = walk;
  lens_labels_release(self->labels, self->scope);
  self->scope = lens_labels_scope(self->labels, self->resource, scope);
}

void lens_labels_leave(lens_label_walk *walk) {
  lens_labels_release(walk->labels, walk->scope);
  lens_labels_release(walk->labels, walk->resource);
  walk->scope = walk->resource = NULL;
}

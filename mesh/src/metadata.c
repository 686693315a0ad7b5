/* SPDX-License-Identifier: Apache-2.0 */
#include "metadata.h"

#include <grpc/slice.h>
#include <string.h>

mesh_bytes mesh__bytes_of_slice(const grpc_slice *slice) {
  mesh_bytes bytes = {GRPC_SLICE_START_PTR(*slice), GRPC_SLICE_LENGTH(*slice)};
  return bytes;
}

grpc_slice mesh__slice_of_bytes(mesh_bytes bytes) {
  return grpc_slice_from_copied_buffer(bytes.data, bytes.size);
}

char *mesh__slice_to_text(mesh_arena *arena, const grpc_slice *slice) {
  return mesh_arena_copy(arena, GRPC_SLICE_START_PTR(*slice), GRPC_SLICE_LENGTH(*slice));
}

void mesh__metadata_init(mesh_metadata *metadata) {
  grpc_metadata_array_init(&metadata->array);
}

void mesh__metadata_clean_up(mesh_metadata *metadata) {
  grpc_metadata_array_destroy(&metadata->array);
  grpc_metadata_array_init(&metadata->array);
}

size_t mesh_metadata_count(const mesh_metadata *metadata) {
  return metadata != NULL ? metadata->array.count : 0;
}

mesh_metadata_entry mesh_metadata_at(const mesh_metadata *metadata, size_t index) {
  const grpc_metadata *item = &metadata->array.metadata[index];
  mesh_metadata_entry entry = {mesh__bytes_of_slice(&item->key),
                               mesh__bytes_of_slice(&item->value)};
  return entry;
}

bool mesh_metadata_get(const mesh_metadata *metadata, const char *key, size_t nth,
                       mesh_bytes *out_value) {
  mesh_bytes bytes = {key, strlen(key)};
  return mesh__metadata_find(metadata, bytes, nth, out_value);
}

bool mesh__metadata_find(const mesh_metadata *metadata, mesh_bytes key, size_t nth,
                         mesh_bytes *out_value) {
  for (size_t i = 0; i < mesh_metadata_count(metadata); i++) {
    mesh_metadata_entry entry = mesh_metadata_at(metadata, i);
    if (entry.key.size != key.size || memcmp(entry.key.data, key.data, key.size) != 0) {
      continue;
    }
    if (nth == 0) {
      *out_value = entry.value;
      return true;
    }
    nth--;
  }
  return false;
}

/* "grpc-" is the protocol's own, except what is meant for applications to send. */
static bool is_reserved(const char *key) {
  return strncmp(key, "grpc-", 5) == 0 && strcmp(key, "grpc-retry-pushback-ms") != 0;
}

static bool is_legal(const char *key, grpc_slice key_slice, grpc_slice value) {
  if (!grpc_header_key_is_legal(key_slice) || is_reserved(key)) {
    return false;
  }
  return grpc_is_binary_header(key_slice) || grpc_header_nonbin_value_is_legal(value);
}

static void grow(mesh__headers *headers, mesh_arena *arena) {
  size_t capacity = headers->capacity != 0 ? headers->capacity * 2 : 4;
  grpc_metadata *items = mesh_arena_alloc(arena, capacity * sizeof *items);
  if (headers->count != 0) {
    memcpy(items, headers->items, headers->count * sizeof *items);
  }
  headers->items = items;
  headers->capacity = capacity;
}

static void append(mesh__headers *headers, mesh_arena *arena, grpc_slice key, grpc_slice value) {
  if (headers->count == headers->capacity) {
    grow(headers, arena);
  }
  grpc_metadata *item = &headers->items[headers->count++];
  memset(item, 0, sizeof *item);
  item->key = key;
  item->value = value;
}

void mesh__headers_add(mesh__headers *headers, mesh_arena *arena, const char *key,
                       mesh_bytes value) {
  grpc_slice key_slice = grpc_slice_from_copied_string(key);
  grpc_slice value_slice = mesh__slice_of_bytes(value);
  if (is_legal(key, key_slice, value_slice)) {
    append(headers, arena, key_slice, value_slice);
    return;
  }
  if (headers->illegal_key == NULL) {
    headers->illegal_key = mesh_arena_strdup(arena, key);
  }
  grpc_slice_unref(key_slice);
  grpc_slice_unref(value_slice);
}

void mesh__headers_add_own(mesh__headers *headers, mesh_arena *arena, const char *key,
                           mesh_bytes value) {
  append(headers, arena, grpc_slice_from_copied_string(key), mesh__slice_of_bytes(value));
}

void mesh__headers_clean_up(mesh__headers *headers) {
  for (size_t i = 0; i < headers->count; i++) {
    grpc_slice_unref(headers->items[i].key);
    grpc_slice_unref(headers->items[i].value);
  }
  headers->count = 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Metadata received, and metadata to send. */
#ifndef MESH__METADATA_H
#define MESH__METADATA_H

#include <grpc/grpc.h>
#include <mesh/arena.h>
#include <mesh/metadata.h>

/* What was received, as the C core gives it. */
struct mesh_metadata {
  grpc_metadata_array array;
};

void mesh__metadata_init(mesh_metadata *metadata);
void mesh__metadata_clean_up(mesh_metadata *metadata);

/* mesh_metadata_get with the key as bytes. */
bool mesh__metadata_find(const mesh_metadata *metadata, mesh_bytes key, size_t nth,
                         mesh_bytes *out_value);

/* Headers or trailers to send. All zero is empty; the array is the arena's, the slices are counted.
 * Slices hold copies: what was written may still be on its way when the arena is gone. */
typedef struct mesh__headers {
  grpc_metadata *items;
  size_t count;
  size_t capacity;
  const char *illegal_key; /* the first entry that gRPC does not allow, in the arena; or NULL */
} mesh__headers;

/* Adds an entry, or notes that it is not allowed (gRPC over HTTP2, "Custom-Metadata"). */
void mesh__headers_add(mesh__headers *headers, mesh_arena *arena, const char *key,
                       mesh_bytes value);

/* The same for keys of gRPC's own; these are not checked. */
void mesh__headers_add_own(mesh__headers *headers, mesh_arena *arena, const char *key,
                           mesh_bytes value);

void mesh__headers_clean_up(mesh__headers *headers);

mesh_bytes mesh__bytes_of_slice(const grpc_slice *slice);
grpc_slice mesh__slice_of_bytes(mesh_bytes bytes);

/* A NUL-terminated copy. */
char *mesh__slice_to_text(mesh_arena *arena, const grpc_slice *slice);

#endif

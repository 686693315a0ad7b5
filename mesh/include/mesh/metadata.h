/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Metadata: the headers and trailers of a call (gRPC over HTTP2, "Custom-Metadata").
 *
 * Ownership: views into the call they came from, valid as long as the call.
 */
#ifndef MESH_METADATA_H
#define MESH_METADATA_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct mesh_metadata mesh_metadata;

/** A run of bytes, not NUL-terminated. */
typedef struct mesh_bytes {
  const void *data;
  size_t size;
} mesh_bytes;

/** One entry. Keys are lower case; values of keys ending in "-bin" are any bytes, others printable
 * ASCII. */
typedef struct mesh_metadata_entry {
  mesh_bytes key;
  mesh_bytes value;
} mesh_metadata_entry;

/** How many entries there are; 0 for NULL. */
size_t mesh_metadata_count(const mesh_metadata *metadata);

/** The entry at `index`, which is below the count. */
mesh_metadata_entry mesh_metadata_at(const mesh_metadata *metadata, size_t index);

/** The `nth` value (from 0) of `key`, a NUL-terminated lower-case name. False when there is none.
 */
bool mesh_metadata_get(const mesh_metadata *metadata, const char *key, size_t nth,
                       mesh_bytes *out_value);

#ifdef __cplusplus
}
#endif

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which file declares what: an index over serialized FileDescriptorSets, for reflection.
 *
 * Ownership: the sets are not copied and must outlive the index. Threads: built on one, then
 * constant.
 */
#ifndef MESH__DESCRIPTOR_INDEX_H
#define MESH__DESCRIPTOR_INDEX_H

#include <mesh/metadata.h>
#include <mesh/status.h>
#include <stdint.h>

typedef struct mesh__descriptor_index mesh__descriptor_index;

/* One file of the sets. */
typedef struct mesh__descriptor_file {
  const char *name;
  mesh_bytes bytes;      /* the serialized FileDescriptorProto */
  const size_t *imports; /* indices of files; those that are in no set are left out */
  size_t import_count;
} mesh__descriptor_file;

/* Not found. */
#define MESH__NO_FILE SIZE_MAX

mesh__descriptor_index *mesh__descriptor_index_new(void);
void mesh__descriptor_index_destroy(mesh__descriptor_index *index);

/* Adds the files of a set but for those whose name is there already. INVALID_ARGUMENT when the
 * bytes are no FileDescriptorSet. */
MESH_MUST_USE mesh_status mesh__descriptor_index_add(mesh__descriptor_index *index, mesh_bytes set);

/* Ends the adding; from here on one can look things up, in time that grows with the logarithm of
 * what there is. */
void mesh__descriptor_index_finish(mesh__descriptor_index *index);

size_t mesh__descriptor_index_count(const mesh__descriptor_index *index);
const mesh__descriptor_file *mesh__descriptor_index_at(const mesh__descriptor_index *index,
                                                       size_t file);

size_t mesh__descriptor_index_file(const mesh__descriptor_index *index, const char *name);

/* The file that declares a message, field, oneof, enum, enum value, extension, service or method,
 * by its full name. Enum values are named as siblings of their enum, as protobuf has it. */
size_t mesh__descriptor_index_symbol(const mesh__descriptor_index *index, const char *name);

/* The file that declares the extension `number` of the message `type`. */
size_t mesh__descriptor_index_extension(const mesh__descriptor_index *index, const char *type,
                                        int32_t number);

/* The numbers of the known extensions of a message, in order: `out_count` of them, one every
 * mesh__descriptor_index_number. False when there is no such message. */
bool mesh__descriptor_index_extensions(const mesh__descriptor_index *index, const char *type,
                                       size_t *out_first, size_t *out_count);
int32_t mesh__descriptor_index_number(const mesh__descriptor_index *index, size_t extension);

#endif

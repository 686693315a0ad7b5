/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the gateway knows of messages and services: descriptor sets, loaded at start into one upb
 * pool. protoc makes them (--include_imports --include_source_info --descriptor_set_out).
 *
 * Ownership: the descriptors own the pool; every upb definition is valid until they are destroyed.
 * Threads: any, once loaded.
 */
#ifndef GATEWAY_DESCRIPTORS_H
#define GATEWAY_DESCRIPTORS_H

#include "arena.h"

#include <upb/def.h>

typedef struct gateway_descriptors gateway_descriptors;

gateway_descriptors *gateway_descriptors_new(void);
void gateway_descriptors_destroy(gateway_descriptors *descriptors);

/*
 * Adds every file of a serialized google.protobuf.FileDescriptorSet. A file that is there already
 * and is the same is passed over, so that sets may share imports. INVALID_ARGUMENT names `origin`
 * and the file that is broken, lacks an import, or differs from the one of its name.
 */
MESH_MUST_USE mesh_status gateway_descriptors_add(gateway_descriptors *descriptors,
                                                  gateway_text set, const char *origin);

/* Adds the files of a set that are not there yet: types to fall back on, whatever the other sets
 * brought along. A file whose names are taken by another is passed over too. */
void gateway_descriptors_add_missing(gateway_descriptors *descriptors, gateway_text set);

/* As gateway_descriptors_add, from a file. */
MESH_MUST_USE mesh_status gateway_descriptors_add_file(gateway_descriptors *descriptors,
                                                       const char *path);

const upb_DefPool *gateway_descriptors_pool(const gateway_descriptors *descriptors);

/* The files, in the order they were added. */
size_t gateway_descriptors_file_count(const gateway_descriptors *descriptors);
const upb_FileDef *gateway_descriptors_file(const gateway_descriptors *descriptors, size_t index);

/* The options of a method, or service, as a message of the pool's google.protobuf.MethodOptions (or
 * ServiceOptions), extensions and all, in `arena`. NULL when there are none, or the pool does not
 * know that message. */
const upb_Message *gateway_descriptors_method_options(const gateway_descriptors *descriptors,
                                                      const upb_MethodDef *method,
                                                      upb_Arena *arena);
const upb_Message *gateway_descriptors_service_options(const gateway_descriptors *descriptors,
                                                       const upb_ServiceDef *service,
                                                       upb_Arena *arena);

/* The comment on a message, field, enum, enum value, service or method by its full name; empty when
 * there is none. Enum values are named below their enum here ("shop.order.v1.OrderStatus.X"). */
gateway_text gateway_descriptors_comment(const gateway_descriptors *descriptors,
                                         gateway_text full_name);

#endif

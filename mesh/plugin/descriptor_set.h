/* SPDX-License-Identifier: Apache-2.0 */
/* What reflection serves. Threads: one. */
#ifndef GEN_DESCRIPTOR_SET_H
#define GEN_DESCRIPTOR_SET_H

#include "types.h"

/*
 * The serialized google.protobuf.FileDescriptorSet of `file` and of all that it imports, directly
 * or not, imports first, without comments and positions. `files` are all of the request, in
 * protoc's order, in which imports come first.
 */
gen_text gen_descriptor_set(gen_pool *pool, gen_file_proto *const *files, size_t count,
                            const gen_file_proto *file);

#endif

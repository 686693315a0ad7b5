/* SPDX-License-Identifier: Apache-2.0 */
/* The comments of .proto files, by the full name of what they stand on. */
#ifndef GATEWAY_COMMENTS_H
#define GATEWAY_COMMENTS_H

#include "arena.h"

#include <google/protobuf/descriptor.upb.h>

typedef struct gateway_comments {
  upb_Arena *arena;
  struct gateway_comment *items;
  size_t count, capacity;
} gateway_comments;

/* Adds those of a file, copied. */
void gateway_comments_add_file(gateway_comments *comments,
                               const google_protobuf_FileDescriptorProto *file);

/* The comment on `full_name`, white space trimmed; empty when there is none. */
gateway_text gateway_comments_find(const gateway_comments *comments, gateway_text full_name);

#endif

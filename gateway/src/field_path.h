/* SPDX-License-Identifier: Apache-2.0 */
/* Paths to fields, "book.author.name", resolved once into definitions. */
#ifndef GATEWAY_FIELD_PATH_H
#define GATEWAY_FIELD_PATH_H

#include "arena.h"

#include <upb/def.h>

enum { GATEWAY_FIELD_DEPTH_MAX = 16 };

typedef struct gateway_field_path {
  const upb_FieldDef *fields[GATEWAY_FIELD_DEPTH_MAX]; /* all but the last are single messages */
  size_t count;
} gateway_field_path;

/* Resolves a dotted path, by proto or JSON names. NULL, or what is wrong with it, static. */
const char *gateway_field_path_resolve(const upb_MessageDef *root, gateway_text text,
                                       gateway_field_path *out_path);

static inline const upb_FieldDef *gateway_field_path_leaf(const gateway_field_path *path) {
  return path->fields[path->count - 1];
}

/* The message that holds the leaf, or NULL when there is none on the way. */
const upb_Message *gateway_field_path_parent(const gateway_field_path *path,
                                             const upb_Message *root);

/* The same, made on the way. NULL when that would unset another member of a oneof. */
upb_Message *gateway_field_path_make_parent(const gateway_field_path *path, upb_Message *root,
                                            upb_Arena *arena);

/* True when `field` is in a oneof of which another member is set in `message`. */
bool gateway_field_is_excluded(const upb_Message *message, const upb_FieldDef *field);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Path templates (google/api/http.proto, "Path template syntax"):
 *
 *   Template = "/" [ Segments ] [ Verb ]      Segments = Segment { "/" Segment }
 *   Segment  = "*" | "**" | LITERAL | Variable
 *   Variable = "{" FieldPath [ "=" Segments ] "}"
 *   Verb     = ":" LITERAL
 *
 * A template is flattened when it is parsed: variables are ranges of segments.
 */
#ifndef GATEWAY_PATH_TEMPLATE_H
#define GATEWAY_PATH_TEMPLATE_H

#include "arena.h"

enum {
  GATEWAY_SEGMENTS_MAX = 32,
  GATEWAY_VARIABLES_MAX = 16,
};

typedef enum gateway_segment_kind {
  GATEWAY_SEGMENT_LITERAL,
  GATEWAY_SEGMENT_ONE,  /* "*": one segment that is not empty */
  GATEWAY_SEGMENT_REST, /* "**": all that is left, nothing included; always the last */
} gateway_segment_kind;

typedef struct gateway_segment {
  gateway_segment_kind kind;
  gateway_text literal; /* decoded */
} gateway_segment;

/* `count` segments from `first` on are the value of the field at `field_path`. */
typedef struct gateway_variable {
  gateway_text field_path;
  size_t first, count;
} gateway_variable;

typedef struct gateway_path_template {
  gateway_text text;
  gateway_segment segments[GATEWAY_SEGMENTS_MAX];
  size_t segment_count;
  gateway_variable variables[GATEWAY_VARIABLES_MAX];
  size_t variable_count;
  gateway_text verb; /* empty when there is none */
} gateway_path_template;

/* Where a template stopped being one. */
typedef struct gateway_template_error {
  const char *reason; /* static */
  size_t offset;      /* bytes from its start */
} gateway_template_error;

/* Parses `text` into `out_template`, which keeps parts of a copy in `arena`. */
bool gateway_path_template_parse(upb_Arena *arena, gateway_text text,
                                 gateway_path_template *out_template,
                                 gateway_template_error *out_error);

/* True when the value of the variable may hold slashes: it spans more than one segment, or "**". */
bool gateway_variable_is_multi_segment(const gateway_path_template *path_template,
                                       const gateway_variable *variable);

#endif

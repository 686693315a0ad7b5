/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Path templates as OpenAPI writes them. OpenAPI's variables are single segments, so a variable of
 * several is spelled out: what "name" binds to "shelves" and one segment is "/shelves/{name}", and
 * where it binds two, they are {name_1} and {name_2}. A "**" stays one variable.
 */
#ifndef GATEWAY_OPENAPI_PATH_H
#define GATEWAY_OPENAPI_PATH_H

#include "path_template.h"

/* A variable of an OpenAPI path: the segment it stands for, and its name. */
typedef struct gateway_openapi_variable {
  size_t segment;
  gateway_text name;
  const gateway_variable *variable; /* whose part it is; NULL for a "*" of no variable */
} gateway_openapi_variable;

typedef struct gateway_openapi_path {
  gateway_text text;
  gateway_openapi_variable variables[GATEWAY_SEGMENTS_MAX];
  size_t variable_count;
} gateway_openapi_path;

void gateway_openapi_path_from(const gateway_path_template *path_template, upb_Arena *arena,
                               gateway_openapi_path *out_path);

/* True when the two differ in the names of variables only: OpenAPI takes them for one path. */
bool gateway_openapi_is_same_path(const gateway_path_template *a, const gateway_path_template *b);

#endif

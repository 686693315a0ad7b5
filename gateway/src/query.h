/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Query parameters into a request message.
 *
 * A parameter is named by the path of its field, by proto or JSON names: "page_size=10",
 * "filter.color=RED", "tags=a&tags=b" for repeated fields, "labels[k]=v" for maps. What names no
 * field, or gives a field twice, is a violation, and so is what contradicts another source.
 */
#ifndef GATEWAY_QUERY_H
#define GATEWAY_QUERY_H

#include "field_path.h"
#include "problem.h"

enum { GATEWAY_PARAMETERS_MAX = 128 };

/* A single field that has its value; giving it again is a mistake. */
typedef struct gateway_given {
  const upb_Message *message;
  const upb_FieldDef *field;
} gateway_given;

/* What a request is put together in. */
typedef struct gateway_target {
  upb_Message *message;
  const upb_MessageDef *def;
  const upb_FieldDef *body_field; /* belongs to the body alone; may be NULL */
  upb_Arena *arena;
  gateway_problem *problem;
  gateway_given given[GATEWAY_PARAMETERS_MAX + 32];
  size_t given_count;
} gateway_target;

/* Sets every parameter of `query`, the raw text behind '?'. Problems are in target->problem. */
void gateway_query_apply(gateway_target *target, gateway_text query);

/* Blames every parameter: for routes whose body is the whole request. */
void gateway_query_refuse(gateway_target *target, gateway_text query);

/* Remembers that the leaf of `path` has its value, and tells whether it had one before. */
bool gateway_target_is_given(gateway_target *target, const upb_Message *parent,
                             const upb_FieldDef *field);

#endif

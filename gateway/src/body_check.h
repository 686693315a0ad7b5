/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looks at a JSON body before upb decodes it.
 *
 * upb's decoder trusts its callers more than a gateway can trust its own. It takes syntax that is
 * no JSON (a hexadecimal number even ends the process, by an assertion), cuts 64-bit numbers to 53
 * bits, reads "abc" as 0.0, takes the 31st of February, turns "-0.5s" around, stops at the first
 * unknown field, and allocates without bound. All of that is found here, with the path of the field
 * to blame; what upb itself refuses (types, ranges, enum names, oneofs), it refuses.
 */
#ifndef GATEWAY_BODY_CHECK_H
#define GATEWAY_BODY_CHECK_H

#include "problem.h"

#include <upb/def.h>

enum {
  /* Levels of objects and arrays. google.protobuf.Struct takes up to three levels of messages for
   * one of JSON, and upb encodes 64. */
  GATEWAY_JSON_DEPTH_MAX = 20,
  /* Entries of all maps of a body. upb's hash tables have no secret: keys can be made that all go
   * to one place, and looking through n of them takes n * n steps. */
  GATEWAY_MAP_ENTRIES_MAX = 10000,
};

typedef struct gateway_body {
  gateway_text json; /* with a NUL behind it that is not counted, as upb's strtod wants it */
  const upb_MessageDef *def;
  const upb_DefPool *pool;
  size_t memory_max; /* bytes that the decoded message may take, roughly */
} gateway_body;

/* True when upb may decode `body`; otherwise `problem` is set. What it needs on the way is in
 * `arena`. */
bool gateway_body_check(const gateway_body *body, upb_Arena *arena, gateway_problem *problem);

/* The path of the field whose value holds, or ends at, byte `offset` of a body that passed the
 * check: where upb's decoder stopped. In `arena`. */
gateway_text gateway_body_path_at(const gateway_body *body, size_t offset, upb_Arena *arena);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What a method says about its failures: meshwork.http.v1.failure. */
#ifndef GATEWAY_FAILURE_H
#define GATEWAY_FAILURE_H

#include "arena.h"

#include <upb/def.h>

/* The answer to a call whose error holds a google.rpc.ErrorInfo of this reason. */
typedef struct gateway_failure {
  gateway_text reason;
  int http_status;       /* 400 to 599 */
  gateway_text *members; /* keys of its metadata that are members of the error as well */
  size_t member_count;
} gateway_failure;

/* All zero: none. */
typedef struct gateway_failures {
  gateway_failure *items; /* each of another reason */
  size_t count;
} gateway_failures;

/* Reads the option's messages of type `def`; texts live as long as `options`. The result is NULL,
 * or what is wrong with them, in `arena`. */
const char *gateway_failures_read(const upb_Array *options, const upb_MessageDef *def,
                                  upb_Arena *arena, gateway_failures *out_failures);

/* The one of this reason, or NULL. */
const gateway_failure *gateway_failures_find(const gateway_failures *failures, gateway_text reason);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Errors as their one JSON shape, google.rpc.Status:
 *
 *   {"code":3,"message":"...","details":[{"@type":"type.googleapis.com/google.rpc.BadRequest",
 *    "field_violations":[{"field":"quantity","description":"..."}]}]}
 *
 * and behind the details the members that a method names for a reason (failure.h).
 */
#ifndef GATEWAY_ERROR_BODY_H
#define GATEWAY_ERROR_BODY_H

#include "failure.h"
#include "problem.h"

#include <upb/def.h>

/* The types that details of calls are made of; looked up once. */
typedef struct gateway_error_types {
  const upb_DefPool *pool;
  const upb_MessageDef *status, *any, *error_info, *retry_info;
} gateway_error_types;

/* Looks them up; INVALID_ARGUMENT when the pool lacks one. */
MESH_MUST_USE mesh_status gateway_error_types_init(gateway_error_types *types,
                                                   const upb_DefPool *pool);

typedef struct gateway_error {
  gateway_text json;
  int http_status;
  long retry_after_seconds; /* of a google.rpc.RetryInfo, rounded up; -1 when there is none */
} gateway_error;

/* A problem of our own. */
gateway_error gateway_error_from_problem(const gateway_problem *problem);

/* What a call ended with, without addresses of services; its details are used when they are a
 * google.rpc.Status of the same code. A detail whose type is not known is written as {"@type": URL,
 * "value": base64}. The first ErrorInfo whose reason is among the `failures` of the method counts.
 */
gateway_error gateway_error_from_status(const gateway_error_types *types,
                                        const gateway_failures *failures, const mesh_status *status,
                                        upb_Arena *arena);

/* The HTTP status alone. */
int gateway_error_http_status(const gateway_error_types *types, const gateway_failures *failures,
                              const mesh_status *status, upb_Arena *arena);

#endif

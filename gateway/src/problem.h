/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is wrong with a request: a gRPC code, the HTTP status it is answered with, a message, and
 * the fields that are to blame. The first failure decides the code; violations of fields add up, so
 * that a caller sees all its mistakes at once.
 *
 * Ownership: texts are copied into the arena given to gateway_problem_init, which outlives it.
 */
#ifndef GATEWAY_PROBLEM_H
#define GATEWAY_PROBLEM_H

#include "arena.h"

enum { GATEWAY_VIOLATIONS_MAX = 16 };

/* google.rpc.BadRequest.FieldViolation. */
typedef struct gateway_violation {
  gateway_text field;
  gateway_text description;
} gateway_violation;

typedef struct gateway_problem {
  upb_Arena *arena;
  int http_status; /* 0 while nothing is wrong */
  grpc_status_code code;
  gateway_text message;
  gateway_violation violations[GATEWAY_VIOLATIONS_MAX];
  size_t violation_count;
} gateway_problem;

void gateway_problem_init(gateway_problem *problem, upb_Arena *arena);

static inline bool gateway_problem_is_set(const gateway_problem *problem) {
  return problem->http_status != 0;
}

/* Sets code and message, unless there are some already. The HTTP status is the code's. */
void gateway_problem_set(gateway_problem *problem, grpc_status_code code, const char *format, ...)
    MESH_PRINTF(3, 4);

/* The same with an HTTP status that says more than the code does (405, 413, 415, ...). */
void gateway_problem_set_http(gateway_problem *problem, int http_status, grpc_status_code code,
                              const char *format, ...) MESH_PRINTF(4, 5);

/* Adds a violated field, as INVALID_ARGUMENT; beyond GATEWAY_VIOLATIONS_MAX they are not kept.
 * `field` is a path from the request message on ("items[2].quantity"), or the name as the caller
 * wrote it when there is no such field. */
void gateway_problem_add_violation(gateway_problem *problem, gateway_text field, const char *format,
                                   ...) MESH_PRINTF(3, 4);

/* True when no more violations are kept, so looking for more is of no use. */
static inline bool gateway_problem_is_full(const gateway_problem *problem) {
  return problem->violation_count == GATEWAY_VIOLATIONS_MAX;
}

#endif

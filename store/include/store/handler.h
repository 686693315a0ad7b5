/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What handlers of services with a store have in common: a manual span around the work, requests
 * that name what is wrong with them, and idempotency keys.
 *
 * Threads: the call's loop.
 */
#ifndef STORE_HANDLER_H
#define STORE_HANDLER_H

#include <google/protobuf/timestamp.pb-c.h>
#include <mesh/call.h>
#include <store/store.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Ends a span that failed: status ERROR, `error.type`, and the event `exception` of that type with
 * the status's message. `type` NULL means the name of the status's code. A NULL span is fine.
 */
void store_span_fail(otlp_span *span, const char *type, const mesh_status *status);

/** A failure of the call's request: what is wrong with which field. */
typedef struct store_field_problem {
  const char *field; /* NULL: nothing is wrong */
  const char *text;  /* the rest of a sentence that starts with the field: "must be at least 1" */
} store_field_problem;

/** Before a failure: has the caller's retry policy leave it at that, because this call has tried
 * already, or has undone what it did (gRPC retry design, "Pushback"). */
void store_stop_retries(mesh_call *call);

/** Ends the call with INVALID_ARGUMENT and a violation of the field, and `span` as failed. */
void store_fail_field(mesh_call *call, otlp_span *span, const store_field_problem *problem);

/**
 * The idempotency key of a call: `field`, the request's own, or the metadata `idempotency-key`. In
 * the call's arena. NULL when there is none. A key that cannot be one is reported in `out_problem`.
 */
const char *store_idempotency_key(mesh_call *call, const char *field,
                                  store_field_problem *out_problem);

/**
 * Has the operation its effect once for each `key` (which may be NULL): the call's method and the
 * serialized `request` without its key field make it the same.
 */
store_once store_once_for(mesh_call *call, const char *key, const ProtobufCMessage *request);

/** The calendar's milliseconds. */
int64_t store_now_unix_ms(void);

/** The same as a message, in the arena. */
Google__Protobuf__Timestamp *store_timestamp(mesh_arena *arena, int64_t unix_ms);

/** Serializes into the arena: a reply to keep. */
mesh_bytes store_pack(mesh_arena *arena, const ProtobufCMessage *message);

#ifdef __cplusplus
}
#endif

#endif

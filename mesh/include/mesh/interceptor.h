/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Interceptors: what happens around every call. One small vtable each; tracing, access log and
 * limits are such.
 *
 * On the server they run in the order they were registered, and in reverse at the end; on a client
 * likewise. Who has seen the start of a call sees its end, exactly once.
 *
 * A hold ends with the resume, with the end of the call, or, when the call is cancelled or its
 * deadline passes, with server_finished or client_finished: the call is over from then on and must
 * not be resumed.
 *
 * Threads: the call's loop; an interceptor's `self` may be used by several loops at once.
 */
#ifndef MESH_INTERCEPTOR_H
#define MESH_INTERCEPTOR_H

#include <mesh/call.h>
#include <mesh/client.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What an interceptor decides about a call that starts, or whose answer is there. */
typedef enum mesh_verdict {
  MESH_PROCEED, /* on to the next */
  MESH_HOLD, /* wait: it will call mesh_call_resume (or mesh_client_call_resume), or end the call */
  MESH_REFUSE, /* it has ended the call (mesh_call_fail; mesh_client_call_refuse), or put a failure
                  in the place of its answer (mesh_call_answer_with; mesh_client_call_refuse) */
} mesh_verdict;

/** A vtable; unused members are NULL. */
struct mesh_interceptor {
  const char *name;
  size_t state_size; /* bytes of state per call, zeroed, in the call's arena */
  void *self;        /* the interceptor's own; passed to each function */
  mesh_verdict (*server_started)(void *self, mesh_call *call, void *state);
  /* When the handler has ended the call, last first, before any server_finished: the answer may be
   * held, or a failure take its place, which the interceptors before it hear of as finished. Not
   * for a client that has gone. */
  mesh_verdict (*server_answered)(void *self, mesh_call *call, void *state);
  /* When the handler has ended the call, before anything is sent: trailers may still be added.
   * `status` is what the client gets, or that it has gone (CANCELLED, DEADLINE_EXCEEDED). */
  void (*server_finished)(void *self, mesh_call *call, const mesh_status *status, void *state);
  mesh_verdict (*client_started)(void *self, mesh_client_call *call, void *state);
  /* When the answer is here, for streams their end, last first, before any client_finished;
   * likewise. Not for a call that never left or was cancelled. */
  mesh_verdict (*client_answered)(void *self, mesh_client_call *call, void *state);
  /* Before the final callback. */
  void (*client_finished)(void *self, mesh_client_call *call, const mesh_status *status,
                          void *state);
};

/** Goes on with a call, or an answer, that was held; also from within the start or the answer,
 * before it returns MESH_HOLD. */
void mesh_call_resume(mesh_call *call);
void mesh_client_call_resume(mesh_client_call *call);

/** Ends the call with a status, details included, before anything is sent: for client_started, or
 * while the call is held. The final callback comes in a later turn of the loop. For
 * client_answered, or while the answer is held: takes the place of the answer. Copied. */
void mesh_client_call_refuse(mesh_client_call *call, const mesh_status *status);

/** For server_answered, or while the answer is held, and then to be resumed: the failure that takes
 * the place of the handler's answer. Copied. */
void mesh_call_answer_with(mesh_call *call, const mesh_status *status);

/** For client interceptors: the method, client and context of the call; and metadata to send,
 * before it is sent. */
const mesh_method *mesh_client_call_method(const mesh_client_call *call);
mesh_client *mesh_client_call_client(const mesh_client_call *call);
const mesh_context *mesh_client_call_context(const mesh_client_call *call);
void mesh_client_call_add_metadata(mesh_client_call *call, const char *key, mesh_bytes value);

/** The CLIENT span, for an interceptor to set and others to add to; NULL without tracing. */
otlp_span *mesh_client_call_span(const mesh_client_call *call);
void mesh_client_call_set_span(mesh_client_call *call, otlp_span *span);

/** For server interceptors: replaces the context that the handler sees, and its SERVER span. */
void mesh_call_set_context(mesh_call *call, const mesh_context *context);
void mesh_call_set_span(mesh_call *call, otlp_span *span);

#ifdef __cplusplus
}
#endif

#endif

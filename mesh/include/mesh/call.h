/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The server's side of a call.
 *
 * A handler is called once per call and returns at once; it, or a continuation it left, ends the
 * call exactly once: with mesh_call_reply (unary and client streaming), mesh_call_finish (server
 * streaming), or mesh_call_fail. Ending it twice is a bug that ends the process
 * (abort, also with NDEBUG) with a line that names the method: behind the end the call may be gone
 * at any time, so it could not be passed over safely. Ending a call that the peer has cancelled is
 * fine and changes nothing. After the end no callback of the call comes any more, not even for a
 * send or receive that was under way; what was sent before the end still arrives.
 *
 * Ownership: the call, its context, arena, decoded messages and metadata live until the call has
 * ended and everything started with its context is done. Messages passed in are serialized before
 * the function returns. Threads: the loop's thread only.
 */
#ifndef MESH_CALL_H
#define MESH_CALL_H

#include <mesh/context.h>
#include <mesh/service.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The context of what the handler does: deadline, cancellation and trace of the call flow on
 * through it. */
const mesh_context *mesh_call_context(const mesh_call *call);

/** Short for the context's arena. */
mesh_arena *mesh_call_arena(const mesh_call *call);

/** The SERVER span, to add attributes to; NULL without tracing. */
otlp_span *mesh_call_span(const mesh_call *call);

const mesh_method *mesh_call_method(const mesh_call *call);

/** The peer's address as gRPC writes it, "ipv4:127.0.0.1:45012". In the arena. */
const char *mesh_call_peer(mesh_call *call);

/** The request's metadata. */
const mesh_metadata *mesh_call_metadata(const mesh_call *call);

/** The request's bytes, for raw methods without client streaming; empty for others. */
mesh_bytes mesh_call_request_bytes(mesh_call *call);

/** Adds to the headers (before the first message or the end) or to the trailers. Copied. */
void mesh_call_add_initial_metadata(mesh_call *call, const char *key, mesh_bytes value);
void mesh_call_add_trailing_metadata(mesh_call *call, const char *key, mesh_bytes value);

/** Ends the call with OK and one message. */
void mesh_call_reply(mesh_call *call, const ProtobufCMessage *reply);
void mesh_call_reply_bytes(mesh_call *call, mesh_bytes reply);

/** Ends the call with a failure; nothing but the status is sent, so that clients may retry. */
void mesh_call_fail(mesh_call *call, grpc_status_code code, const char *format, ...)
    MESH_PRINTF(3, 4);

/** Ends the call with `status`, details included: passes on what a downstream call said. */
void mesh_call_fail_with(mesh_call *call, const mesh_status *status);

/**
 * Error details (google.rpc.Status.details) for the failure that follows: a violated field
 * (BadRequest), a reason that programs can read (ErrorInfo), a time after which to retry
 * (RetryInfo), a resource that was meant (ResourceInfo), a broken precondition.
 */
void mesh_call_add_field_violation(mesh_call *call, const char *field, const char *format, ...)
    MESH_PRINTF(3, 4);
void mesh_call_add_error_info(mesh_call *call, const char *reason, const char *domain);
/** One more entry of the metadata of the ErrorInfo that was added last; without one it is a bug. */
void mesh_call_add_error_info_metadata(mesh_call *call, const char *key, const char *value);
void mesh_call_add_retry_info(mesh_call *call, int64_t retry_delay_ms);
void mesh_call_add_resource_info(mesh_call *call, const char *type, const char *name,
                                 const char *description);
void mesh_call_add_precondition_violation(mesh_call *call, const char *type, const char *subject,
                                          const char *description);

/** `ok` is false when the stream broke or was cancelled: nothing more can be sent. Called once per
 * send, unless the call has been ended meanwhile. */
typedef void mesh_sent_fn(bool ok, void *data);

/** Streams a message out. One send at a time: the next one after `on_sent`, which is so the flow
 * control. */
void mesh_call_send(mesh_call *call, const ProtobufCMessage *message, mesh_sent_fn *on_sent,
                    void *data);
void mesh_call_send_bytes(mesh_call *call, mesh_bytes message, mesh_sent_fn *on_sent, void *data);

/** Ends a streaming call with OK. */
void mesh_call_finish(mesh_call *call);

/**
 * A message of the client's stream: `message` is NULL at its end (`status` OK) or when it broke
 * (`status` not OK). With raw methods `message` is NULL too and `bytes.data` holds it. Valid until
 * the function returns.
 */
typedef void mesh_received_fn(const mesh_status *status, const ProtobufCMessage *message,
                              mesh_bytes bytes, void *data);

/** Asks for the next message of the client's stream. One at a time. */
void mesh_call_receive(mesh_call *call, mesh_received_fn *on_message, void *data);

/** The same for generated functions: `on_message` is the typed callback that the method's
 * deliver_request calls. */
void mesh_call_receive_typed(mesh_call *call, mesh_any_fn on_message, void *data);

#ifdef __cplusplus
}
#endif

#endif

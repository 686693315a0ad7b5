/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The client's side: a client is a channel to a target; calls are made in a context and answered by
 * a callback.
 *
 * Targets: `host:port`, `http://host:port`, `https://host:port`, `dns:///host:port`,
 * `ipv4:a:p,b:p`, `ipv6:…`, `unix:path`.
 *
 * Ownership: the client outlives its calls. A call handle is valid until its final callback
 * returns. Requests are serialized before the function returns. Messages and statuses are valid
 * until the callback returns; the arena of the context lives on. Threads: a client may be used from
 * any loop's thread; a call's callbacks run on its context's loop. Guarantees: the final callback
 * comes exactly once, never from within the function that made the call, and nothing comes after
 * it.
 */
#ifndef MESH_CLIENT_H
#define MESH_CLIENT_H

#include <mesh/context.h>
#include <mesh/service.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct mesh_client mesh_client;
typedef struct mesh_client_call mesh_client_call;
typedef struct mesh_interceptor mesh_interceptor;

/** Options of a client. Everything is copied but what is marked. */
typedef struct mesh_client_options {
  const char *target; /* required */
  /**
   * Optional, default none: gRPC's service config (grpc/proto: service_config.proto, as JSON), the
   * way to set load balancing, and retries and timeouts for each method. A method's timeout is the
   * one of its methodConfig with the most exact name; it shortens the deadline of the context, and
   * stands in for default_timeout_ms.
   */
  const char *service_config_json;
  size_t max_reply_bytes; /* optional, default 4 MiB */
  /**
   * Optional: how many bytes of a stream may have come that nobody has received yet; beyond, its
   * sender waits. 0: the C core decides, from 64 KiB up to many MiB, by the bandwidth and delay it
   * measures. To be bounded where a reader may be slow: what waits is held in memory, and of small
   * messages by the hundred thousand each one more costs the C core (1.51) the moving of them all.
   * Over long distances a bound costs throughput: no more than this per round trip.
   */
  size_t stream_window_bytes;
  int64_t default_timeout_ms; /* optional: for calls that have no other deadline; default none */
  /**
   * Optional, default 6 minutes: how long a connection with calls may be silent before it is asked
   * whether it is alive, with an HTTP/2 PING. Servers end connections that ask more often than they
   * allow (ENHANCE_YOUR_CALM): most allow every 5 minutes, mesh's every 5 seconds. MESH_NO_TIMEOUT:
   * never.
   */
  int64_t keepalive_ms;
  /**
   * Optional, default 20 s: how long the peer may leave such a PING, or over TCP anything that was
   * sent, without acknowledgement. Then the connection is closed, and its calls are UNAVAILABLE.
   */
  int64_t keepalive_timeout_ms;
  /**
   * Optional, default 1 s: the longest wait between attempts to connect; the first is 0.1 s. So a
   * service that was restarted is found again within about this time.
   */
  int64_t reconnect_max_ms;
  const char *ca_file;          /* optional, PEM: trust roots for https; default the system's */
  const char *certificate_file; /* optional, PEM: this side's certificate chain, with key_file */
  const char *key_file;         /* optional, PEM */
  const mesh_interceptor *const *interceptors; /* optional; each must outlive the client */
  size_t interceptor_count;
} mesh_client_options;

#define MESH_CLIENT_OPTIONS_INIT \
  { 0 }

/** A client, connecting lazily. INVALID_ARGUMENT names what is wrong with the target, the service
 * config or a file. */
MESH_MUST_USE mesh_status mesh_client_new(const mesh_client_options *options,
                                          mesh_client **out_client);

/** Ends the channel; no call may be under way. NULL does nothing. */
void mesh_client_destroy(mesh_client *client);

/** The target as given. */
const char *mesh_client_target(const mesh_client *client);

/** What to send: a message, or raw bytes when `message` is NULL. */
typedef struct mesh_payload {
  const ProtobufCMessage *message;
  mesh_bytes bytes;
} mesh_payload;

/** The answer of a unary call. `reply` is NULL unless the status is OK; for raw methods it is empty
 * and `bytes` has the answer. */
typedef void mesh_reply_fn(const mesh_status *status, const ProtobufCMessage *reply,
                           mesh_bytes bytes, void *data);

/** Where an answer goes: `fn` is a mesh_reply_fn, or, with `typed`, the typed callback that
 * method->deliver calls. */
typedef struct mesh_reply_to {
  mesh_reply_fn *fn;
  mesh_any_fn typed;
  void *data;
} mesh_reply_to;

/**
 * Makes a unary call. Or, with `request` NULL, opens a client-streaming one: its messages follow
 * with mesh_client_call_send and end with mesh_client_call_close_send; the answer, which may come
 * before that, goes to `reply_to` all the same. Generated functions wrap this.
 */
mesh_client_call *mesh_client_unary(mesh_client *client, const mesh_context *context,
                                    const mesh_method *method, const mesh_payload *request,
                                    const mesh_reply_to *reply_to);

/** The response's metadata, from within the final callback (and, for streams, from the first
 * message on). */
const mesh_metadata *mesh_client_call_initial_metadata(const mesh_client_call *call);
const mesh_metadata *mesh_client_call_trailing_metadata(const mesh_client_call *call);
const char *mesh_client_call_peer(mesh_client_call *call);

/** Cancels; the final callback still comes, with CANCELLED unless the answer was faster. */
void mesh_client_call_cancel(mesh_client_call *call);

/** The end of a stream. */
typedef void mesh_finished_fn(const mesh_status *status, void *data);

/** Opens a stream of any kind; `on_finished` is the final callback. Server streaming: send the one
 * request and close. */
mesh_client_call *mesh_client_stream(mesh_client *client, const mesh_context *context,
                                     const mesh_method *method, mesh_finished_fn *on_finished,
                                     void *data);

/** One send at a time: the next after `on_sent` (which may be NULL for a last message). */
void mesh_client_call_send(mesh_client_call *call, const mesh_payload *message,
                           void (*on_sent)(bool ok, void *data), void *data);

/** Says that no more messages come from this side. May follow a send at once, without waiting for
 * its `on_sent`. */
void mesh_client_call_close_send(mesh_client_call *call);

/** Asks for the next message; at the end of the stream `reply` is NULL, and on_finished follows.
 * One at a time. */
void mesh_client_call_receive(mesh_client_call *call, const mesh_reply_to *reply_to);

#ifdef __cplusplus
}
#endif

#endif

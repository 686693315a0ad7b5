/* SPDX-License-Identifier: Apache-2.0 */
/* The server's side of a call, from inside. */
#ifndef MESH__CALL_H
#define MESH__CALL_H

#include <mesh/call.h>

#include "batch.h"
#include "server.h"

/* A call as it comes in. The call takes over all of it. */
typedef struct mesh__incoming {
  mesh__server_loop *home;
  const mesh__binding *binding;
  grpc_call *rpc;
  mesh_metadata metadata;
  grpc_byte_buffer *payload;
  int64_t deadline_ms;
  grpc_slice path; /* of unknown methods */
} mesh__incoming;

/* How a call ends; the message and details are the arena's. */
typedef struct mesh__ending {
  mesh_status status;
  grpc_byte_buffer *reply;
} mesh__ending;

/*
 * Lives in its arena. The root is held by the handler, until it ends the call, and by every batch
 * under way. The batch that waits for the close is started only when the loop has come to rest
 * and the call has not ended: an answer that comes before goes out with everything, the close too,
 * in one batch.
 */
struct mesh_call {
  mesh__root root;
  mesh_context own_context;
  const mesh_context *context; /* as the interceptors made it */
  mesh__server_loop *home;
  const mesh__binding *binding;
  const mesh_method *method;
  grpc_call *rpc;
  mesh_metadata metadata;
  grpc_byte_buffer *payload;
  otlp_span *span;
  mesh__passage passage;
  mesh__headers initial;
  mesh__headers trailing;
  struct mesh__details *details; /* error details so far; NULL: none */

  mesh__task watch_task;
  mesh__tag close_tag;
  int was_cancelled; /* the C core's answer to the close operation */
  bool is_close_started;
  bool is_peer_gone; /* the client has cancelled, or its deadline has passed: nobody listens */
  bool has_invoked;  /* the handler has been called */

  mesh__tag end_tag;
  bool has_ended;
  bool is_end_waiting; /* for the send under way */
  mesh__ending ending;

  mesh__tag send_tag;
  mesh__task send_task; /* for sends that cannot go out */
  grpc_byte_buffer *outgoing;
  mesh_sent_fn *on_sent;
  void *sent_data;
  bool is_sending;
  bool has_sent_headers;

  mesh__tag receive_tag;
  grpc_byte_buffer *received;
  mesh_received_fn *on_received;
  mesh_any_fn on_received_typed;
  void *received_data;
  bool is_receiving;
};

/* Makes the call and takes it through the interceptors to its handler. */
void mesh__call_begin(mesh__incoming *incoming);

/* Answers RESOURCE_EXHAUSTED without making a call: refusing must stay cheap. */
void mesh__call_refuse(mesh__incoming *incoming);

/* Starts a batch that holds the root until mesh__call_batch_done. */
void mesh__call_start_batch(mesh_call *call, const mesh__batch *batch, mesh__tag *tag);
void mesh__call_batch_done(mesh_call *call);

/* Sends the headers with this batch if they have not been sent. */
void mesh__call_add_headers(mesh_call *call, mesh__batch *batch);

/* Ends the call: interceptors, then the wire. Takes over `reply`, which may be NULL. */
void mesh__call_end(mesh_call *call, const mesh_status *status, grpc_byte_buffer *reply);

/* Sends the end that waited for a send. */
void mesh__call_send_end(mesh_call *call);

#endif

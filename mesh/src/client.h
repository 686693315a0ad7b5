/* SPDX-License-Identifier: Apache-2.0 */
/* Clients and their calls, from inside. */
#ifndef MESH__CLIENT_H
#define MESH__CLIENT_H

#include <mesh/client.h>

#include "chain.h"
#include "context.h"
#include "service_config.h"
#include "target.h"

struct mesh_client {
  char *given;
  mesh__target target;
  mesh__service_config service_config;
  grpc_channel *channel;
  int64_t default_timeout_ms; /* MESH_NO_TIMEOUT: none */
  mesh__chain chain;
};

/*
 * A call. Unary: one batch of all six operations. Streams: one batch for the headers both ways and
 * the status, and one for each message. The final callback comes when the status is here and every
 * other operation has completed.
 */
struct mesh_client_call {
  mesh__pending pending;
  mesh_client *client;
  const mesh_context *context;
  const mesh_method *method;
  int64_t deadline_ms;
  grpc_call *rpc; /* NULL until the interceptors have let it pass */
  mesh__headers headers;
  mesh__passage passage;
  mesh_timer deadline_timer; /* for a deadline that its scope does not watch */
  otlp_span *span;           /* NULL: none */

  /* the end */
  mesh__tag finish_tag;
  mesh__task end_task;  /* for an end that does not come from the network */
  bool is_ending;       /* by end_task, in the next turn */
  mesh_status *own_end; /* beats what came from the network; NULL: none */
  bool has_finished;    /* the status is here */
  bool is_cancelled;    /* by this side */
  mesh_metadata initial;
  mesh_metadata trailing;
  grpc_status_code code;
  grpc_slice message;
  mesh_reply_to reply_to;    /* unary */
  grpc_byte_buffer *request; /* unary; NULL: its messages follow */
  grpc_byte_buffer *reply;
  bool is_unary;
  mesh_finished_fn *on_finished; /* streams */
  void *finished_data;

  /* outgoing messages */
  mesh__tag send_tag;
  mesh__tag close_tag;
  grpc_byte_buffer *outgoing;
  void (*on_sent)(bool ok, void *data);
  void *sent_data;
  bool is_sending;
  bool is_closing; /* close_send was called and has not completed */
  bool has_closed; /* close_send was called */

  /* incoming messages */
  mesh__tag receive_tag;
  grpc_byte_buffer *incoming;
  mesh_reply_to receive_to;
  bool is_receiving;
};

/* Starts what a stream asked for while it was held. */
void mesh__client_stream_flush(mesh_client_call *call);

/* Answers what a stream asked for and never got. */
void mesh__client_stream_abandon(mesh_client_call *call);

/* Ends the call if the status is here and nothing else is under way. */
void mesh__client_call_settle(mesh_client_call *call);

/* Sets what the call ends with, whatever comes from the network; the first one counts. Copied. */
void mesh__client_call_set_end(mesh_client_call *call, const mesh_status *status);

/* Calls the callback, with the message decoded into `arena`. */
void mesh__client_deliver(const mesh_client_call *call, const mesh_reply_to *to,
                          const mesh_status *status, const ProtobufCMessage *message,
                          mesh_bytes bytes);

#endif

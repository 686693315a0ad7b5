/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The messages of client streams. One send, one close and one receive may be under way at a time;
 * what is asked for while an interceptor holds the call is kept and starts with it.
 */
#include <assert.h>

#include "batch.h"
#include "client.h"
#include "memory.h"
#include "message.h"

static void sent(mesh__tag *tag, bool ok) {
  mesh_client_call *call = MESH__CONTAINER(tag, mesh_client_call, send_tag);
  grpc_byte_buffer_destroy(call->outgoing);
  call->outgoing = NULL;
  call->is_sending = false;
  if (call->on_sent != NULL) {
    call->on_sent(ok, call->sent_data);
  }
  mesh__client_call_settle(call);
}

static void start_send(mesh_client_call *call) {
  mesh__batch batch = {0};
  call->send_tag.fn = sent;
  mesh__batch_add_message(&batch, call->outgoing);
  mesh__batch_start(&batch, call->rpc, &call->send_tag);
}

static void closed(mesh__tag *tag, bool ok) {
  (void)ok;
  mesh_client_call *call = MESH__CONTAINER(tag, mesh_client_call, close_tag);
  call->is_closing = false;
  mesh__client_call_settle(call);
}

static void start_close(mesh_client_call *call) {
  mesh__batch batch = {0};
  call->close_tag.fn = closed;
  mesh__batch_add(&batch, GRPC_OP_SEND_CLOSE_FROM_CLIENT);
  mesh__batch_start(&batch, call->rpc, &call->close_tag);
}

/* Gives the message, or the end of the stream, to the callback. */
static void deliver(mesh_client_call *call, grpc_byte_buffer *buffer) {
  mesh_reply_to to = call->receive_to;
  mesh_status ok = mesh_status_ok();
  mesh_bytes bytes = {NULL, 0};
  if (buffer == NULL) {
    mesh__client_deliver(call, &to, &ok, NULL, bytes);
    return;
  }
  mesh_loop *loop = mesh_context_loop(call->context);
  mesh_arena *scratch = mesh__arena_new_in(mesh__loop_blocks(loop));
  const mesh_method *method = call->method;
  const ProtobufCMessage *message = NULL;
  bytes = mesh__message_bytes(buffer, scratch);
  if (method->reply != NULL) {
    message = mesh__message_decode(method->reply, bytes, scratch);
  }
  if (method->reply != NULL && message == NULL) {
    mesh_status error = mesh_status_error(GRPC_STATUS_INTERNAL, "a reply of %s is not a valid %s",
                                          method->path, method->reply->name);
    mesh__client_call_set_end(call, &error);
    grpc_call_cancel_with_status(call->rpc, error.code, error.message, NULL);
    bytes.data = NULL;
    bytes.size = 0;
  }
  mesh__client_deliver(call, &to, &ok, message, bytes);
  mesh_arena_destroy(scratch);
}

static void received(mesh__tag *tag, bool ok) {
  mesh_client_call *call = MESH__CONTAINER(tag, mesh_client_call, receive_tag);
  grpc_byte_buffer *buffer = ok ? call->incoming : NULL;
  call->incoming = NULL;
  call->is_receiving = false;
  deliver(call, buffer);
  grpc_byte_buffer_destroy(buffer);
  mesh__client_call_settle(call);
}

static void start_receive(mesh_client_call *call) {
  mesh__batch batch = {0};
  call->receive_tag.fn = received;
  grpc_op *op = mesh__batch_add(&batch, GRPC_OP_RECV_MESSAGE);
  op->data.recv_message.recv_message = &call->incoming;
  mesh__batch_start(&batch, call->rpc, &call->receive_tag);
}

void mesh__client_stream_flush(mesh_client_call *call) {
  if (call->is_sending) {
    start_send(call);
  }
  if (call->is_closing) {
    start_close(call);
  }
  if (call->is_receiving) {
    start_receive(call);
  }
}

void mesh__client_stream_abandon(mesh_client_call *call) {
  if (call->is_sending) {
    grpc_byte_buffer_destroy(call->outgoing);
    call->outgoing = NULL;
    call->is_sending = false;
    if (call->on_sent != NULL) {
      call->on_sent(false, call->sent_data);
    }
  }
  call->is_closing = false;
  if (call->is_receiving) {
    call->is_receiving = false;
    deliver(call, NULL);
  }
}

void mesh_client_call_send(mesh_client_call *call, const mesh_payload *message,
                           void (*on_sent)(bool ok, void *data), void *data) {
  assert(!call->is_sending && !call->has_closed);
  call->is_sending = true;
  call->on_sent = on_sent;
  call->sent_data = data;
  call->outgoing = message->message != NULL ? mesh__message_encode(message->message)
                                            : mesh__message_from_bytes(message->bytes);
  if (call->rpc != NULL) {
    start_send(call);
  }
}

void mesh_client_call_close_send(mesh_client_call *call) {
  assert(!call->has_closed);
  call->has_closed = true;
  call->is_closing = true;
  if (call->rpc != NULL) {
    start_close(call);
  }
}

void mesh_client_call_receive(mesh_client_call *call, const mesh_reply_to *reply_to) {
  assert(!call->is_receiving && !call->is_unary);
  call->is_receiving = true;
  call->receive_to = *reply_to;
  if (call->rpc != NULL) {
    start_receive(call);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The messages of a call on the server, both ways. One send and one receive at a time. */
#include <assert.h>

#include "call.h"
#include "memory.h"
#include "message.h"

static void finish_send(mesh_call *call, bool ok) {
  grpc_byte_buffer_destroy(call->outgoing);
  call->outgoing = NULL;
  call->is_sending = false;
  if (call->on_sent != NULL && !call->has_ended) {
    call->on_sent(ok, call->sent_data);
  }
  if (call->is_end_waiting) {
    call->is_end_waiting = false;
    mesh__call_send_end(call);
  }
  mesh__call_batch_done(call);
}

static void sent(mesh__tag *tag, bool ok) {
  finish_send(MESH__CONTAINER(tag, mesh_call, send_tag), ok);
}

static void could_not_send(mesh__task *task) {
  finish_send(MESH__CONTAINER(task, mesh_call, send_task), false);
}

/* Nobody listens, or the headers are not allowed: says so in the next turn, as if it had been
 * tried. */
static void send_nothing(mesh_call *call) {
  call->send_task.fn = could_not_send;
  mesh__root_hold(&call->root);
  mesh__loop_post_task(call->root.loop, &call->send_task);
}

static void send_buffer(mesh_call *call, grpc_byte_buffer *buffer, mesh_sent_fn *on_sent,
                        void *data) {
  assert(!call->is_sending && !call->has_ended && call->method->server_streaming);
  call->is_sending = true;
  call->outgoing = buffer;
  call->on_sent = on_sent;
  call->sent_data = data;
  if (call->root.scope.is_cancelled || call->initial.illegal_key != NULL) {
    send_nothing(call);
    return;
  }
  mesh__batch batch = {0};
  mesh__call_add_headers(call, &batch);
  mesh__batch_add_message(&batch, buffer);
  call->send_tag.fn = sent;
  mesh__call_start_batch(call, &batch, &call->send_tag);
}

void mesh_call_send(mesh_call *call, const ProtobufCMessage *message, mesh_sent_fn *on_sent,
                    void *data) {
  send_buffer(call, mesh__message_encode(message), on_sent, data);
}

void mesh_call_send_bytes(mesh_call *call, mesh_bytes message, mesh_sent_fn *on_sent, void *data) {
  send_buffer(call, mesh__message_from_bytes(message), on_sent, data);
}

static void deliver(mesh_call *call, const mesh_status *status, const ProtobufCMessage *message,
                    mesh_bytes bytes) {
  if (call->on_received_typed != NULL) {
    call->method->deliver_request(call->on_received_typed, status, message, call->received_data);
  } else {
    call->on_received(status, message, bytes, call->received_data);
  }
}

/* The end of the client's stream: half-closed, or broken. */
static void deliver_end(mesh_call *call) {
  mesh_bytes none = {NULL, 0};
  mesh_status status = mesh_status_ok();
  if (call->root.scope.is_cancelled || grpc_call_failed_before_recv_message(call->rpc)) {
    status = mesh_status_error(GRPC_STATUS_CANCELLED, "the client's stream broke");
  }
  deliver(call, &status, NULL, none);
}

static void deliver_message(mesh_call *call, grpc_byte_buffer *buffer, mesh_arena *scratch) {
  const mesh_method *method = call->method;
  mesh_status status = mesh_status_ok();
  mesh_bytes bytes = mesh__message_bytes(buffer, scratch);
  if (method->request == NULL) {
    deliver(call, &status, NULL, bytes);
    return;
  }
  mesh_bytes none = {NULL, 0};
  const ProtobufCMessage *message = mesh__message_decode(method->request, bytes, scratch);
  if (message == NULL) {
    status = mesh_status_error(GRPC_STATUS_INTERNAL, "a request of %s is not a valid %s",
                               method->path, method->request->name);
  }
  deliver(call, &status, message, none);
}

static void received(mesh__tag *tag, bool ok) {
  mesh_call *call = MESH__CONTAINER(tag, mesh_call, receive_tag);
  grpc_byte_buffer *buffer = ok ? call->received : NULL;
  call->received = NULL;
  call->is_receiving = false;
  if (buffer == NULL && !call->has_ended) {
    deliver_end(call);
  } else if (!call->has_ended) {
    mesh_arena *scratch = mesh__arena_new_in(mesh__loop_blocks(call->root.loop));
    deliver_message(call, buffer, scratch);
    mesh_arena_destroy(scratch);
  }
  grpc_byte_buffer_destroy(buffer);
  mesh__call_batch_done(call);
}

static void receive(mesh_call *call, void *data) {
  assert(!call->is_receiving && call->method->client_streaming);
  call->is_receiving = true;
  call->received_data = data;
  mesh__batch batch = {0};
  grpc_op *op = mesh__batch_add(&batch, GRPC_OP_RECV_MESSAGE);
  op->data.recv_message.recv_message = &call->received;
  call->receive_tag.fn = received;
  mesh__call_start_batch(call, &batch, &call->receive_tag);
}

void mesh_call_receive(mesh_call *call, mesh_received_fn *on_message, void *data) {
  call->on_received = on_message;
  call->on_received_typed = NULL;
  receive(call, data);
}

void mesh_call_receive_typed(mesh_call *call, mesh_any_fn on_message, void *data) {
  call->on_received_typed = on_message;
  receive(call, data);
}

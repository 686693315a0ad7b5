/* SPDX-License-Identifier: Apache-2.0 */
/* A client call from its birth, through the interceptors, to its final callback. */
#include <assert.h>
#include <grpc/slice.h>
#include <grpc/support/alloc.h>
#include <string.h>

#include "batch.h"
#include "client.h"
#include "memory.h"
#include "message.h"

void mesh__client_call_set_end(mesh_client_call *call, const mesh_status *status) {
  if (call->own_end != NULL) {
    return;
  }
  mesh_arena *arena = mesh_context_arena(call->context);
  mesh_status *end = mesh_arena_copy(arena, status, sizeof *status);
  end->message = mesh_arena_strdup(arena, status->message);
  end->details = mesh_arena_copy(arena, status->details, status->details_size);
  call->own_end = end;
}

/* Ends a call that the network has no part in, or none any more, in the next turn. */
static void end_by_ourselves(mesh_client_call *call, const mesh_status *status) {
  if (call->own_end != NULL) {
    return;
  }
  mesh__client_call_set_end(call, status);
  call->passage.is_held = false;
  call->is_ending = true;
  mesh_timer_stop(mesh_context_loop(call->context), &call->deadline_timer);
  mesh__loop_post_task(mesh_context_loop(call->context), &call->end_task);
}

/* The texts are the C core's. */
static mesh_status cancellation(grpc_status_code reason) {
  mesh_status status = mesh_status_ok();
  status.code = reason;
  status.message = reason == GRPC_STATUS_DEADLINE_EXCEEDED ? "Deadline Exceeded" : "CANCELLED";
  return status;
}

static void cancel(mesh_client_call *call, grpc_status_code reason) {
  mesh_status status = cancellation(reason);
  call->is_cancelled = true;
  if (call->rpc == NULL || call->passage.is_held) {
    end_by_ourselves(call, &status);
  } else {
    grpc_call_cancel_with_status(call->rpc, status.code, status.message, NULL);
  }
}

static void cancel_pending(mesh__pending *pending, grpc_status_code reason) {
  cancel(MESH__CONTAINER(pending, mesh_client_call, pending), reason);
}

void mesh_client_call_cancel(mesh_client_call *call) {
  cancel(call, GRPC_STATUS_CANCELLED);
}

/* The interceptors' client_finished, last first, for those that saw the start. */
static void tell_interceptors(mesh_client_call *call, const mesh_status *status) {
  const mesh__chain *chain = &call->client->chain;
  for (size_t i = call->passage.entered; i-- > 0;) {
    const mesh_interceptor *interceptor = chain->items[i];
    if (interceptor->client_finished != NULL) {
      interceptor->client_finished(interceptor->self, call, status,
                                   mesh__passage_state(&call->passage, chain, i));
    }
  }
}

void mesh__client_deliver(const mesh_client_call *call, const mesh_reply_to *to,
                          const mesh_status *status, const ProtobufCMessage *message,
                          mesh_bytes bytes) {
  if (to->typed != NULL) {
    call->method->deliver(to->typed, status, message, to->data);
  } else if (to->fn != NULL) {
    to->fn(status, message, bytes, to->data);
  }
}

/* A server on the C core that shuts down ends what it has not handed to anybody as "CANCELLED". To
 * this side, which has cancelled nothing, that is a server that is not there any more. */
static bool was_turned_away(const mesh_client_call *call, const mesh_status *status) {
  return status->code == GRPC_STATUS_CANCELLED && strcmp(status->message, "CANCELLED") == 0 &&
         !call->is_cancelled && mesh_metadata_count(&call->initial) == 0;
}

static mesh_status final_status(mesh_client_call *call) {
  if (call->own_end != NULL) {
    return *call->own_end;
  }
  mesh_status status = {call->code, "", NULL, 0};
  if (GRPC_SLICE_LENGTH(call->message) != 0) {
    status.message = mesh__slice_to_text(mesh_context_arena(call->context), &call->message);
  }
  if (was_turned_away(call, &status)) {
    status.code = GRPC_STATUS_UNAVAILABLE;
    status.message = "the server is stopping";
  }
  mesh_bytes details;
  if (mesh_metadata_get(&call->trailing, "grpc-status-details-bin", 0, &details)) {
    status.details = details.data;
    status.details_size = details.size;
  }
  return status;
}

/* The reply of a unary call; an OK without a reply that can be read turns into INTERNAL. */
static const ProtobufCMessage *open_reply(mesh_client_call *call, mesh_arena *scratch,
                                          mesh_status *status, mesh_bytes *out_bytes) {
  const mesh_method *method = call->method;
  if (!call->is_unary || !mesh_status_is_ok(status)) {
    return NULL;
  }
  if (call->reply == NULL) {
    *status = mesh_status_error(GRPC_STATUS_INTERNAL, "%s ended without a reply", method->path);
    return NULL;
  }
  *out_bytes = mesh__message_bytes(call->reply, scratch);
  if (method->reply == NULL) {
    return NULL;
  }
  const ProtobufCMessage *reply = mesh__message_decode(method->reply, *out_bytes, scratch);
  if (reply == NULL) {
    *status = mesh_status_error(GRPC_STATUS_INTERNAL, "the reply of %s is not a valid %s",
                                method->path, method->reply->name);
  }
  return reply;
}

static void clean_up(mesh_client_call *call) {
  mesh__root *root = call->context->root;
  mesh__metadata_clean_up(&call->initial);
  mesh__metadata_clean_up(&call->trailing);
  mesh__headers_clean_up(&call->headers);
  grpc_slice_unref(call->message);
  grpc_byte_buffer_destroy(call->request);
  grpc_byte_buffer_destroy(call->reply);
  grpc_byte_buffer_destroy(call->outgoing);
  if (call->rpc != NULL) {
    grpc_call_unref(call->rpc);
  }
  mesh__root_release(root);
}

static void end(mesh_client_call *call) {
  mesh_loop *loop = mesh_context_loop(call->context);
  mesh__pending_remove(&call->pending);
  mesh_timer_stop(loop, &call->deadline_timer);
  mesh_arena *scratch = mesh__arena_new_in(mesh__loop_blocks(loop));
  mesh_status status = final_status(call);
  mesh_bytes bytes = {NULL, 0};
  const ProtobufCMessage *reply = open_reply(call, scratch, &status, &bytes);
  tell_interceptors(call, &status);
  if (call->is_unary) {
    mesh__client_deliver(call, &call->reply_to, &status, reply, bytes);
  } else if (call->on_finished != NULL) {
    call->on_finished(&status, call->finished_data);
  }
  mesh_arena_destroy(scratch);
  clean_up(call);
}

/* Back through the interceptors; false while one holds the answer. There is none to hold when this
 * side has given up. */
static bool pass_back(mesh_client_call *call) {
  mesh__passage *passage = &call->passage;
  void *state;
  while (call->own_end == NULL && !call->is_cancelled) {
    const mesh_interceptor *interceptor =
        mesh__passage_next_answered(passage, &call->client->chain, &state);
    if (interceptor == NULL) {
      return true;
    }
    if (interceptor->client_answered != NULL) {
      mesh__passage_goes_on(passage, interceptor->client_answered(interceptor->self, call, state));
    }
    if (passage->is_held) {
      return false;
    }
  }
  return true;
}

void mesh__client_call_settle(mesh_client_call *call) {
  bool is_done =
      call->has_finished && !call->is_sending && !call->is_receiving && !call->is_closing;
  if (is_done && !call->is_ending && !call->passage.is_held && pass_back(call)) {
    end(call);
  }
}

static void finished(mesh__tag *tag, bool ok) {
  (void)ok;
  mesh_client_call *call = MESH__CONTAINER(tag, mesh_client_call, finish_tag);
  call->has_finished = true;
  mesh__client_call_settle(call);
}

static void ended_by_ourselves(mesh__task *task) {
  mesh_client_call *call = MESH__CONTAINER(task, mesh_client_call, end_task);
  call->is_ending = false;
  if (call->has_finished) {
    mesh__client_call_settle(call);
    return;
  }
  mesh__client_stream_abandon(call);
  end(call);
}

/* The service config's timeout of the method shortens the context's deadline; the client's timeout
 * is for calls that have neither. */
static int64_t deadline_of(const mesh_client *client, const mesh_context *context,
                           const mesh_method *method) {
  int64_t now_ms = mesh_loop_now_ms(mesh_context_loop(context));
  int64_t timeout_ms = mesh__service_config_timeout_ms(&client->service_config, method->path);
  if (timeout_ms == MESH_NO_TIMEOUT && context->deadline_ms == MESH_NO_TIMEOUT) {
    timeout_ms = client->default_timeout_ms;
  }
  int64_t deadline_ms = mesh__add_ms(now_ms, timeout_ms);
  return context->deadline_ms < deadline_ms ? context->deadline_ms : deadline_ms;
}

static mesh_client_call *call_new(mesh_client *client, const mesh_context *context,
                                  const mesh_method *method) {
  mesh_arena *arena = mesh_context_arena(context);
  mesh_client_call *call = mesh_arena_alloc(arena, sizeof *call);
  mesh__root_hold(context->root);
  call->client = client;
  call->context = context;
  call->method = method;
  call->deadline_ms = deadline_of(client, context, method);
  call->pending.cancel = cancel_pending;
  call->finish_tag.fn = finished;
  call->end_task.fn = ended_by_ourselves;
  call->message = grpc_empty_slice();
  mesh__metadata_init(&call->initial);
  mesh__metadata_init(&call->trailing);
  mesh__passage_init(&call->passage, &client->chain, arena);
  return call;
}

/* The operations that every call has. */
static void start_batch(mesh_client_call *call) {
  mesh__batch batch = {0};
  mesh__batch_add_headers(&batch, &call->headers);
  if (call->request != NULL) {
    mesh__batch_add_message(&batch, call->request);
    mesh__batch_add(&batch, GRPC_OP_SEND_CLOSE_FROM_CLIENT);
  }
  grpc_op *op = mesh__batch_add(&batch, GRPC_OP_RECV_INITIAL_METADATA);
  op->data.recv_initial_metadata.recv_initial_metadata = &call->initial.array;
  if (call->is_unary) {
    op = mesh__batch_add(&batch, GRPC_OP_RECV_MESSAGE);
    op->data.recv_message.recv_message = &call->reply;
  }
  op = mesh__batch_add(&batch, GRPC_OP_RECV_STATUS_ON_CLIENT);
  op->data.recv_status_on_client.trailing_metadata = &call->trailing.array;
  op->data.recv_status_on_client.status = &call->code;
  op->data.recv_status_on_client.status_details = &call->message;
  mesh__batch_start(&batch, call->rpc, &call->finish_tag);
}

static void deadline_passed(void *data) {
  cancel(data, GRPC_STATUS_DEADLINE_EXCEEDED);
}

/* From here on the context's cancellation, and the deadline, reach the call. */
static void enter_scope(mesh_client_call *call) {
  if (call->pending.next != NULL) {
    return; /* it was held, and is in */
  }
  mesh__scope *scope = call->context->scope;
  mesh_loop *loop = mesh_context_loop(call->context);
  mesh__scope_add(scope, &call->pending);
  if (call->own_end == NULL && call->deadline_ms < scope->deadline_ms) {
    mesh_timer_start(loop, &call->deadline_timer, call->deadline_ms - mesh_loop_now_ms(loop),
                     deadline_passed, call);
  }
}

static void add_context_metadata(mesh_client_call *call) {
  for (const mesh__context_entry *entry = call->context->metadata; entry != NULL;
       entry = entry->next) {
    mesh_client_call_add_metadata(call, entry->key, entry->value);
  }
}

static void start(mesh_client_call *call) {
  enter_scope(call);
  if (mesh_loop_now_ms(mesh_context_loop(call->context)) >= call->deadline_ms) {
    cancel(call, GRPC_STATUS_DEADLINE_EXCEEDED);
  }
  if (call->own_end != NULL) {
    return;
  }
  add_context_metadata(call);
  if (call->headers.illegal_key != NULL) {
    mesh_status status =
        mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT, "metadata '%s' cannot be sent to %s",
                          call->headers.illegal_key, call->method->path);
    end_by_ourselves(call, &status);
    return;
  }
  call->rpc = grpc_channel_create_call(call->client->channel, NULL, GRPC_PROPAGATE_DEFAULTS,
                                       mesh__loop_queue(mesh_context_loop(call->context)),
                                       grpc_slice_from_static_string(call->method->path), NULL,
                                       mesh__deadline_to_core(call->deadline_ms), NULL);
  start_batch(call);
  mesh__client_stream_flush(call);
}

/* Goes on through the interceptors, and starts the call behind the last. */
static void pass(mesh_client_call *call) {
  const mesh__chain *chain = &call->client->chain;
  mesh__passage *passage = &call->passage;
  while (passage->entered < chain->count) {
    size_t index = passage->entered++;
    const mesh_interceptor *interceptor = chain->items[index];
    if (interceptor->client_started == NULL) {
      continue;
    }
    mesh_verdict verdict = interceptor->client_started(interceptor->self, call,
                                                       mesh__passage_state(passage, chain, index));
    assert(verdict != MESH_REFUSE || call->own_end != NULL);
    if (!mesh__passage_goes_on(passage, verdict)) {
      break;
    }
  }
  if (passage->is_held) {
    enter_scope(call);
  } else if (call->own_end == NULL) {
    start(call);
  }
}

void mesh_client_call_resume(mesh_client_call *call) {
  if (call->own_end == NULL && mesh__passage_resume(&call->passage)) {
    if (call->has_finished) {
      mesh__client_call_settle(call);
    } else {
      pass(call);
    }
  }
}

void mesh_client_call_refuse(mesh_client_call *call, const mesh_status *status) {
  assert((call->rpc == NULL || call->has_finished) && !mesh_status_is_ok(status));
  if (call->has_finished && !call->passage.is_held) {
    mesh__client_call_set_end(call, status);
  } else {
    end_by_ourselves(call, status);
  }
}

static grpc_byte_buffer *encode(const mesh_payload *payload) {
  return payload->message != NULL ? mesh__message_encode(payload->message)
                                  : mesh__message_from_bytes(payload->bytes);
}

mesh_client_call *mesh_client_unary(mesh_client *client, const mesh_context *context,
                                    const mesh_method *method, const mesh_payload *request,
                                    const mesh_reply_to *reply_to) {
  mesh_client_call *call = call_new(client, context, method);
  call->is_unary = true;
  call->reply_to = *reply_to;
  if (request != NULL) {
    call->request = encode(request);
  }
  pass(call);
  return call;
}

mesh_client_call *mesh_client_stream(mesh_client *client, const mesh_context *context,
                                     const mesh_method *method, mesh_finished_fn *on_finished,
                                     void *data) {
  mesh_client_call *call = call_new(client, context, method);
  call->on_finished = on_finished;
  call->finished_data = data;
  pass(call);
  return call;
}

const mesh_metadata *mesh_client_call_initial_metadata(const mesh_client_call *call) {
  return &call->initial;
}

const mesh_metadata *mesh_client_call_trailing_metadata(const mesh_client_call *call) {
  return &call->trailing;
}

const char *mesh_client_call_peer(mesh_client_call *call) {
  if (call->rpc == NULL) {
    return "";
  }
  char *peer = grpc_call_get_peer(call->rpc);
  const char *copy = mesh_arena_strdup(mesh_context_arena(call->context), peer);
  gpr_free(peer);
  return copy;
}

const mesh_method *mesh_client_call_method(const mesh_client_call *call) {
  return call->method;
}

mesh_client *mesh_client_call_client(const mesh_client_call *call) {
  return call->client;
}

const mesh_context *mesh_client_call_context(const mesh_client_call *call) {
  return call->context;
}

otlp_span *mesh_client_call_span(const mesh_client_call *call) {
  return call->span;
}

void mesh_client_call_set_span(mesh_client_call *call, otlp_span *span) {
  call->span = span;
}

void mesh_client_call_add_metadata(mesh_client_call *call, const char *key, mesh_bytes value) {
  assert(call->rpc == NULL);
  mesh__headers_add(&call->headers, mesh_context_arena(call->context), key, value);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* A call on the server: in through the interceptors to its handler, and out again. */
#include <assert.h>
#include <grpc/slice.h>
#include <grpc/support/alloc.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "call.h"
#include "details.h"
#include "memory.h"
#include "message.h"
#include "utf8.h"

enum { FAIL_MESSAGE_SIZE = 512 };

static void die(mesh__root *root) {
  mesh_call *call = MESH__CONTAINER(root, mesh_call, root);
  mesh__server_loop *home = call->home;
  mesh__metadata_clean_up(&call->metadata);
  mesh__headers_clean_up(&call->initial);
  mesh__headers_clean_up(&call->trailing);
  grpc_byte_buffer_destroy(call->payload);
  grpc_byte_buffer_destroy(call->outgoing);
  grpc_byte_buffer_destroy(call->ending.reply);
  grpc_call_unref(call->rpc);
  home->calls_in_flight -= !call->binding->is_exempt;
  mesh__server_part_end(home->server);
}

/* What an unknown method looks like to interceptors. */
static const mesh_method *describe_unknown(mesh_arena *arena, const grpc_slice *path) {
  mesh_method *method = mesh_arena_alloc(arena, sizeof *method);
  method->path = mesh__slice_to_text(arena, path);
  method->name = method->path;
  return method;
}

static void count_start(const mesh_call *call) {
  mesh__server_loop *home = call->home;
  if (call->binding->is_exempt) {
    return;
  }
  home->calls_started++;
  home->calls_in_flight++;
  if (home->calls_in_flight > home->calls_in_flight_max) {
    home->calls_in_flight_max = home->calls_in_flight;
  }
}

/* Codes that there are not count as UNKNOWN (gRPC, "Status codes and their use"). */
static void count_end(const mesh_call *call) {
  grpc_status_code code = call->ending.status.code;
  bool is_known = code >= GRPC_STATUS_OK && code <= GRPC_STATUS_UNAUTHENTICATED;
  if (!call->binding->is_exempt) {
    call->home->calls_ended[is_known ? code : GRPC_STATUS_UNKNOWN]++;
  }
}

static mesh_call *call_new(mesh__incoming *incoming) {
  mesh__server_loop *home = incoming->home;
  mesh_arena *arena = mesh__arena_new_in(mesh__loop_blocks(home->loop));
  mesh_call *call = mesh_arena_alloc(arena, sizeof *call);
  mesh__root_init(&call->root, home->loop, arena);
  call->root.on_death = die;
  mesh__context_init(&call->own_context, &call->root, incoming->deadline_ms);
  call->context = &call->own_context;
  call->home = home;
  call->binding = incoming->binding;
  call->method = incoming->binding->method != NULL ? incoming->binding->method
                                                   : describe_unknown(arena, &incoming->path);
  call->rpc = incoming->rpc;
  call->metadata = incoming->metadata;
  call->payload = incoming->payload;
  mesh__passage_init(&call->passage, &home->server->chain, arena);
  count_start(call);
  mesh__server_part_begin(home->server);
  return call;
}

/* The request of a method without client streaming; false when the call has been failed. */
static bool open_request(mesh_call *call, const ProtobufCMessage **out_request) {
  const mesh_method *method = call->method;
  *out_request = NULL;
  if (method->client_streaming) {
    return true;
  }
  if (call->payload == NULL) {
    mesh_call_fail(call, GRPC_STATUS_INTERNAL, "%s came without a request", method->path);
    return false;
  }
  if (method->request == NULL) {
    return true;
  }
  mesh_bytes bytes = mesh__message_bytes(call->payload, call->root.arena);
  *out_request = mesh__message_decode(method->request, bytes, call->root.arena);
  grpc_byte_buffer_destroy(call->payload);
  call->payload = NULL;
  if (*out_request == NULL) {
    mesh_call_fail(call, GRPC_STATUS_INTERNAL, "the request of %s is not a valid %s", method->path,
                   method->request->name);
  }
  return *out_request != NULL;
}

static bool has_deadline_passed(const mesh_call *call) {
  return mesh_loop_now_ms(call->root.loop) >= call->own_context.deadline_ms;
}

/* A call whose client waits no more is not worth its handler: under overload there are many. */
static void invoke(mesh_call *call) {
  const ProtobufCMessage *request;
  call->has_invoked = true;
  if (has_deadline_passed(call)) {
    mesh_call_fail(call, GRPC_STATUS_DEADLINE_EXCEEDED, "the deadline passed before %s was started",
                   call->method->path);
  } else if (call->binding->method == NULL) {
    mesh_call_fail(call, GRPC_STATUS_UNIMPLEMENTED, "unknown method %s", call->method->path);
  } else if (open_request(call, &request)) {
    call->method->invoke(call, request, &call->binding->service);
  }
}

/* Goes on through the interceptors, and calls the handler behind the last. */
static void pass(mesh_call *call) {
  const mesh__chain *chain = &call->home->server->chain;
  mesh__passage *passage = &call->passage;
  while (passage->entered < chain->count) {
    size_t index = passage->entered++;
    const mesh_interceptor *interceptor = chain->items[index];
    if (interceptor->server_started == NULL) {
      continue;
    }
    mesh_verdict verdict = interceptor->server_started(interceptor->self, call,
                                                       mesh__passage_state(passage, chain, index));
    assert(verdict != MESH_REFUSE || call->has_ended);
    if (!mesh__passage_goes_on(passage, verdict)) {
      break;
    }
  }
  if (!passage->is_held && !call->has_ended) {
    invoke(call);
  }
}

void mesh__call_start_batch(mesh_call *call, const mesh__batch *batch, mesh__tag *tag) {
  mesh__root_hold(&call->root);
  mesh__batch_start(batch, call->rpc, tag);
}

void mesh__call_batch_done(mesh_call *call) {
  mesh__root_release(&call->root);
}

static void add_close(mesh_call *call, mesh__batch *batch) {
  grpc_op *op = mesh__batch_add(batch, GRPC_OP_RECV_CLOSE_ON_SERVER);
  op->data.recv_close_on_server.cancelled = &call->was_cancelled;
  call->is_close_started = true;
}

/* The interceptors' server_finished, last first, for those that saw the start. */
static void tell_interceptors(mesh_call *call, const mesh_status *status) {
  const mesh__chain *chain = &call->home->server->chain;
  for (size_t i = call->passage.entered; i-- > 0;) {
    const mesh_interceptor *interceptor = chain->items[i];
    if (interceptor->server_finished != NULL) {
      interceptor->server_finished(interceptor->self, call, status,
                                   mesh__passage_state(&call->passage, chain, i));
    }
  }
}

/* What the call ends with, whatever the handler says: once the client has gone nobody listens; and
 * metadata that gRPC does not allow cannot be sent. (A context that the handler has cancelled
 * itself is no reason to be silent.) */
static mesh_status effective(mesh_call *call, const mesh_status *status) {
  if (call->is_peer_gone) {
    mesh_status cancelled = mesh_status_ok();
    cancelled.code = call->root.scope.reason;
    cancelled.message = "the call was cancelled before it had ended";
    return cancelled;
  }
  const char *key = call->trailing.illegal_key;
  if (key == NULL && mesh_status_is_ok(status)) {
    key = call->initial.illegal_key;
  }
  return key != NULL ? mesh_status_error(GRPC_STATUS_INTERNAL, "metadata '%s' cannot be sent", key)
                     : *status;
}

static mesh_status keep(mesh_arena *arena, const mesh_status *status) {
  mesh_status kept = *status;
  kept.message = mesh_arena_strdup(arena, status->message);
  kept.details = mesh_arena_copy(arena, status->details, status->details_size);
  return kept;
}

/* Back through the interceptors; false while one holds the answer. */
static bool pass_back(mesh_call *call) {
  mesh__passage *passage = &call->passage;
  void *state;
  while (!call->is_peer_gone) {
    const mesh_interceptor *interceptor =
        mesh__passage_next_answered(passage, &call->home->server->chain, &state);
    if (interceptor == NULL) {
      return true;
    }
    if (interceptor->server_answered != NULL) {
      mesh__passage_goes_on(passage, interceptor->server_answered(interceptor->self, call, state));
    }
    if (passage->is_held) {
      return false;
    }
  }
  return true;
}

static void finish(mesh_call *call) {
  count_end(call);
  tell_interceptors(call, &call->ending.status);
  call->span = NULL;
  if (call->is_sending) {
    call->is_end_waiting = true;
  } else {
    mesh__call_send_end(call);
  }
  mesh__root_release(&call->root);
}

void mesh__call_end(mesh_call *call, const mesh_status *status, grpc_byte_buffer *reply) {
  if (call->has_ended) {
    fprintf(stderr, "mesh: a handler of %s has ended its call twice\n", call->method->path);
    abort();
  }
  call->has_ended = true;
  call->passage.is_held = false;
  call->passage.is_resumed = false;
  mesh_status final = effective(call, status);
  call->ending.status = keep(call->root.arena, &final);
  call->ending.reply = reply;
  if (pass_back(call)) {
    finish(call);
  }
}

void mesh_call_answer_with(mesh_call *call, const mesh_status *status) {
  assert(call->has_ended && !mesh_status_is_ok(status));
  call->ending.status = keep(call->root.arena, status);
  call->passage.answered = call->passage.entered; /* a failure is no answer to hold */
}

void mesh_call_resume(mesh_call *call) {
  if (!mesh__passage_resume(&call->passage)) {
    return;
  }
  if (!call->has_ended) {
    pass(call);
  } else if (pass_back(call)) {
    finish(call);
  }
}

/* What is held, the call or its answer, has nobody to go to any more. */
static void end_hold(mesh_call *call) {
  if (!call->has_ended && !call->has_invoked) {
    mesh_call_fail(call, GRPC_STATUS_CANCELLED, "cancelled while it was held");
  } else if (call->has_ended && call->passage.is_held) {
    call->passage.is_held = false;
    call->ending.status = effective(call, &call->ending.status);
    finish(call);
  }
}

/* The stream is over. Before its end it was cancelled, by the client, its deadline or the network.
 */
static void closed(mesh__tag *tag, bool ok) {
  (void)ok;
  mesh_call *call = MESH__CONTAINER(tag, mesh_call, close_tag);
  if (call->was_cancelled) {
    call->is_peer_gone = true;
    mesh__scope_cancel(&call->root.scope, has_deadline_passed(call) ? GRPC_STATUS_DEADLINE_EXCEEDED
                                                                    : GRPC_STATUS_CANCELLED);
    end_hold(call);
  }
  mesh__call_batch_done(call);
}

/* Whether its end has gone out or waits for a send only. */
static bool is_over(const mesh_call *call) {
  return call->has_ended && !call->passage.is_held;
}

/* Starts waiting for the end of the stream, and so for its cancellation; unless the call has ended
 * meanwhile: then its end takes the waiting along. */
static void watch(mesh__task *task) {
  mesh_call *call = MESH__CONTAINER(task, mesh_call, watch_task);
  if (!is_over(call)) {
    mesh__batch batch = {0};
    add_close(call, &batch);
    call->close_tag.fn = closed;
    mesh__call_start_batch(call, &batch, &call->close_tag);
  }
  mesh__root_release(&call->root);
}

/* Behind what others left for when the loop is at rest, such as look-ups, and what these left. */
static void watch_soon(mesh__task *task) {
  mesh_call *call = MESH__CONTAINER(task, mesh_call, watch_task);
  call->watch_task.fn = watch;
  mesh__loop_post_task(call->root.loop, &call->watch_task);
}

void mesh__call_begin(mesh__incoming *incoming) {
  mesh_call *call = call_new(incoming);
  pass(call);
  if (!is_over(call)) {
    mesh__root_hold(&call->root);
    call->watch_task.fn = watch_soon;
    mesh__loop_post_task_at_rest(call->root.loop, &call->watch_task);
  }
}

static void end_sent(mesh__tag *tag, bool ok) {
  (void)ok;
  mesh_call *call = MESH__CONTAINER(tag, mesh_call, end_tag);
  mesh__call_batch_done(call);
}

void mesh__call_add_headers(mesh_call *call, mesh__batch *batch) {
  static const mesh__headers none = {NULL, 0, 0, NULL};
  /* A failure sends nothing of its own first: only so may the client retry (gRPC over HTTP2,
   * "Trailers-Only"). */
  bool is_failure = call->has_ended && !mesh_status_is_ok(&call->ending.status);
  if (!call->has_sent_headers) {
    mesh__batch_add_headers(batch, is_failure ? &none : &call->initial);
    call->has_sent_headers = true;
  }
}

void mesh__call_send_end(mesh_call *call) {
  const mesh_status *status = &call->ending.status;
  if (call->is_peer_gone) {
    return;
  }
  mesh__batch batch = {0};
  mesh__call_add_headers(call, &batch);
  if (call->ending.reply != NULL && mesh_status_is_ok(status)) {
    mesh__batch_add_message(&batch, call->ending.reply);
  }
  mesh__details_add_to(status, &call->trailing, call->root.arena);
  grpc_slice message = grpc_slice_from_copied_string(status->message);
  grpc_op *op = mesh__batch_add(&batch, GRPC_OP_SEND_STATUS_FROM_SERVER);
  op->data.send_status_from_server.status = status->code;
  op->data.send_status_from_server.status_details = &message;
  op->data.send_status_from_server.trailing_metadata = call->trailing.items;
  op->data.send_status_from_server.trailing_metadata_count = call->trailing.count;
  if (!call->is_close_started) {
    add_close(call, &batch);
  }
  call->end_tag.fn = end_sent;
  mesh__call_start_batch(call, &batch, &call->end_tag);
  grpc_slice_unref(message);
}

void mesh_call_reply(mesh_call *call, const ProtobufCMessage *reply) {
  assert(!call->method->server_streaming && "streams end with mesh_call_finish");
  mesh_status ok = mesh_status_ok();
  mesh__call_end(call, &ok, mesh__message_encode(reply));
}

void mesh_call_reply_bytes(mesh_call *call, mesh_bytes reply) {
  assert(!call->method->server_streaming && "streams end with mesh_call_finish");
  mesh_status ok = mesh_status_ok();
  mesh__call_end(call, &ok, mesh__message_from_bytes(reply));
}

void mesh_call_finish(mesh_call *call) {
  assert(call->method->server_streaming && "other calls end with mesh_call_reply");
  mesh_status ok = mesh_status_ok();
  mesh__call_end(call, &ok, NULL);
}

void mesh_call_fail(mesh_call *call, grpc_status_code code, const char *format, ...) {
  char message[FAIL_MESSAGE_SIZE];
  va_list arguments;
  va_start(arguments, format);
  mesh__utf8_format(message, sizeof message, format, arguments);
  va_end(arguments);
  mesh_status status = {code, message, NULL, 0};
  mesh__details_finish(call->details, &status);
  mesh_call_fail_with(call, &status);
}

void mesh_call_fail_with(mesh_call *call, const mesh_status *status) {
  assert(!mesh_status_is_ok(status) && "a failure has a code other than OK");
  mesh__call_end(call, status, NULL);
}

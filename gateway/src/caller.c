/* SPDX-License-Identifier: Apache-2.0 */
#include "caller.h"

#include "error_body.h"
#include "front.h"

#include <poll.h>

enum {
  SWEEP_MS = 100,
  SWEEP_BATCH = 64,
};

void gateway_caller_init(gateway_caller *caller, mesh_loop *loop, const gateway_backends *backends,
                         gateway_handoff *results) {
  memset(caller, 0, sizeof *caller);
  caller->loop = loop;
  caller->backends = backends;
  caller->results = results;
}

static void sweep(void *data);

void gateway_caller_begin_turn(gateway_exchange *exchange) {
  gateway_caller *caller = exchange->caller;
  exchange->is_waiting = true;
  exchange->turn_since_ms = mesh_loop_now_ms(caller->loop);
  exchange->previous_waiting = NULL;
  exchange->next_waiting = caller->waiting;
  if (caller->waiting != NULL) {
    caller->waiting->previous_waiting = exchange;
  }
  caller->waiting = exchange;
  if (!caller->sweep.is_pending) {
    mesh_timer_start(caller->loop, &caller->sweep, SWEEP_MS, sweep, caller);
  }
}

static void wake(void *results) {
  gateway_handoff_wake(results);
}

void gateway_caller_end_turn(gateway_exchange *exchange, gateway_result result) {
  gateway_caller *caller = exchange->caller;
  if (exchange->next_waiting != NULL) {
    exchange->next_waiting->previous_waiting = exchange->previous_waiting;
  }
  if (exchange->previous_waiting != NULL) {
    exchange->previous_waiting->next_waiting = exchange->next_waiting;
  } else {
    caller->waiting = exchange->next_waiting;
  }
  if (caller->waiting == NULL) {
    mesh_timer_stop(caller->loop, &caller->sweep);
  }
  exchange->is_waiting = false;
  exchange->result = result;
  if (gateway_handoff_push(caller->results, &exchange->handoff)) {
    mesh_loop_post_at_rest(caller->loop, wake, caller->results);
  }
}

static void release_context(gateway_exchange *exchange) {
  mesh_context_release(exchange->context);
  exchange->context = NULL;
}

/*
 * Clients that hung up. Their connections are suspended, so the HTTP server does not see it; their
 * sockets can't be closed, and so not be another's, as long as the loop has the turn. Calls that
 * are quick are never looked at.
 */
static void cancel_if_gone(const struct pollfd *sockets, gateway_exchange **exchanges,
                           size_t count) {
  for (size_t i = 0; i < count; i++) {
    if ((sockets[i].revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0) {
      exchanges[i]->has_client_gone = true;
      mesh_context_cancel(exchanges[i]->context);
    }
  }
}

static void look_at(struct pollfd *sockets, gateway_exchange **exchanges, size_t count) {
  if (count > 0 && poll(sockets, count, 0) > 0) {
    cancel_if_gone(sockets, exchanges, count);
  }
}

static void sweep(void *data) {
  gateway_caller *caller = data;
  struct pollfd sockets[SWEEP_BATCH];
  gateway_exchange *exchanges[SWEEP_BATCH];
  size_t count = 0;
  int64_t now_ms = mesh_loop_now_ms(caller->loop);
  for (gateway_exchange *at = caller->waiting; at != NULL; at = at->next_waiting) {
    if (now_ms - at->turn_since_ms < SWEEP_MS / 2 || at->has_client_gone || at->context == NULL) {
      continue;
    }
    sockets[count] = (struct pollfd){at->socket, POLLRDHUP, 0};
    exchanges[count++] = at;
    if (count == SWEEP_BATCH) {
      look_at(sockets, exchanges, count);
      count = 0;
    }
  }
  look_at(sockets, exchanges, count);
  if (caller->waiting != NULL) {
    mesh_timer_start(caller->loop, &caller->sweep, SWEEP_MS, sweep, caller);
  }
}

void gateway_caller_keep_status(gateway_exchange *exchange, const mesh_status *status) {
  gateway_text details = gateway_text_of(status->details, status->details_size);
  exchange->status.code = status->code;
  exchange->status.message =
      gateway_arena_copy(exchange->arena, gateway_text_from(status->message)).data;
  exchange->status.details =
      status->details == NULL ? NULL : gateway_arena_copy(exchange->arena, details).data;
  exchange->status.details_size = status->details_size;
}

/* Will the answer be one that says that the server failed? The arena is a passing one, as this may
 * not be the loop's turn. */
static bool is_server_error(const gateway_exchange *exchange, const mesh_status *status) {
  upb_Arena *arena = gateway_arena_new(NULL, 0);
  int http_status = gateway_error_http_status(&exchange->server->error_types,
                                              &exchange->route->method->failures, status, arena);
  upb_Arena_Free(arena);
  return http_status >= 500;
}

static void end_inner_span(gateway_exchange *exchange, const mesh_status *status) {
  if (exchange->inner_span != NULL && !mesh_status_is_ok(status) &&
      is_server_error(exchange, status)) {
    const char *code = mesh_status_code_name(status->code);
    otlp_string message = otlp_string_from(status->message);
    otlp_span_set_status(exchange->inner_span, OTLP_STATUS_ERROR, message);
    otlp_span_set_string(exchange->inner_span, "error.type", code);
    otlp_span_record_exception(exchange->inner_span, otlp_string_from(code), message);
  }
  otlp_span_end(exchange->inner_span);
  exchange->inner_span = NULL;
}

static void unary_replied(const mesh_status *status, const ProtobufCMessage *reply,
                          mesh_bytes bytes, void *data) {
  (void)reply;
  gateway_exchange *exchange = data;
  bool is_ok = mesh_status_is_ok(status);
  end_inner_span(exchange, status);
  gateway_caller_keep_status(exchange, status);
  if (is_ok) {
    gateway_buffer_append(&exchange->reply, bytes.data, bytes.size);
  }
  release_context(exchange);
  gateway_caller_end_turn(exchange, is_ok ? GATEWAY_RESULT_REPLY : GATEWAY_RESULT_END);
}

static void hand_over_end(gateway_exchange *exchange) {
  gateway_caller_keep_status(exchange, exchange->end);
  release_context(exchange);
  gateway_caller_end_turn(exchange, GATEWAY_RESULT_END);
}

/* The status is kept with the context until it is the loop's turn to hand it over. */
static void stream_finished(const mesh_status *status, void *data) {
  gateway_exchange *exchange = data;
  mesh_arena *arena = mesh_context_arena(exchange->context);
  mesh_status *end = mesh_arena_copy(arena, status, sizeof *status);
  end->message = mesh_arena_strdup(arena, status->message);
  end->details = status->details == NULL
                     ? NULL
                     : mesh_arena_copy(arena, status->details, status->details_size);
  end_inner_span(exchange, status);
  exchange->end = end;
  exchange->call = NULL;
  if (exchange->is_waiting) {
    hand_over_end(exchange);
  }
}

/* At the end of the stream there is no message, and stream_finished follows. */
static void stream_received(const mesh_status *status, const ProtobufCMessage *reply,
                            mesh_bytes bytes, void *data) {
  (void)status;
  (void)reply;
  gateway_exchange *exchange = data;
  if (bytes.data == NULL || !exchange->is_waiting) {
    return;
  }
  gateway_buffer_reset(&exchange->reply);
  gateway_buffer_append(&exchange->reply, bytes.data, bytes.size);
  gateway_caller_end_turn(exchange, GATEWAY_RESULT_MESSAGE);
}

static void receive(gateway_exchange *exchange) {
  mesh_reply_to to = {stream_received, NULL, exchange};
  mesh_client_call_receive(exchange->call, &to);
}

static void start_stream(mesh_client *client, gateway_exchange *exchange, mesh_payload payload) {
  exchange->call = mesh_client_stream(client, exchange->context, &exchange->route->method->call,
                                      stream_finished, exchange);
  mesh_client_call_send(exchange->call, &payload, NULL, NULL);
  mesh_client_call_close_send(exchange->call);
  receive(exchange);
}

static const mesh_context *add_metadata(const gateway_exchange *exchange,
                                        const mesh_context *context) {
  for (size_t i = 0; i < gateway_passed_header_count; i++) {
    gateway_text value =
        gateway_call_headers_get(&exchange->headers, gateway_passed_headers[i].header);
    if (value.size > 0) {
      mesh_bytes bytes = {value.data, value.size};
      context = mesh_context_with_metadata(context, gateway_passed_headers[i].key, bytes);
    }
  }
  return context;
}

static const mesh_context *new_context(gateway_exchange *exchange) {
  otlp_context trace = otlp_context_with_span(&exchange->remote, exchange->span);
  const mesh_context *context =
      mesh_context_new(exchange->caller->loop, &trace, exchange->timeout_ms);
  context = add_metadata(exchange, context);
  const char *span_name = exchange->route->method->span_name;
  return span_name == NULL ? context
                           : mesh_context_start_span(context, span_name, &exchange->inner_span);
}

static void cancel_if_stopping(const gateway_exchange *exchange) {
  if (exchange->caller->is_cancelling) {
    mesh_context_cancel(exchange->context);
  }
}

static void start(gateway_exchange *exchange) {
  const gateway_method *method = exchange->route->method;
  const gateway_backends *backends = exchange->caller->backends;
  mesh_payload payload = {NULL, {exchange->request.data, exchange->request.size}};
  gateway_caller_begin_turn(exchange);
  exchange->context = new_context(exchange);
  if (method->call.server_streaming) {
    start_stream(gateway_backends_stream_client(backends, method->service), exchange, payload);
  } else {
    mesh_reply_to to = {unary_replied, NULL, exchange};
    mesh_client *client = gateway_backends_client(backends, method->service);
    exchange->call = mesh_client_unary(client, exchange->context, &method->call, &payload, &to);
  }
  cancel_if_stopping(exchange);
}

/* Once it is started, an exchange may be anybody's. */
static void start_all(void *data) {
  gateway_exchange *exchange = data;
  while (exchange != NULL) {
    gateway_exchange *later = exchange->next_starting;
    start(exchange);
    exchange = later;
  }
}

void gateway_caller_start(gateway_caller *caller, gateway_exchange *exchange) {
  exchange->caller = caller;
  exchange->next_starting = caller->starting;
  caller->starting = exchange;
}

void gateway_caller_hand_over(gateway_caller *caller) {
  gateway_exchange *oldest_first = NULL;
  while (caller->starting != NULL) {
    gateway_exchange *exchange = caller->starting;
    caller->starting = exchange->next_starting;
    exchange->next_starting = oldest_first;
    oldest_first = exchange;
  }
  if (oldest_first != NULL) {
    mesh_loop_post(caller->loop, start_all, oldest_first);
  }
}

static void next(void *data) {
  gateway_exchange *exchange = data;
  gateway_caller_begin_turn(exchange);
  if (exchange->end != NULL) {
    hand_over_end(exchange);
    return;
  }
  receive(exchange);
  cancel_if_stopping(exchange);
}

void gateway_caller_next(gateway_exchange *exchange) {
  mesh_loop_post(exchange->caller->loop, next, exchange);
}

static void abandon(void *data) {
  gateway_exchange *exchange = data;
  gateway_caller_begin_turn(exchange);
  exchange->has_client_gone = true; /* its socket is closed: not to be looked at */
  if (exchange->end != NULL) {
    hand_over_end(exchange);
  } else {
    mesh_context_cancel(exchange->context);
  }
}

void gateway_caller_abandon(gateway_exchange *exchange) {
  mesh_loop_post(exchange->caller->loop, abandon, exchange);
}

static void cancel_all(void *data) {
  gateway_caller *caller = data;
  caller->is_cancelling = true;
  for (gateway_exchange *at = caller->waiting; at != NULL; at = at->next_waiting) {
    if (at->context != NULL) {
      mesh_context_cancel(at->context);
    }
  }
}

void gateway_caller_cancel_all(gateway_caller *caller) {
  mesh_loop_post(caller->loop, cancel_all, caller);
}

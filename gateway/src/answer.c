/* SPDX-License-Identifier: Apache-2.0 */
/* Answers: one body, or a stream that is fed by the loop. */
#include "front.h"
#include "http_body.h"
#include "response.h"

#include <stdio.h>

enum { STREAM_BLOCK = 16 * 1024 };

static void add_header(struct MHD_Response *response, const char *name, const char *value) {
  (void)MHD_add_response_header(response, name, value);
}

/* A value from a message or an arena, where a NUL follows only by luck. */
static void add_text_header(struct MHD_Response *response, gateway_exchange *exchange,
                            const char *name, gateway_text value) {
  for (size_t i = 0; i < value.size; i++) {
    if ((unsigned char)value.data[i] < 0x20 || value.data[i] == 0x7F) {
      return; /* a header can't hold it, and it is not ours to repair */
    }
  }
  if (value.size > 0) {
    add_header(response, name, gateway_arena_copy(exchange->arena, value).data);
  }
}

static void add_common_headers(struct MHD_Response *response, const gateway_exchange *exchange) {
  const gateway_server *server = exchange->server;
  char trace_response[GATEWAY_TRACE_RESPONSE_SIZE];
  char trace_id[OTLP_TRACE_ID_HEX_SIZE + 1];
  if (gateway_http_span_response(exchange, trace_response, trace_id)) {
    add_header(response, "traceresponse", trace_response);
    add_header(response, "x-trace-id", trace_id);
  }
  if (server->options.config->cors_origin != NULL) {
    add_header(response, MHD_HTTP_HEADER_ACCESS_CONTROL_ALLOW_ORIGIN,
               server->options.config->cors_origin);
    add_header(response, "Access-Control-Expose-Headers",
               "Location, Retry-After, traceresponse, x-trace-id");
  }
  if (server->drain_until_ms != 0) {
    add_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
  }
}

/* Slow readers are cut off. A stream may last as long as its call. */
static enum MHD_Result queue(gateway_exchange *exchange, int status,
                             struct MHD_Response *response) {
  const gateway_server *server = exchange->server;
  exchange->http_status = exchange->has_client_gone ? 499 : status;
  exchange->phase = GATEWAY_PHASE_ANSWERED;
  exchange->peer->is_answering = true;
  exchange->peer->deadline_ms = server->now_ms + server->limits->idle_ms +
                                (exchange->is_stream_open ? exchange->timeout_ms : 0);
  add_common_headers(response, exchange);
  enum MHD_Result result = MHD_queue_response(exchange->connection, (unsigned int)status, response);
  MHD_destroy_response(response);
  return result;
}

/* A response whose body stays where it is until the exchange ends. */
static struct MHD_Response *new_response(gateway_exchange *exchange, gateway_text body) {
  exchange->sent_bytes = body.size;
  return MHD_create_response_from_buffer(body.size, (void *)(uintptr_t)body.data,
                                         MHD_RESPMEM_PERSISTENT);
}

static enum MHD_Result queue_json(gateway_exchange *exchange, int status,
                                  struct MHD_Response *response) {
  add_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "application/json");
  return queue(exchange, status, response);
}

/* RFC 9110: 401 needs WWW-Authenticate, 429 and 503 are worth a Retry-After, and 415 for the sake
 * of a Content-Encoding comes with the encodings that are taken. */
static enum MHD_Result queue_error(gateway_exchange *exchange, gateway_error error) {
  int status = error.http_status;
  struct MHD_Response *response = new_response(exchange, error.json);
  char seconds[24];
  long retry_after = error.retry_after_seconds;
  if (retry_after < 0 && (status == 429 || status == 503)) {
    retry_after = 1;
  }
  if (retry_after >= 0) {
    (void)snprintf(seconds, sizeof seconds, "%ld", retry_after);
    add_header(response, MHD_HTTP_HEADER_RETRY_AFTER, seconds);
  }
  if (status == 401) {
    add_header(response, MHD_HTTP_HEADER_WWW_AUTHENTICATE, "Bearer");
  }
  if (exchange->allow != NULL) {
    add_header(response, MHD_HTTP_HEADER_ALLOW, exchange->allow);
  }
  if (exchange->is_encoded) {
    add_header(response, MHD_HTTP_HEADER_ACCEPT_ENCODING, "identity");
  }
  return queue_json(exchange, status, response);
}

enum MHD_Result gateway_answer_problem(gateway_exchange *exchange) {
  return queue_error(exchange, gateway_error_from_problem(&exchange->problem));
}

enum MHD_Result gateway_answer_page(gateway_exchange *exchange, int status, gateway_text json) {
  return queue_json(exchange, status, new_response(exchange, json));
}

enum MHD_Result gateway_answer_options(gateway_exchange *exchange) {
  struct MHD_Response *response = new_response(exchange, gateway_text_of("", 0));
  add_header(response, MHD_HTTP_HEADER_ALLOW, exchange->allow);
  if (exchange->server->options.config->cors_origin != NULL) {
    add_header(response, MHD_HTTP_HEADER_ACCESS_CONTROL_ALLOW_METHODS, exchange->allow);
    add_header(response, MHD_HTTP_HEADER_ACCESS_CONTROL_ALLOW_HEADERS,
               "Authorization, Content-Type, Idempotency-Key, X-Request-Id, X-Timeout-Ms, "
               "Grpc-Timeout, traceparent, tracestate, baggage");
    add_header(response, MHD_HTTP_HEADER_ACCESS_CONTROL_MAX_AGE, "600");
  }
  return queue(exchange, 204, response);
}

static gateway_error error_from_status(gateway_exchange *exchange, upb_Arena *arena) {
  return gateway_error_from_status(&exchange->server->error_types,
                                   &exchange->route->method->failures, &exchange->status, arena);
}

static enum MHD_Result answer_status(gateway_exchange *exchange) {
  return queue_error(exchange, error_from_status(exchange, exchange->arena));
}

static enum MHD_Result answer_reply(gateway_exchange *exchange) {
  gateway_response rendered;
  const gateway_route *route = exchange->route;
  if (!gateway_response_render(exchange->server->options.api, route,
                               gateway_buffer_text(&exchange->reply), &exchange->problem,
                               &rendered)) {
    return gateway_answer_problem(exchange);
  }
  if (!gateway_http_body_is_response(route)) {
    gateway_buffer_reset(&exchange->reply);
  }
  int status = route->method->success_status;
  struct MHD_Response *response = new_response(
      exchange, status == 204 || status == 205 ? gateway_text_of("", 0) : rendered.body);
  add_text_header(response, exchange, MHD_HTTP_HEADER_CONTENT_TYPE, rendered.content_type);
  add_text_header(response, exchange, MHD_HTTP_HEADER_LOCATION, rendered.location);
  return queue(exchange, status, response);
}

/* The stream's next part, in an arena of its own: streams may be longer than memory. */
static upb_Arena *renew_chunk_arena(gateway_exchange *exchange) {
  if (exchange->chunk_arena != NULL) {
    upb_Arena_Free(exchange->chunk_arena);
  }
  exchange->chunk_arena = gateway_arena_new(NULL, 0);
  return exchange->chunk_arena;
}

static gateway_text error_json(gateway_exchange *exchange, const gateway_problem *problem) {
  if (problem != NULL) {
    return gateway_error_from_problem(problem).json;
  }
  if (mesh_status_is_ok(&exchange->status)) {
    return gateway_text_of("", 0);
  }
  return error_from_status(exchange, exchange->chunk_arena).json;
}

static void set_end(gateway_exchange *exchange, const gateway_problem *problem) {
  gateway_text error = error_json(exchange, problem);
  if (gateway_stream_is_raw(exchange->route)) {
    exchange->is_cut = error.size > 0;
    return;
  }
  exchange->chunk =
      gateway_stream_end(exchange->format, exchange->stream_count, error, exchange->chunk_arena);
}

/* A message that has no JSON form ends the stream, as an error would. */
static void set_message(gateway_exchange *exchange, gateway_text *out_content_type) {
  gateway_problem problem;
  gateway_response rendered;
  gateway_problem_init(&problem, exchange->chunk_arena);
  if (!gateway_response_render(exchange->server->options.api, exchange->route,
                               gateway_buffer_text(&exchange->reply), &problem, &rendered)) {
    set_end(exchange, &problem);
    exchange->is_finished = true;
    return;
  }
  *out_content_type = rendered.content_type;
  exchange->chunk = gateway_stream_is_raw(exchange->route)
                        ? rendered.body
                        : gateway_stream_message(exchange->format, exchange->stream_count,
                                                 rendered.body, exchange->chunk_arena);
  exchange->stream_count++;
}

/* Renders what the loop has handed over as the stream's next part. */
static void set_chunk(gateway_exchange *exchange, gateway_text *out_content_type) {
  (void)renew_chunk_arena(exchange);
  exchange->chunk = gateway_text_of("", 0);
  if (exchange->result == GATEWAY_RESULT_MESSAGE) {
    set_message(exchange, out_content_type);
  } else {
    exchange->is_finished = true;
    set_end(exchange, NULL);
  }
}

void gateway_answer_go_on(gateway_exchange *exchange) {
  gateway_text ignored;
  exchange->phase = GATEWAY_PHASE_ANSWERED;
  set_chunk(exchange, &ignored);
}

/* libmicrohttpd wants more of the stream. While the loop gets it, the connection waits. */
static ssize_t read_stream(void *data, uint64_t position, char *out, size_t size) {
  (void)position;
  gateway_exchange *exchange = data;
  size_t count = exchange->chunk.size < size ? exchange->chunk.size : size;
  if (count > 0) {
    memcpy(out, exchange->chunk.data, count);
    exchange->chunk = gateway_text_from_offset(exchange->chunk, count);
    exchange->sent_bytes += count;
    return (ssize_t)count;
  }
  if (exchange->is_cut) {
    return MHD_CONTENT_READER_END_WITH_ERROR;
  }
  if (exchange->is_finished) {
    return MHD_CONTENT_READER_END_OF_STREAM;
  }
  gateway_intake_suspend(exchange);
  gateway_caller_next(exchange);
  return 0;
}

/* The first message, or an end without any. */
static enum MHD_Result answer_stream(gateway_exchange *exchange) {
  gateway_text content_type =
      gateway_text_from(gateway_stream_format_content_type(exchange->format));
  gateway_text message_type = content_type;
  bool is_raw = gateway_stream_is_raw(exchange->route);
  set_chunk(exchange, &message_type);
  struct MHD_Response *response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK,
                                                                    read_stream, exchange, NULL);
  add_text_header(response, exchange, MHD_HTTP_HEADER_CONTENT_TYPE,
                  is_raw ? message_type : content_type);
  if (exchange->format == GATEWAY_STREAM_SSE) {
    add_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-cache");
  }
  return queue(exchange, exchange->route->method->success_status, response);
}

enum MHD_Result gateway_answer_result(gateway_exchange *exchange) {
  switch (exchange->result) {
  case GATEWAY_RESULT_REPLY:
    return answer_reply(exchange);
  case GATEWAY_RESULT_PAGE:
    return gateway_answer_page(exchange, exchange->page_status,
                               gateway_buffer_text(&exchange->reply));
  case GATEWAY_RESULT_MESSAGE:
    return answer_stream(exchange);
  case GATEWAY_RESULT_END:
    break;
  }
  return mesh_status_is_ok(&exchange->status) ? answer_stream(exchange) : answer_status(exchange);
}

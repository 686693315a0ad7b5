/* SPDX-License-Identifier: Apache-2.0 */
/* Requests, from their first line until they are handed to a loop or answered. */
#include "framing.h"
#include "front.h"
#include "media_type.h"
#include "request.h"

#include <time.h>

/* A body that nobody will look at is taken in up to here, so that the answer is read; a longer one
 * is answered at once, which costs the connection. */
enum { UNWANTED_BODY_MAX = 64 * 1024 };

/* A decoded request may be this much larger than the largest body. */
enum { MEMORY_FACTOR = 16 };

static uint64_t unix_nanos(void) {
  struct timespec now;
  (void)clock_gettime(CLOCK_REALTIME, &now);
  return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static gateway_peer *peer_of(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  return info->socket_context;
}

void gateway_intake_connection(void *data, struct MHD_Connection *connection, void **peer,
                               enum MHD_ConnectionNotificationCode code) {
  gateway_server *server = data;
  if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
    gateway_peers_remove(&server->peers, *peer);
    *peer = NULL;
    return;
  }
  int socket = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
  const struct sockaddr *address =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
  gateway_peer *added = gateway_peers_add(&server->peers, socket, address);
  added->deadline_ms = server->now_ms + server->limits->receive_ms;
  *peer = added;
}

/* "/path?query", or the form for proxies, "http://host/path?query" (RFC 9112, section 3.2). */
static void split_url(gateway_exchange *exchange) {
  bool has_host = exchange->url.size >= 7 && strncasecmp(exchange->url.data, "http://", 7) == 0;
  gateway_text_split(exchange->url, '?', &exchange->path, &exchange->query);
  if (has_host) {
    const char *slash = memchr(exchange->path.data + 7, '/', exchange->path.size - 7);
    exchange->path =
        slash == NULL
            ? gateway_text_from("/")
            : gateway_text_from_offset(exchange->path, (size_t)(slash - exchange->path.data));
  }
}

/* libmicrohttpd goes on to put every parameter behind the '?' into a list, which nobody reads and
 * which takes more memory than a connection has when they are many: then it hangs up. So there are
 * none any more. The text is in the connection's buffer, which is not constant. */
static void hide_query(const char *url) {
  char *query = strchr((char *)(uintptr_t)url, '?');
  if (query != NULL) {
    query[1] = '\0';
  }
}

void *gateway_intake_begin(void *data, const char *url, struct MHD_Connection *connection) {
  gateway_server *server = data;
  gateway_exchange *exchange = gateway_exchange_acquire(&server->pool);
  gateway_peer *peer = peer_of(connection);
  server->exchange_count++;
  exchange->server = server;
  exchange->connection = connection;
  exchange->peer = peer;
  exchange->socket = peer->socket;
  exchange->begin_nanos = unix_nanos();
  exchange->url = gateway_arena_copy(exchange->arena, gateway_text_from(url));
  exchange->version = "";
  split_url(exchange);
  hide_query(url);
  peer->is_busy = true;
  peer->deadline_ms = server->now_ms + server->limits->receive_ms;
  return exchange;
}

static enum MHD_Result add_header(void *data, enum MHD_ValueKind kind, const char *key,
                                  size_t key_size, const char *value, size_t value_size) {
  (void)kind;
  gateway_exchange *exchange = data;
  gateway_call_headers_add(&exchange->headers, gateway_text_of(key, key_size),
                           gateway_text_of(value == NULL ? "" : value, value_size));
  return MHD_YES;
}

static const char *find_page(gateway_text path) {
  static const char *const pages[] = {"/", "/health", "/openapi.json"};
  for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
    if (gateway_text_is(path, pages[i])) {
      return pages[i];
    }
  }
  return NULL;
}

static bool is_get(const gateway_exchange *exchange) {
  return gateway_text_is(exchange->method, "GET") || gateway_text_is(exchange->method, "HEAD");
}

static void refuse_method(gateway_exchange *exchange, gateway_text allow) {
  exchange->allow = allow.data;
  if (!gateway_text_is(exchange->method, "OPTIONS")) {
    gateway_problem_set_http(&exchange->problem, 405, GRPC_STATUS_UNIMPLEMENTED,
                             "%.*s is not possible here, only %.*s",
                             GATEWAY_TEXT_ARGS(exchange->method), GATEWAY_TEXT_ARGS(allow));
  }
}

/* Finds the page or route, or sets the problem. */
static void find_route(gateway_exchange *exchange) {
  const gateway_router *router = exchange->server->options.api->router;
  const char *page = find_page(exchange->path);
  if (page != NULL && is_get(exchange)) {
    exchange->page = page;
    return;
  }
  if (gateway_text_is(exchange->path, "*") && gateway_text_is(exchange->method, "OPTIONS")) {
    refuse_method(exchange, gateway_router_allow(router, UINT32_MAX, exchange->arena));
    return;
  }
  switch (gateway_router_match(router, exchange->method, exchange->path, &exchange->match)) {
  case GATEWAY_ROUTE_FOUND:
    exchange->route = exchange->match.route;
    return;
  case GATEWAY_ROUTE_WRONG_METHOD:
    refuse_method(exchange, gateway_router_allow(router, exchange->match.allowed, exchange->arena));
    return;
  case GATEWAY_ROUTE_NOT_FOUND:
    break;
  }
  if (page != NULL) {
    exchange->page = page;
    refuse_method(exchange, gateway_text_from("GET, HEAD, OPTIONS"));
    return;
  }
  gateway_problem_set(&exchange->problem, GRPC_STATUS_NOT_FOUND, "there is nothing at %.*s",
                      GATEWAY_TEXT_ARGS(exchange->path));
}

/* RFC 9110, section 15.5.16. */
static void check_encoding(gateway_exchange *exchange) {
  gateway_text encoding =
      gateway_call_headers_get(&exchange->headers, GATEWAY_HEADER_CONTENT_ENCODING);
  if (encoding.size == 0 || gateway_text_is_nocase(encoding, "identity")) {
    return;
  }
  exchange->is_encoded = true;
  gateway_problem_set_http(&exchange->problem, 415, GRPC_STATUS_INVALID_ARGUMENT,
                           "a body with Content-Encoding: %.*s is not taken, only a plain one",
                           GATEWAY_TEXT_ARGS(encoding));
}

/* The announced size of the body; 0 when it is not announced. libmicrohttpd has refused what is no
 * number, and the check of the framing what it has not looked at. */
static int64_t content_length(const gateway_exchange *exchange) {
  gateway_text text = gateway_call_headers_get(&exchange->headers, GATEWAY_HEADER_CONTENT_LENGTH);
  int64_t size = 0;
  for (size_t i = 0; i < text.size && size < INT64_MAX / 16; i++) {
    size = size * 10 + (text.data[i] - '0');
  }
  return size;
}

static void refuse_large_body(gateway_exchange *exchange) {
  gateway_problem_set_http(&exchange->problem, 413, GRPC_STATUS_RESOURCE_EXHAUSTED,
                           "the body is larger than %lld bytes",
                           (long long)exchange->server->limits->body_bytes);
}

static void check_sizes(gateway_exchange *exchange) {
  const gateway_limits *limits = exchange->server->limits;
  if ((int64_t)exchange->url.size > limits->url_bytes) {
    gateway_problem_set_http(&exchange->problem, 414, GRPC_STATUS_INVALID_ARGUMENT,
                             "the URL is longer than %lld bytes", (long long)limits->url_bytes);
  }
  if ((int64_t)exchange->headers.size > limits->header_bytes) {
    gateway_problem_set_http(&exchange->problem, 431, GRPC_STATUS_INVALID_ARGUMENT,
                             "the headers are larger than %lld bytes",
                             (long long)limits->header_bytes);
  }
  if (content_length(exchange) > limits->body_bytes) {
    refuse_large_body(exchange);
  }
}

/* Health checks come every few seconds, and nobody wants a trace of each. */
static void start_span(gateway_exchange *exchange) {
  const gateway_server_options *options = &exchange->server->options;
  if (options->tracer != NULL &&
      (exchange->page == NULL || strcmp(exchange->page, "/health") != 0)) {
    gateway_http_span_start(exchange, options->tracer, options->propagators,
                            &exchange->peer->address);
  }
}

/* Does the client wait for an answer before it sends the body (RFC 9110, section 10.1.1)? */
static bool is_expecting(const gateway_exchange *exchange) {
  return gateway_call_headers_get(&exchange->headers, GATEWAY_HEADER_EXPECT).size > 0;
}

static enum MHD_Result take_head(gateway_exchange *exchange, const char *method,
                                 const char *version) {
  exchange->method = gateway_text_from(method);
  exchange->version = version;
  exchange->phase = GATEWAY_PHASE_RECEIVING;
  (void)MHD_get_connection_values_n(exchange->connection, MHD_HEADER_KIND, add_header, exchange);
  gateway_framing_check(&exchange->headers, exchange->url, version, &exchange->problem);
  if (gateway_problem_is_set(&exchange->problem)) {
    start_span(exchange);
    return gateway_answer_problem(exchange); /* before the body, which ends the connection */
  }
  check_sizes(exchange);
  if (!gateway_problem_is_set(&exchange->problem)) {
    find_route(exchange);
  }
  if (exchange->route != NULL) {
    check_encoding(exchange);
  }
  start_span(exchange);
  bool is_hopeless = gateway_problem_is_set(&exchange->problem) &&
                     (content_length(exchange) > UNWANTED_BODY_MAX || is_expecting(exchange));
  return is_hopeless ? gateway_answer_problem(exchange) : MHD_YES;
}

/* A body that is not needed any more. */
static void drop_body(gateway_exchange *exchange) {
  exchange->server->bodies_bytes -= (int64_t)exchange->body.size;
  gateway_buffer_reset(&exchange->body);
}

static void check_body_size(gateway_exchange *exchange) {
  const gateway_server *server = exchange->server;
  if ((int64_t)exchange->body.size > server->limits->body_bytes) {
    refuse_large_body(exchange);
  } else if (server->bodies_bytes > server->limits->bodies_bytes) {
    gateway_problem_set(&exchange->problem, GRPC_STATUS_UNAVAILABLE,
                        "too many large requests are on their way");
  }
}

static enum MHD_Result take_body(gateway_exchange *exchange, const char *data, size_t size) {
  if (gateway_problem_is_set(&exchange->problem)) {
    exchange->discarded += size;
    return exchange->discarded > UNWANTED_BODY_MAX ? MHD_NO : MHD_YES;
  }
  gateway_buffer_append(&exchange->body, data, size);
  exchange->server->bodies_bytes += (int64_t)size;
  check_body_size(exchange);
  if (gateway_problem_is_set(&exchange->problem)) {
    drop_body(exchange);
  }
  return MHD_YES;
}

void gateway_intake_suspend(gateway_exchange *exchange) {
  exchange->phase = GATEWAY_PHASE_WAITING;
  MHD_suspend_connection(exchange->connection);
}

static gateway_caller *next_caller(gateway_server *server) {
  server->in_flight++;
  return &server->callers[server->next_caller++ % server->options.loop_count];
}

static bool is_overloaded(gateway_exchange *exchange) {
  const gateway_server *server = exchange->server;
  if ((int64_t)server->in_flight < server->limits->in_flight) {
    return false;
  }
  gateway_problem_set(&exchange->problem, GRPC_STATUS_UNAVAILABLE,
                      "too many requests are in flight");
  return true;
}

static enum MHD_Result show_page(gateway_exchange *exchange) {
  gateway_server *server = exchange->server;
  if (strcmp(exchange->page, "/") == 0) {
    return gateway_answer_page(exchange, 200, server->start_page);
  }
  if (strcmp(exchange->page, "/openapi.json") == 0) {
    return gateway_answer_page(exchange, 200, server->openapi_page);
  }
  if (server->drain_until_ms != 0) {
    return gateway_answer_page(exchange, 503, gateway_text_from("{\"status\":\"NOT_SERVING\"}"));
  }
  if (is_overloaded(exchange)) {
    return gateway_answer_problem(exchange);
  }
  gateway_intake_suspend(exchange);
  gateway_caller_check_health(next_caller(server), server->options.api, exchange);
  return MHD_YES;
}

static bool build_request(gateway_exchange *exchange) {
  gateway_server *server = exchange->server;
  const gateway_call_headers *headers = &exchange->headers;
  gateway_request request = {&exchange->match, exchange->query,
                             gateway_call_headers_get(headers, GATEWAY_HEADER_CONTENT_TYPE),
                             gateway_buffer_text(&exchange->body),
                             (size_t)server->limits->body_bytes * MEMORY_FACTOR};
  gateway_call_headers_check(headers, &exchange->problem);
  exchange->timeout_ms =
      gateway_call_headers_timeout_ms(headers, server->limits->timeout_ms, &exchange->problem);
  return gateway_request_build(server->options.api, &request, &exchange->problem,
                               &exchange->request);
}

/* What streams are rendered as must be known before they begin. */
static bool choose_format(gateway_exchange *exchange) {
  const mesh_method *method = &exchange->route->method->call;
  gateway_text accept = gateway_call_headers_get(&exchange->headers, GATEWAY_HEADER_ACCEPT);
  if (!method->server_streaming || gateway_stream_is_raw(exchange->route) ||
      gateway_stream_format_choose(accept, &exchange->format)) {
    return true;
  }
  gateway_problem_set_http(&exchange->problem, 406, GRPC_STATUS_INVALID_ARGUMENT,
                           "the answer is a stream of application/json, application/x-ndjson or "
                           "text/event-stream, none of which is accepted");
  return false;
}

/* The whole request is there. */
static enum MHD_Result dispatch(gateway_exchange *exchange) {
  exchange->peer->deadline_ms = GATEWAY_NO_DEADLINE;
  exchange->peer->is_answering = true;
  if (gateway_problem_is_set(&exchange->problem)) {
    return gateway_answer_problem(exchange);
  }
  if (exchange->allow != NULL) {
    return gateway_answer_options(exchange);
  }
  if (exchange->page != NULL) {
    return show_page(exchange);
  }
  bool is_built = build_request(exchange);
  drop_body(exchange);
  if (!is_built || !choose_format(exchange) || is_overloaded(exchange)) {
    return gateway_answer_problem(exchange);
  }
  exchange->is_stream_open = exchange->route->method->call.server_streaming;
  gateway_intake_suspend(exchange);
  gateway_caller_start(next_caller(exchange->server), exchange);
  return MHD_YES;
}

enum MHD_Result gateway_intake_handle(void *server, struct MHD_Connection *connection,
                                      const char *url, const char *method, const char *version,
                                      const char *upload, size_t *upload_size, void **data) {
  (void)server;
  (void)connection;
  (void)url;
  gateway_exchange *exchange = *data;
  switch (exchange->phase) {
  case GATEWAY_PHASE_NEW:
    return take_head(exchange, method, version);
  case GATEWAY_PHASE_RECEIVING:
    if (*upload_size > 0) {
      size_t size = *upload_size;
      *upload_size = 0;
      return take_body(exchange, upload, size);
    }
    return dispatch(exchange);
  case GATEWAY_PHASE_READY:
    return gateway_answer_result(exchange);
  default:
    return MHD_YES;
  }
}

static void release(gateway_exchange *exchange) {
  gateway_server *server = exchange->server;
  server->exchange_count--;
  drop_body(exchange);
  gateway_exchange_release(&server->pool, exchange);
}

void gateway_intake_resume(gateway_exchange *exchange) {
  gateway_server *server = exchange->server;
  if (exchange->result != GATEWAY_RESULT_MESSAGE) {
    exchange->is_stream_open = false;
    server->in_flight--;
  }
  if (exchange->is_abandoned) {
    release(exchange);
    return;
  }
  exchange->phase = GATEWAY_PHASE_READY;
  if (exchange->http_status != 0) {
    gateway_answer_go_on(exchange);
  }
  MHD_resume_connection(exchange->connection);
}

static void log_access(gateway_exchange *exchange) {
  const gateway_server_options *options = &exchange->server->options;
  if (options->access_log == NULL) {
    return;
  }
  gateway_access_entry entry = {
      .method = exchange->method,
      .url = exchange->url,
      .path = exchange->path,
      .route = gateway_exchange_route_name(exchange),
      .http_status = exchange->http_status,
      .bytes = exchange->sent_bytes,
      .duration_us = (unix_nanos() - exchange->begin_nanos) / 1000,
      .peer = exchange->peer->address.address,
      .span = otlp_span_get_context(exchange->span),
  };
  options->access_log(&entry, options->access_log_data);
}

/* The answer is out, or never will be. */
void gateway_intake_completed(void *data, struct MHD_Connection *connection, void **context,
                              enum MHD_RequestTerminationCode code) {
  (void)connection;
  gateway_server *server = data;
  gateway_exchange *exchange = *context;
  if (exchange == NULL) {
    return;
  }
  *context = NULL;
  if (exchange->has_client_gone ||
      (code != MHD_REQUEST_TERMINATED_COMPLETED_OK && exchange->http_status == 0)) {
    exchange->http_status = 499;
  }
  log_access(exchange);
  gateway_http_span_end(exchange);
  exchange->peer->is_busy = false;
  exchange->peer->is_answering = false;
  exchange->peer->deadline_ms = server->now_ms + server->limits->idle_ms;
  if (exchange->is_stream_open) {
    exchange->is_abandoned = true;
    gateway_caller_abandon(exchange);
    return;
  }
  release(exchange);
}

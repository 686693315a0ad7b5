/* SPDX-License-Identifier: Apache-2.0 */
#include "http_span.h"

#include <otlp/propagation.h>
#include <stdio.h>
#include <stdlib.h>

enum { ATTRIBUTES_MAX = 16 };

typedef struct attribute_list {
  otlp_attribute items[ATTRIBUTES_MAX];
  size_t count;
} attribute_list;

static otlp_string view(gateway_text text) {
  otlp_string string = {text.data, text.size};
  return string;
}

/* Absent values are not attributes. */
static void add_text(attribute_list *list, const char *key, gateway_text value) {
  if (value.size > 0) {
    list->items[list->count++] =
        otlp_attribute_of(otlp_string_from(key), otlp_value_text(view(value)));
  }
}

static void add_port(attribute_list *list, const char *key, int port) {
  if (port > 0) {
    list->items[list->count++] = otlp_attribute_int(key, port);
  }
}

/* The methods of RFC 9110 and PATCH; any other would make too many different spans. */
static bool is_known_method(gateway_text method) {
  static const char *const known[] = {"GET",     "POST", "PUT",   "DELETE", "PATCH",
                                      "OPTIONS", "HEAD", "TRACE", "CONNECT"};
  for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
    if (gateway_text_is(method, known[i])) {
      return true;
    }
  }
  return false;
}

static void add_method(attribute_list *list, gateway_text method) {
  bool is_known = is_known_method(method);
  add_text(list, "http.request.method", is_known ? method : gateway_text_from("_OTHER"));
  if (!is_known) {
    add_text(list, "http.request.method_original", method);
  }
}

/* "host", "host:port", "[v6]:port". */
static void add_server(attribute_list *list, gateway_text host) {
  const char *end = host.size == 0 ? NULL : memchr(host.data, ']', host.size);
  size_t search_from = end == NULL ? 0 : (size_t)(end - host.data);
  gateway_text behind = gateway_text_of("", 0);
  const char *colon =
      host.size == 0 ? NULL : memchr(host.data + search_from, ':', host.size - search_from);
  if (colon != NULL) {
    size_t at = (size_t)(colon - host.data);
    behind = gateway_text_from_offset(host, at + 1);
    host.size = at;
  }
  if (end != NULL && host.size >= 2) {
    host = gateway_text_of(host.data + 1, host.size - 2);
  }
  add_text(list, "server.address", host);
  int port = 0;
  for (size_t i = 0; i < behind.size && i < 5; i++) {
    bool is_digit = behind.data[i] >= '0' && behind.data[i] <= '9';
    port = is_digit ? port * 10 + (behind.data[i] - '0') : 0;
  }
  add_port(list, "server.port", port);
}

/* Without printf: it is on the way of every request. */
static gateway_text span_name(const gateway_exchange *exchange, upb_Arena *arena) {
  gateway_text method =
      is_known_method(exchange->method) ? exchange->method : gateway_text_from("HTTP");
  const char *route = gateway_exchange_route_name(exchange);
  if (route == NULL) {
    return method;
  }
  size_t route_size = strlen(route);
  char *name = gateway_arena_alloc(arena, method.size + 1 + route_size);
  memcpy(name, method.data, method.size);
  name[method.size] = ' ';
  memcpy(name + method.size + 1, route, route_size);
  return gateway_text_of(name, method.size + 1 + route_size);
}

static void collect(const gateway_exchange *exchange, const gateway_peer_address *peer,
                    attribute_list *list) {
  const gateway_call_headers *headers = &exchange->headers;
  const char *route = gateway_exchange_route_name(exchange);
  add_method(list, exchange->method);
  add_text(list, "url.path", exchange->path);
  add_text(list, "url.scheme", gateway_text_from("http"));
  add_text(list, "url.query", exchange->query);
  add_text(list, "http.route", gateway_text_from(route == NULL ? "" : route));
  add_server(list, gateway_call_headers_get(headers, GATEWAY_HEADER_HOST));
  add_text(list, "client.address", gateway_text_from(peer->address));
  add_text(list, "network.peer.address", gateway_text_from(peer->address));
  add_port(list, "network.peer.port", peer->port);
  add_text(list, "network.protocol.version",
           gateway_text_from(strncmp(exchange->version, "HTTP/", 5) == 0 ? exchange->version + 5
                                                                         : exchange->version));
  add_text(list, "user_agent.original",
           gateway_call_headers_get(headers, GATEWAY_HEADER_USER_AGENT));
}

void gateway_http_span_start(gateway_exchange *exchange, otlp_tracer *tracer,
                             const otlp_propagators *propagators,
                             const gateway_peer_address *peer) {
  exchange->remote =
      otlp_propagators_extract(propagators, gateway_call_headers_carry, &exchange->headers);
  attribute_list list;
  list.count = 0;
  collect(exchange, peer, &list);
  otlp_span_options options = {.kind = OTLP_SPAN_KIND_SERVER,
                               .start_time = exchange->begin_nanos,
                               .attributes = list.items,
                               .attribute_count = list.count};
  exchange->span = otlp_span_start(tracer, &exchange->remote,
                                   view(span_name(exchange, exchange->arena)), &options);
}

void gateway_http_span_end(gateway_exchange *exchange) {
  otlp_span *span = exchange->span;
  exchange->span = NULL;
  if (exchange->http_status > 0) {
    otlp_span_set_int(span, "http.response.status_code", exchange->http_status);
  }
  if (exchange->http_status >= 500) {
    char type[12];
    (void)snprintf(type, sizeof type, "%d", exchange->http_status);
    otlp_span_set_string(span, "error.type", type);
    otlp_span_set_status(span, OTLP_STATUS_ERROR, otlp_string_from(""));
  }
  otlp_span_end(span);
}

/* Of what the propagator tells, traceparent alone. */
static void keep_trace_parent(void *out_text, otlp_string key, otlp_string value) {
  bool is_it = gateway_text_is(gateway_text_of(key.data, key.length), "traceparent");
  if (is_it && value.length < GATEWAY_TRACE_RESPONSE_SIZE) {
    memcpy(out_text, value.data, value.length);
    ((char *)out_text)[value.length] = '\0';
  }
}

bool gateway_http_span_response(const gateway_exchange *exchange,
                                char out_trace_response[GATEWAY_TRACE_RESPONSE_SIZE],
                                char out_trace_id[OTLP_TRACE_ID_HEX_SIZE + 1]) {
  otlp_context context = otlp_context_with_span(&exchange->remote, exchange->span);
  if (!otlp_span_context_is_valid(&context.span)) {
    return false;
  }
  otlp_trace_id_to_hex(context.span.trace_id, out_trace_id);
  otlp_propagator_trace_context.inject(&context, keep_trace_parent, out_trace_response);
  return true;
}

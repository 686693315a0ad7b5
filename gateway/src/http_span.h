/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The HTTP SERVER span of an exchange (semantic conventions, docs/http/http-spans.md), and the
 * headers that tell the client about it. HTTP thread.
 */
#ifndef GATEWAY_HTTP_SPAN_H
#define GATEWAY_HTTP_SPAN_H

#include "exchange.h"

/* Where the request came from. */
typedef struct gateway_peer_address {
  char address[48];
  int port;
} gateway_peer_address;

/* Starts it below what the client sent, named by method and route. */
void gateway_http_span_start(gateway_exchange *exchange, otlp_tracer *tracer,
                             const otlp_propagators *propagators, const gateway_peer_address *peer);

/* Ends it with the answer's status; 0 when there was none, because the client has gone. */
void gateway_http_span_end(gateway_exchange *exchange);

enum { GATEWAY_TRACE_RESPONSE_SIZE = 56 };

/* `traceresponse` (W3C, Trace Response Headers; of traceparent's format), and the trace id as hex.
 * False when there is no span to tell of. */
bool gateway_http_span_response(const gateway_exchange *exchange,
                                char out_trace_response[GATEWAY_TRACE_RESPONSE_SIZE],
                                char out_trace_id[OTLP_TRACE_ID_HEX_SIZE + 1]);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The request headers that the gateway looks at, gathered in one pass.
 *
 * Ownership: values are the HTTP server's and valid as long as the request.
 */
#ifndef GATEWAY_CALL_HEADERS_H
#define GATEWAY_CALL_HEADERS_H

#include "problem.h"

#include <otlp/propagation.h>

typedef enum gateway_header {
  GATEWAY_HEADER_ACCEPT,
  GATEWAY_HEADER_AUTHORIZATION,
  GATEWAY_HEADER_CONTENT_ENCODING,
  GATEWAY_HEADER_CONTENT_LENGTH,
  GATEWAY_HEADER_CONTENT_TYPE,
  GATEWAY_HEADER_EXPECT,
  GATEWAY_HEADER_GRPC_TIMEOUT,
  GATEWAY_HEADER_HOST,
  GATEWAY_HEADER_IDEMPOTENCY_KEY,
  GATEWAY_HEADER_ORIGIN,
  GATEWAY_HEADER_TRANSFER_ENCODING,
  GATEWAY_HEADER_USER_AGENT,
  GATEWAY_HEADER_X_REQUEST_ID,
  GATEWAY_HEADER_X_TIMEOUT_MS,
  GATEWAY_HEADER_COUNT,
} gateway_header;

enum { GATEWAY_PROPAGATION_HEADERS_MAX = 16 };

typedef struct gateway_call_headers {
  gateway_text values[GATEWAY_HEADER_COUNT]; /* of repeated ones the first; data NULL: not there */
  unsigned counts[GATEWAY_HEADER_COUNT];     /* how often each came */
  struct {
    gateway_text key; /* as it came, in any case */
    gateway_text value;
  } propagation[GATEWAY_PROPAGATION_HEADERS_MAX]; /* traceparent, tracestate, baggage */
  size_t propagation_count;
  bool has_bad_name; /* one has a name that is no token (RFC 9110, section 5.6.2) */
  size_t size;       /* bytes of all headers, those that are not kept too */
} gateway_call_headers;

/* Takes one header in, without the blanks behind its value. */
void gateway_call_headers_add(gateway_call_headers *headers, gateway_text key, gateway_text value);

/* The value, or an empty text. */
static inline gateway_text gateway_call_headers_get(const gateway_call_headers *headers,
                                                    gateway_header header) {
  gateway_text value = headers->values[header];
  return value.data == NULL ? gateway_text_of("", 0) : value;
}

/* An otlp_carrier_get_fn over a gateway_call_headers. */
bool gateway_call_headers_carry(const void *carrier, otlp_string key, size_t index,
                                otlp_string *out_value);

/* Headers that are passed on to services as metadata of the same, lower-case name. */
typedef struct gateway_passed_header {
  gateway_header header;
  const char *key;
} gateway_passed_header;
extern const gateway_passed_header gateway_passed_headers[];
extern const size_t gateway_passed_header_count;

enum { GATEWAY_PASSED_HEADER_SIZE_MAX = 4096 };

/* Blames headers that were given twice where only one counts, and passed ones that can't be
 * metadata: too long, or not printable ASCII. */
void gateway_call_headers_check(const gateway_call_headers *headers, gateway_problem *problem);

/*
 * How long the call may take: the least of `maximum_ms`, grpc-timeout ("5S"; gRPC over HTTP2,
 * "Timeout") and x-timeout-ms. A header that is no timeout is a violation.
 */
int64_t gateway_call_headers_timeout_ms(const gateway_call_headers *headers, int64_t maximum_ms,
                                        gateway_problem *problem);

#endif

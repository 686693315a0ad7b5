/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An HTTP server on a loopback port that remembers what is posted to it and answers as a script
 * says.
 *
 * Threads: it has its own; the functions here are for the test's, between exports.
 */
#ifndef TESTS_LOOPBACK_OTLP_FAKE_HTTP_COLLECTOR_H
#define TESTS_LOOPBACK_OTLP_FAKE_HTTP_COLLECTOR_H

#include <otlp/exporter.h>

/* How a request is answered. A status of 0 means 200. */
typedef struct http_reply {
  unsigned status;
  const char *content_type; /* default application/x-protobuf */
  const char *retry_after;
  otlp_bytes body;
} http_reply;

typedef struct http_collector_options {
  const char *key; /* PEM texts; NULL: no TLS */
  const char *certificate;
  const http_reply *replies; /* one per request, the last for all others; default 200 */
  size_t reply_count;
} http_collector_options;

typedef struct http_collector http_collector;

http_collector *http_collector_start(const http_collector_options *options);
void http_collector_stop(http_collector *self);
int http_collector_port(http_collector *self);
size_t http_collector_requests(http_collector *self);

/* Of the `index`-th request; valid until the stop. */
otlp_bytes http_collector_body(http_collector *self, size_t index);
const char *http_collector_path(http_collector *self, size_t index);

/* One of the headers that are kept: see the source. Empty when it was not there. */
const char *http_collector_header(http_collector *self, size_t index, const char *name);

/* When the `index`-th request was complete, on the monotonic clock, in ns. */
int64_t http_collector_arrival(http_collector *self, size_t index);

#endif

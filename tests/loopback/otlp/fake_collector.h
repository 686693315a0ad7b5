/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A gRPC server on a loopback port, written with the bare C core, that takes whatever is sent to
 * any service, remembers it, and answers as a script says.
 *
 * Threads: it has one of its own; the functions here are for the test's.
 */
#ifndef TESTS_LOOPBACK_OTLP_FAKE_COLLECTOR_H
#define TESTS_LOOPBACK_OTLP_FAKE_COLLECTOR_H

#include <grpc/grpc_security.h>
#include <otlp/exporter.h>

/* How a call is answered. All zero: OK with an empty response. */
typedef struct collector_reply {
  int status;
  const char *message;
  otlp_bytes details;  /* `grpc-status-details-bin` */
  otlp_bytes response; /* of OK */
  bool hold;           /* no answer until the client gives up or the server stops */
} collector_reply;

typedef struct collector_options {
  const char *address;                  /* default "127.0.0.1:0" */
  grpc_server_credentials *credentials; /* default: insecure; taken over */
  bool keep_compressed;                 /* requests are kept as they came over the wire */
  bool compress_responses;
  const collector_reply *replies; /* one per call, the last for all others; default OK */
  size_t reply_count;
} collector_options;

typedef struct collector collector;

collector *collector_start(const collector_options *options);
void collector_stop(collector *self);

/* The port it listens on. */
int collector_port(const collector *self);

/* Waits until `count` calls have arrived, whole. Fails the test after 20 s. */
void collector_wait_calls(collector *self, size_t count);

size_t collector_calls(collector *self);

/* The method that the `index`-th call named. */
otlp_bytes collector_method(collector *self, size_t index);

/* What the `index`-th call brought; valid until the stop. */
otlp_bytes collector_request(collector *self, size_t index);

/* A metadata value of the `index`-th call; empty when it had none of that key. */
otlp_bytes collector_metadata(collector *self, size_t index, const char *key);

/* When the `index`-th call arrived, on the monotonic clock, in ns. */
int64_t collector_arrival(collector *self, size_t index);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bare chain: gRPC calls made with nothing but the C core, the fastest straightforward way: one
 * thread that polls one completion queue, continuations, registered methods, one batch for a call.
 * It is what the mesh is measured against.
 *
 * Everything belongs to the one thread; mistakes end the program.
 */
#ifndef BENCH_BARE_H
#define BENCH_BARE_H

#include <grpc/grpc.h>
#include <stdbool.h>
#include <stdint.h>

/* Something that is under way: `done` is called when its batch is. */
typedef struct bare_event {
  void (*done)(struct bare_event *event, bool ok);
} bare_event;

/* The one method of the chain, and messages of the size that the shop's are. */
#define BARE_METHOD "/bench.Bare/Call"
#define BARE_REQUEST_SIZE 48
#define BARE_REPLY_SIZE 96

/* A message of `size` bytes; the caller's. */
grpc_byte_buffer *bare_message(size_t size);

/* Polls and calls back until `stop` is set or the queue shuts down. */
void bare_run(grpc_completion_queue *queue, const volatile bool *stop);

/* Starts a batch; ends the program when that fails. */
void bare_start(grpc_call *call, const grpc_op *ops, size_t count, bare_event *event);

/* A client: a channel with its method. */
typedef struct bare_client {
  grpc_completion_queue *queue;
  grpc_channel *channel;
  void *method;
} bare_client;

bare_client bare_client_new(grpc_completion_queue *queue, const char *target);

/* One call: memory is the caller's, who may use it again once `on_reply` has been called. */
typedef struct bare_call {
  bare_event event;
  grpc_call *call;
  grpc_metadata_array headers;
  grpc_metadata_array trailers;
  grpc_byte_buffer *reply;
  grpc_slice details;
  grpc_status_code status;
  void (*on_reply)(void *data);
  void *data;
} bare_call;

/* Calls, and ends the program unless the answer is OK. */
void bare_call_start(bare_client *client, bare_call *call, void (*on_reply)(void *data),
                     void *data);

/* Serves on 127.0.0.1, any port, and prints "port N". Each call makes `downstream_calls` calls to
 * `downstream`, one after the other, before it is answered. Returns only at SIGTERM. */
void bare_serve(const char *downstream, unsigned downstream_calls);

/* Serves HTTP on 127.0.0.1, any port, and prints "port N". Each request is one call to `target`,
 * and has a constant answer: what libmicrohttpd and the C core take by themselves. Returns only at
 * SIGTERM. */
void bare_gateway(const char *target);

/* Keeps `concurrency` calls under way for `seconds`. Prints "rate N answered N cpu_ns N":
 * calls a second, calls, and what one took of this process. */
void bare_load(const char *target, unsigned concurrency, double seconds);

/* Says what is wrong and exits. */
void bare_die(const char *what) __attribute__((noreturn));

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The HTTP server: one thread that owns every connection, and hands the calls to mesh loops.
 *
 * Ownership: what the options name outlives the server; the loops run until it has drained.
 * Threads: start and destroy from one thread.
 */
#ifndef GATEWAY_SERVER_H
#define GATEWAY_SERVER_H

#include "access_log.h"
#include "backends.h"
#include "error_body.h"

#include <otlp/propagation.h>

typedef struct gateway_server gateway_server;

typedef struct gateway_server_options {
  const gateway_config *config;     /* required */
  const gateway_api *api;           /* required */
  const gateway_backends *backends; /* required */
  mesh_loop *const *loops;          /* required; requests take turns on them */
  size_t loop_count;
  otlp_tracer *tracer;                 /* optional: no spans without it */
  const otlp_propagators *propagators; /* required */
  gateway_access_log_fn *access_log;   /* optional; on the HTTP thread */
  void *access_log_data;
} gateway_server_options;

/* Listens and serves. UNAVAILABLE, with the address, when it can't. */
MESH_MUST_USE mesh_status gateway_server_start(const gateway_server_options *options,
                                               gateway_server **out_server);

/* The port it listens on. */
int gateway_server_port(const gateway_server *server);

/*
 * Stops: /health turns 503, nobody is let in any more, idle connections are closed; requests in
 * flight have `grace_ms` to finish, and are cancelled then; a second later connections are cut.
 * Then `on_drained(data)` is called once, on the first loop. From any thread, once.
 */
void gateway_server_drain(gateway_server *server, int64_t grace_ms, void (*on_drained)(void *data),
                          void *data);

/* Frees a server that has drained. NULL does nothing. */
void gateway_server_destroy(gateway_server *server);

#endif

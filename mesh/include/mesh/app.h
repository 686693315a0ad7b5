/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A service's process: everything around the handlers. It sets up tracing from OTEL_*, logging,
 * MESH_LOOPS loops, the server with tracing, access log and limits, and runs the shutdown on
 * SIGTERM and SIGINT in its numbered order:
 *   1. health turns NOT_SERVING; 2. listeners close, GOAWAY; 3. calls in flight finish, up to the
 * grace period, then are cancelled;
 *   4. what was registered with mesh_app_on_stop (stores commit and close), last first; 5. spans
 * are flushed, up to their deadline;
 *   6. exit code 0.
 *
 * Ownership: the app owns its loops, server and tracer provider. Threads: call everything from the
 * main thread.
 */
#ifndef MESH_APP_H
#define MESH_APP_H

#include <mesh/client.h>
#include <mesh/server.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct mesh_app mesh_app;

/** Options; strings must outlive the app. */
typedef struct mesh_app_options {
  const char *name;    /* required: default of SERVICE_NAME, the service.name of its spans */
  const char *version; /* optional: service.version */
  int default_port;    /* required unless no_server; PORT or LISTEN_ADDRESS override it */
  bool no_server;      /* optional: a process that serves no gRPC (the gateway) */
  bool no_tracing;     /* optional: a process that must not trace itself (the receiver) */
} mesh_app_options;

/** Reads the environment and builds the parts. INVALID_ARGUMENT names the variable that cannot be
 * parsed. */
MESH_MUST_USE mesh_status mesh_app_new(const mesh_app_options *options, mesh_app **out_app);
void mesh_app_destroy(mesh_app *app);

/** The parts. The server is NULL with no_server. */
mesh_server *mesh_app_server(mesh_app *app);
mesh_loop *mesh_app_loop(mesh_app *app, size_t index);
size_t mesh_app_loop_count(const mesh_app *app);
otlp_tracer_provider *mesh_app_tracer_provider(mesh_app *app);

/** Adds a service to the server. */
MESH_MUST_USE mesh_status mesh_app_add(mesh_app *app, mesh_service service);

/**
 * A client of another service, with tracing, owned by the app: its target from the variable
 * `variable`, or `default_target`; service config from `service_config_json` (NULL: retries on
 * UNAVAILABLE, round robin).
 */
MESH_MUST_USE mesh_status mesh_app_client(mesh_app *app, const char *variable,
                                          const char *default_target,
                                          const char *service_config_json,
                                          mesh_client **out_client);

/** Has `fn(data)` called at step 4, after the last call has ended. */
void mesh_app_on_stop(mesh_app *app, void (*fn)(void *data), void *data);

/** Serves until SIGTERM or SIGINT and shuts down. @return the process's exit code; failures are
 * logged. */
int mesh_app_run(mesh_app *app);

#ifdef __cplusplus
}
#endif

#endif

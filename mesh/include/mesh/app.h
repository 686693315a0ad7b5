/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A service's process: everything around the handlers. It sets up tracing from OTEL_*, logging,
 * MESH_LOOPS loops, the server with tracing, access log and limits, and runs the shutdown on
 * SIGTERM and SIGINT in its numbered order:
 *   1. health turns NOT_SERVING; 2. listeners close, GOAWAY; 3. calls in flight finish, up to the
 * grace period, then are cancelled;
 *   4. what was registered with mesh_app_on_stop (stores commit and close), last first; 5. spans
 * and log records are flushed, up to their deadline;
 *   6. exit code 0.
 *
 * A second signal ends the process at once.
 *
 * Variables, besides OTEL_*: SERVICE_NAME; PORT (0 takes a free one); LISTEN_ADDRESS, a whole
 * address instead of a port
 * ("127.0.0.1:8001", "unix:/run/order.sock"); MESH_LOOPS (1 to 64, default 1); MESH_MAX_IN_FLIGHT
 * (calls per loop, default 1000; the log says when calls beyond are refused, and when that is
 * over); MESH_DRAIN_MS (the grace period, default 10000); MESH_FLUSH_MS (for telemetry, default
 * 5000); MESH_SCHED_POLICY (batch or other, default batch: a thread that wakes up does not take the
 * processor from one that runs, so a busy machine does more at once; sched(7)); MESH_CORK (true or
 * false, default true: what a burst of calls sends leaves in one piece); MESH_LOG_LEVEL (debug,
 * info, warn, error; default info); MESH_LOG_FORMAT (logfmt, json; default logfmt);
 * CHAOS_MONKEY_ENABLED (true or false, in any case; default false): calls may be delayed and
 * aborted by rules (mesh/fault.h), and the server has the service meshwork.fault.v1.FaultService;
 * MESH_FAULTS, the rules to start with, for which CHAOS_MONKEY_ENABLED must be true ("none": none,
 * not even the program's own).
 *
 * Signals: from mesh_app_new on, SIGTERM and SIGINT are blocked in the calling thread and those it
 * makes, and SIGPIPE is ignored in the process, for good. Programs it starts inherit both: unblock
 * and reset them between fork and exec.
 *
 * Ownership: the app owns its loops, server and tracer provider. Threads: call everything from the
 * main thread.
 */
#ifndef MESH_APP_H
#define MESH_APP_H

#include <mesh/client.h>
#include <mesh/server.h>
#include <otlp/propagation.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct mesh_app mesh_app;

/** Options; strings must outlive the app. */
typedef struct mesh_app_options {
  const char *name;           /* required: default of SERVICE_NAME, the service.name of its spans */
  const char *version;        /* optional: service.version */
  int default_port;           /* required unless no_server; PORT or LISTEN_ADDRESS override it */
  bool no_server;             /* optional: a process that serves no gRPC (the gateway) */
  bool no_tracing;            /* optional: a process that must not trace itself (the receiver) */
  const char *default_faults; /* optional: fault rules (mesh/fault.h) where MESH_FAULTS has none */
} mesh_app_options;

/** Reads the environment and builds the parts. INVALID_ARGUMENT names the variable that cannot be
 * parsed; of OTEL_*, whose values are never an error, it says that an exporter could not be made (a
 * certificate that cannot be read), and the log why. */
MESH_MUST_USE mesh_status mesh_app_new(const mesh_app_options *options, mesh_app **out_app);
void mesh_app_destroy(mesh_app *app);

/** The parts. The server is NULL with no_server. */
mesh_server *mesh_app_server(mesh_app *app);
mesh_loop *mesh_app_loop(mesh_app *app, size_t index);
size_t mesh_app_loop_count(const mesh_app *app);
otlp_tracer_provider *mesh_app_tracer_provider(mesh_app *app);

/** The propagators that OTEL_PROPAGATORS names, for entrances that are not gRPC. */
const otlp_propagators *mesh_app_propagators(const mesh_app *app);

/** The interceptors of the app's clients, tracing and faults, for clients that the app did not
 * make. Live as long as the app. */
const mesh_interceptor *const *mesh_app_client_interceptors(const mesh_app *app, size_t *out_count);

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

/**
 * For work besides the server's calls that has to end before the stores close (a listener of
 * another protocol, background work): `begin(app, data)` is called on loop 0 when the shutdown
 * starts; it must have mesh_app_drained called once, on loop 0, when that work is done, within
 * mesh_app_grace_ms. A process whose parts do not drain within 5 s more exits with code 1 and says
 * so.
 */
void mesh_app_on_drain(mesh_app *app, void (*begin)(mesh_app *app, void *data), void *data);
void mesh_app_drained(mesh_app *app);

/** The grace period, MESH_DRAIN_MS, in milliseconds. */
int64_t mesh_app_grace_ms(const mesh_app *app);

/** Has `fn(data)` called at step 4, on the main thread, when the last call has ended and the loops
 * have stopped; or when the process could not start serving. */
void mesh_app_on_stop(mesh_app *app, void (*fn)(void *data), void *data);

/** Serves until SIGTERM or SIGINT and shuts down. @return the process's exit code; failures are
 * logged. */
int mesh_app_run(mesh_app *app);

/**
 * A whole `main`: makes the app, has `start` make what it serves, runs, cleans up. `start` makes
 * its clients and stores, registers what ends them with mesh_app_on_stop as soon as they are there
 * (that is called after a failure of `start`, too) and adds its services; its status, when it is a
 * failure, is logged and ends the process.
 * @return the process's exit code.
 */
int mesh_app_main(const mesh_app_options *options, mesh_status (*start)(mesh_app *app));

#ifdef __cplusplus
}
#endif

#endif

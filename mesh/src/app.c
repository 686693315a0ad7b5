/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of a process, put together; what happens when it stops is in app_run.c. */
#include "app.h"

#include <mesh/access_log.h>
#include <mesh/env.h>
#include <mesh/log.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "log_writer.h"
#include "memory.h"
#include "process.h"

enum { LOOPS_MAX = 64 };

/* Retries what surely did not reach a handler, and spreads calls over all addresses of a target
 * (gRPC service config). */
static const char default_service_config[] =
    "{\"loadBalancingConfig\":[{\"round_robin\":{}}],\"methodConfig\":[{\"name\":[{}],"
    "\"retryPolicy\":{\"maxAttempts\":4,\"initialBackoff\":\"0.05s\",\"maxBackoff\":\"0.5s\","
    "\"backoffMultiplier\":2,\"retryableStatusCodes\":[\"UNAVAILABLE\"]}}]}";

/* Before any thread is made: all of them inherit the mask, and only the waiter gets the signals. */
static void block_signals(sigset_t *out_signals) {
  sigemptyset(out_signals);
  sigaddset(out_signals, SIGTERM);
  sigaddset(out_signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, out_signals, NULL);
  signal(SIGPIPE, SIG_IGN);
}

typedef struct number {
  const char *variable;
  mesh_env_range range;
  int64_t *out_value;
} number;

static mesh_status read_numbers(mesh_app *app, int default_port) {
  const number numbers[] = {
      {"PORT", {default_port, 0, 65535}, &app->port},
      {"MESH_LOOPS", {1, 1, LOOPS_MAX}, &app->wanted_loops},
      {"MESH_MAX_IN_FLIGHT", {1000, 1, 1000000}, &app->max_in_flight},
      {"MESH_DRAIN_MS", {10000, 0, 3600000}, &app->grace_ms},
      {"MESH_FLUSH_MS", {5000, 0, 3600000}, &app->flush_ms},
  };
  for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
    mesh_status status = mesh_env_int(numbers[i].variable, numbers[i].range, numbers[i].out_value);
    if (!mesh_status_is_ok(&status)) {
      return status;
    }
  }
  return mesh_status_ok();
}

static mesh_status configure_log(const mesh_app *app) {
  const char *text = mesh_env_text("MESH_LOG_LEVEL", "info");
  mesh_log_level level = MESH_LOG_INFO;
  if (!mesh_log_level_parse(text, &level)) {
    return mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT,
                             "MESH_LOG_LEVEL is '%.64s': it must be debug, info, warn or error",
                             text);
  }
  const char *format_text = mesh_env_text("MESH_LOG_FORMAT", "logfmt");
  mesh_log_format format = MESH_LOG_LOGFMT;
  if (!mesh_log_format_parse(format_text, &format)) {
    return mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT,
                             "MESH_LOG_FORMAT is '%.64s': it must be logfmt or json", format_text);
  }
  mesh_log_configure(app->name, level);
  mesh_log_set_format(format);
  mesh__log_start();
  return mesh_status_ok();
}

/* What the SDK has to say goes where everything else goes, but not back to the SDK. */
static void log_of_otlp(otlp_log_level level, const char *message, void *data) {
  static const mesh_log_level levels[] = {MESH_LOG_ERROR, MESH_LOG_ERROR, MESH_LOG_WARN,
                                          MESH_LOG_INFO, MESH_LOG_DEBUG};
  (void)data;
  const otlp_attribute field = otlp_attribute_string("detail", message);
  mesh__log_line_only(levels[level], "telemetry", &field, 1);
}

/* SERVICE_NAME is the seeds' variable; OTEL_SERVICE_NAME, the specification's, wins. */
static mesh_status start_tracing(mesh_app *app, const mesh_app_options *options) {
  otlp_set_log_handler(log_of_otlp, NULL);
  otlp_setup_options setup = OTLP_SETUP_OPTIONS_INIT;
  setup.service_name = otlp_string_from(app->name);
  setup.service_version = otlp_string_from(options->version);
  app->has_otlp = true;
  if (otlp_setup_from_environment(&setup, &app->otlp) != OTLP_OK) {
    return mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT,
                             "OTEL_*: an exporter could not be made; the log says why");
  }
  const otlp_scope scope = {.name = otlp_string_from(app->name)};
  mesh__log_set_logger(otlp_logger_provider_get_logger(app->otlp.logger_provider, &scope));
  mesh_tracing_options tracing = {app->otlp.provider, app->otlp.propagators};
  mesh_status status = mesh_tracing_new(&tracing, &app->tracing);
  if (mesh_status_is_ok(&status)) {
    app->client_interceptors[app->client_interceptor_count++] =
        mesh_tracing_client_interceptor(app->tracing);
  }
  return status;
}

static void make_loops(mesh_app *app) {
  const otlp_scope scope = {.name = otlp_string_from(app->name)};
  app->loops = mesh__xcalloc((size_t)app->wanted_loops, sizeof(mesh_loop *));
  for (; app->loop_count < (size_t)app->wanted_loops; app->loop_count++) {
    mesh_loop *loop = mesh_loop_new();
    if (app->tracing != NULL) {
      mesh_loop_set_tracer(loop, otlp_tracer_provider_get_tracer(app->otlp.provider, &scope));
    }
    app->loops[app->loop_count] = loop;
  }
}

static mesh_status read_address(mesh_app *app) {
  const char *text = mesh_env_text("LISTEN_ADDRESS", NULL);
  if (text == NULL) {
    snprintf(app->address, sizeof app->address, "0.0.0.0:%lld", (long long)app->port);
    return mesh_status_ok();
  }
  if (strlen(text) >= sizeof app->address || strchr(text, ':') == NULL) {
    return mesh_status_error(
        GRPC_STATUS_INVALID_ARGUMENT,
        "LISTEN_ADDRESS is '%.64s': it must be host:port or unix:path, of at most %zu bytes", text,
        sizeof app->address - 1);
  }
  snprintf(app->address, sizeof app->address, "%s", text);
  return mesh_status_ok();
}

/* Refused calls get no line of their own: they would be the load. */
static void log_overload(const mesh_overload *overload, void *data) {
  const mesh_app *app = data;
  const otlp_attribute fields[] = {
      otlp_attribute_int("limit", app->max_in_flight),
      otlp_attribute_int("refused", (int64_t)overload->refused),
  };
  const char *message =
      overload->is_refusing ? "too many calls in flight, refusing calls" : "taking all calls again";
  mesh_log(overload->is_refusing ? MESH_LOG_WARN : MESH_LOG_INFO, NULL, message, fields, 2);
}

static mesh_status make_server(mesh_app *app) {
  mesh_status status = read_address(app);
  if (!mesh_status_is_ok(&status)) {
    return status;
  }
  mesh_server_options options = MESH_SERVER_OPTIONS_INIT;
  options.loops = app->loops;
  options.loop_count = app->loop_count;
  options.address = app->address;
  options.max_calls_in_flight = (size_t)app->max_in_flight;
  options.on_overload = log_overload;
  options.overload_data = app;
  status = mesh_server_new(&options, &app->server);
  if (!mesh_status_is_ok(&status)) {
    return status;
  }
  if (app->tracing != NULL) {
    mesh_server_use(app->server, mesh_tracing_server_interceptor(app->tracing));
  }
  mesh_server_use(app->server, &mesh_access_log);
  return status;
}

static mesh_status build(mesh_app *app, const mesh_app_options *options) {
  mesh_status status = read_numbers(app, options->default_port);
  if (!mesh_status_is_ok(&status)) {
    return status;
  }
  status = mesh__process_set_up((int)app->wanted_loops);
  if (mesh_status_is_ok(&status)) {
    status = configure_log(app);
  }
  if (mesh_status_is_ok(&status) && !options->no_tracing) {
    status = start_tracing(app, options);
  }
  if (!mesh_status_is_ok(&status)) {
    return status;
  }
  make_loops(app);
  if (!options->no_server) {
    status = make_server(app);
  }
  return mesh_status_is_ok(&status) ? mesh__app_start_faults(app, options->default_faults) : status;
}

mesh_status mesh_app_new(const mesh_app_options *options, mesh_app **out_app) {
  mesh_app *app = mesh__xcalloc(1, sizeof *app);
  block_signals(&app->signals);
  app->name = mesh__xstrdup(mesh_env_text("SERVICE_NAME", options->name));
  mesh_status status = build(app, options);
  if (!mesh_status_is_ok(&status)) {
    mesh_app_destroy(app);
    app = NULL;
  }
  *out_app = app;
  return status;
}

static void destroy_hooks(mesh__app_hook *hook) {
  while (hook != NULL) {
    mesh__app_hook *next = hook->next;
    free(hook);
    hook = next;
  }
}

void mesh_app_destroy(mesh_app *app) {
  if (app == NULL) {
    return;
  }
  mesh_server_destroy(app->server);
  for (size_t i = 0; i < app->client_count; i++) {
    mesh_client_destroy(app->clients[i]);
  }
  for (size_t i = 0; i < app->loop_count; i++) {
    mesh_loop_destroy(app->loops[i]);
  }
  mesh_faults_destroy(app->faults);
  mesh_tracing_destroy(app->tracing);
  if (app->has_otlp) {
    mesh__log_set_logger(NULL);
    otlp_setup_clean_up(&app->otlp, 0);
    otlp_set_log_handler(NULL, NULL);
  }
  mesh__log_stop();
  destroy_hooks(app->stop_hooks);
  destroy_hooks(app->drain_hooks);
  free(app->clients);
  free(app->loops);
  free(app->name);
  free(app);
}

mesh_server *mesh_app_server(mesh_app *app) {
  return app->server;
}

mesh_loop *mesh_app_loop(mesh_app *app, size_t index) {
  return app->loops[index];
}

size_t mesh_app_loop_count(const mesh_app *app) {
  return app->loop_count;
}

otlp_tracer_provider *mesh_app_tracer_provider(mesh_app *app) {
  return app->otlp.provider;
}

const otlp_propagators *mesh_app_propagators(const mesh_app *app) {
  return &app->otlp.propagators;
}

const mesh_interceptor *const *mesh_app_client_interceptors(const mesh_app *app,
                                                            size_t *out_count) {
  *out_count = app->client_interceptor_count;
  return app->client_interceptors;
}

int64_t mesh_app_grace_ms(const mesh_app *app) {
  return app->grace_ms;
}

mesh_status mesh_app_add(mesh_app *app, mesh_service service) {
  return mesh_server_add(app->server, service);
}

mesh_status mesh_app_client(mesh_app *app, const char *variable, const char *default_target,
                            const char *service_config_json, mesh_client **out_client) {
  mesh_client_options options = MESH_CLIENT_OPTIONS_INIT;
  options.target = mesh_env_text(variable, default_target);
  options.service_config_json =
      service_config_json != NULL ? service_config_json : default_service_config;
  options.interceptors = mesh_app_client_interceptors(app, &options.interceptor_count);
  mesh_client *client = NULL;
  mesh_status status = mesh_client_new(&options, &client);
  if (!mesh_status_is_ok(&status)) {
    char message[256];
    snprintf(message, sizeof message, "%s", status.message);
    return mesh_status_error(status.code, "%s: %s", variable, message);
  }
  app->clients = mesh__xrealloc(app->clients, (app->client_count + 1) * sizeof *app->clients);
  app->clients[app->client_count++] = client;
  *out_client = client;
  return status;
}

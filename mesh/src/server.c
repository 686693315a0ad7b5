/* SPDX-License-Identifier: Apache-2.0 */
#include "server.h"

#include <assert.h>
#include <grpc/grpc_security.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "channel_args.h"
#include "cork.h"
#include "credentials.h"
#include "memory.h"

enum {
  DEFAULT_REQUEST_BYTES = 4 * 1024 * 1024,
  DEFAULT_METADATA_BYTES = 16 * 1024,
  DEFAULT_CALLS_IN_FLIGHT = 1000,
  DEFAULT_STREAMS = 1000,
  PING_INTERVAL_MS = 5000,
  KEEPALIVE_MS = 60 * 1000,
  KEEPALIVE_TIMEOUT_MS = 20 * 1000,
};

static mesh_status invalid(const char *what) {
  return mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT, "server options: %s", what);
}

static mesh_status check(const mesh_server_options *options) {
  if (options->loops == NULL || options->loop_count == 0) {
    return invalid("loops is required");
  }
  if (options->address == NULL || options->address[0] == '\0') {
    return invalid("address is required");
  }
  if (strrchr(options->address, ':') == NULL) {
    return invalid("address needs a port, as in 'host:port'");
  }
  if (options->client_ca_file != NULL && options->certificate_file == NULL) {
    return invalid("client_ca_file needs certificate_file and key_file");
  }
  return mesh_status_ok();
}

static size_t or_default(size_t value, size_t fallback) {
  return value != 0 ? value : fallback;
}

/* Clients may look whether we are there; and those that have vanished are not to hold calls, and so
 * memory and places, for the two hours that the C core would leave them. */
static void add_keepalive(mesh__channel_args *args) {
  mesh__channel_args_add_int(args, GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                             PING_INTERVAL_MS);
  mesh__channel_args_add_int(args, GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  mesh__channel_args_add_int(args, GRPC_ARG_KEEPALIVE_TIME_MS, KEEPALIVE_MS);
  mesh__channel_args_add_int(args, GRPC_ARG_KEEPALIVE_TIMEOUT_MS, KEEPALIVE_TIMEOUT_MS);
  mesh__channel_args_add_int(args, GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
}

static grpc_server *make_core(const mesh_server_options *options) {
  mesh__channel_args args = {0};
  mesh__channel_args_add_int(&args, GRPC_ARG_MAX_RECEIVE_MESSAGE_LENGTH,
                             or_default(options->max_request_bytes, DEFAULT_REQUEST_BYTES));
  mesh__channel_args_add_int(&args, GRPC_ARG_MAX_METADATA_SIZE,
                             or_default(options->max_metadata_bytes, DEFAULT_METADATA_BYTES));
  mesh__channel_args_add_int(&args, GRPC_ARG_MAX_CONCURRENT_STREAMS,
                             or_default(options->max_streams_per_connection, DEFAULT_STREAMS));
  /* A port that someone else listens on is an error, not something to share silently. */
  mesh__channel_args_add_int(&args, GRPC_ARG_ALLOW_REUSEPORT, 0);
  add_keepalive(&args);
  mesh__cork_add_arg(&args);
  grpc_server *core = grpc_server_create(&args.args, NULL);
  for (size_t i = 0; i < options->loop_count; i++) {
    grpc_server_register_completion_queue(core, mesh__loop_queue(options->loops[i]), NULL);
  }
  return core;
}

static mesh_status make_credentials(const mesh_server_options *options,
                                    grpc_server_credentials **out_credentials) {
  if (options->certificate_file == NULL && options->key_file == NULL) {
    *out_credentials = grpc_insecure_server_credentials_create();
    return mesh_status_ok();
  }
  mesh__pem_files files = {options->client_ca_file, options->certificate_file, options->key_file};
  return mesh__server_tls(&files, out_credentials);
}

static mesh_server *make_server(const mesh_server_options *options) {
  grpc_init();
  mesh_server *server = mesh__xcalloc(1, sizeof *server);
  server->core = make_core(options);
  server->address = mesh__xstrdup(options->address);
  server->max_calls_in_flight = or_default(options->max_calls_in_flight, DEFAULT_CALLS_IN_FLIGHT);
  server->loop_count = options->loop_count;
  server->loops = mesh__xcalloc(options->loop_count, sizeof *server->loops);
  for (size_t i = 0; i < options->loop_count; i++) {
    server->loops[i].server = server;
    server->loops[i].loop = options->loops[i];
  }
  server->health = mesh__health_new(options->loops, options->loop_count);
  if (!options->disable_reflection) {
    server->reflection = mesh__reflection_new(options->loops, options->loop_count);
  }
  server->on_overload = options->on_overload;
  server->overload_data = options->overload_data;
  atomic_init(&server->parts, 0);
  atomic_init(&server->refused, 0);
  return server;
}

mesh_status mesh_server_new(const mesh_server_options *options, mesh_server **out_server) {
  *out_server = NULL;
  mesh_status status = check(options);
  if (!mesh_status_is_ok(&status)) {
    return status;
  }
  mesh_server *server = make_server(options);
  status = make_credentials(options, &server->credentials);
  if (!mesh_status_is_ok(&status)) {
    mesh_server_destroy(server);
    return status;
  }
  *out_server = server;
  return status;
}

static bool has_service(const mesh_server *server, const char *name) {
  for (const mesh__binding *binding = server->bindings; binding != NULL; binding = binding->next) {
    if (strcmp(binding->service.descriptor->name, name) == 0) {
      return true;
    }
  }
  return false;
}

static void bind_method(mesh_server *server, const mesh_service *service, const mesh_method *method,
                        bool is_exempt) {
  mesh__binding *binding = mesh__xcalloc(1, sizeof *binding);
  binding->method = method;
  binding->service = *service;
  binding->is_exempt = is_exempt;
  binding->registered = grpc_server_register_method(
      server->core, method->path, NULL,
      method->client_streaming ? GRPC_SRM_PAYLOAD_NONE : GRPC_SRM_PAYLOAD_READ_INITIAL_BYTE_BUFFER,
      0);
  binding->next = server->bindings;
  server->bindings = binding;
}

static mesh_status add_service(mesh_server *server, const mesh_service *service, bool is_exempt) {
  const mesh_service_descriptor *descriptor = service->descriptor;
  if (server->is_started) {
    return mesh_status_error(GRPC_STATUS_FAILED_PRECONDITION,
                             "service %s comes after the start of the server", descriptor->name);
  }
  if (has_service(server, descriptor->name)) {
    return mesh_status_error(GRPC_STATUS_ALREADY_EXISTS, "service %s is there already",
                             descriptor->name);
  }
  if (server->reflection != NULL) {
    mesh_status status = mesh__reflection_add(server->reflection, descriptor);
    if (!mesh_status_is_ok(&status)) {
      return status;
    }
  }
  for (size_t i = 0; i < descriptor->method_count; i++) {
    bind_method(server, service, &descriptor->methods[i], is_exempt);
  }
  return mesh_status_ok();
}

mesh_status mesh_server_add(mesh_server *server, mesh_service service) {
  mesh_status status = add_service(server, &service, false);
  if (mesh_status_is_ok(&status)) {
    mesh__health_add(server->health, service.descriptor->name);
  }
  return status;
}

mesh_status mesh__server_add_own(mesh_server *server, mesh_service service) {
  return add_service(server, &service, true);
}

void mesh_server_use(mesh_server *server, const mesh_interceptor *interceptor) {
  mesh__chain_add(&server->chain, interceptor);
}

/* A service of this name that the user has added takes the place of ours. */
static mesh_status add_own(mesh_server *server, mesh_service service) {
  return has_service(server, service.descriptor->name) ? mesh_status_ok()
                                                       : mesh__server_add_own(server, service);
}

static mesh_status add_own_services(mesh_server *server) {
  mesh_status status = add_own(server, mesh__health_service(server->health));
  if (server->reflection == NULL) {
    return status;
  }
  mesh_service services[MESH__REFLECTION_SERVICES];
  mesh__reflection_services(server->reflection, services);
  for (size_t i = 0; i < MESH__REFLECTION_SERVICES && mesh_status_is_ok(&status); i++) {
    status = add_own(server, services[i]);
  }
  mesh__reflection_finish(server->reflection);
  return status;
}

void mesh_server_set_serving(mesh_server *server, const char *service, bool is_serving) {
  mesh__health_set(server->health, service, is_serving);
}

static bool is_unix(const mesh_server *server) {
  return strncmp(server->address, "unix:", 5) == 0 ||
         strncmp(server->address, "unix-abstract:", 14) == 0;
}

/* What its spans call the server: where it listens, or, when that is everywhere, the machine. */
static void name_for_telemetry(mesh_server *server) {
  char *name = server->telemetry_address;
  size_t size = sizeof server->telemetry_address;
  if (is_unix(server)) {
    snprintf(name, size, "%s", strchr(server->address, ':') + 1);
    return;
  }
  const char *host = server->address + (server->address[0] == '[' ? 1 : 0);
  snprintf(name, size, "%.*s", (int)strcspn(host, host == server->address ? ":" : "]"), host);
  if (name[0] == '\0' || strcmp(name, "::") == 0 || strcmp(name, "0.0.0.0") == 0) {
    gethostname(name, size - 1);
  }
}

mesh_status mesh_server_start(mesh_server *server) {
  mesh_status status = add_own_services(server);
  if (!mesh_status_is_ok(&status)) {
    return status;
  }
  int port = grpc_server_add_http2_port(server->core, server->address, server->credentials);
  if (port == 0) {
    return mesh_status_error(GRPC_STATUS_UNAVAILABLE, "cannot listen on %s", server->address);
  }
  name_for_telemetry(server);
  server->port = is_unix(server) ? 0 : port;
  server->is_started = true;
  mesh__server_part_begin(server);
  grpc_server_start(server->core);
  mesh__server_accept_start(server);
  return mesh_status_ok();
}

uint64_t mesh_server_refused(const mesh_server *server) {
  return atomic_load_explicit(&server->refused, memory_order_relaxed);
}

void mesh_server_get_stats(const mesh_server *server, mesh_server_stats *out_stats) {
  *out_stats = (mesh_server_stats){.refused = mesh_server_refused(server)};
  for (size_t i = 0; i < server->loop_count; i++) {
    const mesh__server_loop *loop = &server->loops[i];
    out_stats->started += loop->calls_started;
    for (size_t code = 0; code <= GRPC_STATUS_UNAUTHENTICATED; code++) {
      out_stats->ended[code] += loop->calls_ended[code];
    }
    if (loop->calls_in_flight_max > out_stats->in_flight_max) {
      out_stats->in_flight_max = loop->calls_in_flight_max;
    }
  }
}

int mesh_server_port(const mesh_server *server) {
  return server->port;
}

void mesh_server_destroy(mesh_server *server) {
  if (server == NULL) {
    return;
  }
  assert(!server->is_started || server->has_drained);
  grpc_server_destroy(server->core);
  while (server->bindings != NULL) {
    mesh__binding *binding = server->bindings;
    server->bindings = binding->next;
    free(binding);
  }
  mesh__server_accept_clean_up(server);
  mesh__chain_clean_up(&server->chain);
  mesh__health_destroy(server->health);
  mesh__reflection_destroy(server->reflection);
  if (server->credentials != NULL) {
    grpc_server_credentials_release(server->credentials);
  }
  free(server->loops);
  free(server->address);
  free(server);
  grpc_shutdown();
}

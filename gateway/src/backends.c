/* SPDX-License-Identifier: Apache-2.0 */
#include "backends.h"

#include "json_writer.h"

#include <mesh/env.h>
#include <stdlib.h>

/* One target and its channels. */
typedef struct backend {
  const char *target;
  mesh_client *client;
  mesh_client *stream_client;
  mesh_client *health_client;
} backend;

struct gateway_backends {
  upb_Arena *arena;
  backend *targets;
  size_t target_count;
  const backend **by_service;
  const char *service_config;
};

/* A method that may be called again when a call came to nothing. */
static void write_retry(gateway_json_writer *writer, const char *service, const char *method) {
  gateway_json_open(writer, '{');
  gateway_json_member_open(writer, "name", '[');
  gateway_json_open(writer, '{');
  gateway_json_member(writer, "service", service);
  gateway_json_member(writer, "method", method);
  gateway_json_close(writer, '}');
  gateway_json_close(writer, ']');
  gateway_json_key(writer, gateway_text_from("retryPolicy"));
  gateway_json_raw(writer, gateway_text_from("{\"maxAttempts\":3,\"initialBackoff\":\"0.05s\","
                                             "\"maxBackoff\":\"0.5s\",\"backoffMultiplier\":2,"
                                             "\"retryableStatusCodes\":[\"UNAVAILABLE\"]}"));
  gateway_json_close(writer, '}');
}

/* gRPC's service config (grpc/proto: service_config.proto): every replica gets its share, and safe
 * methods are retried by the C core. What a call without a safe method has done nobody knows. */
static const char *make_service_config(const gateway_api *api, upb_Arena *arena) {
  gateway_json_writer writer;
  gateway_json_writer_init(&writer, arena);
  gateway_json_open(&writer, '{');
  gateway_json_key(&writer, gateway_text_from("loadBalancingConfig"));
  gateway_json_raw(&writer, gateway_text_from("[{\"round_robin\":{}}]"));
  gateway_json_member_open(&writer, "methodConfig", '[');
  for (size_t i = 0; i < api->method_count; i++) {
    const gateway_method *method = api->methods[i];
    if (method->is_safe) {
      write_retry(&writer, api->services[method->service].name, method->call.name);
    }
  }
  gateway_json_close(&writer, ']');
  gateway_json_close(&writer, '}');
  return gateway_arena_copy(arena, gateway_json_writer_text(&writer)).data;
}

static const char *find_target(const gateway_backends_options *options,
                               const gateway_service *service,
                               const gateway_target_variables *variables) {
  const char *target = gateway_backend_option_find(options->config, service->name);
  if (target == NULL) {
    target = mesh_env_text(variables->full_name, NULL);
  }
  if (target == NULL) {
    target = mesh_env_text(variables->short_name, NULL);
  }
  return target == NULL ? service->default_target : target;
}

static backend *find_backend(gateway_backends *backends, const char *target) {
  for (size_t i = 0; i < backends->target_count; i++) {
    if (strcmp(backends->targets[i].target, target) == 0) {
      return &backends->targets[i];
    }
  }
  return NULL;
}

/* What waits for a slow HTTP client is to wait at the service, not here. Replies that are whole are
 * taken as fast as they come. */
enum { STREAM_WINDOW_BYTES = 64 * 1024 };

static mesh_status connect_backend(const gateway_backends_options *options, const char *target,
                                   const char *service_config, backend *out_backend) {
  mesh_client_options client_options = MESH_CLIENT_OPTIONS_INIT;
  client_options.target = target;
  client_options.max_reply_bytes = 16 << 20;
  out_backend->target = target;
  mesh_status status = mesh_client_new(&client_options, &out_backend->health_client);
  if (!mesh_status_is_ok(&status)) {
    return status;
  }
  client_options.service_config_json = service_config;
  client_options.interceptors = options->interceptors;
  client_options.interceptor_count = options->interceptor_count;
  status = mesh_client_new(&client_options, &out_backend->client);
  if (!mesh_status_is_ok(&status)) {
    return status;
  }
  client_options.stream_window_bytes = STREAM_WINDOW_BYTES;
  return mesh_client_new(&client_options, &out_backend->stream_client);
}

static mesh_status add_service(gateway_backends *backends, const gateway_backends_options *options,
                               size_t index) {
  const gateway_service *service = &options->api->services[index];
  gateway_target_variables variables;
  gateway_target_variables_of(service->name, &variables);
  const char *target = find_target(options, service, &variables);
  if (target == NULL) {
    return mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT,
                             "nobody serves %s: set %s, or --backend %s=HOST:PORT", service->name,
                             variables.short_name, service->name);
  }
  backend *known = find_backend(backends, target);
  mesh_status status = mesh_status_ok();
  if (known == NULL) {
    known = &backends->targets[backends->target_count++];
    status = connect_backend(options, target, backends->service_config, known);
  }
  backends->by_service[index] = known;
  if (!mesh_status_is_ok(&status)) {
    return mesh_status_error(status.code, "the target of %s: %s", service->name, status.message);
  }
  return status;
}

mesh_status gateway_backends_new(const gateway_backends_options *options,
                                 gateway_backends **out_backends) {
  upb_Arena *arena = gateway_arena_new(NULL, 0);
  gateway_backends *backends = gateway_arena_alloc(arena, sizeof *backends);
  size_t count = options->api->service_count;
  backends->arena = arena;
  backends->targets = gateway_arena_alloc(arena, (count + 1) * sizeof *backends->targets);
  backends->by_service = gateway_arena_alloc(arena, (count + 1) * sizeof(backend *));
  backends->service_config = make_service_config(options->api, arena);
  for (size_t i = 0; i < count; i++) {
    mesh_status status = add_service(backends, options, i);
    if (!mesh_status_is_ok(&status)) {
      gateway_backends_destroy(backends);
      return status;
    }
  }
  *out_backends = backends;
  return mesh_status_ok();
}

void gateway_backends_destroy(gateway_backends *backends) {
  if (backends == NULL) {
    return;
  }
  for (size_t i = 0; i < backends->target_count; i++) {
    mesh_client_destroy(backends->targets[i].client);
    mesh_client_destroy(backends->targets[i].stream_client);
    mesh_client_destroy(backends->targets[i].health_client);
  }
  upb_Arena_Free(backends->arena);
}

mesh_client *gateway_backends_client(const gateway_backends *backends, size_t service) {
  return backends->by_service[service]->client;
}

mesh_client *gateway_backends_stream_client(const gateway_backends *backends, size_t service) {
  return backends->by_service[service]->stream_client;
}

mesh_client *gateway_backends_health_client(const gateway_backends *backends, size_t service) {
  return backends->by_service[service]->health_client;
}

const char *gateway_backends_target(const gateway_backends *backends, size_t service) {
  return backends->by_service[service]->target;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <mesh/env.h>
#include <string.h>

const char gateway_config_usage[] =
    "usage: api-gateway [OPTION]...\n"
    "\n"
    "Serves gRPC services as HTTP/JSON, as their google.api.http options say.\n"
    "\n"
    "  --descriptors FILE         serve the services of this descriptor set (protoc\n"
    "                             --include_imports --include_source_info\n"
    "                             --descriptor_set_out=FILE) instead of the shop; repeatable\n"
    "  --backend SERVICE=TARGET   who serves SERVICE (a service, a package, or *); repeatable.\n"
    "                             Without it a variable says so: ORDER_SERVICE_URL for "
    "OrderService\n"
    "  --listen HOST:PORT         where to listen; as LISTEN_ADDRESS\n"
    "  --help                     this\n"
    "\n"
    "The variables are in gateway/README.md.\n";

/* A limit's variable, and where its value goes. */
typedef struct limit_variable {
  const char *name;
  size_t offset;
  mesh_env_range range;
} limit_variable;

#define LIMIT(variable, member, fallback, maximum) \
  {                                                \
    variable, offsetof(gateway_limits, member), {  \
      fallback, 1, maximum                         \
    }                                              \
  }

static const int64_t a_day_ms = INT64_C(86400000);
static const int64_t a_gigabyte = INT64_C(1) << 30;

static mesh_status read_limits(gateway_limits *limits) {
  const limit_variable variables[] = {
      LIMIT("GATEWAY_MAX_BODY_BYTES", body_bytes, 1 << 20, a_gigabyte),
      LIMIT("GATEWAY_MAX_BODIES_BYTES", bodies_bytes, 256 << 20, 1024 * a_gigabyte),
      LIMIT("GATEWAY_MAX_HEADER_BYTES", header_bytes, 8 << 10, 48 << 10),
      LIMIT("GATEWAY_MAX_URL_BYTES", url_bytes, 4 << 10, 48 << 10),
      LIMIT("GATEWAY_MAX_CONNECTIONS", connections, 1000, 100000),
      LIMIT("GATEWAY_MAX_CONNECTIONS_PER_IP", connections_per_ip, 1000, 100000),
      LIMIT("GATEWAY_MAX_IN_FLIGHT", in_flight, 1000, 1000000),
      LIMIT("GATEWAY_TIMEOUT_MS", timeout_ms, 15000, a_day_ms),
      LIMIT("GATEWAY_RECEIVE_TIMEOUT_MS", receive_ms, 15000, a_day_ms),
      LIMIT("GATEWAY_IDLE_TIMEOUT_MS", idle_ms, 60000, a_day_ms),
  };
  mesh_status status = mesh_status_ok();
  for (size_t i = 0; i < sizeof variables / sizeof variables[0] && mesh_status_is_ok(&status);
       i++) {
    int64_t *value = (int64_t *)(void *)((char *)limits + variables[i].offset);
    status = mesh_env_int(variables[i].name, variables[i].range, value);
  }
  return status;
}

/* It goes into a header as it is. */
static mesh_status read_cors_origin(gateway_config *config) {
  config->cors_origin = mesh_env_text("GATEWAY_CORS_ORIGIN", NULL);
  for (const char *at = config->cors_origin; at != NULL && *at != '\0'; at++) {
    if (*at <= ' ' || *at > '~') {
      return mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT,
                               "GATEWAY_CORS_ORIGIN is '%.64s': it must be one origin, or *",
                               config->cors_origin);
    }
  }
  return mesh_status_ok();
}

static mesh_status read_environment(gateway_config *config) {
  int64_t port = 0;
  const mesh_env_range any_port = {8000, 0, 65535};
  const char *variable = mesh_env_text("GATEWAY_PORT", NULL) != NULL ? "GATEWAY_PORT" : "PORT";
  mesh_status status = mesh_env_int(variable, any_port, &port);
  config->port = (int)port;
  config->address = mesh_env_text("LISTEN_ADDRESS", NULL);
  if (mesh_status_is_ok(&status)) {
    status = read_cors_origin(config);
  }
  return mesh_status_is_ok(&status) ? read_limits(&config->limits) : status;
}

static mesh_status add_descriptors(gateway_config *config, const char *value) {
  if (config->descriptor_file_count == GATEWAY_DESCRIPTOR_FILES_MAX) {
    return mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT, "--descriptors: more than %d files",
                             GATEWAY_DESCRIPTOR_FILES_MAX);
  }
  config->descriptor_files[config->descriptor_file_count++] = value;
  return mesh_status_ok();
}

static mesh_status add_backend(gateway_config *config, const char *value) {
  const char *equals = strchr(value, '=');
  if (equals == NULL || equals == value || equals[1] == '\0') {
    return mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT, "--backend: '%s' is not SERVICE=TARGET",
                             value);
  }
  if (config->backend_count == GATEWAY_BACKENDS_MAX) {
    return mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT, "--backend: more than %d of them",
                             GATEWAY_BACKENDS_MAX);
  }
  config->backends[config->backend_count++] =
      (gateway_backend_option){value, (size_t)(equals - value), equals + 1};
  return mesh_status_ok();
}

static mesh_status set_address(gateway_config *config, const char *value) {
  config->address = value;
  return mesh_status_ok();
}

static const struct {
  const char *name;
  mesh_status (*take)(gateway_config *config, const char *value);
} options[] = {
    {"--descriptors", add_descriptors},
    {"--backend", add_backend},
    {"--listen", set_address},
};

/* Takes "--name value" or "--name=value" at `*index`, and moves on to its end. */
static mesh_status take_option(gateway_config *config, int count, const char *const *arguments,
                               int *index) {
  const char *argument = arguments[*index];
  for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
    size_t size = strlen(options[i].name);
    if (strncmp(argument, options[i].name, size) != 0) {
      continue;
    }
    if (argument[size] == '=') {
      return options[i].take(config, argument + size + 1);
    }
    if (argument[size] == '\0' && *index + 1 < count) {
      return options[i].take(config, arguments[++*index]);
    }
    if (argument[size] == '\0') {
      return mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT, "%s needs a value", argument);
    }
  }
  return mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT, "there is no option '%s' (see --help)",
                           argument);
}

/* Whoever asks for help gets it, whatever else is wrong. */
static bool wants_help(int count, const char *const *arguments) {
  for (int i = 1; i < count; i++) {
    if (strcmp(arguments[i], "--help") == 0) {
      return true;
    }
  }
  return false;
}

mesh_status gateway_config_read(int argument_count, const char *const *arguments,
                                gateway_config *out_config) {
  memset(out_config, 0, sizeof *out_config);
  out_config->wants_help = wants_help(argument_count, arguments);
  if (out_config->wants_help) {
    return mesh_status_ok();
  }
  mesh_status status = read_environment(out_config);
  for (int i = 1; i < argument_count && mesh_status_is_ok(&status); i++) {
    status = take_option(out_config, argument_count, arguments, &i);
  }
  return status;
}

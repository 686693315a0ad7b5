/* SPDX-License-Identifier: Apache-2.0 */
/* The gateway's program: what is served, who serves it, and the server in front. */
#include <malloc.h>
#include <mesh/app.h>
#include <mesh/log.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "builtin.h"
#include "server.h"

typedef struct gateway {
  gateway_config config;
  gateway_descriptors *descriptors;
  gateway_api *api;
  gateway_backends *backends;
  mesh_app *app;
  mesh_loop *loops[64];
  gateway_server *server;
  gateway_access_counts access_counts;
} gateway;

static mesh_status load_descriptors(gateway *self) {
  mesh_status status = mesh_status_ok();
  self->descriptors = gateway_descriptors_new();
  if (self->config.descriptor_file_count == 0) {
    status = gateway_builtin_add_shop(self->descriptors);
  }
  for (size_t i = 0; i < self->config.descriptor_file_count && mesh_status_is_ok(&status); i++) {
    status = gateway_descriptors_add_file(self->descriptors, self->config.descriptor_files[i]);
  }
  gateway_builtin_add_base(self->descriptors);
  return status;
}

static mesh_status connect_backends(gateway *self) {
  gateway_backends_options options = {self->api, &self->config, NULL, 0};
  options.interceptors = mesh_app_client_interceptors(self->app, &options.interceptor_count);
  return gateway_backends_new(&options, &self->backends);
}

static mesh_status start_server(gateway *self) {
  otlp_scope scope = {.name = otlp_string_from("gateway"),
                      .version = otlp_string_from(GATEWAY_VERSION)};
  gateway_server_options options = {
      .config = &self->config,
      .api = self->api,
      .backends = self->backends,
      .loops = self->loops,
      .loop_count = mesh_app_loop_count(self->app),
      .tracer = otlp_tracer_provider_get_tracer(mesh_app_tracer_provider(self->app), &scope),
      .propagators = mesh_app_propagators(self->app),
      .access_log = gateway_access_log_write,
      .access_log_data = &self->access_counts,
  };
  for (size_t i = 0; i < options.loop_count; i++) {
    self->loops[i] = mesh_app_loop(self->app, i);
  }
  return gateway_server_start(&options, &self->server);
}

static void drained(void *data) {
  mesh_app_drained(((gateway *)data)->app);
}

static void begin_drain(mesh_app *app, void *data) {
  gateway *self = data;
  gateway_server_drain(self->server, mesh_app_grace_ms(app), drained, self);
}

static void stopped(void *data) {
  gateway_access_log_balance(&((gateway *)data)->access_counts);
}

static mesh_status set_up(gateway *self) {
  const mesh_app_options app_options = {
      .name = "api-gateway", .version = GATEWAY_VERSION, .no_server = true};
  mesh_status status = mesh_app_new(&app_options, &self->app);
  if (mesh_status_is_ok(&status)) {
    status = load_descriptors(self);
  }
  if (mesh_status_is_ok(&status)) {
    status = gateway_api_new(self->descriptors, &self->api);
  }
  if (mesh_status_is_ok(&status)) {
    status = connect_backends(self);
  }
  if (mesh_status_is_ok(&status)) {
    status = start_server(self);
  }
  if (mesh_status_is_ok(&status)) {
    mesh_app_on_drain(self->app, begin_drain, self);
    mesh_app_on_stop(self->app, stopped, self);
  }
  return status;
}

static void tear_down(gateway *self) {
  gateway_server_destroy(self->server);
  gateway_backends_destroy(self->backends);
  gateway_api_destroy(self->api);
  gateway_descriptors_destroy(self->descriptors);
  mesh_app_destroy(self->app);
}

/* Left to itself glibc gives the end of its heap back to the system whenever 128 KiB of it are
 * free, which under load is with almost every request, and takes it again page by page. */
static void keep_freed_memory(void) {
  (void)mallopt(M_TRIM_THRESHOLD, 16 << 20);
  (void)mallopt(M_TOP_PAD, 1 << 20);
  (void)mallopt(M_MMAP_THRESHOLD, 1 << 20);
}

static int fail(const mesh_status *status) {
  const otlp_attribute field = otlp_attribute_string("error", status->message);
  mesh_log(MESH_LOG_ERROR, NULL, "cannot start", &field, 1);
  return EXIT_FAILURE;
}

int main(int argument_count, char **arguments) {
  static gateway self;
  keep_freed_memory();
  mesh_log_configure("api-gateway", MESH_LOG_INFO);
  mesh_status status =
      gateway_config_read(argument_count, (const char *const *)arguments, &self.config);
  if (self.config.wants_help) {
    (void)fputs(gateway_config_usage, stdout);
    return EXIT_SUCCESS;
  }
  if (mesh_status_is_ok(&status)) {
    status = set_up(&self);
  }
  int exit_code = EXIT_SUCCESS;
  if (mesh_status_is_ok(&status)) {
    const otlp_attribute field = otlp_attribute_int("port", gateway_server_port(self.server));
    mesh_log(MESH_LOG_INFO, NULL, "listening", &field, 1);
    exit_code = mesh_app_run(self.app);
  } else {
    exit_code = fail(&status);
  }
  tear_down(&self);
  return exit_code;
}

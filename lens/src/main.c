/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The trace backend: OTLP/gRPC in, traces out. It does not trace itself: each of its spans would
 * make another one.
 */
#include "config.h"
#include "http.h"
#include "receiver.h"

#include <malloc.h>
#include <mesh/app.h>
#include <mesh/log.h>
#include <stdio.h>
#include <stdlib.h>

/* What main sets up; the parts are NULL until they are there. */
typedef struct lens {
  mesh_app *app;
  lens_store *store;
  lens_http *http;
} lens;

static mesh_status start_http(lens *self, const lens_config *config) {
  char error[256];
  lens_http_options options = {config->query_host, config->query_port, self->store};
  self->http = lens_http_start(&options, error, sizeof(error));
  if (self->http == NULL) {
    return mesh_status_error(GRPC_STATUS_UNAVAILABLE, "%s (LENS_QUERY_HOST, LENS_QUERY_PORT)",
                             error);
  }
  const otlp_attribute fields[] = {
      otlp_attribute_string("host", config->query_host),
      otlp_attribute_int("port", lens_http_port(self->http)),
  };
  mesh_log(MESH_LOG_INFO, NULL, "serving traces", fields, 2);
  return mesh_status_ok();
}

static void stop_http(void *http) {
  lens_http_stop(http);
}

static mesh_status set_up(lens *self) {
  static const mesh_app_options options = {
      .name = "lens", .default_port = 4317, .no_tracing = true};
  lens_config config;
  mesh_status status = lens_config_read(&config);
  if (!mesh_status_is_ok(&status)) {
    return status;
  }
  self->store = lens_store_new(config.max_bytes);
  status = mesh_app_new(&options, &self->app);
  if (mesh_status_is_ok(&status)) {
    status = mesh_app_add(self->app, lens_receiver_service(self->store));
  }
  if (mesh_status_is_ok(&status)) {
    status = mesh_app_add(self->app, lens_receiver_logs_service(self->store));
  }
  if (mesh_status_is_ok(&status)) {
    status = start_http(self, &config);
  }
  return status;
}

/* Each request is a few hundred KiB that come and go on top of what is kept; the C library would
 * give them back to the system, and get them from it again, page by page, for every one. */
static void keep_freed_memory(void) {
  (void)mallopt(M_TRIM_THRESHOLD, 16 << 20);
  (void)mallopt(M_MMAP_THRESHOLD, 4 << 20);
}

int main(void) {
  lens self = {0};
  int exit_code = EXIT_FAILURE;
  keep_freed_memory();
  mesh_status status = set_up(&self);
  if (mesh_status_is_ok(&status)) {
    mesh_app_on_stop(self.app, stop_http, self.http);
    exit_code = mesh_app_run(self.app);
  } else {
    fprintf(stderr, "lens: %s\n", status.message);
    lens_http_stop(self.http);
  }
  mesh_app_destroy(self.app);
  lens_store_destroy(self.store);
  return exit_code;
}

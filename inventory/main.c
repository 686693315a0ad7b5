/* SPDX-License-Identifier: Apache-2.0 */
/* The inventory service's program. */
#include <mesh/app.h>
#include <mesh/env.h>
#include <mesh/log.h>

#include "inventory.h"

static void stop(void *service) {
  inventory_service_destroy(service);
}

static mesh_status start(mesh_app *app) {
  inventory_service_options options = {
      .data_dir = mesh_env_text("DATA_DIR", "./data"),
      .tracer_provider = mesh_app_tracer_provider(app),
  };
  inventory_service *service = NULL;
  mesh_status status = inventory_service_new(&options, &service);
  if (!mesh_status_is_ok(&status)) {
    return status;
  }
  mesh_app_on_stop(app, stop, service);
  return mesh_app_add(app, inventory_service_bind(service));
}

int main(void) {
  static const mesh_app_options options = {
      .name = "inventory-service", .version = MESHWORK_VERSION, .default_port = 8002};
  mesh_app *app = NULL;
  mesh_status status = mesh_app_new(&options, &app);
  if (mesh_status_is_ok(&status)) {
    status = start(app);
  }
  int code = 1;
  if (mesh_status_is_ok(&status)) {
    code = mesh_app_run(app);
  } else {
    const otlp_attribute field = otlp_attribute_string("error", status.message);
    mesh_log(MESH_LOG_ERROR, NULL, "cannot start", &field, 1);
  }
  mesh_app_destroy(app);
  return code;
}

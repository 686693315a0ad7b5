/* SPDX-License-Identifier: Apache-2.0 */
/* The warehouse service's program. */
#include <mesh/app.h>
#include <mesh/env.h>

#include "warehouse.h"

static void stop(void *service) {
  warehouse_service_destroy(service);
}

static mesh_status start(mesh_app *app) {
  warehouse_service_options options = {
      .data_dir = mesh_env_text("DATA_DIR", "./data"),
      .tracer_provider = mesh_app_tracer_provider(app),
  };
  mesh_status status =
      mesh_env_int("INVENTORY_AVAILABILITY",
                   (mesh_env_range){WAREHOUSE_AVAILABILITY_DEFAULT, 0, WAREHOUSE_AVAILABILITY_MAX},
                   &options.availability);
  if (!mesh_status_is_ok(&status)) {
    return status;
  }
  warehouse_service *service = NULL;
  status = warehouse_service_new(&options, &service);
  if (!mesh_status_is_ok(&status)) {
    return status;
  }
  mesh_app_on_stop(app, stop, service);
  return mesh_app_add(app, warehouse_service_bind(service));
}

int main(void) {
  static const mesh_app_options options = {
      .name = "warehouse-service", .version = MESHWORK_VERSION, .default_port = 8003};
  return mesh_app_main(&options, start);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The inventory service's program. */
#include <mesh/app.h>
#include <mesh/env.h>

#include "inventory.h"

static void stop(void *service) {
  inventory_service_destroy(service);
}

static mesh_status start(mesh_app *app) {
  inventory_service_options options = {
      .data_dir = mesh_env_text("DATA_DIR", "./data"),
      .tracer_provider = mesh_app_tracer_provider(app),
  };
  mesh_status status = mesh_env_int("INVENTORY_AVAILABILITY", (mesh_env_range){100, 0, 1000000000},
                                    &options.sku001_stock);
  if (!mesh_status_is_ok(&status)) {
    return status;
  }
  status = mesh_app_client(app, "WAREHOUSE_SERVICE_URL", "http://localhost:8003", NULL,
                           &options.warehouse);
  if (!mesh_status_is_ok(&status)) {
    return status;
  }
  inventory_service *service = NULL;
  status = inventory_service_new(&options, &service);
  if (!mesh_status_is_ok(&status)) {
    return status;
  }
  mesh_app_on_stop(app, stop, service);
  return mesh_app_add(app, inventory_service_bind(service));
}

/* Of CHAOS_MONKEY_ENABLED: up to a second before the warehouse is asked, and up to another after.
 */
static const char chaos[] =
    "shop.warehouse.v1.WarehouseService/Reserve client delay=uniform(0ms,1s) when=both id=chaos";

int main(void) {
  static const mesh_app_options options = {.name = "inventory-service",
                                           .version = MESHWORK_VERSION,
                                           .default_port = 8002,
                                           .default_faults = chaos};
  return mesh_app_main(&options, start);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The order service's program. */
#include <mesh/app.h>
#include <mesh/env.h>

#include "order.h"

static void stop(void *service) {
  order_service_destroy(service);
}

static mesh_status start(mesh_app *app) {
  order_service_options options = {
      .data_dir = mesh_env_text("DATA_DIR", "./data"),
      .loop = mesh_app_loop(app, 0),
      .tracer_provider = mesh_app_tracer_provider(app),
  };
  mesh_status status = mesh_app_client(app, "INVENTORY_SERVICE_URL", "http://localhost:8002", NULL,
                                       &options.inventory);
  if (!mesh_status_is_ok(&status)) {
    return status;
  }
  status =
      mesh_app_client(app, "PAYMENT_SERVICE_URL", "http://localhost:8004", NULL, &options.payment);
  if (!mesh_status_is_ok(&status)) {
    return status;
  }
  order_service *service = NULL;
  status = order_service_new(&options, &service);
  if (!mesh_status_is_ok(&status)) {
    return status;
  }
  mesh_app_on_stop(app, stop, service);
  return mesh_app_add(app, order_service_bind(service));
}

int main(void) {
  static const mesh_app_options options = {
      .name = "order-service", .version = MESHWORK_VERSION, .default_port = 8001};
  return mesh_app_main(&options, start);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The payment service's program. */
#include <mesh/app.h>
#include <mesh/env.h>

#include "payment.h"

static void stop(void *service) {
  payment_service_destroy(service);
}

static mesh_status start(mesh_app *app) {
  payment_service_options options = {
      .data_dir = mesh_env_text("DATA_DIR", "./data"),
      .tracer_provider = mesh_app_tracer_provider(app),
  };
  mesh_status status =
      mesh_app_client(app, "FRAUD_SERVICE_URL", "http://localhost:8005", NULL, &options.fraud);
  if (!mesh_status_is_ok(&status)) {
    return status;
  }
  payment_service *service = NULL;
  status = payment_service_new(&options, &service);
  if (!mesh_status_is_ok(&status)) {
    return status;
  }
  mesh_app_on_stop(app, stop, service);
  return mesh_app_add(app, payment_service_bind(service));
}

int main(void) {
  static const mesh_app_options options = {
      .name = "payment-service", .version = MESHWORK_VERSION, .default_port = 8004};
  return mesh_app_main(&options, start);
}

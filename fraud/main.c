/* SPDX-License-Identifier: Apache-2.0 */
/* The fraud service's program. */
#include <mesh/app.h>
#include <mesh/env.h>

#include "config.h"
#include "fraud.h"

static void stop(void *service) {
  fraud_service_destroy(service);
}

static mesh_status start(mesh_app *app) {
  fraud_service_options options = {
      .data_dir = mesh_env_text("DATA_DIR", "./data"),
      .tracer_provider = mesh_app_tracer_provider(app),
  };
  mesh_status status = fraud_rules_read(&options.rules);
  if (!mesh_status_is_ok(&status)) {
    return status;
  }
  fraud_service *service = NULL;
  status = fraud_service_new(&options, &service);
  if (!mesh_status_is_ok(&status)) {
    return status;
  }
  mesh_app_on_stop(app, stop, service);
  return mesh_app_add(app, fraud_service_bind(service));
}

int main(void) {
  static const mesh_app_options options = {
      .name = "fraud-service", .version = MESHWORK_VERSION, .default_port = 8005};
  return mesh_app_main(&options, start);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <mesh/app.h>

#include "ballot.h"

static void stop(void *service) {
  ballot_destroy(service);
}

static mesh_status start(mesh_app *app) {
  ballot *service = ballot_new();
  mesh_app_on_stop(app, stop, service);
  return mesh_app_add(app, ballot_bind(service));
}

int main(void) {
  static const mesh_app_options options = {
      .name = "ballot", .version = "0.1", .default_port = 9000};
  return mesh_app_main(&options, start);
}

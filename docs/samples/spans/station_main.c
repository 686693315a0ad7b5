/* SPDX-License-Identifier: Apache-2.0 */
#include <mesh/app.h>

#include "station.h"

static mesh_status start(mesh_app *app) {
  static station service;
  mesh_status status =
      mesh_app_client(app, "BALLOT_TARGET", "localhost:9000", NULL, &service.ballot);
  return mesh_status_is_ok(&status) ? mesh_app_add(app, station_bind(&service)) : status;
}

int main(void) {
  static const mesh_app_options options = {
      .name = "station", .version = "0.1", .default_port = 9001};
  return mesh_app_main(&options, start);
}

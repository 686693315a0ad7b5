/* SPDX-License-Identifier: Apache-2.0 */
#include <mesh/app.h>
#include <stdio.h>

#include "station.h"

int main(void) {
  static const mesh_app_options options = {
      .name = "station", .version = "0.1", .default_port = 9001};
  mesh_app *app = NULL;
  station service = {NULL};
  mesh_status status = mesh_app_new(&options, &app);
  if (mesh_status_is_ok(&status)) {
    status = mesh_app_client(app, "BALLOT_TARGET", "localhost:9000", NULL, &service.ballot);
  }
  if (mesh_status_is_ok(&status)) {
    status = mesh_app_add(app, station_bind(&service));
  }
  int exit_code = 1;
  if (mesh_status_is_ok(&status)) {
    exit_code = mesh_app_run(app);
  } else {
    fprintf(stderr, "station: %s\n", status.message);
  }
  mesh_app_destroy(app);
  return exit_code;
}

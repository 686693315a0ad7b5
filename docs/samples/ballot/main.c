/* SPDX-License-Identifier: Apache-2.0 */
#include <mesh/app.h>
#include <stdio.h>

#include "ballot.h"

int main(void) {
  static const mesh_app_options options = {
      .name = "ballot", .version = "0.1", .default_port = 9000};
  ballot *service = ballot_new();
  mesh_app *app = NULL;
  mesh_status status = mesh_app_new(&options, &app);
  if (mesh_status_is_ok(&status)) {
    status = mesh_app_add(app, ballot_bind(service));
  }
  int exit_code = 1;
  if (mesh_status_is_ok(&status)) {
    exit_code = mesh_app_run(app);
  } else {
    fprintf(stderr, "ballot: %s\n", status.message);
  }
  mesh_app_destroy(app);
  ballot_destroy(service);
  return exit_code;
}

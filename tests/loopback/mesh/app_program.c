/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A process on mesh_app, for app_test.c: no service of its own, a client, and hooks that say when
 * they run. With STUCK=true one of its parts never drains.
 */
#include <mesh/app.h>
#include <mesh/env.h>
#include <mesh/log.h>
#include <stdio.h>
#include <stdlib.h>

static void say(void *text) {
  mesh_log(MESH_LOG_INFO, NULL, text, NULL, 0);
}

static void drain_at_once(mesh_app *app, void *data) {
  (void)data;
  say((void *)"part drains");
  mesh_app_drained(app);
}

static void never_drain(mesh_app *app, void *data) {
  (void)app;
  (void)data;
  say((void *)"part is stuck");
}

static mesh_status set_up(mesh_app **out_app) {
  const mesh_app_options options = {.name = "app-program", .version = "1.2.3"};
  mesh_client *client;
  bool is_stuck;
  mesh_status status = mesh_env_bool("STUCK", false, &is_stuck);
  if (!mesh_status_is_ok(&status)) {
    return status;
  }
  status = mesh_app_new(&options, out_app);
  if (!mesh_status_is_ok(&status)) {
    return status;
  }
  mesh_app_on_drain(*out_app, is_stuck ? never_drain : drain_at_once, NULL);
  mesh_app_on_stop(*out_app, say, (void *)"first hook");
  mesh_app_on_stop(*out_app, say, (void *)"second hook");
  return mesh_app_client(*out_app, "OTHER_SERVICE_URL", "localhost:1", NULL, &client);
}

int main(void) {
  mesh_app *app = NULL;
  mesh_status status = set_up(&app);
  int exit_code = EXIT_FAILURE;
  if (mesh_status_is_ok(&status)) {
    exit_code = mesh_app_run(app);
  } else {
    fprintf(stderr, "app-program: %s\n", status.message);
  }
  mesh_app_destroy(app);
  return exit_code;
}

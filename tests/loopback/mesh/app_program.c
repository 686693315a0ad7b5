/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A process on mesh_app, for app_test.c: no service of its own, a client, and hooks that say when
 * they run. With STUCK=true one of its parts never drains.
 */
#include <mesh/app.h>
#include <mesh/env.h>
#include <mesh/log.h>

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

static mesh_status start(mesh_app *app) {
  mesh_client *client;
  bool is_stuck;
  mesh_app_on_stop(app, say, (void *)"first hook");
  mesh_app_on_stop(app, say, (void *)"second hook");
  mesh_status status = mesh_env_bool("STUCK", false, &is_stuck);
  if (!mesh_status_is_ok(&status)) {
    return status;
  }
  mesh_app_on_drain(app, is_stuck ? never_drain : drain_at_once, NULL);
  return mesh_app_client(app, "OTHER_SERVICE_URL", "localhost:1", NULL, &client);
}

int main(void) {
  static const mesh_app_options options = {
      .name = "app-program", .version = "1.2.3", .default_faults = "a.B/C client delay=1ms"};
  return mesh_app_main(&options, start);
}

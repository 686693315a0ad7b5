/* SPDX-License-Identifier: Apache-2.0 */
/* Faults of a process: there are none unless its operator asks for them. */
#include <mesh/env.h>
#include <mesh/log.h>

#include "app.h"
#include "server.h"

static mesh_status add_rules(mesh_faults *faults, const char *variable, const char *rules) {
  mesh_status status = mesh_faults_add(faults, rules);
  return mesh_status_is_ok(&status)
             ? status
             : mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT, "%s: %s", variable, status.message);
}

/* In the server's chain and among its services, and in the clients' chain. */
static mesh_status install(mesh_app *app) {
  app->client_interceptors[app->client_interceptor_count++] =
      mesh_faults_client_interceptor(app->faults);
  if (app->server == NULL) {
    return mesh_status_ok();
  }
  mesh_server_use(app->server, mesh_faults_server_interceptor(app->faults));
  return mesh__server_add_own(app->server, mesh_faults_service(app->faults));
}

/* Somebody who reads the log of slow calls should not have to guess. */
static void log_chaos(const mesh_app *app) {
  const otlp_attribute field = otlp_attribute_int("rules", (int64_t)mesh_faults_count(app->faults));
  mesh_log(MESH_LOG_WARN, NULL, "faults are injected here (CHAOS_MONKEY_ENABLED)", &field, 1);
}

mesh_status mesh__app_start_faults(mesh_app *app, const char *default_rules) {
  bool is_enabled;
  const char *rules = mesh_env_text("MESH_FAULTS", NULL);
  mesh_status status = mesh_env_bool("CHAOS_MONKEY_ENABLED", false, &is_enabled);
  if (!mesh_status_is_ok(&status)) {
    return status;
  }
  if (!is_enabled) {
    return rules == NULL ? status
                         : mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT,
                                             "MESH_FAULTS needs CHAOS_MONKEY_ENABLED=true");
  }
  const mesh_faults_options options = {.loops = app->loops, .loop_count = app->loop_count};
  app->faults = mesh_faults_new(&options);
  if (rules != NULL || default_rules != NULL) {
    status = add_rules(app->faults, rules != NULL ? "MESH_FAULTS" : "default_faults",
                       rules != NULL ? rules : default_rules);
  }
  if (mesh_status_is_ok(&status)) {
    status = install(app);
  }
  if (mesh_status_is_ok(&status)) {
    log_chaos(app);
  }
  return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The line of a process's end: what became of all it was given. */
#include <assert.h>
#include <mesh/log.h>
#include <stdio.h>

#include "app.h"
#include "log_writer.h"

enum { FIELDS_MAX = 32, CODES = GRPC_STATUS_UNAUTHENTICATED + 1, KEY_SIZE = 32 };

typedef struct balance {
  otlp_attribute fields[FIELDS_MAX];
  size_t count;
  char keys[CODES][KEY_SIZE]; /* "calls.NOT_FOUND" */
} balance;

static void add_count(balance *self, const char *key, uint64_t count) {
  assert(self->count < FIELDS_MAX);
  self->fields[self->count++] = otlp_attribute_int(key, (int64_t)count);
}

static void add_calls(balance *self, const mesh_server *server) {
  mesh_server_stats stats;
  mesh_server_get_stats(server, &stats);
  add_count(self, "calls", stats.started);
  for (int code = 0; code < CODES; code++) {
    if (stats.ended[code] > 0) {
      snprintf(self->keys[code], KEY_SIZE, "calls.%s",
               mesh_status_code_name((grpc_status_code)code));
      add_count(self, self->keys[code], stats.ended[code]);
    }
  }
  add_count(self, "calls_refused", stats.refused);
  add_count(self, "in_flight_max", stats.in_flight_max);
}

static void add_telemetry(balance *self, const mesh_app *app) {
  otlp_stats stats;
  otlp_tracer_provider_get_stats(app->otlp.provider, &stats);
  add_count(self, "spans_started", stats.started - stats.not_recorded);
  add_count(self, "spans_exported", stats.exported);
  add_count(self, "spans_dropped", otlp_stats_dropped(&stats));
  if (app->otlp.logger_provider != NULL) {
    otlp_logger_provider_get_stats(app->otlp.logger_provider, &stats);
    add_count(self, "log_records", stats.started);
    add_count(self, "log_records_exported", stats.exported);
    add_count(self, "log_records_dropped", otlp_stats_dropped(&stats));
  }
}

void mesh__app_log_balance(const mesh_app *app, int64_t uptime_s) {
  balance all;
  all.count = 0;
  if (app->server != NULL) {
    add_calls(&all, app->server);
  }
  if (app->has_otlp) {
    add_telemetry(&all, app);
  }
  add_count(&all, "log_lines_lost", mesh__log_lost_in_all());
  add_count(&all, "uptime_s", (uint64_t)uptime_s);
  mesh_log(MESH_LOG_INFO, NULL, "stopped", all.fields, all.count);
}

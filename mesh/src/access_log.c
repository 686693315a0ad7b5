/* SPDX-License-Identifier: Apache-2.0 */
#include <mesh/access_log.h>

#include <mesh/log.h>
#include <string.h>
#include <time.h>

#include "tracing.h"

/* Per call. */
typedef struct access {
  struct timespec started;
} access;

static mesh_verdict started(void *self, mesh_call *call, void *state) {
  (void)self;
  (void)call;
  clock_gettime(CLOCK_MONOTONIC, &((access *)state)->started);
  return MESH_PROCEED;
}

/* To the microsecond. */
static double milliseconds_since(const struct timespec *start) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  int64_t nanos = (int64_t)(now.tv_sec - start->tv_sec) * 1000000000 + now.tv_nsec - start->tv_nsec;
  return (double)((nanos + 500) / 1000) / 1e3;
}

static mesh_log_level level_of(const mesh_call *call, grpc_status_code code) {
  static const char health[] = "/grpc.health.v1.Health/";
  if (mesh__rpc_is_server_error(code)) {
    return MESH_LOG_ERROR;
  }
  if (code == GRPC_STATUS_UNAUTHENTICATED || code == GRPC_STATUS_PERMISSION_DENIED ||
      code == GRPC_STATUS_RESOURCE_EXHAUSTED) {
    return MESH_LOG_WARN;
  }
  bool is_health = strncmp(mesh_call_method(call)->path, health, sizeof health - 1) == 0;
  return is_health ? MESH_LOG_DEBUG : MESH_LOG_INFO;
}

static void finished(void *self, mesh_call *call, const mesh_status *status, void *state) {
  (void)self;
  mesh_log_level level = level_of(call, status->code);
  if (!mesh_log_enabled(level)) {
    return;
  }
  const otlp_attribute fields[] = {
      otlp_attribute_string("rpc.method", mesh__rpc_method(mesh_call_method(call))),
      otlp_attribute_string("rpc.status", mesh_status_code_name(status->code)),
      otlp_attribute_double("duration_ms", milliseconds_since(&((access *)state)->started)),
      otlp_attribute_string("peer", mesh_call_peer(call)),
      otlp_attribute_string("error", status->message),
  };
  size_t count = sizeof fields / sizeof fields[0];
  mesh_log(level, mesh_call_context(call), "call", fields,
           mesh_status_is_ok(status) ? count - 1 : count);
}

const mesh_interceptor mesh_access_log = {
    .name = "access_log",
    .state_size = sizeof(access),
    .server_started = started,
    .server_finished = finished,
};

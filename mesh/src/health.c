/* SPDX-License-Identifier: Apache-2.0 */
#include "health.h"

#include <assert.h>
#include <grpc/health/v1/health.mesh.h>
#include <stdlib.h>
#include <string.h>

#include "health_registry.h"
#include "memory.h"
#include "watchers.h"

/* Watches on one loop beyond these are refused, and names longer than this. */
enum { MOST_WATCHES_PER_LOOP = 1000, NAME_MAX_BYTES = 1024 };

struct mesh__health {
  mesh__health_registry *registry;
  mesh__watchers *watchers;
};

mesh__health *mesh__health_new(mesh_loop *const *loops, size_t loop_count) {
  mesh__health *health = mesh__xcalloc(1, sizeof(*health));
  health->registry = mesh__health_registry_new();
  health->watchers = mesh__watchers_new(loops, loop_count, MOST_WATCHES_PER_LOOP);
  return health;
}

void mesh__health_destroy(mesh__health *health) {
  if (health == NULL) {
    return;
  }
  mesh__watchers_destroy(health->watchers);
  mesh__health_registry_destroy(health->registry);
  free(health);
}

void mesh__health_add(mesh__health *health, const char *service) {
  mesh__health_registry_add(health->registry, service);
}

void mesh__health_set(mesh__health *health, const char *service, bool is_serving) {
  if (mesh__health_registry_set(health->registry, service, is_serving)) {
    mesh__watchers_wake(health->watchers);
  }
}

void mesh__health_shut_down(mesh__health *health) {
  mesh__health_registry_shut_down(health->registry);
  mesh__watchers_wake(health->watchers);
}

/* True, and the call has ended, when the name is longer than any service's. */
static bool refuse_long_name(mesh_call *call, const char *service) {
  if (strnlen(service, NAME_MAX_BYTES + 1) <= NAME_MAX_BYTES) {
    return false;
  }
  mesh_call_add_field_violation(call, "service", "longer than %d bytes", NAME_MAX_BYTES);
  mesh_call_fail(call, GRPC_STATUS_INVALID_ARGUMENT, "the service's name is longer than %d bytes",
                 NAME_MAX_BYTES);
  return true;
}

/* ---- Check ---- */

static void check(mesh_call *call, const Grpc__Health__V1__HealthCheckRequest *request,
                  void *self) {
  mesh__health *health = self;
  if (refuse_long_name(call, request->service)) {
    return;
  }
  mesh__serving serving = mesh__health_registry_get(health->registry, request->service);
  if (serving == MESH__SERVICE_UNKNOWN) {
    mesh_call_fail(call, GRPC_STATUS_NOT_FOUND, "unknown service '%s'", request->service);
    return;
  }
  Grpc__Health__V1__HealthCheckResponse response = GRPC__HEALTH__V1__HEALTH_CHECK_RESPONSE__INIT;
  response.status = (Grpc__Health__V1__HealthCheckResponse__ServingStatus)serving;
  grpc_health_v1_check_reply(call, &response);
}

/* ---- Watch ---- */

/* One call of Watch; in its arena. It sends the newest status when it differs from the last one
 * sent: a client that reads slowly misses what was in between, and never the last. */
typedef struct health_watch {
  mesh__watcher watcher;
  mesh__health *health;
  mesh_call *call;
  const char *service;
  mesh__serving sent; /* 0: nothing yet */
  bool is_sending;
  bool has_ended;
} health_watch;

static void end_watch(health_watch *watch, grpc_status_code code, const char *message) {
  if (watch->has_ended) {
    return;
  }
  watch->has_ended = true;
  mesh__watchers_remove(&watch->watcher);
  mesh_call_fail(watch->call, code, "%s", message);
}

static void look(health_watch *watch);

static void on_sent(bool ok, void *data) {
  health_watch *watch = data;
  watch->is_sending = false;
  if (!ok) {
    end_watch(watch, GRPC_STATUS_CANCELLED, "the client has gone");
    return;
  }
  look(watch);
}

static void send_status(health_watch *watch, mesh__serving serving) {
  Grpc__Health__V1__HealthCheckResponse response = GRPC__HEALTH__V1__HEALTH_CHECK_RESPONSE__INIT;
  response.status = (Grpc__Health__V1__HealthCheckResponse__ServingStatus)serving;
  watch->sent = serving;
  watch->is_sending = true;
  grpc_health_v1_watch_send(watch->call, &response, on_sent, watch);
}

static void look(health_watch *watch) {
  if (watch->has_ended || watch->is_sending) {
    return;
  }
  bool is_last = mesh__health_registry_is_shut_down(watch->health->registry);
  mesh__serving serving = mesh__health_registry_get(watch->health->registry, watch->service);
  if (serving != watch->sent) {
    send_status(watch, serving);
  } else if (is_last) {
    end_watch(watch, GRPC_STATUS_UNAVAILABLE, "the server is shutting down");
  }
}

static void on_wake(mesh__watcher *watcher) {
  look(MESH__CONTAINER(watcher, health_watch, watcher));
}

static void on_cancel(void *data) {
  end_watch(data, GRPC_STATUS_CANCELLED, "the client has gone");
}

static void watch(mesh_call *call, const Grpc__Health__V1__HealthCheckRequest *request,
                  void *self) {
  if (refuse_long_name(call, request->service)) {
    return;
  }
  const mesh_context *context = mesh_call_context(call);
  health_watch *watch = mesh_arena_alloc(mesh_call_arena(call), sizeof(*watch));
  watch->watcher.on_wake = on_wake;
  watch->health = self;
  watch->call = call;
  watch->service = request->service;
  if (!mesh__watchers_add(watch->health->watchers, mesh_context_loop(context), &watch->watcher)) {
    mesh_call_fail(call, GRPC_STATUS_RESOURCE_EXHAUSTED, "too many watches");
    return;
  }
  mesh_context_on_cancel(context, on_cancel, watch);
  look(watch);
}

static const grpc_health_v1_health handlers = {.check = check, .watch = watch};

mesh_service mesh__health_service(mesh__health *health) {
  return grpc_health_v1_health_bind(&handlers, health);
}

static_assert((int)MESH__SERVING ==
                  (int)GRPC__HEALTH__V1__HEALTH_CHECK_RESPONSE__SERVING_STATUS__SERVING,
              "the registry's values are the wire's");
static_assert((int)MESH__SERVICE_UNKNOWN ==
                  (int)GRPC__HEALTH__V1__HEALTH_CHECK_RESPONSE__SERVING_STATUS__SERVICE_UNKNOWN,
              "the registry's values are the wire's");

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET /health: every backend is asked by grpc.health.v1.Health/Check, all at once. Health is good
 * when every service answers SERVING, or, where there is no health service, answers at all.
 */
#include "caller.h"
#include "json_writer.h"

enum { CHECK_TIMEOUT_MS = 1000 };

static const mesh_method check_method = {
    .name = "Check",
    .path = "/grpc.health.v1.Health/Check",
};

/* One service, and what it said. */
typedef struct service_check {
  struct health_check *all;
  size_t service;
  const char *status;
  const char *message; /* of a failure, or NULL */
  bool is_good;
} service_check;

typedef struct health_check {
  gateway_exchange *exchange;
  const gateway_api *api;
  service_check *checks;
  size_t count, open;
} health_check;

static void write_check(gateway_json_writer *writer, const health_check *all,
                        const service_check *check) {
  gateway_json_member_open(writer, all->api->services[check->service].name, '{');
  gateway_json_member(writer, "status", check->status);
  gateway_json_member(writer, "target",
                      gateway_backends_target(all->exchange->caller->backends, check->service));
  if (check->message != NULL) {
    gateway_json_member(writer, "message", check->message);
  }
  gateway_json_close(writer, '}');
}

static void answer(health_check *all) {
  gateway_exchange *exchange = all->exchange;
  gateway_json_writer writer;
  bool is_good = true;
  for (size_t i = 0; i < all->count; i++) {
    is_good = is_good && all->checks[i].is_good;
  }
  gateway_json_writer_init(&writer, exchange->arena);
  gateway_json_open(&writer, '{');
  gateway_json_member(&writer, "status", is_good ? "SERVING" : "NOT_SERVING");
  gateway_json_member_open(&writer, "services", '{');
  for (size_t i = 0; i < all->count; i++) {
    write_check(&writer, all, &all->checks[i]);
  }
  gateway_json_close(&writer, '}');
  gateway_json_close(&writer, '}');
  gateway_text json = gateway_json_writer_text(&writer);
  gateway_buffer_append(&exchange->reply, json.data, json.size);
  exchange->page_status = is_good ? 200 : 503;
  mesh_context_release(exchange->context);
  exchange->context = NULL;
  gateway_caller_end_turn(exchange, GATEWAY_RESULT_PAGE);
}

/* HealthCheckResponse has one field, the enum `status` = 1. */
static const char *status_name(mesh_bytes reply) {
  static const char *const names[] = {"UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"};
  const unsigned char *bytes = reply.data;
  bool is_known = reply.size == 2 && bytes[0] == 0x08 && bytes[1] < 4;
  return names[is_known ? bytes[1] : 0];
}

static void checked(const mesh_status *status, const ProtobufCMessage *reply, mesh_bytes bytes,
                    void *data) {
  (void)reply;
  service_check *check = data;
  health_check *all = check->all;
  if (mesh_status_is_ok(status)) {
    check->status = status_name(bytes);
    check->is_good = strcmp(check->status, "SERVING") == 0;
  } else if (status->code == GRPC_STATUS_UNIMPLEMENTED) {
    check->status = "UNKNOWN";
    check->is_good = true;
  } else {
    check->status = status->code == GRPC_STATUS_NOT_FOUND ? "SERVICE_UNKNOWN" : "UNREACHABLE";
    check->message =
        gateway_arena_copy(all->exchange->arena, gateway_text_from(status->message)).data;
  }
  if (--all->open == 0) {
    answer(all);
  }
}

/* HealthCheckRequest has one field, the string `service` = 1. */
static mesh_bytes health_request(upb_Arena *arena, const char *service) {
  size_t size = strlen(service);
  size = size > 127 ? 127 : size; /* of a longer name, the size would take a second byte */
  char *bytes = gateway_arena_alloc(arena, size + 2);
  bytes[0] = 0x0A;
  bytes[1] = (char)size;
  memcpy(bytes + 2, service, size);
  mesh_bytes request = {bytes, size + 2};
  return request;
}

static void start_checks(health_check *all) {
  gateway_exchange *exchange = all->exchange;
  const gateway_backends *backends = exchange->caller->backends;
  for (size_t i = 0; i < all->count; i++) {
    service_check *check = &all->checks[i];
    *check = (service_check){all, i, "UNKNOWN", NULL, false};
    mesh_payload payload = {NULL, health_request(exchange->arena, all->api->services[i].name)};
    mesh_reply_to to = {checked, NULL, check};
    mesh_client_unary(gateway_backends_health_client(backends, i), exchange->context, &check_method,
                      &payload, &to);
  }
}

static void start(void *data) {
  health_check *all = data;
  gateway_exchange *exchange = all->exchange;
  gateway_caller_begin_turn(exchange);
  exchange->context = mesh_context_new(exchange->caller->loop, NULL, CHECK_TIMEOUT_MS);
  all->open = all->count;
  if (all->count == 0) {
    answer(all);
    return;
  }
  start_checks(all);
}

void gateway_caller_check_health(gateway_caller *caller, const gateway_api *api,
                                 gateway_exchange *exchange) {
  health_check *all = gateway_arena_alloc(exchange->arena, sizeof *all);
  exchange->caller = caller;
  all->exchange = exchange;
  all->api = api;
  all->count = api->service_count;
  all->checks = gateway_arena_alloc(exchange->arena, (all->count + 1) * sizeof *all->checks);
  mesh_loop_post(caller->loop, start, all);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What a client says with the trace, as the last service of the chain hears it. The inventory is
 * one of the test's own, which keeps what it is sent. */
#include "cmocka_headers.h"
#include "http.h"
#include "mesh_process.h"

#include <mesh/server.h>
#include <pthread.h>
#include <shop/inventory/v1/inventory.mesh.h>
#include <stdio.h>
#include <string.h>

/* The stand-in, on a loop and thread of its own; `baggage` is read once its call has been answered.
 */
typedef struct listener {
  mesh_loop *loop;
  mesh_server *server;
  pthread_t thread;
  char baggage[256];
} listener;

static void get_item(mesh_call *call, const Shop__Inventory__V1__GetItemRequest *request,
                     void *data) {
  listener *self = data;
  mesh_bytes value = {"", 0};
  (void)mesh_metadata_get(mesh_call_metadata(call), "baggage", 0, &value);
  snprintf(self->baggage, sizeof self->baggage, "%.*s", (int)value.size, (const char *)value.data);
  mesh_call_fail(call, GRPC_STATUS_NOT_FOUND, "there is no product '%s'", request->product_id);
}

static const shop_inventory_v1_inventory_service handlers = {.get_item = get_item};

static void *run(void *data) {
  mesh_loop_run(((listener *)data)->loop);
  return NULL;
}

static void check(mesh_status status) {
  if (!mesh_status_is_ok(&status)) {
    fail_msg("%s", status.message);
  }
}

static void listener_start(listener *self) {
  memset(self, 0, sizeof *self);
  self->loop = mesh_loop_new();
  mesh_server_options options = MESH_SERVER_OPTIONS_INIT;
  options.loops = &self->loop;
  options.loop_count = 1;
  options.address = "127.0.0.1:0";
  check(mesh_server_new(&options, &self->server));
  check(mesh_server_add(self->server, shop_inventory_v1_inventory_service_bind(&handlers, self)));
  check(mesh_server_start(self->server));
  assert_int_equal(pthread_create(&self->thread, NULL, run, self), 0);
}

static void stop_loop(void *data) {
  mesh_loop_stop(((listener *)data)->loop);
}

static void listener_stop(listener *self) {
  mesh_server_drain(self->server, 0, stop_loop, self);
  pthread_join(self->thread, NULL);
  mesh_server_destroy(self->server);
  mesh_loop_destroy(self->loop);
}

/* A program, and the port that it listens on. */
typedef struct program {
  mesh_process *process;
  int port;
} program;

static program start_program(const char *name, const char *folder, const char *peer_variable) {
  char path[512];
  char log_file[512];
  char data_folder[512];
  program started;
  snprintf(path, sizeof path, "%s/%s", SHOP_PROGRAM_FOLDER, name);
  snprintf(log_file, sizeof log_file, "%s/%s.log", folder, name);
  snprintf(data_folder, sizeof data_folder, "DATA_DIR=%s/%s", folder, name);
  const char *environment[] = {"PORT=0", "OTEL_TRACES_EXPORTER=none", data_folder, peer_variable,
                               NULL};
  started.process = mesh_process_start(path, environment, log_file);
  started.port = mesh_process_wait_number(started.process, "msg=listening", "port=");
  return started;
}

/* What the client says of itself would be lost at the gateway, or at a service on the way: services
 * decide by it, so it has to come through also when nothing is traced. */
static void baggage_reaches_the_last_service(void **state) {
  (void)state;
  listener inventory;
  char variable[64];
  listener_start(&inventory);
  char *folder = mesh_process_folder_new();
  snprintf(variable, sizeof variable, "INVENTORY_SERVICE_URL=http://127.0.0.1:%d",
           mesh_server_port(inventory.server));
  program order = start_program("order-service", folder, variable);
  snprintf(variable, sizeof variable, "ORDER_SERVICE_URL=http://127.0.0.1:%d", order.port);
  program gateway = start_program("api-gateway", folder, variable);
  http_request request = {.port = gateway.port,
                          .path = "/orders",
                          .json = "{\"product_id\":\"laptop-001\",\"quantity\":1}",
                          .headers = {"baggage: fraud.outcome=fraudulent, customer=Am%C3%A9lie"}};
  http_answer answer = http_send(&request);
  assert_int_equal(answer.status, 404);
  assert_string_equal(inventory.baggage, "fraud.outcome=fraudulent,customer=Am%C3%A9lie");
  http_answer_clean_up(&answer);
  mesh_process_destroy(gateway.process);
  mesh_process_destroy(order.process);
  mesh_process_folder_destroy(folder);
  listener_stop(&inventory);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(baggage_reaches_the_last_service)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}

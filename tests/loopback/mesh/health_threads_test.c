/* SPDX-License-Identifier: Apache-2.0 */
/* grpc.health.v1 on a server with several loops, each on a thread of its own, set from another. */
#include <grpc/health/v1/health.mesh.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <mesh/client.h>
#include <mesh/server.h>

enum { LOOPS = 2, CLIENTS = 4, WATCHES = 32, CHANGES = 200, PATIENCE_MS = 20000 };

static mesh_loop *server_loops[LOOPS];
static pthread_t threads[LOOPS];
static mesh_server *server;
static mesh_loop *loop; /* the clients' */
static mesh_client *clients[CLIENTS];
static mesh_context *context;
static bool is_late;

/* A watch, and the last thing it was told. */
typedef struct watch {
  mesh_client_call *call;
  int last;
  bool has_ended;
} watch;

static watch watches[WATCHES];

static void check(mesh_status status) {
  if (!mesh_status_is_ok(&status)) {
    fail_msg("%s", status.message);
  }
}

static void *run_server_loop(void *data) {
  mesh_loop_run(data);
  return NULL;
}

static void start_server(void) {
  for (int i = 0; i < LOOPS; i++) {
    server_loops[i] = mesh_loop_new();
  }
  mesh_server_options options = MESH_SERVER_OPTIONS_INIT;
  options.loops = server_loops;
  options.loop_count = LOOPS;
  options.address = "127.0.0.1:0";
  check(mesh_server_new(&options, &server));
  check(mesh_server_start(server));
  for (int i = 0; i < LOOPS; i++) {
    pthread_create(&threads[i], NULL, run_server_loop, server_loops[i]);
  }
}

/* Clients that differ have connections of their own, and these spread over the server's loops. */
static void start_clients(void) {
  loop = mesh_loop_new();
  context = mesh_context_new(loop, NULL, MESH_NO_TIMEOUT);
  char target[64];
  snprintf(target, sizeof target, "127.0.0.1:%d", mesh_server_port(server));
  for (int i = 0; i < CLIENTS; i++) {
    mesh_client_options options = MESH_CLIENT_OPTIONS_INIT;
    options.target = target;
    options.max_reply_bytes = 100000 + (size_t)i;
    check(mesh_client_new(&options, &clients[i]));
  }
}

static int set_up(void **state) {
  (void)state;
  start_server();
  start_clients();
  return 0;
}

static void on_drained(void *data) {
  (void)data;
  for (int i = 0; i < LOOPS; i++) {
    mesh_loop_stop(server_loops[i]);
  }
}

static int tear_down(void **state) {
  (void)state;
  mesh_server_drain(server, 0, on_drained, NULL);
  for (int i = 0; i < LOOPS; i++) {
    pthread_join(threads[i], NULL);
  }
  mesh_context_release(context);
  for (int i = 0; i < CLIENTS; i++) {
    mesh_client_destroy(clients[i]);
  }
  mesh_server_destroy(server);
  mesh_loop_destroy(loop);
  for (int i = 0; i < LOOPS; i++) {
    mesh_loop_destroy(server_loops[i]);
  }
  return 0;
}

static void late(void *data) {
  (void)data;
  is_late = true;
  mesh_loop_stop(loop);
}

/* Runs until `is_so` says true of every watch. */
static void run_until(bool (*is_so)(const watch *self)) {
  mesh_timer patience = {0};
  mesh_timer_start(loop, &patience, PATIENCE_MS, late, NULL);
  for (int i = 0; i < WATCHES && !is_late;) {
    if (is_so(&watches[i])) {
      i++;
    } else {
      mesh_loop_run(loop);
    }
  }
  mesh_timer_stop(loop, &patience);
  assert_false(is_late);
}

static bool is_serving(const watch *self) {
  return self->last == GRPC__HEALTH__V1__HEALTH_CHECK_RESPONSE__SERVING_STATUS__SERVING;
}

static bool is_not_serving(const watch *self) {
  return self->last == GRPC__HEALTH__V1__HEALTH_CHECK_RESPONSE__SERVING_STATUS__NOT_SERVING;
}

static bool has_ended(const watch *self) {
  return self->has_ended;
}

static void on_status(const mesh_status *status,
                      const Grpc__Health__V1__HealthCheckResponse *response, void *data) {
  watch *self = data;
  (void)status;
  if (response == NULL) {
    return;
  }
  self->last = (int)response->status;
  mesh_loop_stop(loop);
  grpc_health_v1_watch_client_receive(self->call, on_status, self);
}

static void on_finished(const mesh_status *status, void *data) {
  watch *self = data;
  (void)status;
  self->has_ended = true;
  mesh_loop_stop(loop);
}

static void *change_often(void *data) {
  (void)data;
  for (int i = 0; i < CHANGES; i++) {
    mesh_server_set_serving(server, "", i % 2 != 0);
  }
  mesh_server_set_serving(server, "", false);
  return NULL;
}

/* A watcher would miss the last change, or be called on a thread that is not its own. */
static void test_every_watch_hears_the_last_change(void **state) {
  (void)state;
  Grpc__Health__V1__HealthCheckRequest request = GRPC__HEALTH__V1__HEALTH_CHECK_REQUEST__INIT;
  for (int i = 0; i < WATCHES; i++) {
    watch *self = &watches[i];
    self->call = grpc_health_v1_watch(clients[i % CLIENTS], context, &request, on_finished, self);
    grpc_health_v1_watch_client_receive(self->call, on_status, self);
  }
  run_until(is_serving);
  pthread_t changer;
  pthread_create(&changer, NULL, change_often, NULL);
  pthread_join(changer, NULL);
  run_until(is_not_serving);
  for (int i = 0; i < WATCHES; i += 2) {
    mesh_client_call_cancel(watches[i].call);
  }
  mesh_server_drain(server, 3600 * 1000, NULL, NULL); /* ends the others */
  run_until(has_ended);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_every_watch_hears_the_last_change, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

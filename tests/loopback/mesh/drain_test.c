/* SPDX-License-Identifier: Apache-2.0 */
/* Stopping a server: nothing that was acknowledged is lost, nothing hangs, nothing leaks. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "harness.h"

/* ---- one loop: the steps of a drain ---- */

static harness fixture;
static mesh_call *parked;
static int drained;

static void echo(mesh_call *call, const echo_request *request, void *self) {
  (void)self;
  if (strcmp(request->text, "park") == 0) {
    parked = call;
    return;
  }
  echo_reply reply;
  mesh__test__v1__echo_reply__init(&reply);
  mesh_test_v1_echo_reply(call, &reply);
}

static const mesh_test_v1_echo_service handlers = {.echo = echo};

static void set_up(void) {
  harness_options options = {.handlers = &handlers};
  harness_start(&fixture, &options);
  parked = NULL;
  drained = 0;
}

/* harness_stop drains, which a drained server answers at once. */
static void tear_down(void) {
  harness_stop(&fixture);
}

static void count_drained(void *data) {
  (void)data;
  drained++;
}

static void wait_until(bool (*is_so)(void)) {
  for (int i = 0; i < 2000 && !is_so(); i++) {
    harness_run_for(&fixture, 2);
  }
  assert_true(is_so());
}

static bool is_parked(void) {
  return parked != NULL;
}

static bool has_drained(void) {
  return drained > 0;
}

static bool is_cancelled(void) {
  return mesh_context_is_cancelled(mesh_call_context(parked));
}

static void start_echo(const char *text, harness_answer *answer) {
  echo_request request;
  mesh__test__v1__echo_request__init(&request);
  request.text = harness_text(text);
  answer->owner = &fixture;
  mesh_test_v1_echo(fixture.client, fixture.context, &request, harness_on_answer, answer);
}

static void reply_to_parked(void) {
  echo_reply reply;
  mesh__test__v1__echo_reply__init(&reply);
  mesh_test_v1_echo_reply(parked, &reply);
}

/* A server without calls would not stop, or take its grace for nothing. */
static void test_idle(void **state) {
  (void)state;
  set_up();
  mesh_server_drain(fixture.server, 60000, count_drained, NULL);
  wait_until(has_drained);
  tear_down();
  assert_int_equal(drained, 1);
}

/* A call in flight would be cut off, or new ones be taken while the server stops. */
static void test_call_in_flight_finishes(void **state) {
  (void)state;
  set_up();
  harness_answer answer = {0};
  start_echo("park", &answer);
  wait_until(is_parked);
  mesh_server_drain(fixture.server, 60000, count_drained, NULL);
  harness_run_for(&fixture, 50);
  assert_int_equal(drained, 0);
  harness_answer late = harness_echo(&fixture, fixture.context, "x");
  assert_int_equal(late.code, GRPC_STATUS_UNAVAILABLE);
  reply_to_parked();
  while (answer.count == 0) {
    harness_run(&fixture);
  }
  assert_int_equal(answer.code, GRPC_STATUS_OK);
  wait_until(has_drained);
  tear_down();
}

/* A call that never ends would keep the server for ever. */
static void test_grace_ends(void **state) {
  (void)state;
  set_up();
  harness_answer answer = {0};
  start_echo("park", &answer);
  wait_until(is_parked);
  mesh_server_drain(fixture.server, 30, count_drained, NULL);
  wait_until(is_cancelled);
  assert_int_equal(drained, 0);
  mesh_call_fail(parked, GRPC_STATUS_CANCELLED, "stopping");
  wait_until(has_drained);
  assert_int_equal(answer.count, 1);
  assert_int_not_equal(answer.code, GRPC_STATUS_OK);
  tear_down();
}

/* Who is in a hurry could not shorten a long grace; or its callback would not come. */
static void test_second_drain_shortens_the_grace(void **state) {
  (void)state;
  set_up();
  harness_answer answer = {0};
  start_echo("park", &answer);
  wait_until(is_parked);
  mesh_server_drain(fixture.server, 60000, count_drained, NULL);
  harness_run_for(&fixture, 20);
  mesh_server_drain(fixture.server, 0, count_drained, NULL);
  mesh_server_drain(fixture.server, 60000, count_drained, NULL);
  wait_until(is_cancelled);
  mesh_call_fail(parked, GRPC_STATUS_CANCELLED, "stopping");
  wait_until(has_drained);
  assert_int_equal(drained, 3);
  tear_down();
}

/* A server that fails to start could not be drained, or freed. */
static void test_never_started(void **state) {
  (void)state;
  set_up();
  char taken[64];
  mesh_server *second;
  snprintf(taken, sizeof taken, "127.0.0.1:%d", mesh_server_port(fixture.server));
  mesh_server_options options = {.loops = &fixture.loop, .loop_count = 1, .address = taken};
  mesh_status status = mesh_server_new(&options, &second);
  assert_true(mesh_status_is_ok(&status));
  status = mesh_server_start(second);
  assert_int_equal(status.code, GRPC_STATUS_UNAVAILABLE);
  assert_non_null(strstr(status.message, taken));
  mesh_server_drain(second, 1000, count_drained, NULL);
  wait_until(has_drained);
  mesh_server_destroy(second);
  mesh_server_destroy(NULL);
  tear_down();
}

/* ---- under load: two server loops, a client on a third, a drain in the middle ---- */

enum { IN_FLIGHT = 64, ACKNOWLEDGED_BEFORE_DRAIN = 2000 };

static mesh_loop *server_loops[2];
static mesh_loop *client_loop;
static mesh_server *server;
static mesh_client *client;
static atomic_long executed; /* by the handlers, with an OK */
static long acknowledged;    /* to the client */
static long refused;
static long misnamed; /* refused, but not as UNAVAILABLE */
static long in_flight;
static bool is_draining;

/* Answers in a later turn, so that calls are really in flight. */
typedef struct later {
  mesh_timer timer;
  mesh_call *call;
} later;

static void answer_later(void *data) {
  later *self = data;
  echo_reply reply;
  mesh__test__v1__echo_reply__init(&reply);
  atomic_fetch_add(&executed, 1);
  mesh_test_v1_echo_reply(self->call, &reply);
}

static void echo_later(mesh_call *call, const echo_request *request, void *self) {
  (void)request;
  (void)self;
  later *wait = mesh_arena_alloc(mesh_call_arena(call), sizeof *wait);
  wait->call = call;
  mesh_timer_start(mesh_context_loop(mesh_call_context(call)), &wait->timer, 1, answer_later, wait);
}

static const mesh_test_v1_echo_service slow_handlers = {.echo = echo_later};

static void stop_loop(void *loop) {
  mesh_loop_stop(loop);
}

static void all_drained(void *data) {
  (void)data;
  mesh_loop_post(server_loops[0], stop_loop, server_loops[0]);
  mesh_loop_post(server_loops[1], stop_loop, server_loops[1]);
}

static void send_more(void);

static void on_loaded(const mesh_status *status, const echo_reply *reply, void *data) {
  (void)reply;
  (void)data;
  in_flight--;
  acknowledged += mesh_status_is_ok(status);
  refused += !mesh_status_is_ok(status);
  misnamed += !mesh_status_is_ok(status) && status->code != GRPC_STATUS_UNAVAILABLE;
  if (!is_draining && acknowledged >= ACKNOWLEDGED_BEFORE_DRAIN) {
    is_draining = true;
    mesh_server_drain(server, 10000, all_drained, NULL);
  }
  if (refused == 0) {
    send_more();
  } else if (in_flight == 0) {
    mesh_loop_stop(client_loop);
  }
}

static void send_more(void) {
  echo_request request;
  mesh__test__v1__echo_request__init(&request);
  while (in_flight < IN_FLIGHT) {
    in_flight++;
    mesh_context *context = mesh_context_new(client_loop, NULL, 15000);
    mesh_test_v1_echo(client, context, &request, on_loaded, NULL);
    mesh_context_release(context);
  }
}

static void *run_loop(void *loop) {
  mesh_loop_run(loop);
  return NULL;
}

static void start_loaded_server(void) {
  server_loops[0] = mesh_loop_new();
  server_loops[1] = mesh_loop_new();
  client_loop = mesh_loop_new();
  mesh_server_options options = {.loops = server_loops, .loop_count = 2, .address = "127.0.0.1:0"};
  mesh_status status = mesh_server_new(&options, &server);
  assert_true(mesh_status_is_ok(&status));
  status = mesh_server_add(server, mesh_test_v1_echo_service_bind(&slow_handlers, NULL));
  assert_true(mesh_status_is_ok(&status));
  status = mesh_server_start(server);
  assert_true(mesh_status_is_ok(&status));
  char target[64];
  snprintf(target, sizeof target, "127.0.0.1:%d", mesh_server_port(server));
  mesh_client_options client_options = {.target = target};
  status = mesh_client_new(&client_options, &client);
  assert_true(mesh_status_is_ok(&status));
}

static void free_loaded_server(void) {
  mesh_client_destroy(client);
  mesh_server_destroy(server);
  mesh_loop_destroy(client_loop);
  mesh_loop_destroy(server_loops[0]);
  mesh_loop_destroy(server_loops[1]);
}

/* An acknowledged call would be lost, or one that was executed not be acknowledged; calls that were
 * turned away would look cancelled; calls would hang; the loops' parts would leak. */
static void test_drain_under_load(void **state) {
  (void)state;
  start_loaded_server();
  pthread_t threads[2];
  pthread_create(&threads[0], NULL, run_loop, server_loops[0]);
  pthread_create(&threads[1], NULL, run_loop, server_loops[1]);
  send_more();
  mesh_loop_run(client_loop);
  pthread_join(threads[0], NULL);
  pthread_join(threads[1], NULL);
  assert_true(is_draining);
  assert_int_equal(in_flight, 0);
  assert_int_equal(misnamed, 0);
  assert_int_equal(acknowledged, atomic_load(&executed));
  free_loaded_server();
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_idle),          cmocka_unit_test(test_call_in_flight_finishes),
      cmocka_unit_test(test_grace_ends),    cmocka_unit_test(test_second_drain_shortens_the_grace),
      cmocka_unit_test(test_never_started), cmocka_unit_test(test_drain_under_load),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

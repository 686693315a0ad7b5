/* SPDX-License-Identifier: Apache-2.0 */
/* grpc.health.v1 over a real socket. */
#include <grpc/health/v1/health.mesh.h>
#include <string.h>

#include "harness.h"

#define ECHO "mesh.test.v1.EchoService"
#define STATUS(name) GRPC__HEALTH__V1__HEALTH_CHECK_RESPONSE__SERVING_STATUS__##name

static const mesh_test_v1_echo_service handlers = {.echo = NULL};
static harness fixture;

static int set_up(void **state) {
  (void)state;
  harness_options options = {.handlers = &handlers, .server.max_streams_per_connection = 2000};
  harness_start(&fixture, &options);
  return 0;
}

static int set_up_small(void **state) {
  (void)state;
  harness_options options = {.handlers = &handlers, .server.max_calls_in_flight = 2};
  harness_start(&fixture, &options);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  harness_stop(&fixture);
  return 0;
}

/* ---- Check ---- */

/* What Check said: a status, or how it failed. */
typedef struct checked {
  int serving; /* -1: failed */
  grpc_status_code code;
} checked;

static void on_checked(const mesh_status *status,
                       const Grpc__Health__V1__HealthCheckResponse *response, void *data) {
  checked *result = data;
  result->code = status->code;
  result->serving = response != NULL ? (int)response->status : -1;
  harness_done(&fixture);
}

static checked check(const char *service) {
  checked result = {0};
  Grpc__Health__V1__HealthCheckRequest request = GRPC__HEALTH__V1__HEALTH_CHECK_REQUEST__INIT;
  request.service = harness_text(service);
  grpc_health_v1_check(fixture.client, fixture.context, &request, on_checked, &result);
  harness_run(&fixture);
  return result;
}

/* A probe would take a healthy server down, or wait for one that is not there. */
static void test_check(void **state) {
  (void)state;
  assert_int_equal(check("").serving, STATUS(SERVING));
  assert_int_equal(check(ECHO).serving, STATUS(SERVING));
  mesh_server_set_serving(fixture.server, ECHO, false);
  assert_int_equal(check(ECHO).serving, STATUS(NOT_SERVING));
  assert_int_equal(check("").serving, STATUS(SERVING));
  assert_int_equal(check("no.Service").code, GRPC_STATUS_NOT_FOUND);
}

/* Anyone could have the server look for, and log, megabytes. */
static void test_long_names_are_refused(void **state) {
  (void)state;
  static char name[1026];
  memset(name, 'a', sizeof name - 1);
  assert_int_equal(check(name).code, GRPC_STATUS_INVALID_ARGUMENT);
  name[1024] = '\0';
  assert_int_equal(check(name).code, GRPC_STATUS_NOT_FOUND);
}

/* ---- Watch ---- */

enum { MOST_SEEN = 16 };

/* A watch and what it has seen. `wanted` statuses end harness_run; so does the end. */
typedef struct watch {
  mesh_client_call *call;
  int seen[MOST_SEEN];
  int count;
  int wanted;
  bool has_ended;
  grpc_status_code code;
} watch;

static void on_status(const mesh_status *status,
                      const Grpc__Health__V1__HealthCheckResponse *response, void *data) {
  watch *self = data;
  (void)status;
  if (response == NULL) {
    return;
  }
  assert_true(self->count < MOST_SEEN);
  self->seen[self->count++] = (int)response->status;
  if (self->count == self->wanted) {
    harness_done(&fixture);
  }
  grpc_health_v1_watch_client_receive(self->call, on_status, self);
}

static void on_finished(const mesh_status *status, void *data) {
  watch *self = data;
  self->has_ended = true;
  self->code = status->code;
  harness_done(&fixture);
}

static void watch_start(watch *self, const mesh_context *context, const char *service) {
  memset(self, 0, sizeof *self);
  Grpc__Health__V1__HealthCheckRequest request = GRPC__HEALTH__V1__HEALTH_CHECK_REQUEST__INIT;
  request.service = harness_text(service);
  self->call = grpc_health_v1_watch(fixture.client, context, &request, on_finished, self);
  grpc_health_v1_watch_client_receive(self->call, on_status, self);
}

static void watch_until(watch *self, int count) {
  self->wanted = count;
  if (self->count < count) {
    harness_run(&fixture);
  }
  assert_int_equal(self->count, count);
}

static void watch_stop(watch *self) {
  mesh_client_call_cancel(self->call);
  while (!self->has_ended) {
    harness_run(&fixture);
  }
  assert_int_equal(self->code, GRPC_STATUS_CANCELLED);
}

/* A client that balances by health would not hear of a change. */
static void test_watch_tells_now_and_on_change(void **state) {
  (void)state;
  watch self;
  watch_start(&self, fixture.context, ECHO);
  watch_until(&self, 1);
  mesh_server_set_serving(fixture.server, ECHO, false);
  watch_until(&self, 2);
  mesh_server_set_serving(fixture.server, ECHO, true);
  watch_until(&self, 3);
  assert_int_equal(self.seen[0], STATUS(SERVING));
  assert_int_equal(self.seen[1], STATUS(NOT_SERVING));
  assert_int_equal(self.seen[2], STATUS(SERVING));
  watch_stop(&self);
}

/* A change of one service, or no change at all, would wake everyone. */
static void test_watch_is_silent_without_a_change(void **state) {
  (void)state;
  watch self;
  watch_start(&self, fixture.context, ECHO);
  watch_until(&self, 1);
  mesh_server_set_serving(fixture.server, ECHO, true);
  mesh_server_set_serving(fixture.server, "", false);
  mesh_server_set_serving(fixture.server, ECHO, false);
  watch_until(&self, 2);
  assert_int_equal(self.seen[1], STATUS(NOT_SERVING));
  watch_stop(&self);
}

/* A client that asks too early would be sent away for good (health.proto, Watch). */
static void test_watch_of_the_unknown_stays_open(void **state) {
  (void)state;
  watch self;
  watch_start(&self, fixture.context, "later.Service");
  watch_until(&self, 1);
  assert_int_equal(self.seen[0], STATUS(SERVICE_UNKNOWN));
  mesh_server_set_serving(fixture.server, "later.Service", true);
  watch_until(&self, 2);
  assert_int_equal(self.seen[1], STATUS(SERVING));
  watch_stop(&self);
}

/* Anyone could make the server hold watches without end, or a watch keep its place after its client
 * has gone. (Which of them is the last to arrive, only gRPC knows.) */
static void test_watches_are_bounded_and_give_back(void **state) {
  (void)state;
  enum { MOST = 1000 };
  static watch all[MOST + 1];
  for (int i = 0; i <= MOST; i++) {
    watch_start(&all[i], fixture.context, ECHO);
  }
  int refused = 0;
  for (int i = 0; i <= MOST; i++) {
    while (all[i].count == 0 && !all[i].has_ended) {
      all[i].wanted = 1;
      harness_run(&fixture);
    }
    refused += all[i].has_ended && all[i].code == GRPC_STATUS_RESOURCE_EXHAUSTED ? 1 : 0;
  }
  assert_int_equal(refused, 1);
  for (int i = 0; i <= MOST; i++) {
    if (!all[i].has_ended) {
      watch_stop(&all[i]);
    }
  }
  watch again; /* the server may not have seen the last cancellation yet */
  do {
    watch_start(&again, fixture.context, ECHO);
    again.wanted = 1;
    harness_run(&fixture);
  } while (again.has_ended);
  assert_int_equal(again.seen[0], STATUS(SERVING));
  watch_stop(&again);
}

/* Those who watch the health of a server would take the places of its calls. */
static void test_watches_take_no_calls_place(void **state) {
  (void)state;
  static watch watches[2];
  for (int i = 0; i < 2; i++) {
    watch_start(&watches[i], fixture.context, ECHO);
    watch_until(&watches[i], 1);
  }
  harness_answer answer = harness_echo(&fixture, fixture.context, "x");
  assert_int_equal(answer.code, GRPC_STATUS_UNIMPLEMENTED);
  for (int i = 0; i < 2; i++) {
    watch_stop(&watches[i]);
  }
}

/* Watchers would keep a server from draining until its grace is over, or not hear why it goes. */
static void test_a_drain_tells_and_ends_watches(void **state) {
  (void)state;
  watch self;
  watch_start(&self, fixture.context, ECHO);
  watch_until(&self, 1);
  bool has_drained = false;
  mesh_server_drain(fixture.server, 3600 * 1000, NULL, &has_drained);
  while (!self.has_ended) {
    harness_run(&fixture);
  }
  assert_int_equal(self.code, GRPC_STATUS_UNAVAILABLE);
  assert_int_equal(self.count, 2);
  assert_int_equal(self.seen[1], STATUS(NOT_SERVING));
}

/* ---- a slow reader ---- */

static void stop(void *loop) {
  mesh_loop_stop(loop);
}

/* What is ready, without waiting for the network. */
static void turn(mesh_loop *loop) {
  mesh_loop_post(loop, stop, loop);
  mesh_loop_run(loop);
}

/* What comes within a millisecond. */
static void listen_to(mesh_loop *loop) {
  mesh_timer timer = {0};
  mesh_timer_start(loop, &timer, 1, stop, loop);
  mesh_loop_run(loop);
  mesh_timer_stop(loop, &timer);
}

/* A watch whose client has a loop of its own, and reads when that loop is run. */
typedef struct slow_watch {
  mesh_loop *loop;
  mesh_client *client;
  mesh_client_call *call;
  int count;
  int last;
  bool has_ended;
} slow_watch;

static void on_slow_status(const mesh_status *status,
                           const Grpc__Health__V1__HealthCheckResponse *response, void *data) {
  slow_watch *self = data;
  (void)status;
  if (response != NULL) {
    self->last = (int)response->status;
    self->count++;
    grpc_health_v1_watch_client_receive(self->call, on_slow_status, self);
  }
}

static void on_slow_end(const mesh_status *status, void *data) {
  slow_watch *self = data;
  assert_int_equal(status->code, GRPC_STATUS_UNAVAILABLE);
  self->has_ended = true;
}

static void slow_watch_start(slow_watch *self) {
  memset(self, 0, sizeof *self);
  self->loop = mesh_loop_new();
  mesh_client_options options = MESH_CLIENT_OPTIONS_INIT;
  options.target = fixture.target;
  options.max_reply_bytes = 12345; /* a connection of its own */
  mesh_status status = mesh_client_new(&options, &self->client);
  assert_true(mesh_status_is_ok(&status));
  mesh_context *context = mesh_context_new(self->loop, NULL, 20000);
  Grpc__Health__V1__HealthCheckRequest request = GRPC__HEALTH__V1__HEALTH_CHECK_REQUEST__INIT;
  request.service = harness_text(ECHO);
  self->call = grpc_health_v1_watch(self->client, context, &request, on_slow_end, self);
  grpc_health_v1_watch_client_receive(self->call, on_slow_status, self);
  mesh_context_release(context);
}

/* A client that does not read would be sent more than it takes, or, once it reads again, not be
 * told how things ended. The changes are more than the windows of HTTP/2 hold. */
static void test_a_slow_reader_hears_the_last(void **state) {
  (void)state;
  enum { CHANGES = 20000 };
  slow_watch self;
  slow_watch_start(&self);
  while (self.count == 0) {
    listen_to(self.loop);
    listen_to(fixture.loop);
  }
  for (int i = 0; i < CHANGES; i++) {
    mesh_server_set_serving(fixture.server, ECHO, i % 2 != 0);
    turn(fixture.loop);
  }
  mesh_server_drain(fixture.server, 3600 * 1000, NULL, NULL); /* NOT_SERVING, and the end */
  while (!self.has_ended) {
    listen_to(fixture.loop);
    listen_to(self.loop);
  }
  assert_int_equal(self.last, STATUS(NOT_SERVING));
  mesh_client_destroy(self.client);
  mesh_loop_destroy(self.loop);
}

/* ---- gRPC's own clients ---- */

/* What an Echo call says of a server without handlers: UNIMPLEMENTED when it gets there. */
static grpc_status_code reach(mesh_client *client) {
  harness_answer answer = {.owner = &fixture};
  echo_request request = MESH__TEST__V1__ECHO_REQUEST__INIT;
  mesh_test_v1_echo(client, fixture.context, &request, harness_on_answer, &answer);
  harness_run(&fixture);
  return answer.code;
}

/* The health checking that gRPC's clients have built in would not keep calls from a sick server, or
 * never come back to a healthy one. */
static void test_clients_that_check_health_are_kept_away(void **state) {
  (void)state;
  mesh_client *client = NULL;
  mesh_client_options options = MESH_CLIENT_OPTIONS_INIT;
  options.target = fixture.target;
  options.service_config_json = "{\"loadBalancingConfig\": [{\"round_robin\": {}}],"
                                " \"healthCheckConfig\": {\"serviceName\": \"" ECHO "\"}}";
  mesh_status status = mesh_client_new(&options, &client);
  assert_true(mesh_status_is_ok(&status));
  mesh_server_set_serving(fixture.server, ECHO, false);
  assert_int_equal(reach(client), GRPC_STATUS_UNAVAILABLE);
  mesh_server_set_serving(fixture.server, ECHO, true);
  grpc_status_code code = GRPC_STATUS_UNAVAILABLE;
  while (code == GRPC_STATUS_UNAVAILABLE) { /* until the client has heard of it */
    harness_run_for(&fixture, 1);
    code = reach(client);
  }
  assert_int_equal(code, GRPC_STATUS_UNIMPLEMENTED);
  mesh_client_destroy(client);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_check, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_long_names_are_refused, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_watch_tells_now_and_on_change, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_watch_is_silent_without_a_change, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_watch_of_the_unknown_stays_open, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_watches_are_bounded_and_give_back, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_watches_take_no_calls_place, set_up_small, tear_down),
      cmocka_unit_test_setup_teardown(test_a_drain_tells_and_ends_watches, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_a_slow_reader_hears_the_last, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_clients_that_check_health_are_kept_away, set_up,
                                      tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

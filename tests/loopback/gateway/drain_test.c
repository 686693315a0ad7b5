/* SPDX-License-Identifier: Apache-2.0 */
/* The gateway stops: what is in flight finishes, what is not goes. */
#include "rig.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

static rig *fresh(void) {
  static rig self;
  rig_init(&self);
  return &self;
}

static void *drain(void *data) {
  rig_drain(data);
  return NULL;
}

/* Connections that wait for nothing would hold up the stop. */
static void test_idle_connections(void **state) {
  (void)state;
  rig *self = fresh();
  rig_start(self);
  http_client client;
  http_client_open(&client, self->port);
  assert_true(http_client_send_text(&client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
  assert_int_equal(http_client_read(&client).status, 200);
  rig_drain(self);
  assert_true(http_client_is_closed_within(&client, 0));
  http_client_close(&client);
  rig_stop(self);
}

/* A request in flight would be lost. Its connection would not be told to end. */
static void test_in_flight(void **state) {
  (void)state;
  rig *self = fresh();
  rig_start(self);
  http_client client;
  http_client_open(&client, self->port);
  assert_true(http_client_send_text(
      &client, "GET /v1/books/slow HTTP/1.1\r\nHost: x\r\nX-Timeout-Ms: 2000\r\n\r\n"));
  rig_wait(&self->backend.calls, 1);
  pthread_t thread;
  pthread_create(&thread, NULL, drain, self);
  http_reply reply = http_client_read(&client);
  assert_int_equal(reply.status, 504);
  assert_string_equal(http_reply_header(&reply, "Connection"), "close");
  pthread_join(thread, NULL);
  http_client_close(&client);
  rig_stop(self);
}

/* A call that does not end would hold up the stop for ever. */
static void test_grace(void **state) {
  (void)state;
  rig *self = fresh();
  self->grace_ms = 100;
  rig_start(self);
  http_client client;
  http_client_open(&client, self->port);
  assert_true(http_client_send_text(&client, "GET /v1/books/slow HTTP/1.1\r\nHost: x\r\n\r\n"));
  rig_wait(&self->backend.calls, 1);
  pthread_t thread;
  pthread_create(&thread, NULL, drain, self);
  http_reply reply = http_client_read(&client);
  assert_int_equal(reply.status, 499);
  rig_wait(&self->backend.cancelled, 1);
  pthread_join(thread, NULL);
  http_client_close(&client);
  rig_stop(self);
}

/* Streams without an end, whether read or not, would hold up the stop. */
static void test_endless_streams(void **state) {
  (void)state;
  rig *self = fresh();
  self->grace_ms = 100;
  rig_start(self);
  http_client clients[2];
  for (int i = 0; i < 2; i++) {
    http_client_open(&clients[i], self->port);
    assert_true(http_client_send_text(
        &clients[i], i == 0
                         ? "GET /v1/watch?prefix=slow HTTP/1.1\r\nHost: x\r\n\r\n"
                         : "GET /v1/watch?count=2000000000&prefix=b HTTP/1.1\r\nHost: x\r\n\r\n"));
    rig_wait(&self->backend.calls, i + 1);
  }
  rig_drain(self);
  rig_wait(&self->backend.cancelled, 1);
  rig_wait(&self->backend.broken, 1);
  http_client_close(&clients[0]);
  http_client_close(&clients[1]);
  rig_stop(self);
}

/* A half-sent request would hold up the stop. */
static void test_half_a_request(void **state) {
  (void)state;
  rig *self = fresh();
  self->grace_ms = 100;
  rig_start(self);
  http_client client;
  http_client_open(&client, self->port);
  assert_true(http_client_send_text(
      &client, "POST /v1/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{"));
  assert_int_equal(http_ask(self->port, "GET", "/", "", "").status, 200);
  rig_drain(self);
  assert_true(http_client_is_closed_within(&client, 0));
  http_client_close(&client);
  rig_stop(self);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_idle_connections),
      cmocka_unit_test(test_in_flight),
      cmocka_unit_test(test_grace),
      cmocka_unit_test(test_endless_streams),
      cmocka_unit_test(test_half_a_request),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

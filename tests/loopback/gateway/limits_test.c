/* SPDX-License-Identifier: Apache-2.0 */
/* Clients that are slow, huge or many. */
#include "rig.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

static void start(rig *self) {
  rig_start(self);
}

static rig *fresh(void) {
  static rig self;
  rig_init(&self);
  return &self;
}

static void assert_status(http_reply reply, int status, const char *message) {
  assert_int_equal(reply.status, status);
  if (strstr(reply.body, message) == NULL) {
    fail_msg("%s\nhas no\n%s", reply.body, message);
  }
  assert_string_equal(http_reply_header(&reply, "Content-Type"), "application/json");
}

static char *filled(size_t size) {
  char *text = test_malloc(size + 1);
  memset(text, 'x', size);
  text[size] = '\0';
  return text;
}

/* An URL, or headers, beyond the limit would be worked on. */
static void test_large_heads(void **state) {
  (void)state;
  rig *self = fresh();
  start(self);
  char *text = filled(6000);
  char url[8192];
  char headers[16384];
  snprintf(url, sizeof url, "/v1/books/%s", text);
  assert_status(http_ask(self->port, "GET", url, "", ""), 414, "the URL is longer than 4096 bytes");
  snprintf(headers, sizeof headers, "X-A: %s\r\nX-B: %s\r\n", text, text);
  assert_status(http_ask(self->port, "GET", "/v1/books/a", headers, ""), 431,
                "the headers are larger than 8192 bytes");
  test_free(text);
  rig_stop(self);
}

/* An URL with many parameters would be hung up on, as libmicrohttpd has no room for their list. */
static void test_many_parameters(void **state) {
  (void)state;
  rig *self = fresh();
  start(self);
  char url[4096] = "/v1/search?numbers=1";
  for (int i = 1; i < 300; i++) {
    strcat(url, "&numbers=1");
  }
  assert_status(http_ask(self->port, "GET", url, "", ""), 400,
                "there are more than 128 query parameters");
  url[strlen("/v1/search?numbers=1") + 127 * strlen("&numbers=1")] = '\0';
  assert_int_equal(http_ask(self->port, "GET", url, "", "").status, 200);
  snprintf(url, sizeof url, "/v1/books/a?");
  memset(url + strlen(url), '&', 4000);
  url[4012] = '\0';
  assert_int_equal(http_ask(self->port, "GET", url, "", "").status, 200);
  rig_stop(self);
}

/* A head without an end would fill the memory. */
static void test_endless_head(void **state) {
  (void)state;
  rig *self = fresh();
  start(self);
  http_client client;
  char *text = filled(1000);
  http_client_open(&client, self->port);
  bool is_open = http_client_send_text(&client, "GET / HTTP/1.1\r\n");
  for (int i = 0; i < 1000 && is_open; i++) {
    char line[1100];
    snprintf(line, sizeof line, "X-%d: %s\r\n", i, text);
    is_open = http_client_send_text(&client, line);
  }
  assert_false(is_open && !http_client_is_closed_within(&client, 20000));
  http_client_close(&client);
  test_free(text);
  rig_stop(self);
}

/* A body beyond the limit would be taken in before it is refused. */
static void test_large_body(void **state) {
  (void)state;
  rig *self = fresh();
  start(self);
  http_client client;
  http_client_open(&client, self->port);
  assert_true(http_client_send_text(&client, "POST /v1/echo HTTP/1.1\r\nHost: x\r\n"
                                             "Content-Type: application/json\r\n"
                                             "Content-Length: 1000000000\r\n\r\n{"));
  assert_status(http_client_read(&client), 413, "the body is larger than 262144 bytes");
  assert_true(http_client_is_closed_within(&client, 20000));
  http_client_close(&client);
  rig_stop(self);
}

/* A client that asks before it sends would be told to send what is refused, or wait for ever. */
static void test_expect(void **state) {
  (void)state;
  rig *self = fresh();
  start(self);
  http_client client;
  http_client_open(&client, self->port);
  assert_true(http_client_send_text(&client, "POST /v1/echo HTTP/1.1\r\nHost: x\r\n"
                                             "Expect: 100-continue\r\n"
                                             "Content-Length: 300000\r\n\r\n"));
  assert_true(http_client_wait_for(&client, "HTTP/1.1 413"));
  assert_null(strstr(client.buffer, "100 Continue"));
  http_client_close(&client);

  http_client_open(&client, self->port);
  assert_true(http_client_send_text(&client, "POST /nothing HTTP/1.1\r\nHost: x\r\n"
                                             "Expect: 100-continue\r\n"
                                             "Content-Length: 3\r\n\r\n"));
  assert_true(http_client_wait_for(&client, "HTTP/1.1 404"));
  assert_null(strstr(client.buffer, "100 Continue"));
  http_client_close(&client);

  http_client_open(&client, self->port);
  assert_true(http_client_send_text(&client, "POST /v1/echo HTTP/1.1\r\nHost: x\r\n"
                                             "Expect: 100-continue\r\n"
                                             "Content-Length: 2\r\n\r\n"));
  assert_true(http_client_wait_for(&client, "HTTP/1.1 100 Continue\r\n\r\n"));
  assert_true(http_client_send_text(&client, "{}"));
  assert_true(http_client_wait_for(&client, "HTTP/1.1 200"));
  http_client_close(&client);
  rig_stop(self);
}

/* The size of a chunked body would not count. */
static void test_large_chunked_body(void **state) {
  (void)state;
  rig *self = fresh();
  start(self);
  http_client client;
  http_client_open(&client, self->port);
  char *text = filled(1000);
  assert_true(http_client_send_text(&client, "POST /v1/echo HTTP/1.1\r\nHost: x\r\n"
                                             "Transfer-Encoding: chunked\r\n\r\n"));
  bool is_open = true;
  for (int i = 0; i < 300 && is_open; i++) {
    is_open = http_client_send_text(&client, "3e8\r\n") && http_client_send_text(&client, text) &&
              http_client_send_text(&client, "\r\n");
  }
  assert_true(is_open);
  assert_true(http_client_send_text(&client, "0\r\n\r\n"));
  assert_status(http_client_read(&client), 413, "the body is larger than 262144 bytes");
  http_client_close(&client);

  http_client_open(&client, self->port);
  assert_true(http_client_send_text(&client, "POST /v1/echo HTTP/1.1\r\nHost: x\r\n"
                                             "Transfer-Encoding: chunked\r\n\r\n"));
  for (int i = 0; i < 3000 && is_open; i++) {
    is_open = http_client_send_text(&client, "3e8\r\n") && http_client_send_text(&client, text) &&
              http_client_send_text(&client, "\r\n");
  }
  assert_true(!is_open || http_client_is_closed_within(&client, 20000));
  http_client_close(&client);
  test_free(text);
  rig_stop(self);
}

/* Many bodies, none of them too large, would fill the memory while they come in; or those that are
 * gone would count for ever. */
static void test_many_bodies(void **state) {
  (void)state;
  rig *self = fresh();
  self->config.limits.bodies_bytes = 100 * 1024;
  start(self);
  char *body = filled(150 * 1024);
  memcpy(body, "{\"a_string\":\"", 13);
  http_reply reply = http_ask(self->port, "POST", "/v1/echo", "", body);
  assert_status(reply, 503, "too many large requests are on their way");
  assert_string_equal(http_reply_header(&reply, "Retry-After"), "1");
  memcpy(body + 50 * 1024, "\"}", 3);
  for (int i = 0; i < 5; i++) {
    assert_int_equal(http_ask(self->port, "POST", "/v1/echo", "", body).status, 200);
  }
  http_client client;
  http_client_open(&client, self->port);
  assert_true(http_client_send_text(&client, "POST /v1/echo HTTP/1.1\r\nHost: x\r\n"
                                             "Content-Length: 90000\r\n\r\n"));
  assert_true(http_client_send(&client, body, 80 * 1024));
  http_client_close(&client);
  rig_wait_for_log(self, 7);
  assert_int_equal(http_ask(self->port, "POST", "/v1/echo", "", body).status, 200);
  test_free(body);
  rig_stop(self);
}

/* A client that sends a byte now and then would hold its connection for ever. */
static void test_slow_request(void **state) {
  (void)state;
  rig *self = fresh();
  self->config.limits.receive_ms = 300;
  start(self);
  static const char *const heads[] = {
      "GE",
      "GET / HTTP/1.1\r\nHost: x\r\n",
      "POST /v1/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{",
  };
  for (int i = 0; i < 3; i++) {
    http_client client;
    http_client_open(&client, self->port);
    assert_true(http_client_send_text(&client, heads[i]));
    int tries = 0;
    while (tries < 100 && !http_client_is_closed_within(&client, 100)) {
      (void)http_client_send_text(&client, "x");
      tries++;
    }
    assert_in_range(tries, 1, 99);
    http_client_close(&client);
  }
  rig_stop(self);
}

/* A client that sends and leaves at once would hold its connection until some time is over. */
static void test_gone_at_once(void **state) {
  (void)state;
  rig *self = fresh();
  self->config.limits.connections = 1;
  start(self);
  static const char *const requests[] = {
      "",
      "GET / HT",
      "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
      "POST /v1/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{",
      "GET /v1/books/slow HTTP/1.1\r\nHost: x\r\n\r\n",
  };
  for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
    http_client client;
    http_client_open(&client, self->port);
    assert_true(http_client_send_text(&client, requests[i]));
    http_client_close(&client);
  }
  struct timespec begin;
  struct timespec end;
  clock_gettime(CLOCK_MONOTONIC, &begin);
  assert_int_equal(http_ask(self->port, "GET", "/", "", "").status, 200);
  clock_gettime(CLOCK_MONOTONIC, &end);
  assert_in_range(end.tv_sec - begin.tv_sec, 0, 8); /* one timeout alone would be 10 s */
  rig_stop(self);
}

/* Connections that do nothing would stay. */
static void test_idle(void **state) {
  (void)state;
  rig *self = fresh();
  self->config.limits.idle_ms = 300;
  start(self);
  http_client client;
  http_client_open(&client, self->port);
  assert_true(http_client_send_text(&client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
  assert_int_equal(http_client_read(&client).status, 200);
  assert_true(http_client_is_closed_within(&client, 10000));
  http_client_close(&client);
  rig_stop(self);
}

/* A client that does not read its answer would hold it. */
static void test_slow_reader(void **state) {
  (void)state;
  rig *self = fresh();
  self->config.limits.idle_ms = 300;
  start(self);
  http_client client;
  http_client_open(&client, self->port);
  int size = 4096;
  setsockopt(client.socket, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  assert_true(
      http_client_send_text(&client, "GET /v1/books/large-8000000 HTTP/1.1\r\nHost: x\r\n\r\n"));
  rig_wait_for_log(self, 1);
  assert_non_null(strstr(self->log[0], "status=200"));
  http_client_close(&client);
  rig_stop(self);
}

/* More requests than the gateway can hold would pile up. */
static void test_overload(void **state) {
  (void)state;
  rig *self = fresh();
  self->config.limits.in_flight = 2;
  start(self);
  http_client clients[2];
  for (int i = 0; i < 2; i++) {
    http_client_open(&clients[i], self->port);
    assert_true(
        http_client_send_text(&clients[i], "GET /v1/books/slow HTTP/1.1\r\nHost: x\r\n\r\n"));
  }
  rig_wait(&self->backend.calls, 2);
  http_reply reply = http_ask(self->port, "GET", "/v1/books/a", "", "");
  assert_status(reply, 503, "too many requests are in flight");
  assert_string_equal(http_reply_header(&reply, "Retry-After"), "1");
  assert_int_equal(http_ask(self->port, "GET", "/", "", "").status, 200);
  http_client_close(&clients[0]);
  http_client_close(&clients[1]);
  rig_wait(&self->backend.cancelled, 2);
  rig_wait_for_log(self, 4);
  assert_int_equal(http_ask(self->port, "GET", "/v1/books/a", "", "").status, 200);
  rig_stop(self);
}

/* Once all connections were taken, those that wait would do so for ever, though all are gone. */
static void test_connections(void **state) {
  (void)state;
  rig *self = fresh();
  self->config.limits.connections = 2;
  start(self);
  for (int round = 0; round < 5; round++) {
    http_client clients[3];
    for (int i = 0; i < 3; i++) {
      http_client_open(&clients[i], self->port);
      assert_true(http_client_send_text(&clients[i], "GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
    }
    assert_int_equal(http_client_read(&clients[0]).status, 200);
    assert_int_equal(http_client_read(&clients[1]).status, 200);
    assert_false(http_client_is_closed_within(&clients[2], 0));
    http_client_close(&clients[0]);
    http_client_close(&clients[1]);
    assert_int_equal(http_client_read(&clients[2]).status, 200);
    http_client_close(&clients[2]);
  }
  rig_stop(self);
}

/* One address would take all connections. */
static void test_connections_per_ip(void **state) {
  (void)state;
  rig *self = fresh();
  self->config.limits.connections_per_ip = 2;
  start(self);
  http_client clients[3];
  for (int i = 0; i < 2; i++) {
    http_client_open(&clients[i], self->port);
    assert_true(http_client_send_text(&clients[i], "GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
    assert_int_equal(http_client_read(&clients[i]).status, 200);
  }
  http_client_open(&clients[2], self->port);
  assert_true(http_client_is_closed_within(&clients[2], 20000));
  for (int i = 0; i < 3; i++) {
    http_client_close(&clients[i]);
  }
  rig_stop(self);
}

/* A backend that can't be reached would hang requests, its address be told to clients, or health
 * say it is well. */
static void test_no_backend(void **state) {
  (void)state;
  rig *self = fresh();
  self->has_no_backend = true;
  start(self);
  http_reply reply = http_ask(self->port, "POST", "/v1/echo", "", "{}");
  assert_int_equal(reply.status, 503);
  assert_string_equal(reply.body,
                      "{\"code\":14,\"message\":\"the service can't be reached\",\"details\":[]}");
  assert_string_equal(http_reply_header(&reply, "Retry-After"), "1");
  reply = http_ask(self->port, "GET", "/health", "", "");
  assert_int_equal(reply.status, 503);
  assert_non_null(
      strstr(reply.body, "\"status\":\"UNREACHABLE\",\"target\":\"unix:/nonexistent/socket\""));
  rig_stop(self);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_large_heads),     cmocka_unit_test(test_endless_head),
      cmocka_unit_test(test_many_parameters), cmocka_unit_test(test_large_body),
      cmocka_unit_test(test_expect),          cmocka_unit_test(test_large_chunked_body),
      cmocka_unit_test(test_many_bodies),     cmocka_unit_test(test_slow_request),
      cmocka_unit_test(test_gone_at_once),    cmocka_unit_test(test_idle),
      cmocka_unit_test(test_slow_reader),     cmocka_unit_test(test_overload),
      cmocka_unit_test(test_connections),     cmocka_unit_test(test_connections_per_ip),
      cmocka_unit_test(test_no_backend),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

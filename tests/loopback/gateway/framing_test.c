/* SPDX-License-Identifier: Apache-2.0 */
/* Requests whose end, or whose host, a proxy in front could understand otherwise. */
#include "rig.h"

#include <stdio.h>
#include <string.h>

static int set_up(void **state) {
  static rig self;
  rig_init(&self);
  rig_start(&self);
  *state = &self;
  return 0;
}

static int tear_down(void **state) {
  rig_stop(*state);
  return 0;
}

#define HIDDEN "GET /v1/books/hidden HTTP/1.1\r\nHost: x\r\n\r\n"

/* Sends a head and what may be taken for its body, or for another request. */
static void assert_refused(rig *self, const char *head, const char *rest, int status,
                           const char *message) {
  http_client client;
  char expected[256];
  http_client_open(&client, self->port);
  assert_true(http_client_send_text(&client, head));
  (void)http_client_send_text(&client, rest);
  http_reply reply = http_client_read(&client);
  assert_int_equal(reply.status, status);
  if (message != NULL) {
    snprintf(expected, sizeof expected, "\"message\":\"%s\"", message);
    if (strstr(reply.body, expected) == NULL) {
      fail_msg("%s is not in %s", expected, reply.body);
    }
    assert_string_equal(http_reply_header(&reply, "Content-Type"), "application/json");
  }
  assert_string_equal(http_reply_header(&reply, "Connection"), "close");
  assert_true(http_client_is_closed_within(&client, 20000));
  if (strstr(client.buffer + client.at, "hidden") != NULL) {
    fail_msg("%s\nwas answered, and then there was\n%s", head, client.buffer + client.at);
  }
  http_client_close(&client);
}

/* What a proxy took for a body would be answered as a request, past all that the proxy checks. */
static void test_hidden_requests(void **state) {
  rig *self = *state;
  static const struct {
    const char *headers;
    int status;
    const char *message;
  } cases[] = {
      {"Host: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n", 400,
       "Content-Length and Transfer-Encoding exclude each other"},
      {"Host: x\r\nTransfer-Encoding: chunked\r\nContent-Length: !!!!!!!!!!!!!!!!!!!!!!\r\n", 400,
       "Content-Length and Transfer-Encoding exclude each other"},
      {"Host: x\r\nTransfer-Encoding: xchunked\r\n", 501,
       "the Transfer-Encoding 'xchunked' is not known here, only chunked"},
      {"Host: x\r\nTransfer-Encoding: identity\r\nContent-Length: 5\r\n", 400,
       "Content-Length and Transfer-Encoding exclude each other"},
      {"Host: x\r\nTransfer-Encoding : chunked\r\n", 400,
       "the name of a header is empty, or has a character that no name has"},
      {"Host: x\r\n Transfer-Encoding: chunked\r\n", 400, NULL},
      {"Host: x\r\nContent-Length: 0\r\nContent-Length: 48\r\n", 400,
       "there is more than one Content-Length"},
      {"Host: x\r\nContent-Length: 0, 48\r\n", 400, NULL},
      {"Host: x\r\nContent-Length: +0\r\n", 400, NULL},
      {"Host: x\r\nContent-Length: 0x0\r\n", 400, NULL},
      {"Host: x\r\nContent-Length: 99999999999999999999\r\n", 413, NULL},
      {"Host: a\r\nHost: b\r\n", 400, "there is more than one Host"},
      {"Host: a/../b\r\n", 400, "the Host is none"},
      {"X-A: b\r\n", 400, "there is no Host"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char head[512];
    snprintf(head, sizeof head, "POST /v1/echo HTTP/1.1\r\n%s\r\n", cases[i].headers);
    assert_refused(self, head, "0\r\n\r\n" HIDDEN, cases[i].status, cases[i].message);
  }
  assert_int_equal(atomic_load(&self->backend.calls), 0);
}

/* A first line that proxies read in several ways would be read in one of them. */
static void test_first_lines(void **state) {
  rig *self = *state;
  assert_refused(self, "GET /v1/books/a b HTTP/1.1\r\nHost: x\r\n\r\n", HIDDEN, 400,
                 "the URL has a space or a control character in it");
  assert_refused(self, "GET /v1/books/a\x01 HTTP/1.1\r\nHost: x\r\n\r\n", HIDDEN, 400,
                 "the URL has a space or a control character in it");
  assert_refused(self, "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", HIDDEN, 400,
                 "HTTP/1.0 has no Transfer-Encoding");
  assert_refused(self, "GET / HTTP/2.0\r\nHost: x\r\n\r\n", HIDDEN, 505, NULL);
  assert_refused(self, "GET /\r\nHost: x\r\n\r\n", HIDDEN, 400, NULL);
  assert_int_equal(atomic_load(&self->backend.calls), 0);
}

/* Chunks that are none would be guessed at. */
static void test_chunks(void **state) {
  rig *self = *state;
  static const char *const bodies[] = {
      "-1\r\n", "0x2\r\n{}", "g\r\n", "2 \r\n{}", "2\r\n{}XX", "\r\n", "ffffffffffffffffff\r\n"};
  for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
    assert_refused(self, "POST /v1/echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
                   bodies[i], i == 6 ? 413 : 400, NULL);
  }
  assert_int_equal(atomic_load(&self->backend.calls), 0);
}

/* Clients of HTTP/1.0, which know no Host, would be refused. */
static void test_old_clients(void **state) {
  rig *self = *state;
  http_client client;
  http_client_open(&client, self->port);
  assert_true(http_client_send_text(&client, "GET /v1/books/a HTTP/1.0\r\n\r\n"));
  assert_int_equal(http_client_read(&client).status, 200);
  assert_true(http_client_is_closed_within(&client, 20000));
  http_client_close(&client);
}

int main(void) {
#define rig_test(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
  const struct CMUnitTest tests[] = {
      rig_test(test_hidden_requests),
      rig_test(test_first_lines),
      rig_test(test_chunks),
      rig_test(test_old_clients),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

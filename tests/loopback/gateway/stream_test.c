/* SPDX-License-Identifier: Apache-2.0 */
/* Server streams over HTTP: the three formats, errors, clients that leave. */
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

static http_reply watch(void **state, const char *query, const char *accept) {
  char url[256];
  char headers[256];
  snprintf(url, sizeof url, "/v1/watch?%s", query);
  snprintf(headers, sizeof headers, "Accept: %s\r\n", accept);
  return http_ask(((rig *)*state)->port, "GET", url, headers, "");
}

#define BOOK(name) "{\"name\":\"" name "\",\"title\":\"\",\"pages\":0,\"tags\":[],\"price\":0}"
#define FAILED_5                                                                           \
  "{\"code\":5,\"message\":\"failed with 5\",\"details\":[{\"@type\":\"type.googleapis."   \
  "com/google.rpc.BadRequest\",\"field_violations\":[{\"field\":\"name\",\"description\":" \
  "\"is not to be had\"}]}]}"

/* A stream would not be what was asked for, or not parse. */
static void test_formats(void **state) {
  http_reply reply = watch(state, "count=2&prefix=b", "*/*");
  assert_int_equal(reply.status, 200);
  assert_string_equal(http_reply_header(&reply, "Content-Type"), "application/json");
  assert_string_equal(reply.body, "[" BOOK("b0") "," BOOK("b1") "]");
  reply = watch(state, "count=2&prefix=b", "application/x-ndjson");
  assert_string_equal(http_reply_header(&reply, "Content-Type"), "application/x-ndjson");
  assert_string_equal(reply.body, BOOK("b0") "\n" BOOK("b1") "\n");
  reply = watch(state, "count=2&prefix=b", "text/event-stream");
  assert_string_equal(http_reply_header(&reply, "Content-Type"), "text/event-stream");
  assert_string_equal(http_reply_header(&reply, "Cache-Control"), "no-cache");
  assert_string_equal(reply.body, "data: " BOOK("b0") "\n\ndata: " BOOK("b1") "\n\n");
}

/* A stream without messages would hang, or not parse. */
static void test_empty(void **state) {
  assert_string_equal(watch(state, "count=0", "application/json").body, "[]");
  assert_string_equal(watch(state, "", "application/x-ndjson").body, "");
  assert_string_equal(watch(state, "", "text/event-stream").body, "");
}

/* An error behind the first message would be lost. */
static void test_late_errors(void **state) {
  http_reply reply = watch(state, "count=1&fail_with=5&prefix=b", "application/json");
  assert_int_equal(reply.status, 200);
  assert_string_equal(reply.body, "[" BOOK("b0") ",{\"error\":" FAILED_5 "}]");
  reply = watch(state, "count=1&fail_with=5&prefix=b", "application/x-ndjson");
  assert_string_equal(reply.body, BOOK("b0") "\n{\"error\":" FAILED_5 "}\n");
  reply = watch(state, "count=1&fail_with=5&prefix=b", "text/event-stream");
  assert_string_equal(reply.body, "data: " BOOK("b0") "\n\nevent: error\ndata: " FAILED_5 "\n\n");
}

/* An error before the first message would be answered with 200. */
static void test_early_errors(void **state) {
  http_reply reply = watch(state, "count=0&fail_with=5", "application/x-ndjson");
  assert_int_equal(reply.status, 404);
  assert_string_equal(http_reply_header(&reply, "Content-Type"), "application/json");
  assert_string_equal(reply.body, FAILED_5);
  reply = watch(state, "count=x", "application/x-ndjson");
  assert_int_equal(reply.status, 400);
}

/* A client that accepts none of the formats would get one all the same. */
static void test_not_acceptable(void **state) {
  http_reply reply = watch(state, "count=1", "image/png");
  assert_int_equal(reply.status, 406);
  assert_non_null(strstr(reply.body, "\"code\":3"));
}

/* Raw streams would be wrapped. */
static void test_raw(void **state) {
  http_reply reply = http_ask(((rig *)*state)->port, "GET", "/v1/streams/a/b", "", "");
  assert_int_equal(reply.status, 200);
  assert_string_equal(http_reply_header(&reply, "Content-Type"), "text/css");
  assert_string_equal(reply.body, "a/b");
}

/* Many messages would be lost, doubled or mixed up. */
static void test_long(void **state) {
  http_reply reply = watch(state, "count=5000&prefix=b", "application/x-ndjson");
  assert_int_equal(reply.status, 200);
  const char *at = reply.body;
  for (int i = 0; i < 5000; i++) {
    char line[128];
    int size =
        snprintf(line, sizeof line,
                 "{\"name\":\"b%d\",\"title\":\"\",\"pages\":0,\"tags\":[],\"price\":0}\n", i);
    assert_memory_equal(at, line, (size_t)size);
    at += size;
  }
  assert_int_equal(*at, '\0');
}

/* Messages would wait for each other instead of leaving when they are there. */
static void test_flows(void **state) {
  rig *self = *state;
  http_client client;
  http_client_open(&client, self->port);
  assert_true(http_client_send_text(
      &client, "GET /v1/watch?count=2000000000&prefix=b HTTP/1.1\r\nHost: x\r\n"
               "Accept: text/event-stream\r\n\r\n"));
  assert_true(http_client_wait_for(&client, "\"b100\""));
  http_client_close(&client);
  rig_wait(&self->backend.broken, 1);
}

/* A client that reads nothing would have the gateway buffer a whole stream. */
static void test_flow_control(void **state) {
  rig *self = *state;
  http_client client;
  http_client_open(&client, self->port);
  assert_true(http_client_send_text(
      &client, "GET /v1/watch?count=2000000000&prefix=b HTTP/1.1\r\nHost: x\r\n\r\n"));
  int sent = -1;
  for (int same = 0; same < 10;) {
    http_reply probe = http_ask(self->port, "GET", "/", "", "");
    assert_int_equal(probe.status, 200);
    int now = atomic_load(&self->backend.sent);
    same = now == sent && now > 0 ? same + 1 : 0;
    sent = now;
    http_reply pause = http_ask(self->port, "GET", "/v1/books/slow", "X-Timeout-Ms: 20\r\n", "");
    assert_int_equal(pause.status, 504);
  }
  http_client_close(&client);
  rig_wait(&self->backend.broken, 1);
}

/* The call of a client that has left would go on. */
static void test_client_leaves(void **state) {
  rig *self = *state;
  static const char *const requests[] = {
      "GET /v1/books/slow HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET /v1/watch?prefix=slow HTTP/1.1\r\nHost: x\r\n\r\n",
  };
  for (int i = 0; i < 2; i++) {
    http_client client;
    http_client_open(&client, self->port);
    assert_true(http_client_send_text(&client, requests[i]));
    rig_wait(&self->backend.calls, i + 1);
    http_client_close(&client);
    rig_wait(&self->backend.cancelled, i + 1);
  }
  rig_wait_for_log(self, 2);
  assert_non_null(strstr(self->log[0], " status=499 "));
  assert_non_null(strstr(self->log[1], " status=499 "));
}

/* HEAD would open a stream and never end it. */
static void test_head(void **state) {
  rig *self = *state;
  http_reply reply = http_ask(self->port, "HEAD", "/v1/watch?count=2000000000&prefix=b", "", "");
  assert_int_equal(reply.status, 200);
  rig_wait(&self->backend.broken, 1);
}

int main(void) {
#define rig_test(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
  const struct CMUnitTest tests[] = {
      rig_test(test_formats),       rig_test(test_empty),          rig_test(test_late_errors),
      rig_test(test_early_errors),  rig_test(test_not_acceptable), rig_test(test_raw),
      rig_test(test_long),          rig_test(test_flows),          rig_test(test_flow_control),
      rig_test(test_client_leaves), rig_test(test_head),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

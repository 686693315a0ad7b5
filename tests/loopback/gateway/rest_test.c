/* SPDX-License-Identifier: Apache-2.0 */
/* Requests and answers through a real gateway. */
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

static int port_of(void **state) {
  return ((rig *)*state)->port;
}

static http_reply get(void **state, const char *url) {
  return http_ask(port_of(state), "GET", url, "", "");
}

static http_reply post(void **state, const char *url, const char *json) {
  return http_ask(port_of(state), "POST", url, "Content-Type: application/json\r\n", json);
}

static void assert_reply(http_reply reply, int status, const char *body) {
  assert_int_equal(reply.status, status);
  assert_string_equal(reply.body, body);
  assert_string_equal(http_reply_header(&reply, "Content-Type"), "application/json");
}

static void assert_error(http_reply reply, int status, const char *code_and_message) {
  char expected[600];
  snprintf(expected, sizeof expected, "{\"code\":%s\",\"details\":[", code_and_message);
  assert_int_equal(reply.status, status);
  if (strncmp(reply.body, expected, strlen(expected)) != 0) {
    fail_msg("%s\nis not\n%s", reply.body, expected);
  }
  assert_string_equal(http_reply_header(&reply, "Content-Type"), "application/json");
}

/* A rule of google.api.http would not be served: the path, the query, the body. */
static void test_rules(void **state) {
  assert_reply(
      get(state, "/v1/shelves/1/books/2"), 200,
      "{\"name\":\"shelves/1/books/2\",\"title\":\"\",\"pages\":0,\"tags\":[],\"price\":0}");
  assert_reply(get(state, "/v1/titles/a%2Fb"), 200, "\"\"");
  assert_reply(get(state, "/v1/authors/x"), 200, "null");
  http_reply reply = get(state, "/v1/search?a_string=x&numbers=1&numbers=2");
  assert_int_equal(reply.status, 200);
  assert_non_null(strstr(reply.body, "\"a_string\":\"x\""));
  assert_non_null(strstr(reply.body, "\"numbers\":[1,2]"));
  reply = post(state, "/v1/echo", "{\"author\":{\"id\":\"9007199254740993\"},\"a_double\":29.99}");
  assert_non_null(strstr(reply.body, "\"author\":{\"name\":\"\",\"id\":\"9007199254740993\"}"));
  assert_non_null(strstr(reply.body, "\"a_double\":29.99"));
  assert_int_equal(post(state, "/v1/shelves/1/books/2:archive", "").status, 200);
  assert_int_equal(http_ask(port_of(state), "FETCH", "/v1/fetch/x", "", "").status, 200);
  assert_int_equal(
      http_ask(port_of(state), "PUT", "/v1/shelves/1/books/2/tags", "", "[\"a\"]").status, 200);
}

/* 201 and Location would be missing after a creation. */
static void test_created(void **state) {
  http_reply reply = post(state, "/v1/shelves/1/books", "{\"title\":\"T\"}");
  assert_int_equal(reply.status, 201);
  assert_string_equal(http_reply_header(&reply, "Location"), "/v1/shelves/1");
}

/* HEAD and OPTIONS would not be answered, or with a body. */
static void test_head_and_options(void **state) {
  http_reply reply = http_ask(port_of(state), "HEAD", "/v1/books/a", "", "");
  assert_int_equal(reply.status, 200);
  assert_int_equal(reply.body_size, 0);
  assert_string_equal(http_reply_header(&reply, "Content-Length"), "53");
  reply = http_ask(port_of(state), "OPTIONS", "/v1/books/a", "", "");
  assert_int_equal(reply.status, 204);
  assert_string_equal(http_reply_header(&reply, "Allow"), "GET, HEAD, OPTIONS");
  assert_null(http_reply_header(&reply, "Access-Control-Allow-Origin"));
  assert_null(http_reply_header(&reply, "Content-Length"));
  reply = http_ask(port_of(state), "OPTIONS", "*", "", "");
  assert_int_equal(reply.status, 204);
  assert_non_null(strstr(http_reply_header(&reply, "Allow"), "PATCH"));
}

static int set_up_cors(void **state) {
  static rig self;
  rig_init(&self);
  self.config.cors_origin = "https://shop.test";
  rig_start(&self);
  *state = &self;
  return 0;
}

/* Pages of the allowed origin could not call, or not read what they get. */
static void test_cors(void **state) {
  http_reply reply = http_ask(port_of(state), "OPTIONS", "/v1/echo",
                              "Origin: https://shop.test\r\n"
                              "Access-Control-Request-Method: POST\r\n",
                              "");
  assert_int_equal(reply.status, 204);
  assert_string_equal(http_reply_header(&reply, "Access-Control-Allow-Origin"),
                      "https://shop.test");
  assert_string_equal(http_reply_header(&reply, "Access-Control-Allow-Methods"), "POST, OPTIONS");
  assert_non_null(strstr(http_reply_header(&reply, "Access-Control-Allow-Headers"), "traceparent"));
  reply = get(state, "/v1/books/a");
  assert_string_equal(http_reply_header(&reply, "Access-Control-Allow-Origin"),
                      "https://shop.test");
  assert_non_null(strstr(http_reply_header(&reply, "Access-Control-Expose-Headers"), "x-trace-id"));
}

/* Routing errors would have another shape, or another code. */
static void test_routing_errors(void **state) {
  assert_error(get(state, "/nothing"), 404, "5,\"message\":\"there is nothing at /nothing");
  assert_error(get(state, "/v1/books/"), 404, "5,\"message\":\"there is nothing at /v1/books/");
  http_reply reply = http_ask(port_of(state), "DELETE", "/v1/books/a", "", "");
  assert_error(reply, 405, "12,\"message\":\"DELETE is not possible here, only GET, HEAD, OPTIONS");
  assert_string_equal(http_reply_header(&reply, "Allow"), "GET, HEAD, OPTIONS");
  reply = post(state, "/health", "{}");
  assert_error(reply, 405, "12,\"message\":\"POST is not possible here, only GET, HEAD, OPTIONS");
  assert_error(http_ask(port_of(state), "OPTIONS", "/nothing", "", ""), 404,
               "5,\"message\":\"there is nothing at /nothing");
  assert_error(post(state, "/nothing", "{\"a\":1}"), 404,
               "5,\"message\":\"there is nothing at /nothing");
}

/* Mistakes in requests would reach the service, or not name their field. */
static void test_request_errors(void **state) {
  assert_reply(
      post(state, "/v1/echo", "{\"quantty\":1}"), 400,
      "{\"code\":3,\"message\":\"quantty: there is no such field\",\"details\":[{\"@type\":"
      "\"type.googleapis.com/google.rpc.BadRequest\",\"field_violations\":[{\"field\":\"quantty\","
      "\"description\":\"there is no such field\"}]}]}");
  assert_error(get(state, "/v1/search?nope=1"), 400,
               "3,\"message\":\"nope: there is no such field");
  assert_error(get(state, "/v1/books/%zz"), 400,
               "3,\"message\":\"name: there is a '%' without two hex digits behind it, or a %00");
  assert_error(http_ask(port_of(state), "POST", "/v1/echo",
                        "Content-Type: application/x-www-form-urlencoded\r\n", "a=b"),
               415, "3,\"message\":\"the body must be sent as Content-Type: application/json");
  http_reply reply =
      http_ask(port_of(state), "POST", "/v1/echo",
               "Content-Type: application/json\r\nContent-Encoding: gzip\r\n", "\x1f\x8b");
  assert_error(reply, 415,
               "3,\"message\":\"a body with Content-Encoding: gzip is not taken, only a plain one");
  assert_string_equal(http_reply_header(&reply, "Accept-Encoding"), "identity");
  assert_error(post(state, "/v1/echo", "{\"an_int32\":0x10}"), 400,
               "3,\"message\":\"the body is not valid JSON: a value is expected (byte 12)");
  rig *self = *state;
  assert_int_equal(atomic_load(&self->backend.calls), 0);
}

/* A code would be answered with another HTTP status, or its details be lost. */
static void test_call_errors(void **state) {
  static const int statuses[] = {0,   499, 500, 400, 504, 404, 409, 403, 429,
                                 400, 409, 400, 501, 500, 503, 500, 401};
  for (int code = 1; code < 17; code++) {
    char url[64];
    char expected[128];
    snprintf(url, sizeof url, "/v1/books/fail-%d", code);
    snprintf(expected, sizeof expected, "%d,\"message\":\"failed with %d", code, code);
    http_reply reply = get(state, url);
    assert_error(reply, statuses[code], expected);
    assert_non_null(strstr(reply.body, "\"description\":\"is not to be had\""));
    const char *retry_after = http_reply_header(&reply, "Retry-After");
    assert_true(code == 8    ? strcmp(retry_after, "7") == 0
                : code == 14 ? strcmp(retry_after, "1") == 0
                             : retry_after == NULL);
    assert_int_equal(http_reply_header(&reply, "WWW-Authenticate") != NULL, code == 16);
  }
  assert_error(get(state, "/v1/books/junk"), 500,
               "13,\"message\":\"the answer is not a test.library.v1.Book");
}

/* A failure that the method names would be told as its code alone says. */
static void test_named_failures(void **state) {
  http_reply reply = post(state, "/v1/loans/fail-9,FEES_DUE", "");
  assert_error(reply, 402, "9,\"message\":\"failed with 9");
  assert_non_null(strstr(reply.body, "],\"fee\":\"3\",\"card\":\"c7\"}"));
  reply = post(state, "/v1/loans/fail-14,LENT", "");
  assert_error(reply, 409, "14,\"message\":\"failed with 14");
  assert_non_null(strstr(reply.body, "],\"card\":\"c7\"}"));
  assert_null(http_reply_header(&reply, "Retry-After"));
  assert_error(post(state, "/v1/loans/fail-9,OTHER", ""), 400, "9,\"message\":\"failed with 9");
  assert_error(get(state, "/v1/books/fail-9,LENT"), 400, "9,\"message\":\"failed with 9");
}

/* Of two headers that contradict each other one would count, which the client may not know. */
static void test_repeated_headers(void **state) {
  assert_error(http_ask(port_of(state), "GET", "/v1/books/a",
                        "Idempotency-Key: a\r\nidempotency-key: b\r\n", ""),
               400, "3,\"message\":\"idempotency-key: the header is given twice");
  assert_error(http_ask(port_of(state), "POST", "/v1/echo",
                        "Content-Type: application/json\r\nContent-Type: text/plain\r\n", "{}"),
               400, "3,\"message\":\"content-type: the header is given twice");
  assert_error(http_ask(port_of(state), "POST", "/v1/echo",
                        "Content-Encoding: identity\r\nContent-Encoding: gzip\r\n", "{}"),
               400, "3,\"message\":\"content-encoding: the header is given twice");
}

/* Services would not see who calls, or see what is not for them. */
static void test_metadata(void **state) {
  http_reply reply = http_ask(
      port_of(state), "GET", "/v1/books/metadata",
      "Authorization: Bearer x\r\nIdempotency-Key: k1\r\nX-Request-Id: r 1\r\nX-Other: o\r\n", "");
  assert_non_null(strstr(reply.body, "\"name\":\"authorization=Bearer x;idempotency-key=k1;"
                                     "x-request-id=r 1;x-other=;\""));
  assert_error(
      http_ask(port_of(state), "GET", "/v1/books/a", "X-Request-Id: \xc3\xa4\r\n", ""), 400,
      "3,\"message\":\"x-request-id: the header is not printable ASCII of at most 4096 bytes");
}

/* A deadline would not be kept, or not told to the service. */
static void test_deadlines(void **state) {
  rig *self = *state;
  assert_error(http_ask(port_of(state), "GET", "/v1/books/slow", "X-Timeout-Ms: 50\r\n", ""), 504,
               "4,\"message\":\"Deadline Exceeded");
  assert_error(http_ask(port_of(state), "GET", "/v1/books/slow", "Grpc-Timeout: 60m\r\n", ""), 504,
               "4,\"message\":\"Deadline Exceeded");
  /* On a busy machine one may end before it reaches the backend. */
  rig_wait(&self->backend.cancelled, atomic_load(&self->backend.calls));
  assert_error(
      http_ask(port_of(state), "GET", "/v1/books/a", "Grpc-Timeout: 5s\r\n", ""), 400,
      "3,\"message\":\"grpc-timeout: the header is not a number and a unit of H, M, S, m, u, n");
}

/* Answers beyond a buffer would be cut. */
static void test_large_answers(void **state) {
  http_reply reply = get(state, "/v1/books/large-1000000");
  assert_int_equal(reply.status, 200);
  assert_true(reply.body_size > 1000000);
  char *body = test_malloc(200001);
  memset(body, ' ', 200000);
  memcpy(body, "{\"a_string\":\"x\"", 15);
  body[199999] = '}';
  body[200000] = '\0';
  assert_int_equal(post(state, "/v1/echo", body).status, 200);
  test_free(body);
}

/* Raw content would be wrapped in JSON. */
static void test_http_body(void **state) {
  http_reply reply = get(state, "/v1/files/a/b");
  assert_int_equal(reply.status, 200);
  assert_string_equal(http_reply_header(&reply, "Content-Type"), "text/css");
  assert_string_equal(reply.body, "a/b");
  reply =
      http_ask(port_of(state), "PUT", "/v1/files/f", "Content-Type: text/plain\r\n", "not {json");
  assert_string_equal(reply.body, "{\"path\":\"f\",\"content\":{\"content_type\":\"text/plain\","
                                  "\"data\":\"bm90IHtqc29u\",\"extensions\":[]}}");
}

/* The gateway's own pages would be missing. */
static void test_pages(void **state) {
  http_reply reply = get(state, "/");
  assert_int_equal(reply.status, 200);
  assert_non_null(strstr(reply.body, "\"service\":\"api-gateway\""));
  assert_non_null(strstr(reply.body, "\"openapi\":\"/openapi.json\""));
  assert_int_equal(get(state, "/openapi.json").status, 200);
}

/* A backend that is not serving would go unnoticed. */
static void test_health(void **state) {
  rig *self = *state;
  char expected[256];
  snprintf(expected, sizeof expected,
           "{\"status\":\"%s\",\"services\":{\"test.library.v1.Library\":{\"status\":\"%s\","
           "\"target\":\"%s\"}}}",
           "SERVING", "SERVING", self->target);
  assert_reply(get(state, "/health"), 200, expected);
  mesh_server_set_serving(self->backend.server, "test.library.v1.Library", false);
  snprintf(expected, sizeof expected,
           "{\"status\":\"%s\",\"services\":{\"test.library.v1.Library\":{\"status\":\"%s\","
           "\"target\":\"%s\"}}}",
           "NOT_SERVING", "NOT_SERVING", self->target);
  http_reply reply = get(state, "/health");
  for (int i = 0; i < 1000 && reply.status != 503; i++) {
    reply = get(state, "/health");
  }
  assert_reply(reply, 503, expected);
}

/* The requests of one connection would be mixed up, or answered in another order. */
static void test_pipelining(void **state) {
  http_client client;
  http_client_open(&client, port_of(state));
  char request[128];
  for (int i = 0; i < 20; i++) {
    snprintf(request, sizeof request, "GET /v1/books/b%d HTTP/1.1\r\nHost: x\r\n\r\n", i);
    assert_true(http_client_send_text(&client, request));
  }
  for (int i = 0; i < 20; i++) {
    char name[32];
    http_reply reply = http_client_read(&client);
    snprintf(name, sizeof name, "\"name\":\"b%d\"", i);
    assert_int_equal(reply.status, 200);
    assert_non_null(strstr(reply.body, name));
  }
  http_client_close(&client);
}

/* Requests that come byte by byte, or in chunks, would not be understood. */
static void test_slow_bytes(void **state) {
  static const char request[] =
      "POST /v1/echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
      "Transfer-Encoding: "
      "chunked\r\n\r\n5\r\n{\"a_s\r\nd\r\ntring\":\"slow\"\r\n1\r\n}\r\n0\r\n\r\n";
  http_client client;
  http_client_open(&client, port_of(state));
  for (size_t i = 0; i + 1 < sizeof request; i++) {
    assert_true(http_client_send(&client, request + i, 1));
  }
  http_reply reply = http_client_read(&client);
  assert_int_equal(reply.status, 200);
  assert_non_null(strstr(reply.body, "\"a_string\":\"slow\""));
  http_client_close(&client);
}

/* Proxies' form of a URL would lead nowhere. */
static void test_absolute_url(void **state) {
  assert_int_equal(get(state, "http://shop.test/v1/books/a?verbose=true").status, 200);
  assert_int_equal(get(state, "HTTP://shop.test").status, 200);
  assert_int_equal(get(state, "http://shop.test?/v1/books/a").status, 200);
  rig *self = *state;
  assert_int_equal(atomic_load(&self->backend.calls), 1);
}

/* Requests would leave no line in the log. */
static void test_access_log(void **state) {
  rig *self = *state;
  (void)get(state, "/v1/books/a?verbose=true");
  rig_wait_for_log(self, 1);
  const char *log = self->log[0];
  static const char begin[] = "GET /v1/books/a?verbose=true /v1/books/{name} status=200 bytes=";
  assert_memory_equal(log, begin, sizeof begin - 1);
  assert_non_null(strstr(log, " peer=127.0.0.1 trace_id="));
  assert_int_equal(strlen(strstr(log, "trace_id=")), strlen("trace_id=") + 32);
}

int main(void) {
#define rig_test(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
  const struct CMUnitTest tests[] = {
      rig_test(test_rules),
      rig_test(test_created),
      rig_test(test_head_and_options),
      cmocka_unit_test_setup_teardown(test_cors, set_up_cors, tear_down),
      rig_test(test_routing_errors),
      rig_test(test_request_errors),
      rig_test(test_call_errors),
      rig_test(test_named_failures),
      rig_test(test_repeated_headers),
      rig_test(test_metadata),
      rig_test(test_deadlines),
      rig_test(test_large_answers),
      rig_test(test_http_body),
      rig_test(test_pages),
      rig_test(test_health),
      rig_test(test_pipelining),
      rig_test(test_slow_bytes),
      rig_test(test_absolute_url),
      rig_test(test_access_log),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

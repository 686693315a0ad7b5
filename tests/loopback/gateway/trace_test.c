/* SPDX-License-Identifier: Apache-2.0 */
/* The gateway's spans, and what it tells clients of them. */
#include "rig.h"

#include <stdio.h>
#include <string.h>

#define TRACE_ID "0af7651916cd43dd8448eb211c80319c"
#define TRACE_PARENT "traceparent: 00-" TRACE_ID "-b7ad6b7169203331-01\r\n"

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

/* Asks, and waits until the HTTP span, which ends last, has ended. */
static http_reply ask(rig *self, const char *method, const char *url, const char *headers) {
  size_t ended = otlp_memory_exporter_count(self->spans.memory);
  http_reply reply = http_ask(self->port, method, url, headers, "");
  rig_wait_for_spans(self, ended + (strcmp(method, "POST") == 0 ? 2 : 1));
  return reply;
}

static void assert_attribute(rig *self, const char *span, const char *key, const char *expected) {
  const char *value = span_tree_attribute(&self->spans, span, key);
  if (expected == NULL) {
    assert_null(value);
    return;
  }
  if (value == NULL || strcmp(value, expected) != 0) {
    fail_msg("%s is %s instead of %s", key, value == NULL ? "missing" : value, expected);
  }
}

/* The trace that the client began would be cut, or the client not told. */
static void test_context(void **state) {
  rig *self = *state;
  http_reply reply = ask(self, "GET", "/v1/books/a", TRACE_PARENT);
  assert_string_equal(http_reply_header(&reply, "x-trace-id"), TRACE_ID);
  char response[64];
  snprintf(response, sizeof response, "%s", http_reply_header(&reply, "traceresponse"));
  assert_memory_equal(response, "00-" TRACE_ID "-", 36);
  assert_memory_not_equal(response + 36, "b7ad6b7169203331", 16);
  assert_string_equal(response + 52, "-01");
}

/* The span would not be named or described as the conventions say. */
static void test_attributes(void **state) {
  rig *self = *state;
  static const char name[] = "GET /v1/books/{name}";
  (void)ask(self, "GET", "/v1/books/a%20b?verbose=true", "User-Agent: test/1\r\n");
  assert_string_equal(span_tree_text(&self->spans), "GET /v1/books/{name} SERVER\n");
  assert_attribute(self, name, "http.request.method", "GET");
  assert_attribute(self, name, "http.request.method_original", NULL);
  assert_attribute(self, name, "http.route", "/v1/books/{name}");
  assert_attribute(self, name, "url.path", "/v1/books/a%20b");
  assert_attribute(self, name, "url.query", "verbose=true");
  assert_attribute(self, name, "url.scheme", "http");
  assert_attribute(self, name, "server.address", "shop.test");
  assert_attribute(self, name, "server.port", "8000");
  assert_attribute(self, name, "client.address", "127.0.0.1");
  assert_attribute(self, name, "network.peer.address", "127.0.0.1");
  assert_attribute(self, name, "network.protocol.version", "1.1");
  assert_attribute(self, name, "user_agent.original", "test/1");
  assert_attribute(self, name, "http.response.status_code", "200");
  assert_attribute(self, name, "error.type", NULL);
}

/* Routes that do not exist would make as many span names as there are URLs. */
static void test_unknown_names(void **state) {
  rig *self = *state;
  (void)ask(self, "GET", "/nothing/here", "");
  (void)ask(self, "BREW", "/v1/books/a", "");
  assert_string_equal(span_tree_text(&self->spans), "GET SERVER\nHTTP SERVER\n");
  assert_attribute(self, "HTTP", "http.request.method", "_OTHER");
  assert_attribute(self, "HTTP", "http.request.method_original", "BREW");
  assert_attribute(self, "GET", "http.response.status_code", "404");
}

/* What the client did wrong would be an error of the server's, or the other way round. */
static void test_status(void **state) {
  rig *self = *state;
  (void)ask(self, "GET", "/v1/books/fail-5", "");
  assert_string_equal(span_tree_text(&self->spans), "GET /v1/books/{name} SERVER\n");
  span_tree_reset(&self->spans);
  (void)ask(self, "GET", "/v1/books/fail-14", "");
  assert_string_equal(span_tree_text(&self->spans), "GET /v1/books/{name} SERVER ERROR\n");
  assert_attribute(self, "GET /v1/books/{name}", "error.type", "503");
}

/* The span that a method's options ask for would be missing, or hang elsewhere. */
static void test_inner_span(void **state) {
  rig *self = *state;
  (void)ask(self, "POST", "/v1/shelves/1/books", "");
  assert_string_equal(span_tree_text(&self->spans),
                      "POST /v1/{parent=shelves/*}/books SERVER\n  create_book INTERNAL\n");
}

/* The span around a call would say something else than the one of the answer. */
static void test_named_failures(void **state) {
  rig *self = *state;
  (void)ask(self, "POST", "/v1/loans/fail-14,LENT", "");
  assert_string_equal(span_tree_text(&self->spans),
                      "POST /v1/loans/{name} SERVER\n  borrow_book INTERNAL\n");
  span_tree_reset(&self->spans);
  (void)ask(self, "POST", "/v1/loans/fail-14,OTHER", "");
  assert_string_equal(
      span_tree_text(&self->spans),
      "POST /v1/loans/{name} SERVER ERROR\n  borrow_book INTERNAL ERROR !exception\n");
}

/* Health checks would fill the list of traces. */
static void test_health_is_not_traced(void **state) {
  rig *self = *state;
  http_reply reply = http_ask(self->port, "GET", "/health", "", "");
  assert_null(http_reply_header(&reply, "x-trace-id"));
  rig_wait_for_log(self, 1);
  assert_string_equal(span_tree_text(&self->spans), "");
}

int main(void) {
#define rig_test(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
  const struct CMUnitTest tests[] = {
      rig_test(test_context),        rig_test(test_attributes), rig_test(test_unknown_names),
      rig_test(test_status),         rig_test(test_inner_span), rig_test(test_health_is_not_traced),
      rig_test(test_named_failures),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "response.h"

#include "fixture.h"

#include <upb/encode.h>
#include <upb/json_decode.h>
#include <upb/reflection.h>

/* The route that serves `url`. */
static const gateway_route *route_of(gateway_fixture *fixture, const char *method,
                                     const char *url) {
  gateway_match match;
  assert_int_equal(gateway_router_match(fixture->api->router, text(method), text(url), &match),
                   GATEWAY_ROUTE_FOUND);
  return match.route;
}

/* The answer that a service would give for `json`, on the wire. */
static gateway_text serialize(gateway_fixture *fixture, const upb_MessageDef *def,
                              const char *json) {
  upb_Message *message = upb_Message_New(def, fixture->arena);
  char *bytes = NULL;
  size_t size = 0;
  assert_true(upb_JsonDecode(json, strlen(json), message, def, fixture->api->pool, 0,
                             fixture->arena, NULL));
  assert_int_equal(
      upb_Encode(message, upb_MessageDef_MiniTable(def), 0, fixture->arena, &bytes, &size),
      kUpb_EncodeStatus_Ok);
  return gateway_text_of(bytes == NULL ? "" : bytes, size);
}

static gateway_response render(void **state, const char *method, const char *url,
                               const char *json) {
  gateway_fixture *fixture = *state;
  gateway_response response;
  const gateway_route *route = route_of(fixture, method, url);
  gateway_text bytes = serialize(fixture, route->method->output, json);
  assert_true(gateway_response_render(fixture->api, route, bytes, &fixture->problem, &response));
  return response;
}

/* Zero values would be missing, or names be camelCase. */
static void test_defaults_and_names(void **state) {
  gateway_response response = render(state, "GET", "/v1/books/a", "{\"price\":29.99}");
  assert_text_equal(response.content_type, "application/json");
  assert_text_equal(response.body,
                    "{\"name\":\"\",\"title\":\"\",\"pages\":0,\"tags\":[],\"price\":29.99}");
  assert_text_equal(response.location, "");
}

/* Integers of 64 bits would lose digits in a JavaScript client. */
static void test_numbers(void **state) {
  gateway_response response =
      render(state, "GET", "/v1/titles/a",
             "{\"author\":{\"id\":\"9007199254740993\"},\"title\":\"T\\\"\\u0001\"}");
  assert_text_equal(response.body, "\"T\\\"\\u0001\"");
  response = render(state, "GET", "/v1/authors/a", "{\"author\":{\"id\":\"9007199254740993\"}}");
  assert_text_equal(response.body, "{\"name\":\"\",\"id\":\"9007199254740993\"}");
}

/* response_body would answer with the whole message, or with nothing when the field is not set. */
static void test_response_body_not_set(void **state) {
  assert_text_equal(render(state, "GET", "/v1/titles/a", "{}").body, "\"\"");
  assert_text_equal(render(state, "GET", "/v1/authors/a", "{}").body, "null");
}

/* Location would be missing, or not a URL. */
static void test_location(void **state) {
  gateway_response response =
      render(state, "POST", "/v1/shelves/1/books", "{\"name\":\"shelves/1/books/a b\"}");
  assert_text_equal(response.location, "/v1/shelves/1/books/a%20b");
  gateway_fixture *fixture = *state;
  assert_int_equal(route_of(fixture, "POST", "/v1/shelves/1/books")->method->success_status, 201);
}

/* Files would be wrapped in JSON. */
static void test_http_body(void **state) {
  gateway_response response =
      render(state, "GET", "/v1/files/a", "{\"content_type\":\"text/css\",\"data\":\"Zm9v\"}");
  assert_text_equal(response.content_type, "text/css");
  assert_text_equal(response.body, "foo");
}

/* An answer beyond the first guess of its size would be cut. */
static void test_large_answer(void **state) {
  gateway_fixture *fixture = *state;
  size_t size = 100000;
  char *json = gateway_arena_alloc(fixture->arena, size + 32);
  strcpy(json, "{\"title\":\"");
  memset(json + 10, 'x', size);
  strcpy(json + 10 + size, "\"}");
  gateway_response response = render(state, "GET", "/v1/titles/a", json);
  assert_int_equal(response.body.size, size + 2);
}

/* A service that answers nonsense would crash the gateway, or be passed on. */
static void test_broken_answers(void **state) {
  gateway_fixture *fixture = *state;
  gateway_response response;
  const gateway_route *route = route_of(fixture, "GET", "/v1/books/a");
  assert_false(gateway_response_render(fixture->api, route,
                                       text("\x0a\x05"
                                            "ab"),
                                       &fixture->problem, &response));
  assert_int_equal(fixture->problem.http_status, 500);
  assert_text_equal(fixture->problem.message, "the answer is not a test.library.v1.Book");

  gateway_problem_init(&fixture->problem, fixture->arena);
  route = route_of(fixture, "POST", "/v1/echo");
  /* any { type_url: "x/y" } */
  assert_false(gateway_response_render(fixture->api, route, text("\xe2\x01\x05\x0a\x03x/y"),
                                       &fixture->problem, &response));
  assert_int_equal(fixture->problem.code, GRPC_STATUS_INTERNAL);
  assert_text_equal(
      fixture->problem.message,
      "the answer has no JSON form: it holds a google.protobuf.Any of an unknown type");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      fixture_test(test_defaults_and_names),
      fixture_test(test_numbers),
      fixture_test(test_response_body_not_set),
      fixture_test(test_location),
      fixture_test(test_http_body),
      fixture_test(test_large_answer),
      fixture_test(test_broken_answers),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

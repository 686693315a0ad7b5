/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"
#include "router.h"

/* Routes are named by their template; several may be added, separated by spaces: "GET /a POST /b".
 */
static gateway_router *new_router(void **state, const char *const *routes, size_t count) {
  upb_Arena *arena = ((gateway_fixture *)*state)->arena;
  gateway_router *router = gateway_router_new(arena);
  for (size_t i = 0; i < count; i++) {
    gateway_text method;
    gateway_text path;
    gateway_template_error error;
    gateway_text_split(text(routes[i]), ' ', &method, &path);
    gateway_path_template *parsed = gateway_arena_alloc(arena, sizeof *parsed);
    assert_true(gateway_path_template_parse(arena, path, parsed, &error));
    gateway_route_entry entry = {method, parsed, routes[i]};
    assert_null(gateway_router_add(router, &entry));
  }
  return router;
}

/* Which route answers? NULL for none. */
static const char *route_of(const gateway_router *router, const char *method, const char *path) {
  gateway_match match;
  gateway_route_result result = gateway_router_match(router, text(method), text(path), &match);
  return result == GATEWAY_ROUTE_FOUND ? match.route : NULL;
}

/* A request would reach a less specific route, or none though there is one. */
static void test_precedence(void **state) {
  static const char *const routes[] = {"GET /a/{x}",   "GET /a/b",     "GET /{rest=**}",
                                       "GET /a/{x}/c", "GET /a/b/{y}", "POST /a/b/c",
                                       "GET /"};
  gateway_router *router = new_router(state, routes, 7);
  assert_string_equal(route_of(router, "GET", "/a/b"), "GET /a/b");
  assert_string_equal(route_of(router, "GET", "/a/z"), "GET /a/{x}");
  assert_string_equal(route_of(router, "GET", "/a/z/c"), "GET /a/{x}/c");
  assert_string_equal(route_of(router, "GET", "/a/b/c"), "GET /a/b/{y}");
  assert_string_equal(route_of(router, "GET", "/a/z/d"), "GET /{rest=**}");
  assert_string_equal(route_of(router, "GET", "/a/b/c/d"), "GET /{rest=**}");
  assert_string_equal(route_of(router, "POST", "/a/b/c"), "POST /a/b/c");
  assert_string_equal(route_of(router, "GET", "/"), "GET /");
  assert_string_equal(route_of(router, "GET", "/a/"), "GET /{rest=**}");
}

/* Empty segments would be taken for values. */
static void test_empty_segments(void **state) {
  static const char *const routes[] = {"GET /orders/{id}", "GET /files/{path=**}"};
  gateway_router *router = new_router(state, routes, 2);
  assert_null(route_of(router, "GET", "/orders/"));
  assert_null(route_of(router, "GET", "/orders//"));
  assert_null(route_of(router, "GET", "//orders/1"));
  assert_null(route_of(router, "GET", "/orders"));
  assert_null(route_of(router, "GET", "/orders/1/"));
  assert_null(route_of(router, "GET", "orders/1"));
  assert_null(route_of(router, "GET", ""));
  assert_non_null(route_of(router, "GET", "/files"));
  assert_non_null(route_of(router, "GET", "/files/"));
  assert_non_null(route_of(router, "GET", "/files//a"));
}

/* ':' in a value would be taken for a verb, or a verb for a value. */
static void test_verbs(void **state) {
  static const char *const routes[] = {"POST /v1/{name=**}:cancel", "GET /v1/{name=**}",
                                       "POST /v1/items/{id}", "GET /v1/items:list"};
  gateway_router *router = new_router(state, routes, 4);
  gateway_match match;
  assert_string_equal(route_of(router, "POST", "/v1/a/b:cancel"), routes[0]);
  assert_string_equal(route_of(router, "GET", "/v1/a/b:other"), routes[1]);
  assert_string_equal(route_of(router, "GET", "/v1/a/b:cancel"), routes[1]);
  assert_string_equal(route_of(router, "POST", "/v1/items/urn:x:1"), routes[2]);
  assert_string_equal(route_of(router, "GET", "/v1/items:list"), routes[3]);
  assert_string_equal(route_of(router, "GET", "/v1/items%3Alist"), routes[1]);
  assert_string_equal(route_of(router, "POST", "/v1/items/x:c%61ncel"), routes[0]);
  assert_int_equal(gateway_router_match(router, text("POST"), text("/v1/a:cancel"), &match),
                   GATEWAY_ROUTE_FOUND);
  assert_text_equal(gateway_match_variable(&match, &match.path_template->variables[0]), "a");
  assert_int_equal(gateway_router_match(router, text("GET"), text("/v1/a:b"), &match),
                   GATEWAY_ROUTE_FOUND);
  assert_text_equal(gateway_match_variable(&match, &match.path_template->variables[0]), "a:b");
}

/* Values would be cut from the wrong place. */
static void test_variables(void **state) {
  static const char *const routes[] = {"GET /v1/{a=shelves/*/books/*}/pages/{b}",
                                       "GET /files/{c=docs/**}"};
  gateway_router *router = new_router(state, routes, 2);
  gateway_match match;
  assert_int_equal(gateway_router_match(router, text("GET"),
                                        text("/v1/shelves/s%2F1/books/2/pages/x%20y"), &match),
                   GATEWAY_ROUTE_FOUND);
  assert_text_equal(gateway_match_variable(&match, &match.path_template->variables[0]),
                    "shelves/s%2F1/books/2");
  assert_text_equal(gateway_match_variable(&match, &match.path_template->variables[1]), "x%20y");
  assert_int_equal(gateway_router_match(router, text("GET"), text("/files/docs/a//b/"), &match),
                   GATEWAY_ROUTE_FOUND);
  assert_text_equal(gateway_match_variable(&match, &match.path_template->variables[0]),
                    "docs/a//b/");
  assert_int_equal(gateway_router_match(router, text("GET"), text("/files/docs"), &match),
                   GATEWAY_ROUTE_FOUND);
  assert_text_equal(gateway_match_variable(&match, &match.path_template->variables[0]), "docs");
}

/* Paths with more segments than the table holds would be written past its end, or match wrongly. */
static void test_long_paths(void **state) {
  static const char *const routes[] = {"GET /a/{x}", "GET /files/{path=**}"};
  gateway_router *router = new_router(state, routes, 2);
  char path[512] = "/files";
  for (int i = 0; i < 200; i++) {
    strcat(path, "/x");
  }
  gateway_match match;
  assert_int_equal(gateway_router_match(router, text("GET"), text(path), &match),
                   GATEWAY_ROUTE_FOUND);
  assert_int_equal(gateway_match_variable(&match, &match.path_template->variables[0]).size,
                   200 * 2 - 1);
  memcpy(path, "/a    ", 6);
  assert_null(route_of(router, "GET", path));
}

/* A wrong method would be 404, or Allow would lie. */
static void test_wrong_method(void **state) {
  upb_Arena *arena = ((gateway_fixture *)*state)->arena;
  static const char *const routes[] = {"GET /a/{x}", "POST /a/b", "DELETE /a/{y}", "PUT /c:undo"};
  gateway_router *router = new_router(state, routes, 4);
  gateway_match match;
  assert_int_equal(gateway_router_match(router, text("PATCH"), text("/a/b"), &match),
                   GATEWAY_ROUTE_WRONG_METHOD);
  assert_text_equal(gateway_router_allow(router, match.allowed, arena),
                    "GET, HEAD, POST, DELETE, OPTIONS");
  assert_int_equal(gateway_router_match(router, text("GET"), text("/c:undo"), &match),
                   GATEWAY_ROUTE_WRONG_METHOD);
  assert_text_equal(gateway_router_allow(router, match.allowed, arena), "PUT, OPTIONS");
  assert_int_equal(gateway_router_match(router, text("GET"), text("/x"), &match),
                   GATEWAY_ROUTE_NOT_FOUND);
}

/* HEAD would not be answered, or would not reach its own route. */
static void test_head(void **state) {
  static const char *const routes[] = {"GET /a/{x}", "HEAD /a/b", "POST /c"};
  gateway_router *router = new_router(state, routes, 3);
  assert_string_equal(route_of(router, "HEAD", "/a/z"), "GET /a/{x}");
  assert_string_equal(route_of(router, "HEAD", "/a/b"), "HEAD /a/b");
  assert_null(route_of(router, "HEAD", "/c"));
}

/* Custom methods, and "any method", would not be served. */
static void test_custom_methods(void **state) {
  static const char *const routes[] = {"FETCH /a", "* /b", "GET /b"};
  gateway_router *router = new_router(state, routes, 3);
  assert_string_equal(route_of(router, "FETCH", "/a"), "FETCH /a");
  assert_string_equal(route_of(router, "BREW", "/b"), "* /b");
  assert_string_equal(route_of(router, "GET", "/b"), "GET /b");
}

/* Two methods of one path would be accepted, and one of them never be reached. */
static void test_conflicts(void **state) {
  upb_Arena *arena = ((gateway_fixture *)*state)->arena;
  static const char *const routes[] = {"GET /a/{x}/b"};
  static const char *const conflicting[] = {"/a/{y}/b", "/a/*/b", "/{p=a/*/b}"};
  gateway_router *router = new_router(state, routes, 1);
  for (size_t i = 0; i < 3; i++) {
    gateway_path_template *parsed = gateway_arena_alloc(arena, sizeof *parsed);
    gateway_template_error error;
    assert_true(gateway_path_template_parse(arena, text(conflicting[i]), parsed, &error));
    gateway_route_entry entry = {text("GET"), parsed, conflicting[i]};
    assert_ptr_equal(gateway_router_add(router, &entry), routes[0]);
    entry.method = text("PUT");
    assert_true(i > 0 || gateway_router_add(router, &entry) == NULL);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      fixture_test(test_precedence), fixture_test(test_empty_segments),
      fixture_test(test_verbs),      fixture_test(test_variables),
      fixture_test(test_long_paths), fixture_test(test_wrong_method),
      fixture_test(test_head),       fixture_test(test_custom_methods),
      fixture_test(test_conflicts),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

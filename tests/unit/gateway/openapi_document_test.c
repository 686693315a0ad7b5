/* SPDX-License-Identifier: Apache-2.0 */
/* The OpenAPI document as a whole, of the library and of the shop: what tools refuse when they read
 * it (OpenAPI 3.1, sections 4.8.8 to 4.8.17). */
#include "fixture.h"
#include "json_text.h"
#include "pages.h"

/* Called for each member of an object. */
typedef void visit_fn(gateway_text key, gateway_text value, void *data);

static void visit_members(gateway_text object, visit_fn *visit, void *data) {
  gateway_json json = gateway_json_from(object);
  gateway_text key;
  size_t index = 0;
  assert_true(gateway_json_expect(&json, '{'));
  while (gateway_json_next_member(&json, &index, &key)) {
    size_t begin = json.at;
    assert_true(gateway_json_skip(&json, 100));
    visit(key, gateway_text_of(object.data + begin, json.at - begin), data);
  }
}

/* A member that is looked for. */
typedef struct wanted_member {
  gateway_text key;
  gateway_text value; /* data NULL: it was not there */
  int count;
} wanted_member;

static void compare_key(gateway_text key, gateway_text value, void *data) {
  wanted_member *wanted = data;
  if (gateway_text_equals(key, wanted->key)) {
    wanted->value = value;
    wanted->count++;
  }
}

/* The one member of this key. */
static gateway_text member(gateway_text object, gateway_text key) {
  wanted_member wanted = {key, {NULL, 0}, 0};
  visit_members(object, compare_key, &wanted);
  if (wanted.count != 1) {
    fail_msg("%.*s is there %d times", GATEWAY_TEXT_ARGS(key), wanted.count);
  }
  return wanted.value;
}

static bool has_member(gateway_text object, const char *key) {
  wanted_member wanted = {text(key), {NULL, 0}, 0};
  visit_members(object, compare_key, &wanted);
  return wanted.count > 0;
}

static int count_text(gateway_text json, gateway_text part) {
  int count = 0;
  const char *at = json.data;
  const char *end = json.data + json.size;
  while ((at = memmem(at, (size_t)(end - at), part.data, part.size)) != NULL) {
    at += part.size;
    count++;
  }
  return count;
}

/* Every reference leads to something in the document. */
static int check_references(gateway_text document) {
  static const char begin[] = "\"$ref\":\"#/";
  const char *at = document.data;
  const char *end = document.data + document.size;
  int count = 0;
  while ((at = memmem(at, (size_t)(end - at), begin, sizeof begin - 1)) != NULL) {
    at += sizeof begin - 1;
    gateway_text path = gateway_text_of(at, (size_t)((const char *)memchr(at, '"', 999) - at));
    gateway_text found = document;
    gateway_text step;
    while (gateway_text_split(path, '/', &step, &path) || step.size > 0) {
      found = member(found, step);
    }
    count++;
  }
  return count;
}

/* An operation under way, and the document that it is in. */
typedef struct walk {
  gateway_fixture *fixture;
  gateway_text document;
  gateway_text path;
  int operations;
} walk;

static void check_response(gateway_text status, gateway_text response, void *data) {
  (void)data;
  bool is_number = status.size == 3 && status.data[0] >= '2' && status.data[0] <= '5';
  assert_true(is_number || gateway_text_is(status, "default"));
  assert_true(has_member(response, "description") || has_member(response, "$ref"));
}

/* The path's variables and the parameters "in path" are the same. */
static void check_path_parameters(const walk *at, gateway_text operation) {
  gateway_text rest = at->path;
  gateway_text before;
  int count = 0;
  while (gateway_text_split(rest, '{', &before, &rest)) {
    gateway_text name;
    assert_true(gateway_text_split(rest, '}', &name, &rest));
    gateway_text parameter = gateway_arena_format(
        at->fixture->arena, "{\"in\":\"path\",\"name\":\"%.*s\"", GATEWAY_TEXT_ARGS(name));
    assert_int_equal(count_text(operation, parameter), 1);
    count++;
  }
  assert_int_equal(count_text(operation, text("\"in\":\"path\"")), count);
  assert_int_equal(count_text(operation, text("\"required\":true,\"schema\":")), count);
}

static void check_operation(gateway_text key, gateway_text operation, void *data) {
  static const char *const keys[] = {"get", "put", "post", "delete", "patch"};
  walk *at = data;
  bool is_known = false;
  for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
    is_known = is_known || gateway_text_is(key, keys[i]);
  }
  assert_true(is_known);
  gateway_text id = gateway_arena_format(at->fixture->arena, "\"operationId\":%.*s",
                                         GATEWAY_TEXT_ARGS(member(operation, text("operationId"))));
  assert_int_equal(count_text(at->document, id), 1);
  visit_members(member(operation, text("responses")), check_response, NULL);
  check_path_parameters(at, operation);
  at->operations++;
}

static void check_path(gateway_text path, gateway_text operations, void *data) {
  walk *at = data;
  at->path = path;
  assert_true(gateway_text_starts_with(path, "/"));
  (void)member(member(at->document, text("paths")), path);
  visit_members(operations, check_operation, at);
}

/* Tools that make clients or pages of the document would refuse it. */
static int check_document(gateway_fixture *fixture, const gateway_api *api) {
  walk at = {fixture, gateway_page_openapi(api, fixture->arena), {NULL, 0}, 0};
  assert_text_equal(member(at.document, text("openapi")), "\"3.1.0\"");
  gateway_text info = member(at.document, text("info"));
  assert_true(has_member(info, "title") && has_member(info, "version"));
  assert_true(check_references(at.document) > 10);
  visit_members(member(at.document, text("paths")), check_path, &at);
  return at.operations;
}

/* A document of everything there is would be one that tools refuse. */
static void test_library(void **state) {
  gateway_fixture *fixture = *state;
  assert_int_equal(check_document(fixture, fixture->api), 1 + 15); /* FETCH has no place in it */
}

/* The same of what users read first. And the shop's orders would be described as something else. */
static void test_shop(void **state) {
  gateway_fixture *fixture = *state;
  gateway_descriptors *descriptors = gateway_descriptors_new();
  gateway_api *api = NULL;
  assert_ok(gateway_builtin_add_shop(descriptors));
  gateway_builtin_add_base(descriptors);
  assert_ok(gateway_api_new(descriptors, &api));
  assert_int_equal(check_document(fixture, api), 1 + (int)api->route_count);
  gateway_text document = gateway_page_openapi(api, fixture->arena);
  gateway_text paths = member(document, text("paths"));
  gateway_text orders = member(paths, text("/orders"));
  assert_true(has_member(orders, "get"));
  gateway_text responses = member(member(orders, text("post")), text("responses"));
  assert_true(has_member(responses, "201") && has_member(responses, "default"));
  responses = member(member(member(paths, text("/api/order")), text("post")), text("responses"));
  assert_true(has_member(responses, "200") && has_member(responses, "402"));
  gateway_text schemas = member(member(document, text("components")), text("schemas"));
  gateway_text request = member(schemas, text("shop.order.v1.CreateOrderRequest"));
  assert_text_equal(member(request, text("type")), "\"object\"");
  assert_true(has_member(member(request, text("properties")), "quantity"));
  gateway_api_destroy(api);
  gateway_descriptors_destroy(descriptors);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      fixture_test(test_library),
      fixture_test(test_shop),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* openapi.c, openapi_path.c and openapi_schema.c. */
#include "fixture.h"
#include "json_text.h"
#include "openapi_path.h"
#include "pages.h"

static gateway_text document(void **state) {
  gateway_fixture *fixture = *state;
  return gateway_page_openapi(fixture->api, fixture->arena);
}

/* The member `key` of an object; fails when there is none. */
static gateway_text member(gateway_text object, const char *key) {
  gateway_json json = gateway_json_from(object);
  gateway_text name;
  size_t index = 0;
  assert_true(gateway_json_expect(&json, '{'));
  while (gateway_json_next_member(&json, &index, &name)) {
    size_t begin = json.at;
    assert_true(gateway_json_skip(&json, 100));
    if (gateway_text_is(name, key)) {
      return gateway_text_of(object.data + begin, json.at - begin);
    }
  }
  fail_msg("there is no %s in %.200s", key, object.data);
  return object;
}

static bool contains(gateway_text json, const char *part) {
  return memmem(json.data, json.size, part, strlen(part)) != NULL;
}

/* The document would not be JSON. */
static void test_is_json(void **state) {
  gateway_json json = gateway_json_from(document(state));
  assert_true(gateway_json_skip(&json, 100));
  assert_true(gateway_json_at_end(&json));
  assert_text_equal(member(json.text, "openapi"), "\"3.1.0\"");
}

static void assert_path(void **state, const char *source, const char *expected) {
  gateway_fixture *fixture = *state;
  gateway_path_template parsed;
  gateway_template_error error;
  gateway_openapi_path path;
  assert_true(gateway_path_template_parse(fixture->arena, text(source), &parsed, &error));
  gateway_openapi_path_from(&parsed, fixture->arena, &path);
  assert_text_equal(path.text, expected);
}

/* Paths would be ones that OpenAPI does not know. */
static void test_paths(void **state) {
  assert_path(state, "/", "/");
  assert_path(state, "/orders/{order_id}", "/orders/{order_id}");
  assert_path(state, "/v1/{name=shelves/*/books/*}:go", "/v1/shelves/{name_1}/books/{name_2}:go");
  assert_path(state, "/v1/{name=shelves/*}/x", "/v1/shelves/{name}/x");
  assert_path(state, "/files/{path=**}", "/files/{path}");
  assert_path(state, "/a/*/{b.c}", "/a/{segment_2}/{b.c}");
}

/* Paths that differ in names only would be there twice, which OpenAPI forbids. */
static void test_same_paths(void **state) {
  gateway_text paths = member(document(state), "paths");
  gateway_text path = member(paths, "/v1/shelves/{name_1}/books/{name_2}");
  (void)member(path, "get");
  gateway_text patch = member(path, "patch");
  assert_true(contains(patch, "\"name\":\"name_1\""));
  assert_false(contains(patch, "book.name"));
}

/* Parameters, bodies or answers of an operation would be missing. */
static void test_operation(void **state) {
  gateway_text paths = member(document(state), "paths");
  gateway_text post = member(member(paths, "/v1/shelves/{parent}/books"), "post");
  assert_text_equal(member(post, "operationId"), "\"test.library.v1.Library.CreateBook\"");
  gateway_text parameters = member(post, "parameters");
  assert_true(contains(parameters, "{\"in\":\"path\",\"name\":\"parent\",\"required\":true"));
  assert_true(contains(parameters, "{\"in\":\"query\",\"name\":\"book_id\""));
  assert_false(contains(parameters, "\"name\":\"book"
                                    "\""));
  assert_true(contains(member(post, "requestBody"), "#/components/schemas/test.library.v1.Book"));
  gateway_text created = member(member(post, "responses"), "201");
  assert_true(contains(member(created, "headers"), "Location"));
  assert_true(contains(member(post, "responses"), "#/components/responses/Error"));
}

/* Answers that failures get of their own would not be told, or two would be of one status. */
static void test_failures(void **state) {
  gateway_text post = member(member(member(document(state), "paths"), "/v1/loans/{name}"), "post");
  gateway_text responses = member(post, "responses");
  gateway_text declined = member(responses, "402");
  assert_text_equal(member(declined, "description"), "\"FEES_DUE\"");
  assert_text_equal(
      member(member(member(declined, "content"), "application/json"), "schema"),
      "{\"anyOf\":[{\"title\":\"FEES_DUE\",\"allOf\":[{\"$ref\":"
      "\"#/components/schemas/google.rpc.Status\"}],\"properties\":{\"fee\":{\"type\":\"string\"},"
      "\"card\":{\"type\":\"string\"}}}]}");
  assert_text_equal(member(member(responses, "409"), "description"), "\"LENT, LOST\"");
  assert_true(contains(responses, "\"title\":\"LOST\""));
  (void)member(responses, "default");
}

/* Fields within messages, maps and lists would be missing among the parameters; a message that
 * holds itself would go on for ever. */
static void test_query_parameters(void **state) {
  gateway_text get = member(member(member(document(state), "paths"), "/v1/search"), "get");
  gateway_text parameters = member(get, "parameters");
  assert_true(contains(parameters, "\"name\":\"author.id\""));
  assert_true(contains(parameters, "\"name\":\"counts\",\"style\":\"deepObject\""));
  assert_true(contains(parameters, "{\"type\":\"array\",\"items\":{\"type\":\"integer\""));
  assert_false(contains(parameters, "again."));
  assert_false(contains(parameters, "\"name\":\"any\""));
}

/* Streams would be described as one message, raw content as JSON. */
static void test_streams(void **state) {
  gateway_text paths = member(document(state), "paths");
  gateway_text content = member(
      member(member(member(member(paths, "/v1/watch"), "get"), "responses"), "200"), "content");
  assert_true(contains(member(content, "application/json"), "\"type\":\"array\""));
  assert_false(contains(member(content, "text/event-stream"), "\"type\":\"array\""));
  (void)member(content, "application/x-ndjson");
  content =
      member(member(member(member(member(paths, "/v1/files/{path}"), "get"), "responses"), "200"),
             "content");
  assert_text_equal(content, "{\"*/*\":{}}");
}

/* A schema would be missing, or say something else than what the gateway takes and gives. */
static void test_schemas(void **state) {
  gateway_text schemas = member(member(document(state), "components"), "schemas");
  gateway_text properties = member(member(schemas, "test.library.v1.Everything"), "properties");
  assert_text_equal(member(properties, "a_sint64"), "{\"type\":\"string\",\"format\":\"int64\"}");
  assert_text_equal(member(properties, "some_bytes"),
                    "{\"type\":\"string\",\"contentEncoding\":\"base64\"}");
  assert_text_equal(member(properties, "at"), "{\"type\":\"string\",\"format\":\"date-time\"}");
  assert_text_equal(member(properties, "wrapped"), "{\"type\":\"string\",\"format\":\"int64\"}");
  assert_text_equal(member(properties, "value"), "{}");
  assert_text_equal(member(properties, "flags"),
                    "{\"type\":\"object\",\"additionalProperties\":{\"$ref\":"
                    "\"#/components/schemas/test.library.v1.Author\"}}");
  assert_text_equal(
      member(schemas, "test.library.v1.Color"),
      "{\"type\":\"string\",\"description\":\"The colours there are.\\nBLUE: Like the "
      "sky.\",\"enum\":[\"COLOR_UNSPECIFIED\",\"RED\",\"BLUE\"]}");
  (void)member(schemas, "google.rpc.Status");
  (void)member(schemas, "test.library.v1.Author");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      fixture_test(test_is_json),          fixture_test(test_paths),
      fixture_test(test_same_paths),       fixture_test(test_operation),
      fixture_test(test_query_parameters), fixture_test(test_streams),
      fixture_test(test_schemas),          fixture_test(test_failures),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

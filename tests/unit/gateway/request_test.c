/* SPDX-License-Identifier: Apache-2.0 */
/* request.c, with query.c, body_check.c and field_text.c below it. */
#include "request.h"

#include "body_check.h"
#include "fixture.h"
#include "query.h"

#include <stdio.h>
#include <upb/decode.h>
#include <upb/json_encode.h>
#include <upb/reflection.h>

enum { MEMORY_MAX = 1024 * 1024 };

/* What `method` on `url` with `body` makes of the route's request: its JSON, or the problem as
 * "400 message". */
static gateway_text build_as(void **state, const char *method, const char *url, const char *body,
                             const char *content_type) {
  gateway_fixture *fixture = *state;
  gateway_match match;
  gateway_text path;
  gateway_text query;
  gateway_text bytes;
  gateway_text_split(text(url), '?', &path, &query);
  assert_int_equal(gateway_router_match(fixture->api->router, text(method), path, &match),
                   GATEWAY_ROUTE_FOUND);
  gateway_request request = {&match, query, text(content_type),
                             gateway_arena_copy(fixture->arena, text(body)), MEMORY_MAX};
  gateway_problem_init(&fixture->problem, fixture->arena);
  if (!gateway_request_build(fixture->api, &request, &fixture->problem, &bytes)) {
    assert_true(gateway_problem_is_set(&fixture->problem));
    return gateway_arena_format(fixture->arena, "%d %.*s", fixture->problem.http_status,
                                GATEWAY_TEXT_ARGS(fixture->problem.message));
  }
  const gateway_route *route = match.route;
  const upb_MessageDef *def = route->method->input;
  upb_Message *message = upb_Message_New(def, fixture->arena);
  assert_int_equal(upb_Decode(bytes.data, bytes.size, message, upb_MessageDef_MiniTable(def), NULL,
                              0, fixture->arena),
                   kUpb_DecodeStatus_Ok);
  char *json = gateway_arena_alloc(fixture->arena, MEMORY_MAX);
  size_t size = upb_JsonEncode(message, def, fixture->api->pool, upb_JsonEncode_UseProtoNames, json,
                               MEMORY_MAX, NULL);
  return gateway_text_of(json, size);
}

static gateway_text build(void **state, const char *method, const char *url, const char *body) {
  return build_as(state, method, url, body, body[0] == '\0' ? "" : "application/json");
}

static gateway_text search(void **state, const char *query) {
  char url[1024];
  snprintf(url, sizeof url, "/v1/search?%s", query);
  return build(state, "GET", url, "");
}

static gateway_text echo(void **state, const char *body) {
  return build(state, "POST", "/v1/echo", body);
}

typedef struct request_case {
  const char *input;
  const char *expected;
} request_case;

/* Path variables would not reach their fields, or keep their encoding. */
static void test_path(void **state) {
  assert_text_equal(build(state, "GET", "/v1/shelves/1/books/2", ""),
                    "{\"name\":\"shelves/1/books/2\"}");
  assert_text_equal(build(state, "GET", "/v1/shelves/a%2Fb/books/c%20d", ""),
                    "{\"name\":\"shelves/a%2Fb/books/c d\"}");
  assert_text_equal(build(state, "GET", "/v1/books/a%2Fb", ""), "{\"name\":\"a/b\"}");
  assert_text_equal(build(state, "GET", "/v1/books/a?verbose=true", ""),
                    "{\"name\":\"a\",\"verbose\":true}");
  assert_text_equal(build(state, "GET", "/v1/books/%zz", ""),
                    "400 name: there is a '%' without two hex digits behind it, or a %00");
  assert_text_equal(build(state, "GET", "/v1/books/%ff", ""), "400 name: is not valid UTF-8");
}

/* A query would set a wrong field or value. */
static void test_query(void **state) {
  static const request_case cases[] = {
      {"", "{}"},
      {"&&", "{}"},
      {"a_bool=true&an_int32=-5&a_sint64=-9223372036854775808&a_uint32=4294967295",
       "{\"a_bool\":true,\"an_int32\":-5,\"a_sint64\":\"-9223372036854775808\",\"a_uint32\":"
       "4294967295}"},
      {"a_fixed64=18446744073709551615&a_float=1.5&a_double=-1e3",
       "{\"a_fixed64\":\"18446744073709551615\",\"a_float\":1.5,\"a_double\":-1000}"},
      {"a_double=NaN", "{\"a_double\":\"NaN\"}"},
      {"a_double=-Infinity", "{\"a_double\":\"-Infinity\"}"},
      {"a_string=a+b%2Bc&some_bytes=Zm9v", "{\"a_string\":\"a b+c\",\"some_bytes\":\"Zm9v\"}"},
      {"aString=x", "{\"a_string\":\"x\"}"},
      {"color=BLUE", "{\"color\":\"BLUE\"}"},
      {"color=2", "{\"color\":\"BLUE\"}"},
      {"color=77", "{\"color\":77}"},
      {"author.name=x&author.id=7", "{\"author\":{\"name\":\"x\",\"id\":\"7\"}}"},
      {"again.again.a_string=deep", "{\"again\":{\"again\":{\"a_string\":\"deep\"}}}"},
      {"numbers=1&numbers=2&numbers=1", "{\"numbers\":[1,2,1]}"},
      {"colors=RED&colors=2", "{\"colors\":[\"RED\",\"BLUE\"]}"},
      {"counts[a]=1", "{\"counts\":{\"a\":1}}"},
      {"counts%5Ba%5D=1", "{\"counts\":{\"a\":1}}"},
      {"names[-3]=x", "{\"names\":{\"-3\":\"x\"}}"},
      {"left=", "{\"left\":\"\"}"},
      {"middle.name=x", "{\"middle\":{\"name\":\"x\"}}"},
      {"maybe=0", "{\"maybe\":0}"},
      {"at=2026-01-02T03:04:05.5Z", "{\"at\":\"2026-01-02T03:04:05.500Z\"}"},
      {"during=1.5s", "{\"during\":\"1.500s\"}"},
      {"mask=a_b,cD.e", "{\"mask\":\"aB,cD.e\"}"},
      {"wrapped=12", "{\"wrapped\":\"12\"}"},
      {"wrapped_string=", "{\"wrapped_string\":\"\"}"},
      {"times=1970-01-01T00:00:00Z&times=1970-01-01T00:00:01Z",
       "{\"times\":[\"1970-01-01T00:00:00Z\",\"1970-01-01T00:00:01Z\"]}"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    assert_text_equal(search(state, cases[i].input), cases[i].expected);
  }
}

/* A mistake in a query would be let through, or blamed on nothing. */
static void test_query_violations(void **state) {
  static const request_case cases[] = {
      {"nope=1", "400 nope: there is no such field"},
      {"author.nope=1", "400 author.nope: there is no such field"},
      {"a_string.x=1", "400 a_string.x: only a message that is not repeated has fields"},
      {"authors.name=1", "400 authors.name: only a message that is not repeated has fields"},
      {"author=1", "400 author: a message can't be a query parameter, only its fields can"},
      {"free=1", "400 free: a message can't be a query parameter, only its fields can"},
      {"a_string=a&a_string=b", "400 a_string: the field is given twice"},
      {"a_string=a&aString=b", "400 aString: the field is given twice"},
      {"left=a&right=1", "400 right: another field of the same oneof is set already"},
      {"left=a&middle.name=b", "400 middle.name: another field of the same oneof is set already"},
      {"an_int32=1.5", "400 an_int32: is not a 32-bit integer"},
      {"an_int32=2147483648", "400 an_int32: is not a 32-bit integer"},
      {"an_int32=", "400 an_int32: is not a 32-bit integer"},
      {"an_int32", "400 an_int32: is not a 32-bit integer"},
      {"an_int32=+1", "400 an_int32: is not a 32-bit integer"},
      {"a_sint64=9223372036854775808", "400 a_sint64: is not a 64-bit integer"},
      {"a_uint32=-1", "400 a_uint32: is not an unsigned 32-bit integer"},
      {"a_fixed64=18446744073709551616", "400 a_fixed64: is not an unsigned 64-bit integer"},
      {"a_double=0x10", "400 a_double: is not a number"},
      {"a_double=1e999", "400 a_double: is a number that is out of range"},
      {"a_float=1e39", "400 a_float: is a number that is out of range"},
      {"a_bool=yes", "400 a_bool: is neither 'true' nor 'false'"},
      {"color=GREEN", "400 color: is not a name or number of the enumeration"},
      {"some_bytes=*", "400 some_bytes: is not base64"},
      {"at=today", "400 at: is not a time such as '2026-01-02T03:04:05Z'"},
      {"during=1", "400 during: is not a duration such as '1.5s'"},
      {"counts=1", "400 counts: entries of a map are written as name[key]=value"},
      {"counts[a=1", "400 counts[a: a ']' is missing"},
      {"counts[a]=x", "400 counts[a]: is not a 32-bit integer"},
      {"counts[a]=1&counts[a]=2", "400 counts[a]: the key is given twice"},
      {"names[x]=1", "400 names[x]: the key is not one of this map's"},
      {"flags[true]=1",
       "400 flags[true]: a message can't be a query parameter, only its fields can"},
      {"a_string[x]=1", "400 a_string[x]: the field is not a map"},
      {"a_string=%f", "400 a_string: there is a '%' without two hex digits behind it, or a %00"},
      {"%ff=1", "400 ?: there is no such field"},
      {"a_string=%ff", "400 a_string: is not valid UTF-8"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    assert_text_equal(search(state, cases[i].input), cases[i].expected);
  }
}

/* Only the first of several mistakes would be told. */
static void test_all_violations(void **state) {
  gateway_fixture *fixture = *state;
  search(state, "x=1&an_int32=a&y=2");
  assert_int_equal(fixture->problem.violation_count, 3);
  assert_text_equal(fixture->problem.violations[0].field, "x");
  assert_text_equal(fixture->problem.violations[1].field, "an_int32");
  assert_text_equal(fixture->problem.violations[2].field, "y");
  echo(state, "{\"x\":1,\"again\":{\"y\":[{\"z\":2}]},\"w\":null}");
  assert_int_equal(fixture->problem.violation_count, 3);
  assert_text_equal(fixture->problem.violations[1].field, "again.y");
}

/* Thousands of parameters would be worked through. */
static void test_too_many_parameters(void **state) {
  char query[GATEWAY_PARAMETERS_MAX * 10 + 20] = "";
  for (size_t i = 0; i < GATEWAY_PARAMETERS_MAX; i++) {
    strcat(query, "numbers=1&");
  }
  char url[sizeof query + 16];
  snprintf(url, sizeof url, "/v1/search?%s", query);
  gateway_fixture *fixture = *state;
  (void)build(state, "GET", url, "");
  assert_int_equal(fixture->problem.http_status, 0);
  strcat(url, "numbers=1");
  assert_text_equal(build(state, "GET", url, ""), "400 there are more than 128 query parameters");
}

/* JSON of any kind of field would not arrive as it was meant. */
static void test_body(void **state) {
  static const request_case cases[] = {
      {"", "{}"},
      {"{}", "{}"},
      {" { } \n", "{}"},
      {"{\"a_string\":\"\\u00e4\\ud83d\\ude00\\n\",\"a_bool\":true,\"an_int32\":-1e2}",
       "{\"a_bool\":true,\"an_int32\":-100,\"a_string\":\"\xc3\xa4\xf0\x9f\x98\x80\\n\"}"},
      {"{\"aString\":\"camel\",\"an_int32\":null}", "{\"a_string\":\"camel\"}"},
      {"{\"a_sint64\":\"9007199254740993\"}", "{\"a_sint64\":\"9007199254740993\"}"},
      {"{\"a_sint64\":9007199254740992}", "{\"a_sint64\":\"9007199254740992\"}"},
      {"{\"a_double\":123456789012345678901234567890}", "{\"a_double\":1.2345678901234568e+29}"},
      {"{\"a_double\":\"-Infinity\",\"a_float\":\"1.5\"}",
       "{\"a_float\":1.5,\"a_double\":\"-Infinity\"}"},
      {"{\"color\":\"BLUE\",\"colors\":[1,\"RED\"]}",
       "{\"color\":\"BLUE\",\"colors\":[\"RED\",\"RED\"]}"},
      {"{\"author\":{\"name\":\"x\"},\"authors\":[{},{\"id\":\"5\"}]}",
       "{\"author\":{\"name\":\"x\"},\"authors\":[{},{\"id\":\"5\"}]}"},
      {"{\"names\":{\"-3\":\"x\"}}", "{\"names\":{\"-3\":\"x\"}}"},
      {"{\"flags\":{\"true\":{\"name\":\"y\"}}}", "{\"flags\":{\"true\":{\"name\":\"y\"}}}"},
      {"{\"at\":\"2026-01-02T03:04:05Z\",\"during\":\"-1.5s\",\"mask\":\"aB,c\"}",
       "{\"at\":\"2026-01-02T03:04:05Z\",\"during\":\"-1.500s\",\"mask\":\"aB,c\"}"},
      {"{\"wrapped\":\"12\",\"wrapped_string\":\"w\"}",
       "{\"wrapped\":\"12\",\"wrapped_string\":\"w\"}"},
      {"{\"free\":{\"a\":[1,{\"b\":null}]},\"value\":[true]}",
       "{\"free\":{\"a\":[1,{\"b\":null}]},\"value\":[true]}"},
      {"{\"any\":{\"@type\":\"x/test.library.v1.Author\",\"name\":\"z\"}}",
       "{\"any\":{\"@type\":\"x/test.library.v1.Author\",\"name\":\"z\"}}"},
      {"{\"any\":{\"value\":\"1.5s\",\"@type\":\"x/google.protobuf.Duration\"}}",
       "{\"any\":{\"@type\":\"x/google.protobuf.Duration\",\"value\":\"1.500s\"}}"},
      {"{\"middle\":{\"name\":\"m\"}}", "{\"middle\":{\"name\":\"m\"}}"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    assert_text_equal(echo(state, cases[i].input), cases[i].expected);
  }
}

/* A mistake in a body would be let through, end the process within upb, or name no field. */
static void test_body_violations(void **state) {
  static const request_case cases[] = {
      {"{\"nope\":1}", "400 nope: there is no such field"},
      {"{\"author\":{\"nope\":1}}", "400 author.nope: there is no such field"},
      {"{\"authors\":[{},{\"nope\":1}]}", "400 authors[1].nope: there is no such field"},
      {"{\"[test.ext]\":1}", "400 [test.ext]: there is no such field"},
      {"{\"a_string\":\"a\",\"aString\":\"b\"}", "400 aString: the field is given twice"},
      {"{\"an_int32\":\"x\"}", "400 an_int32: is not an integer"},
      {"{\"an_int32\":\"\"}", "400 an_int32: is not an integer"},
      {"{\"an_int32\":1.5}", "400 an_int32: JSON number was not integral (1.500000 != 1)"},
      {"{\"an_int32\":2147483648}", "400 an_int32: Integer out of range."},
      {"{\"an_int32\":{}}", "400 an_int32: Expected number or string"},
      {"{\"an_int32\":[1]}", "400 an_int32: Expected number or string"},
      {"{\"a_sint64\":9007199254740994}",
       "400 a_sint64: an integer beyond 2^53 must be written as a string, or it loses digits"},
      {"{\"wrapped\":1e300}",
       "400 wrapped: an integer beyond 2^53 must be written as a string, or it loses digits"},
      {"{\"a_double\":\"abc\"}", "400 a_double: is not a number"},
      {"{\"a_double\":\"1.5x\"}", "400 a_double: is not a number"},
      {"{\"a_bool\":1}", "400 a_bool: Expected true or false"},
      {"{\"a_string\":1}", "400 a_string: Expected string"},
      {"{\n \"author\": {\n  \"id\": true}}", "400 author.id: Expected number or string"},
      {"{\"authors\":[{\"id\":\"1\"},{\"id\":[]}]}",
       "400 authors[1].id: Expected number or string"},
      {"{\"color\":\"GREEN\"}", "400 color: Unknown enumerator: 'GREEN'"},
      {"{\"numbers\":5}", "400 numbers: Expected: '['"},
      {"{\"numbers\":[1,null]}", "400 numbers[1]: Expected number or string"},
      {"{\"author\":[]}", "400 author: Expected: '{'"},
      {"{\"counts\":{\"a\":\"b\"}}", "400 counts.a: is not an integer"},
      {"{\"names\":{\"\":\"b\"}}", "400 names.: the key is not an integer"},
      {"{\"left\":\"a\",\"right\":1}", "400 right: More than one field for this oneof."},
      {"{\"some_bytes\":\"*\"}", "400 some_bytes: is not base64"},
      {"{\"some_bytes\":\"Zm9\xc3\xa4\"}", "400 some_bytes: is not base64"},
      {"{\"any\":{\"@type\":\"x/google.protobuf.BytesValue\",\"value\":\"\xc3\xa4\xc3\xa4\"}}",
       "400 any.value: is not base64"},
      {"{\"any\":{\"@type\":\"x/google.protobuf.Timestamp\",\"value\":\"2026-02-30T00:00:00Z\"}}",
       "400 any.value: is not a time such as '2026-01-02T03:04:05Z'"},
      {"{\"at\":\"2026-02-30T00:00:00Z\"}", "400 at: is not a time such as '2026-01-02T03:04:05Z'"},
      {"{\"times\":[\"x\"]}", "400 times[0]: is not a time such as '2026-01-02T03:04:05Z'"},
      {"{\"during\":\"-0.5s\"}",
       "400 during: durations between -1s and 0s can't be taken from JSON"},
      {"{\"any\":{\"name\":1}}",
       "400 any: its \"@type\" is missing or names no message that is known here"},
      {"{\"any\":{\"@type\":\"x/test.library.v1.Everything.CountsEntry\",\"key\":\"\"}}",
       "400 any: its \"@type\" is missing or names no message that is known here"},
      {"{\"any\":{\"@type\":\"x/test.library.v1.Author\",\"nope\":1}}",
       "400 any.nope: there is no such field"},
      {"{\"\\u00e4\\u0022\":1}", "400 \xc3\xa4\": there is no such field"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    assert_text_equal(echo(state, cases[i].input), cases[i].expected);
  }
}

/* Text that is no JSON would be decoded to something, or crash upb's decoder. */
static void test_body_syntax(void **state) {
  static const request_case cases[] = {
      {"[]", "the body must be a JSON object (byte 0)"},
      {"5", "the body must be a JSON object (byte 0)"},
      {" ", "the body must be a JSON object (byte 1)"},
      {"{", "the text ends too soon (byte 1)"},
      {"{\"a_string\":\"x", "the text ends within a string (byte 14)"},
      {"{\"a_string\":\"x\"", "the text ends too soon (byte 15)"},
      {"{\"an_int32\":12", "the text ends too soon (byte 14)"},
      {"{\"an_int32\":0x10}", "a value is expected (byte 12)"},
      {"{\"an_int32\":01}", "a value is expected (byte 12)"},
      {"{\"an_int32\":+1}", "a value is expected (byte 12)"},
      {"{\"an_int32\":1.}", "a value is expected (byte 12)"},
      {"{\"an_int32\":-}", "a value is expected (byte 12)"},
      {"{\"a_bool\":True}", "a value is expected (byte 10)"},
      {"{\"a_bool\":}", "a value is expected (byte 10)"},
      {"{'a_bool':true}", "'\"' is expected (byte 1)"},
      {"{\"a_bool\":true,}", "'\"' is expected (byte 15)"},
      {"{\"a_bool\" true}", "':' is expected (byte 10)"},
      {"{\"numbers\":[1,]}", "a value is expected (byte 14)"},
      {"{\"numbers\":[1 2]}", "',' or the end of the object or array is expected (byte 14)"},
      {"{} {}", "there is something behind the JSON object (byte 3)"},
      {"{\"a_string\":\"a\nb\"}", "there is a control character in a string (byte 14)"},
      {"{\"a_string\":\"\nb\"}", "there is a control character in a string (byte 13)"},
      {"{\"a_string\":\"\xff\"}", "the text is not valid UTF-8 (byte 13)"},
      {"{\"a_string\":\"\\x\"}", "there is an escape that stands for no character (byte 13)"},
      {"{\"a_string\":\"\\u12g4\"}", "there is an escape that stands for no character (byte 13)"},
      {"{\"a_string\":\"\\ud800\"}", "there is an escape that stands for no character (byte 13)"},
      {"{\"a_string\":\"\\udc00\"}", "there is an escape that stands for no character (byte 13)"},
      {"{\"a_string\":\"\\ud800\\u0041\"}",
       "there is an escape that stands for no character (byte 13)"},
      {"\xef\xbb\xbf{}", "the body must be a JSON object (byte 0)"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char expected[160];
    snprintf(expected, sizeof expected, "400 the body is not valid JSON: %s", cases[i].expected);
    assert_text_equal(echo(state, cases[i].input), expected);
  }
}

/* A body of brackets would exhaust the stack, or trip upb's encoder. */
static void test_body_depth(void **state) {
  char body[4096] = "";
  for (int i = 0; i < GATEWAY_JSON_DEPTH_MAX - 1; i++) {
    strcat(body, "{\"again\":");
  }
  char whole[8192];
  snprintf(whole, sizeof whole, "%s{}%.*s", body, GATEWAY_JSON_DEPTH_MAX - 1,
           "}}}}}}}}}}}}}}}}}}}}}}}}}}}}}");
  assert_true(gateway_text_starts_with(echo(state, whole), "{\"again\""));
  snprintf(whole, sizeof whole, "%s{\"again\":{}}%.*s", body, GATEWAY_JSON_DEPTH_MAX - 1,
           "}}}}}}}}}}}}}}}}}}}}}}}}}}}}}");
  gateway_fixture *fixture = *state;
  (void)echo(state, whole);
  assert_text_equal(fixture->problem.violations[0].description, "the body is nested too deeply");

  memset(whole, 0, sizeof whole);
  strcpy(whole, "{\"value\":");
  memset(whole + 9, '[', 2000);
  assert_true(gateway_text_starts_with(echo(state, whole), "400 value[0][0]"));
  memset(whole + 9, 0, sizeof whole - 9);
  memset(whole + 9, '[', GATEWAY_JSON_DEPTH_MAX - 1);
  memset(whole + 9 + GATEWAY_JSON_DEPTH_MAX - 1, ']', GATEWAY_JSON_DEPTH_MAX - 1);
  strcat(whole, "}");
  assert_true(gateway_text_starts_with(echo(state, whole), "{\"value\":[["));
}

/* A small body would decode into a huge message. */
static void test_body_memory(void **state) {
  gateway_fixture *fixture = *state;
  size_t count = 20000;
  char *body = gateway_arena_alloc(fixture->arena, count * 3 + 32);
  char *at = body + sprintf(body, "{\"again\":{\"authors\":[{}");
  for (size_t i = 0; i < count; i++) {
    at += sprintf(at, ",{}");
  }
  strcpy(at, "]}}");
  assert_text_equal(echo(state, body), "413 the body has too many values");
}

/* A body that belongs to one field would reach others, or not reach its own. */
static void test_body_field(void **state) {
  assert_text_equal(build(state, "POST", "/v1/shelves/1/books?book_id=b", "{\"title\":\"T\"}"),
                    "{\"parent\":\"shelves/1\",\"book\":{\"title\":\"T\"},\"book_id\":\"b\"}");
  assert_text_equal(build(state, "PUT", "/v1/shelves/1/books/2/tags", "[\"a\",\"b\"]"),
                    "{\"name\":\"shelves/1/books/2\",\"tags\":[\"a\",\"b\"]}");
  assert_text_equal(build(state, "PUT", "/v1/shelves/1/books/2/tags", "[\"a\"],\"name\":\"x\""),
                    "400 the body is not valid JSON: there is something behind the value (byte 5)");
  assert_text_equal(build(state, "PUT", "/v1/shelves/1/books/2/tags", "[\"a\",1]"),
                    "400 tags[1]: Expected string");
  assert_text_equal(build(state, "POST", "/v1/shelves/1/books", "{\"nope\":1}"),
                    "400 book.nope: there is no such field");
  assert_text_equal(build(state, "POST", "/v1/shelves/1/books?book.title=x", "{}"),
                    "400 book.title: the field is taken from the body");
  assert_text_equal(build(state, "POST", "/v1/shelves/1/books?parent=x", "{}"),
                    "400 parent: the field is given twice");
}

/* What path and body both say would be taken from one of them, unseen. */
static void test_collisions(void **state) {
  assert_text_equal(build(state, "PATCH", "/v1/shelves/1/books/2",
                          "{\"name\":\"shelves/1/books/2\",\"pages\":5}"),
                    "{\"book\":{\"name\":\"shelves/1/books/2\",\"pages\":5}}");
  assert_text_equal(build(state, "PATCH", "/v1/shelves/1/books/2", "{\"name\":\"x\"}"),
                    "400 book.name: the body says something else than the path");
  assert_text_equal(build(state, "POST", "/v1/shelves/1/books/2:archive", "{\"verbose\":true}"),
                    "{\"name\":\"shelves/1/books/2\",\"verbose\":true}");
  assert_text_equal(build(state, "POST", "/v1/shelves/1/books/2:archive", "{\"name\":\"x\"}"),
                    "400 name: the body says something else than the path");
  assert_text_equal(build(state, "POST", "/v1/shelves/1/books/2:archive?verbose=true", ""),
                    "400 verbose: there are no query parameters here: the body is the request");
  assert_text_equal(build(state, "GET", "/v1/books/a?name=b", ""),
                    "400 name: the field is given twice");
}

/* Bodies where none belongs, or of another type, would be taken. */
static void test_content(void **state) {
  assert_text_equal(build(state, "GET", "/v1/books/a", "{}"),
                    "400 GET /v1/books/{name} takes no body");
  assert_text_equal(build_as(state, "POST", "/v1/echo", "{}", "text/plain"),
                    "415 the body must be sent as Content-Type: application/json");
  assert_text_equal(build_as(state, "POST", "/v1/echo", "{}", ""), "{}");
  assert_text_equal(build_as(state, "POST", "/v1/echo", "", "text/plain"), "{}");
}

/* Raw bodies would be read as JSON, or lose their type. */
static void test_http_body(void **state) {
  assert_text_equal(build_as(state, "PUT", "/v1/files/a/b%2Fc.txt", "not {json", "text/plain"),
                    "{\"path\":\"a/b%2Fc.txt\",\"content\":{\"content_type\":\"text/plain\","
                    "\"data\":\"bm90IHtqc29u\"}}");
}

/* Amounts, which careful clients send as strings, would be refused; or texts be taken for 0. */
static void test_quoted_doubles(void **state) {
  assert_text_equal(echo(state, "{\"a_double\":\"10.50\"}"), "{\"a_double\":10.5}");
  assert_text_equal(echo(state, "{\"a_double\":10.50}"), "{\"a_double\":10.5}");
  assert_text_equal(echo(state, "{\"a_double\":\"ten\"}"), "400 a_double: is not a number");
  assert_text_equal(echo(state, "{\"a_double\":\"\"}"), "400 a_double: is not a number");
  assert_text_equal(echo(state, "{\"a_double\":\" 1\"}"), "400 a_double: is not a number");
}

static char *object_with(int entries) {
  static char body[400 * 1024];
  size_t size = (size_t)snprintf(body, sizeof body, "{\"counts\":{");
  for (int i = 0; i < entries; i++) {
    size +=
        (size_t)snprintf(body + size, sizeof body - size, "%s\"key%d\":1", i == 0 ? "" : ",", i);
  }
  (void)snprintf(body + size, sizeof body - size, "},\"a_bool\":true}");
  return body;
}

/* Keys that are made to share a place in upb's tables would stop the HTTP thread for seconds. And a
 * body that is not small would be lost with the memory it was decoded in. */
static void test_many_entries(void **state) {
  gateway_text json = echo(state, object_with(1000));
  assert_non_null(memmem(json.data, json.size, "\"key999\":1", 10));
  assert_non_null(memmem(json.data, json.size, "\"a_bool\":true", 13));
  assert_text_equal(echo(state, object_with(GATEWAY_MAP_ENTRIES_MAX + 1)),
                    "413 the body has too many values");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      fixture_test(test_quoted_doubles),
      fixture_test(test_many_entries),
      fixture_test(test_path),
      fixture_test(test_query),
      fixture_test(test_query_violations),
      fixture_test(test_all_violations),
      fixture_test(test_too_many_parameters),
      fixture_test(test_body),
      fixture_test(test_body_violations),
      fixture_test(test_body_syntax),
      fixture_test(test_body_depth),
      fixture_test(test_body_memory),
      fixture_test(test_body_field),
      fixture_test(test_collisions),
      fixture_test(test_content),
      fixture_test(test_http_body),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

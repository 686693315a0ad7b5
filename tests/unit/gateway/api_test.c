/* SPDX-License-Identifier: Apache-2.0 */
/* api.c and http_rule.c: what is refused at start. Sets are written by hand, as descriptors. */
#include "api.h"

#include "fixture.h"

#include <google/protobuf/descriptor.upb.h>
#include <stdio.h>

/* A varint, a tag or a length; all values here are below 2^14. */
static size_t put_varint(char *out, size_t value) {
  if (value < 128) {
    out[0] = (char)value;
    return 1;
  }
  out[0] = (char)(value % 128 + 128);
  out[1] = (char)(value / 128);
  return 2;
}

/* A field of bytes behind what is in `out`. */
static size_t put_field(char *out, size_t number, const char *data, size_t size) {
  size_t at = put_varint(out, number << 3 | 2);
  at += put_varint(out + at, size);
  memcpy(out + at, data, size);
  return at + size;
}

/* The rule {get: PATH, body: BODY} as an extension of MethodOptions. */
static size_t put_rule(char *out, const char *path, const char *body) {
  char rule[512];
  size_t size = put_field(rule, 2, path, strlen(path));
  if (body[0] != '\0') {
    size += put_field(rule + size, 7, body, strlen(body));
  }
  /* The number of google.api.http, 72295728, needs four bytes. */
  static const char tag[] = {(char)0x82, (char)0xd3, (char)0xe4, (char)0x93, 0x02};
  memcpy(out, tag, sizeof tag);
  size_t at = sizeof tag;
  at += put_varint(out + at, size);
  memcpy(out + at, rule, size);
  return at + size;
}

/* The meshwork.http.v1.failure {reason, status, members: [member]} as an extension. */
typedef struct failure_text {
  const char *reason;
  int status;
  const char *member;
} failure_text;

static size_t put_failure(char *out, const failure_text *failure) {
  char message[512];
  size_t size = put_field(message, 1, failure->reason, strlen(failure->reason));
  message[size++] = 2 << 3;
  size += put_varint(message + size, (size_t)failure->status);
  size += put_field(message + size, 3, failure->member, strlen(failure->member));
  /* The number, 50474, needs three bytes. */
  static const char tag[] = {(char)0xd2, (char)0xd2, 0x18};
  memcpy(out, tag, sizeof tag);
  size_t at = sizeof tag;
  at += put_varint(out + at, size);
  memcpy(out + at, message, size);
  return at + size;
}

typedef struct rule_text {
  const char *path;
  const char *body;
  const failure_text *failures; /* two of them, or NULL */
} rule_text;

static size_t put_options(char *out, const rule_text *rule) {
  size_t size = put_rule(out, rule->path, rule->body);
  for (size_t i = 0; rule->failures != NULL && i < 2; i++) {
    size += put_failure(out + size, &rule->failures[i]);
  }
  return size;
}

/* A file with the service t.S and a method M0, M1, ... for each rule, over {string a, repeated b,
 * message m {m}}. */
static mesh_status load(void **state, const rule_text *rules, size_t count) {
  gateway_fixture *fixture = *state;
  upb_Arena *arena = fixture->arena;
  google_protobuf_FileDescriptorSet *set = google_protobuf_FileDescriptorSet_new(arena);
  google_protobuf_FileDescriptorProto *file =
      google_protobuf_FileDescriptorSet_add_file(set, arena);
  google_protobuf_FileDescriptorProto_set_name(file, text("t.proto"));
  google_protobuf_FileDescriptorProto_set_package(file, text("t"));
  google_protobuf_FileDescriptorProto_set_syntax(file, text("proto3"));
  google_protobuf_DescriptorProto *message =
      google_protobuf_FileDescriptorProto_add_message_type(file, arena);
  google_protobuf_DescriptorProto_set_name(message, text("M"));
  static const struct {
    const char *name;
    int label, type;
  } fields[] = {{"a", 1, 9}, {"b", 3, 9}, {"m", 1, 11}};
  for (int i = 0; i < 3; i++) {
    google_protobuf_FieldDescriptorProto *field =
        google_protobuf_DescriptorProto_add_field(message, arena);
    google_protobuf_FieldDescriptorProto_set_name(field, text(fields[i].name));
    google_protobuf_FieldDescriptorProto_set_number(field, i + 1);
    google_protobuf_FieldDescriptorProto_set_label(field, fields[i].label);
    google_protobuf_FieldDescriptorProto_set_type(field, fields[i].type);
    if (fields[i].type == 11) {
      google_protobuf_FieldDescriptorProto_set_type_name(field, text(".t.M"));
    }
  }
  google_protobuf_ServiceDescriptorProto *service =
      google_protobuf_FileDescriptorProto_add_service(file, arena);
  google_protobuf_ServiceDescriptorProto_set_name(service, text("S"));
  for (size_t i = 0; i < count; i++) {
    char options[1024];
    size_t size = put_options(options, &rules[i]);
    google_protobuf_MethodDescriptorProto *method =
        google_protobuf_ServiceDescriptorProto_add_method(service, arena);
    google_protobuf_MethodDescriptorProto_set_name(method, gateway_arena_format(arena, "M%zu", i));
    google_protobuf_MethodDescriptorProto_set_input_type(method, text(".t.M"));
    google_protobuf_MethodDescriptorProto_set_output_type(method, text(".t.M"));
    google_protobuf_MethodDescriptorProto_set_options(
        method, google_protobuf_MethodOptions_parse(options, size, arena));
  }
  size_t size = 0;
  const char *bytes = google_protobuf_FileDescriptorSet_serialize(set, arena, &size);
  gateway_descriptors *descriptors = gateway_descriptors_new();
  gateway_api *api = NULL;
  gateway_builtin_add_base(descriptors);
  assert_ok(gateway_descriptors_add(descriptors, gateway_text_of(bytes, size), "test"));
  mesh_status status = gateway_api_new(descriptors, &api);
  if (mesh_status_is_ok(&status)) {
    assert_int_equal(api->route_count, count);
    gateway_api_destroy(api);
  }
  gateway_descriptors_destroy(descriptors);
  return status;
}

/* A rule that is fine would stop the start. */
static void test_good_rule(void **state) {
  static const rule_text rules[] = {
      {"/x/{a}", "", NULL}, {"/x/{a}/y/{m.a=p/*}", "m", NULL}, {"/", "*", NULL}};
  assert_ok(load(state, rules, 3));
}

/* A mistake in a rule would only show when a request comes, if at all. */
static void test_bad_rules(void **state) {
  static const struct {
    rule_text rule;
    const char *message;
  } cases[] = {
      {{"x", "", NULL}, "t.S.M0: GET x: template 'x': it must start with '/', at character 1"},
      {{"/{a", "", NULL}, "t.S.M0: GET /{a: template '/{a': '}' is expected, at character 4"},
      {{"/{z}", "", NULL}, "t.S.M0: GET /{z}: variable 'z': there is no such field"},
      {{"/{a.z}", "", NULL},
       "t.S.M0: GET /{a.z}: variable 'a.z': only a message that is not repeated has fields"},
      {{"/{b}", "", NULL},
       "t.S.M0: GET /{b}: variable 'b': a repeated field or a message can't be part of a path"},
      {{"/{m}", "", NULL},
       "t.S.M0: GET /{m}: variable 'm': a repeated field or a message can't be part of a path"},
      {{"/x", "z", NULL}, "t.S.M0: GET /x: body 'z': the request has no such field"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    mesh_status status = load(state, &cases[i].rule, 1);
    assert_int_equal(status.code, GRPC_STATUS_INVALID_ARGUMENT);
    assert_string_equal(status.message, cases[i].message);
  }
}

/* A failure that can't be answered as it says would only show when it happens, and a member could
 * hide the error's own. */
static void test_bad_failures(void **state) {
#define OPTION "meshwork.http.v1.failure"
  static const struct {
    failure_text failures[2];
    const char *message;
  } cases[] = {
      {{{"A", 402, "m"}, {"B", 599, "m"}}, NULL},
      {{{"A", 402, "m"}, {"A", 409, "m"}}, "t.S.M0: two of its " OPTION " have the same reason"},
      {{{"A", 402, "m"}, {"B", 399, "m"}},
       "t.S.M0: the status of its " OPTION " is not between 400 and 599"},
      {{{"A", 600, "m"}, {"B", 404, "m"}},
       "t.S.M0: the status of its " OPTION " is not between 400 and 599"},
      {{{"", 402, "m"}, {"B", 404, "m"}},
       "t.S.M0: the reason of its " OPTION " is empty, or no UTF-8"},
      {{{"A", 402, "m"}, {"B", 404, ""}},
       "t.S.M0: the member '' of its " OPTION ": it is empty, or no UTF-8"},
      {{{"A", 402, "code"}, {"B", 404, "m"}},
       "t.S.M0: the member 'code' of its " OPTION ": the error has a member of this name already"},
      {{{"A", 402, "message"}, {"B", 404, "m"}},
       "t.S.M0: the member 'message' of its " OPTION
       ": the error has a member of this name already"},
      {{{"A", 402, "m"}, {"B", 404, "details"}},
       "t.S.M0: the member 'details' of its " OPTION
       ": the error has a member of this name already"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    rule_text rule = {"/x", "", cases[i].failures};
    mesh_status status = load(state, &rule, 1);
    if (cases[i].message == NULL) {
      assert_ok(status);
      continue;
    }
    assert_int_equal(status.code, GRPC_STATUS_INVALID_ARGUMENT);
    assert_string_equal(status.message, cases[i].message);
  }
}

/* One of two methods on the same path would never be called. */
static void test_conflict(void **state) {
  static const rule_text rules[] = {{"/x/{a}", "", NULL}, {"/x/{m.a}", "", NULL}};
  mesh_status status = load(state, rules, 2);
  assert_string_equal(status.message, "t.S.M1: GET /x/{m.a}: t.S.M0 has the same path (/x/{a})");
}

/* A gateway that serves nothing would start, and answer 404 to all. */
static void test_nothing(void **state) {
  mesh_status status = load(state, NULL, 0);
  assert_int_equal(status.code, GRPC_STATUS_INVALID_ARGUMENT);
  assert_string_equal(status.message,
                      "the descriptor sets have no method with a google.api.http option");
}

/* Methods, their routes or what their options say would be lost. */
static void test_library(void **state) {
  gateway_fixture *fixture = *state;
  const gateway_api *api = fixture->api;
  assert_int_equal(api->service_count, 1);
  assert_string_equal(api->services[0].name, "test.library.v1.Library");
  assert_int_equal(api->route_count, 16);
  const gateway_route *route = api->routes[2];
  assert_text_equal(route->http_method, "POST");
  assert_string_equal(route->template_text, "/v1/{parent=shelves/*}/books");
  assert_string_equal(route->method->call.path, "/test.library.v1.Library/CreateBook");
  assert_string_equal(route->method->call.name, "CreateBook");
  assert_string_equal(route->method->span_name, "create_book");
  assert_int_equal(route->method->success_status, 201);
  assert_int_equal(api->routes[0]->method->success_status, 200);
  assert_null(api->routes[0]->method->span_name);
  assert_text_equal(api->routes[15]->http_method, "FETCH");
  const gateway_failures *failures = &api->routes[6]->method->failures;
  assert_int_equal(failures->count, 3);
  assert_text_equal(failures->items[0].reason, "FEES_DUE");
  assert_int_equal(failures->items[0].http_status, 402);
  assert_int_equal(failures->items[0].member_count, 2);
  assert_text_equal(failures->items[0].members[1], "card");
  assert_int_equal(route->method->failures.count, 0);
}

/* The program's own services would not be served. */
static void test_builtin_shop(void **state) {
  (void)state;
  gateway_descriptors *descriptors = gateway_descriptors_new();
  gateway_api *api = NULL;
  assert_ok(gateway_builtin_add_shop(descriptors));
  gateway_builtin_add_base(descriptors);
  assert_ok(gateway_api_new(descriptors, &api));
  gateway_match match;
  assert_int_equal(gateway_router_match(api->router, text("POST"), text("/orders"), &match),
                   GATEWAY_ROUTE_FOUND);
  const gateway_route *route = match.route;
  assert_string_equal(route->method->span_name, "process_order_request");
  assert_int_equal(route->method->success_status, 201);
  gateway_api_destroy(api);
  gateway_descriptors_destroy(descriptors);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      fixture_test(test_good_rule),        fixture_test(test_bad_rules),
      fixture_test(test_bad_failures),     fixture_test(test_conflict),
      fixture_test(test_nothing),          fixture_test(test_library),
      cmocka_unit_test(test_builtin_shop),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

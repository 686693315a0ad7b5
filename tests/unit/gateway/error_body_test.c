/* SPDX-License-Identifier: Apache-2.0 */
/* error_body.c, with problem.c and http_status.c. */
#include "error_body.h"

#include "fixture.h"
#include "http_status.h"

#include <upb/encode.h>
#include <upb/json_decode.h>
#include <upb/reflection.h>

static gateway_error_types types_of(gateway_fixture *fixture) {
  gateway_error_types types;
  assert_ok(gateway_error_types_init(&types, fixture->api->pool));
  return types;
}

static const gateway_failures no_failures = {NULL, 0};

/* A status as a call ends with it, with details made from JSON. */
static mesh_status status_from(gateway_fixture *fixture, const char *json) {
  const upb_MessageDef *def =
      upb_DefPool_FindMessageByName(fixture->api->pool, "google.rpc.Status");
  upb_Message *message = upb_Message_New(def, fixture->arena);
  char *bytes = NULL;
  mesh_status status = {GRPC_STATUS_OK, "", NULL, 0};
  upb_Status error;
  if (!upb_JsonDecode(json, strlen(json), message, def, fixture->api->pool, 0, fixture->arena,
                      &error)) {
    print_error("%s\n", upb_Status_ErrorMessage(&error));
    fail();
  }
  (void)upb_Encode(message, upb_MessageDef_MiniTable(def), 0, fixture->arena, &bytes,
                   &status.details_size);
  status.details = bytes;
  status.code = (grpc_status_code)upb_Message_Get(message, upb_MessageDef_FindFieldByNumber(def, 1))
                    .int32_val;
  status.message =
      gateway_arena_copy(fixture->arena,
                         upb_Message_Get(message, upb_MessageDef_FindFieldByNumber(def, 2)).str_val)
          .data;
  return status;
}

/* A code would be answered with another HTTP status. */
static void test_http_statuses(void **state) {
  (void)state;
  static const int expected[] = {200, 499, 500, 400, 504, 404, 409, 403, 429,
                                 400, 409, 400, 501, 500, 503, 500, 401};
  for (int code = 0; code < 17; code++) {
    assert_int_equal(gateway_http_status_from_code((grpc_status_code)code), expected[code]);
  }
  assert_int_equal(gateway_http_status_from_code((grpc_status_code)17), 500);
  assert_int_equal(gateway_http_status_from_code((grpc_status_code)-1), 500);
}

/* Routing errors would have another shape than those of services. */
static void test_problem_without_fields(void **state) {
  gateway_fixture *fixture = *state;
  gateway_problem_set_http(&fixture->problem, 405, GRPC_STATUS_UNIMPLEMENTED, "no \"%s\"", "POST");
  gateway_problem_set(&fixture->problem, GRPC_STATUS_INTERNAL, "later");
  gateway_error error = gateway_error_from_problem(&fixture->problem);
  assert_text_equal(error.json, "{\"code\":12,\"message\":\"no \\\"POST\\\"\",\"details\":[]}");
  assert_int_equal(fixture->problem.http_status, 405);
}

/* Clients could not tell which fields are wrong. */
static void test_problem_with_fields(void **state) {
  gateway_fixture *fixture = *state;
  gateway_problem_add_violation(&fixture->problem, text("a.b"), "is %d", 1);
  gateway_problem_add_violation(&fixture->problem, text("c\xff"), "x");
  gateway_error error = gateway_error_from_problem(&fixture->problem);
  assert_text_equal(error.json,
                    "{\"code\":3,\"message\":\"a.b: is 1\",\"details\":[{\"@type\":"
                    "\"type.googleapis.com/google.rpc.BadRequest\",\"field_violations\":["
                    "{\"field\":\"a.b\",\"description\":\"is 1\"},"
                    "{\"field\":\"c?\",\"description\":\"x\"}]}]}");
}

/* The table of violations would be written past its end. */
static void test_problem_full(void **state) {
  gateway_fixture *fixture = *state;
  for (int i = 0; i < GATEWAY_VIOLATIONS_MAX + 3; i++) {
    gateway_problem_add_violation(&fixture->problem, text("f"), "%d", i);
  }
  assert_int_equal(fixture->problem.violation_count, GATEWAY_VIOLATIONS_MAX);
  assert_true(gateway_problem_is_full(&fixture->problem));
}

/* A long message would be cut within a character, and be no UTF-8. */
static void test_long_message(void **state) {
  gateway_fixture *fixture = *state;
  char message[1000];
  memset(message, 'x', sizeof message);
  for (size_t i = 0; i + 2 < sizeof message; i += 2) {
    memcpy(message + i, "\xc3\xa4", 2);
  }
  message[sizeof message - 1] = '\0';
  gateway_problem_set(&fixture->problem, GRPC_STATUS_INTERNAL, "%s", message);
  assert_int_equal(fixture->problem.message.size, 510);
  assert_null(memchr(fixture->problem.message.data, '?', 510));
}

/* Details that services send would be lost on the way. */
static void test_status_with_details(void **state) {
  gateway_fixture *fixture = *state;
  gateway_error_types types = types_of(fixture);
  mesh_status status = status_from(
      fixture, "{\"code\":8,\"message\":\"busy\",\"details\":["
               "{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"1.5s\"},"
               "{\"@type\":\"type.googleapis.com/"
               "google.rpc.ErrorInfo\",\"reason\":\"R\",\"domain\":\"d\"}]}");
  gateway_error error = gateway_error_from_status(&types, &no_failures, &status, fixture->arena);
  assert_text_equal(error.json,
                    "{\"code\":8,\"message\":\"busy\",\"details\":[{\"@type\":"
                    "\"type.googleapis.com/google.rpc.RetryInfo\",\"retry_delay\":\"1.500s\"},"
                    "{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\",\"reason\":\"R\","
                    "\"domain\":\"d\"}]}");
  assert_int_equal(error.retry_after_seconds, 2);
}

/* Violations of services would have members that the gateway's own have not: empty ones. */
static void test_empty_fields(void **state) {
  gateway_fixture *fixture = *state;
  gateway_error_types types = types_of(fixture);
  mesh_status status = status_from(
      fixture, "{\"code\":3,\"message\":\"m\",\"details\":[{\"@type\":\"type.googleapis.com/"
               "google.rpc.BadRequest\",\"field_violations\":[{\"field\":\"quantity\","
               "\"description\":\"must be positive\"}]}]}");
  gateway_error error = gateway_error_from_status(&types, &no_failures, &status, fixture->arena);
  assert_text_equal(error.json,
                    "{\"code\":3,\"message\":\"m\",\"details\":[{\"@type\":"
                    "\"type.googleapis.com/google.rpc.BadRequest\",\"field_violations\":["
                    "{\"field\":\"quantity\",\"description\":\"must be positive\"}]}]}");
}

/* A detail of a type that is not known here would make the whole error unreadable. */
static void test_unknown_detail(void **state) {
  gateway_fixture *fixture = *state;
  gateway_error_types types = types_of(fixture);
  /* code: 5, details: [{type_url: "x/y", value: "foo"}] */
  mesh_status status = {GRPC_STATUS_NOT_FOUND, "gone",
                        "\x08\x05\x1a\x0a\x0a\x03x/y\x12\x03"
                        "foo",
                        14};
  gateway_error error = gateway_error_from_status(&types, &no_failures, &status, fixture->arena);
  assert_text_equal(error.json, "{\"code\":5,\"message\":\"gone\",\"details\":[{\"@type\":\"x/y\","
                                "\"value\":\"Zm9v\"}]}");
  assert_int_equal(error.retry_after_seconds, -1);
}

/* Details that contradict the status, or are no google.rpc.Status, would be shown or crash. */
static void test_bad_details(void **state) {
  gateway_fixture *fixture = *state;
  gateway_error_types types = types_of(fixture);
  mesh_status other_code = {GRPC_STATUS_NOT_FOUND, "m", "\x08\x06", 2};
  mesh_status junk = {GRPC_STATUS_NOT_FOUND, "m", "\xff\xff", 2};
  mesh_status bad_text = {GRPC_STATUS_NOT_FOUND, "\xff", NULL, 0};
  assert_text_equal(
      gateway_error_from_status(&types, &no_failures, &other_code, fixture->arena).json,
      "{\"code\":5,\"message\":\"m\",\"details\":[]}");
  assert_text_equal(gateway_error_from_status(&types, &no_failures, &junk, fixture->arena).json,
                    "{\"code\":5,\"message\":\"m\",\"details\":[]}");
  assert_text_equal(gateway_error_from_status(&types, &no_failures, &bad_text, fixture->arena).json,
                    "{\"code\":5,\"message\":\"\",\"details\":[]}");
}

#define ERROR_INFO "\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\","

/* What the library's BorrowBook names for its failures. */
static const gateway_failures *borrow_failures(const gateway_fixture *fixture) {
  for (size_t i = 0; i < fixture->api->method_count; i++) {
    if (strcmp(fixture->api->methods[i]->call.name, "BorrowBook") == 0) {
      return &fixture->api->methods[i]->failures;
    }
  }
  fail_msg("there is no BorrowBook");
  return NULL;
}

/* A failure that the method names would be answered as its code alone says, without the members. */
static void test_named_failure(void **state) {
  gateway_fixture *fixture = *state;
  gateway_error_types types = types_of(fixture);
  const gateway_failures *failures = borrow_failures(fixture);
  mesh_status status =
      status_from(fixture, "{\"code\":9,\"message\":\"pay\",\"details\":[{" ERROR_INFO
                           "\"reason\":\"OTHER\"},{" ERROR_INFO
                           "\"reason\":\"FEES_DUE\",\"metadata\":{\"fee\":\"2\\\"3\"}},{" ERROR_INFO
                           "\"reason\":\"LENT\"}]}");
  gateway_error error = gateway_error_from_status(&types, failures, &status, fixture->arena);
  assert_int_equal(error.http_status, 402);
  assert_int_equal(gateway_error_http_status(&types, failures, &status, fixture->arena), 402);
  const char end[] = "\"LENT\"}],\"fee\":\"2\\\"3\"}";
  assert_true(error.json.size > strlen(end));
  assert_text_equal(gateway_text_from_offset(error.json, error.json.size - strlen(end)), end);
}

/* An error for another reason, or of a method that names none, would get the wrong status. */
static void test_other_failures(void **state) {
  gateway_fixture *fixture = *state;
  gateway_error_types types = types_of(fixture);
  const gateway_failures *failures = borrow_failures(fixture);
  mesh_status other =
      status_from(fixture, "{\"code\":9,\"details\":[{" ERROR_INFO "\"reason\":\"OTHER\"}]}");
  mesh_status lost = status_from(fixture, "{\"code\":9,\"details\":[{" ERROR_INFO
                                          "\"reason\":\"LOST\",\"metadata\":{\"card\":\"1\"}}]}");
  mesh_status plain = {GRPC_STATUS_UNAVAILABLE, "m", NULL, 0};
  gateway_error error = gateway_error_from_status(&types, failures, &lost, fixture->arena);
  assert_int_equal(error.http_status, 409);
  assert_text_equal(gateway_text_from_offset(error.json, error.json.size - 4), "}}]}");
  assert_int_equal(gateway_error_http_status(&types, failures, &other, fixture->arena), 400);
  assert_int_equal(gateway_error_http_status(&types, failures, &plain, fixture->arena), 503);
  assert_int_equal(gateway_error_http_status(&types, &no_failures, &lost, fixture->arena), 400);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_http_statuses),   fixture_test(test_problem_without_fields),
      fixture_test(test_problem_with_fields), fixture_test(test_problem_full),
      fixture_test(test_long_message),        fixture_test(test_status_with_details),
      fixture_test(test_unknown_detail),      fixture_test(test_bad_details),
      fixture_test(test_empty_fields),        fixture_test(test_named_failure),
      fixture_test(test_other_failures),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Unary calls over a real socket. */
#include <google/rpc/error_details.pb-c.h>
#include <google/rpc/status.pb-c.h>
#include <string.h>

#include "harness.h"

/* The word in the request says what the handler does. */
typedef struct command {
  const char *word;
  void (*run)(mesh_call *call, const echo_request *request, harness *self);
} command;

static void answer_back(mesh_call *call, const echo_request *request, harness *self) {
  (void)self;
  echo_reply reply;
  mesh__test__v1__echo_reply__init(&reply);
  reply.text = request->text;
  reply.number = request->number + 1;
  mesh_test_v1_echo_reply(call, &reply);
}

static void fail_plainly(mesh_call *call, const echo_request *request, harness *self) {
  (void)self;
  mesh_call_fail(call, GRPC_STATUS_NOT_FOUND, "no product '%s'", request->text);
}

static void fail_with_details(mesh_call *call, const echo_request *request, harness *self) {
  (void)request;
  (void)self;
  mesh_call_add_field_violation(call, "quantity", "must be at least %d", 1);
  mesh_call_add_field_violation(call, "product_id", "is too long");
  mesh_call_add_error_info(call, "OUT_OF_STOCK", "shop.example");
  mesh_call_add_retry_info(call, 1500);
  mesh_call_add_resource_info(call, "product", "laptop-001", "the laptop");
  mesh_call_add_precondition_violation(call, "STOCK", "laptop-001", "is gone");
  mesh_call_fail(call, GRPC_STATUS_FAILED_PRECONDITION, "cannot reserve");
}

static void pass_on(const mesh_status *status, const echo_reply *reply, void *data) {
  mesh_call *call = data;
  if (!mesh_status_is_ok(status)) {
    mesh_call_fail_with(call, status);
    return;
  }
  mesh_test_v1_echo_reply(call, reply);
}

static void call_downstream(mesh_call *call, const echo_request *request, harness *self) {
  echo_request downstream;
  mesh__test__v1__echo_request__init(&downstream);
  downstream.text = harness_text(strcmp(request->text, "downstream") == 0 ? "back" : "details");
  downstream.number = 41;
  mesh_test_v1_echo(self->client, mesh_call_context(call), &downstream, pass_on, call);
}

static void show_metadata(mesh_call *call, const echo_request *request, harness *self) {
  (void)request;
  (void)self;
  mesh_bytes value;
  mesh_bytes binary;
  assert_true(mesh_metadata_get(mesh_call_metadata(call), "x-word", 0, &value));
  assert_true(mesh_metadata_get(mesh_call_metadata(call), "x-any-bin", 0, &binary));
  assert_false(mesh_metadata_get(mesh_call_metadata(call), "x-word", 1, &value));
  mesh_call_add_initial_metadata(call, "x-word", value);
  mesh_call_add_trailing_metadata(call, "x-any-bin", binary);
  echo_reply reply;
  mesh__test__v1__echo_reply__init(&reply);
  reply.text = harness_text(mesh_call_peer(call));
  mesh_test_v1_echo_reply(call, &reply);
}

static void reply_with_illegal_metadata(mesh_call *call, const echo_request *request,
                                        harness *self) {
  mesh_bytes value = {"line\nbreak", 10};
  mesh_call_add_initial_metadata(call, "x-word", value);
  answer_back(call, request, self);
}

static const command commands[] = {
    {"back", answer_back},
    {"missing", fail_plainly},
    {"details", fail_with_details},
    {"downstream", call_downstream},
    {"downstream failure", call_downstream},
    {"metadata", show_metadata},
    {"illegal metadata", reply_with_illegal_metadata},
};

static void echo(mesh_call *call, const echo_request *request, void *self) {
  harness **owner = self;
  for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
    if (strcmp(commands[i].word, request->text) == 0) {
      commands[i].run(call, request, *owner);
      return;
    }
  }
  mesh_call_fail(call, GRPC_STATUS_INVALID_ARGUMENT, "no command '%s'", request->text);
}

static const mesh_test_v1_echo_service handlers = {.echo = echo};

static harness fixture;
static harness *fixture_pointer = &fixture;

static int set_up(void **state) {
  (void)state;
  harness_options options = {.handlers = &handlers, .self = &fixture_pointer};
  harness_start(&fixture, &options);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  harness_stop(&fixture);
  return 0;
}

/* Without it nothing works: a request reaches its handler, the reply its callback. */
static void test_round_trip(void **state) {
  (void)state;
  harness_answer answer = harness_echo(&fixture, fixture.context, "back");
  assert_int_equal(answer.code, GRPC_STATUS_OK);
  assert_string_equal(answer.text, "back");
  assert_int_equal(answer.number, 1);
}

/* A failure would arrive with another code or message than the handler gave. */
static void test_failure(void **state) {
  (void)state;
  harness_answer answer = harness_echo(&fixture, fixture.context, "missing");
  assert_int_equal(answer.code, GRPC_STATUS_NOT_FOUND);
  assert_string_equal(answer.message, "no product 'missing'");
  assert_false(answer.has_reply);
}

/* A handler that is not there would hang the call or take the server down. */
static void test_missing_handler(void **state) {
  (void)state;
  harness_answer answer = {.owner = &fixture};
  mesh_client_call *call =
      mesh_test_v1_collect(fixture.client, fixture.context, harness_on_answer, &answer);
  mesh_client_call_close_send(call);
  harness_run(&fixture);
  assert_int_equal(answer.code, GRPC_STATUS_UNIMPLEMENTED);
}

static void on_raw(const mesh_status *status, const ProtobufCMessage *reply, mesh_bytes bytes,
                   void *data) {
  (void)bytes;
  assert_null(reply);
  harness_on_answer(status, NULL, data);
}

/* Calls `path` with raw bytes. */
static harness_answer call_raw(const char *path, mesh_bytes request) {
  mesh_method method = {.name = "Raw", .path = path};
  harness_answer answer = {.owner = &fixture};
  mesh_payload payload = {NULL, request};
  mesh_reply_to reply_to = {on_raw, NULL, &answer};
  mesh_client_unary(fixture.client, fixture.context, &method, &payload, &reply_to);
  harness_run(&fixture);
  return answer;
}

/* A mistyped method would give no hint at what was wrong. */
static void test_unknown_method(void **state) {
  (void)state;
  mesh_bytes nothing = {"", 0};
  harness_answer answer = call_raw("/mesh.test.v1.EchoService/Nope", nothing);
  assert_int_equal(answer.code, GRPC_STATUS_UNIMPLEMENTED);
  assert_non_null(strstr(answer.message, "/mesh.test.v1.EchoService/Nope"));
}

/* Garbage would reach the handler as a message. */
static void test_undecodable_request(void **state) {
  (void)state;
  mesh_bytes garbage = {"\x0a\xff", 2};
  harness_answer answer = call_raw("/mesh.test.v1.EchoService/Echo", garbage);
  assert_int_equal(answer.code, GRPC_STATUS_INTERNAL);
  assert_non_null(strstr(answer.message, "mesh.test.v1.EchoRequest"));
}

/* Garbage would reach the client's callback as a reply. */
static void test_undecodable_reply(void **state) {
  (void)state;
  static const mesh_method wrong = {.name = "Echo",
                                    .path = "/mesh.test.v1.EchoService/Echo",
                                    .reply = &google__rpc__retry_info__descriptor};
  harness_answer answer = {.owner = &fixture};
  echo_request request;
  mesh__test__v1__echo_request__init(&request);
  request.text = harness_text("back");
  mesh_payload payload = {&request.base, {NULL, 0}};
  mesh_reply_to reply_to = {on_raw, NULL, &answer};
  mesh_client_unary(fixture.client, fixture.context, &wrong, &payload, &reply_to);
  harness_run(&fixture);
  assert_int_equal(answer.code, GRPC_STATUS_INTERNAL);
  assert_non_null(strstr(answer.message, "google.rpc.RetryInfo"));
}

/* A service could not call another one from its handler. */
static void test_downstream_call(void **state) {
  (void)state;
  harness_answer answer = harness_echo(&fixture, fixture.context, "downstream");
  assert_int_equal(answer.code, GRPC_STATUS_OK);
  assert_int_equal(answer.number, 42);
}

static void check_details(const mesh_status *status) {
  Google__Rpc__Status *unpacked =
      google__rpc__status__unpack(NULL, status->details_size, status->details);
  assert_non_null(unpacked);
  assert_int_equal(unpacked->code, GRPC_STATUS_FAILED_PRECONDITION);
  assert_string_equal(unpacked->message, "cannot reserve");
  assert_int_equal(unpacked->n_details, 5);
  assert_string_equal(unpacked->details[0]->type_url, "type.googleapis.com/google.rpc.BadRequest");
  Google__Rpc__BadRequest *bad = google__rpc__bad_request__unpack(
      NULL, unpacked->details[0]->value.len, unpacked->details[0]->value.data);
  assert_int_equal(bad->n_field_violations, 2);
  assert_string_equal(bad->field_violations[0]->field, "quantity");
  assert_string_equal(bad->field_violations[0]->description, "must be at least 1");
  google__rpc__bad_request__free_unpacked(bad, NULL);
  Google__Rpc__RetryInfo *retry = google__rpc__retry_info__unpack(
      NULL, unpacked->details[2]->value.len, unpacked->details[2]->value.data);
  assert_int_equal(retry->retry_delay->seconds, 1);
  assert_int_equal(retry->retry_delay->nanos, 500000000);
  google__rpc__retry_info__free_unpacked(retry, NULL);
  google__rpc__status__free_unpacked(unpacked, NULL);
}

static void on_details(const mesh_status *status, const echo_reply *reply, void *data) {
  assert_non_null(status->details);
  check_details(status);
  harness_on_answer(status, reply, data);
}

static harness_answer call_for_details(const char *word) {
  harness_answer answer = {.owner = &fixture};
  echo_request request;
  mesh__test__v1__echo_request__init(&request);
  request.text = harness_text(word);
  mesh_test_v1_echo(fixture.client, fixture.context, &request, on_details, &answer);
  harness_run(&fixture);
  return answer;
}

/* Clients would know that something failed, but not which field, or when to come back. */
static void test_error_details(void **state) {
  (void)state;
  harness_answer answer = call_for_details("details");
  assert_int_equal(answer.code, GRPC_STATUS_FAILED_PRECONDITION);
}

/* A service that passes on what another one said would lose the details. */
static void test_error_details_pass_through(void **state) {
  (void)state;
  harness_answer answer = call_for_details("downstream failure");
  assert_string_equal(answer.message, "cannot reserve");
}

static mesh_client_call *metadata_call;

static void on_metadata(const mesh_status *status, const echo_reply *reply, void *data) {
  assert_true(mesh_status_is_ok(status));
  mesh_bytes value;
  const mesh_metadata *initial = mesh_client_call_initial_metadata(metadata_call);
  const mesh_metadata *trailing = mesh_client_call_trailing_metadata(metadata_call);
  assert_true(mesh_metadata_get(initial, "x-word", 0, &value));
  assert_int_equal(value.size, 5);
  assert_memory_equal(value.data, "hello", 5);
  assert_true(mesh_metadata_get(trailing, "x-any-bin", 0, &value));
  assert_int_equal(value.size, 4);
  assert_memory_equal(value.data, "\x00\xff\n ", 4);
  assert_memory_equal(mesh_client_call_peer(metadata_call), "ipv4:127.0.0.1:", 15);
  assert_memory_equal(reply->text, "ipv4:127.0.0.1:", 15);
  harness_on_answer(status, reply, data);
}

/* Metadata would be lost, or binary values changed, on the way there or back. */
static void test_metadata(void **state) {
  (void)state;
  harness_answer answer = {.owner = &fixture};
  mesh_bytes word = {"hello", 5};
  mesh_bytes any = {"\x00\xff\n ", 4};
  const mesh_context *context = mesh_context_with_metadata(fixture.context, "x-word", word);
  context = mesh_context_with_metadata(context, "x-any-bin", any);
  echo_request request;
  mesh__test__v1__echo_request__init(&request);
  request.text = harness_text("metadata");
  metadata_call = mesh_test_v1_echo(fixture.client, context, &request, on_metadata, &answer);
  harness_run(&fixture);
  assert_int_equal(answer.code, GRPC_STATUS_OK);
}

/* Metadata that gRPC forbids would abort the process instead of failing its call. */
static void test_illegal_metadata(void **state) {
  (void)state;
  static const char *const keys[] = {"Upper-Case", "with space", "", ":path", "grpc-timeout"};
  mesh_bytes value = {"x", 1};
  for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
    const mesh_context *context = mesh_context_with_metadata(fixture.context, keys[i], value);
    harness_answer answer = harness_echo(&fixture, context, "back");
    assert_int_equal(answer.code, GRPC_STATUS_INVALID_ARGUMENT);
  }
  harness_answer answer = harness_echo(&fixture, fixture.context, "illegal metadata");
  assert_int_equal(answer.code, GRPC_STATUS_INTERNAL);
  assert_non_null(strstr(answer.message, "x-word"));
}

/* A handler that never answers would hold its caller for ever. */
static void test_deadline_already_passed(void **state) {
  (void)state;
  const mesh_context *context = mesh_context_with_timeout(fixture.context, 0);
  harness_answer answer = harness_echo(&fixture, context, "back");
  assert_int_equal(answer.code, GRPC_STATUS_DEADLINE_EXCEEDED);
}

/* Calls made in a cancelled context would still go out. */
static void test_context_already_cancelled(void **state) {
  (void)state;
  mesh_context *context = mesh_context_new(fixture.loop, NULL, MESH_NO_TIMEOUT);
  mesh_context_cancel(context);
  harness_answer answer = harness_echo(&fixture, context, "back");
  assert_int_equal(answer.code, GRPC_STATUS_CANCELLED);
  mesh_context_release(context);
}

/* One could not tell how many calls a process served, and how they ended. */
static void test_calls_are_counted_by_what_they_ended_with(void **state) {
  (void)state;
  mesh_server_stats before;
  mesh_server_stats after;
  mesh_server_get_stats(fixture.server, &before);
  harness_echo(&fixture, fixture.context, "back");
  harness_echo(&fixture, fixture.context, "back");
  harness_echo(&fixture, fixture.context, "missing");
  harness_echo(&fixture, fixture.context, "downstream"); /* two calls, at once */
  mesh_server_get_stats(fixture.server, &after);
  assert_int_equal(after.started - before.started, 5);
  assert_int_equal(after.ended[GRPC_STATUS_OK] - before.ended[GRPC_STATUS_OK], 4);
  assert_int_equal(after.ended[GRPC_STATUS_NOT_FOUND] - before.ended[GRPC_STATUS_NOT_FOUND], 1);
  assert_int_equal(after.ended[GRPC_STATUS_INTERNAL], before.ended[GRPC_STATUS_INTERNAL]);
  assert_int_equal(after.refused, 0);
  assert_in_range(after.in_flight_max, 2, 5);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_round_trip),
      cmocka_unit_test(test_failure),
      cmocka_unit_test(test_calls_are_counted_by_what_they_ended_with),
      cmocka_unit_test(test_missing_handler),
      cmocka_unit_test(test_unknown_method),
      cmocka_unit_test(test_undecodable_request),
      cmocka_unit_test(test_undecodable_reply),
      cmocka_unit_test(test_downstream_call),
      cmocka_unit_test(test_error_details),
      cmocka_unit_test(test_error_details_pass_through),
      cmocka_unit_test(test_metadata),
      cmocka_unit_test(test_illegal_metadata),
      cmocka_unit_test(test_deadline_already_passed),
      cmocka_unit_test(test_context_already_cancelled),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}

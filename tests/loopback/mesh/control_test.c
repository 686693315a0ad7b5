/* SPDX-License-Identifier: Apache-2.0 */
/* What flows from a server call to the calls it makes, and what servers and clients limit. */
#include <stdlib.h>
#include <string.h>

#include "harness.h"

static harness fixture;

/* The state of the server, as the handlers see it. */
typedef struct seen {
  mesh_call *parked[8];
  int parked_count;
  int cancelled; /* contexts that were told */
  grpc_status_code downstream_code;
  int downstream_answers;
  int64_t remaining_ms;
  int overloads;
} seen;
static seen server;

static void note_cancel(void *data) {
  (void)data;
  server.cancelled++;
}

/* Neither answers nor looks at the call again until the test does. */
static void park(mesh_call *call) {
  server.parked[server.parked_count++] = call;
  server.remaining_ms = mesh_context_remaining_ms(mesh_call_context(call));
  mesh_context_on_cancel(mesh_call_context(call), note_cancel, NULL);
}

static void on_downstream(const mesh_status *status, const echo_reply *reply, void *data) {
  (void)reply;
  server.downstream_code = status->code;
  server.downstream_answers++;
  mesh_call_fail_with(data, status);
}

static void call_parked(mesh_call *call, const mesh_context *context) {
  echo_request request;
  mesh__test__v1__echo_request__init(&request);
  request.text = harness_text("park");
  mesh_test_v1_echo(fixture.client, context, &request, on_downstream, call);
}

static void reply_large(mesh_call *call) {
  echo_reply reply;
  mesh__test__v1__echo_reply__init(&reply);
  reply.payload.len = 200000;
  reply.payload.data = mesh_arena_alloc(mesh_call_arena(call), reply.payload.len);
  mesh_test_v1_echo_reply(call, &reply);
}

static void echo(mesh_call *call, const echo_request *request, void *self) {
  (void)self;
  const mesh_context *context = mesh_call_context(call);
  if (strcmp(request->text, "park") == 0) {
    park(call);
  } else if (strcmp(request->text, "downstream") == 0) {
    mesh_context_on_cancel(context, note_cancel, NULL);
    call_parked(call, context);
  } else if (strcmp(request->text, "detached") == 0) {
    call_parked(call, mesh_context_detached(context, 60000));
  } else if (strcmp(request->text, "give up") == 0) {
    mesh_context_cancel(context);
    mesh_call_fail(call, GRPC_STATUS_ABORTED, "given up");
  } else if (strcmp(request->text, "large") == 0) {
    reply_large(call);
  } else {
    echo_reply reply;
    mesh__test__v1__echo_reply__init(&reply);
    mesh_test_v1_echo_reply(call, &reply);
  }
}

static void release_parked(void) {
  for (int i = 0; i < server.parked_count; i++) {
    mesh_call_fail(server.parked[i], GRPC_STATUS_ABORTED, "let go");
  }
  server.parked_count = 0;
}

static const mesh_test_v1_echo_service handlers = {.echo = echo};

static void note_overload(const mesh_overload *overload, void *data) {
  (void)data;
  if (overload->is_refusing) {
    assert_int_equal(overload->refused, 1);
    server.overloads++;
  }
}

static int set_up(void **state) {
  (void)state;
  memset(&server, 0, sizeof server);
  harness_options options = {
      .handlers = &handlers,
      .server = {.max_request_bytes = 100000,
                 .max_calls_in_flight = 3,
                 .max_metadata_bytes = 4096,
                 .on_overload = note_overload},
      .client = {.max_reply_bytes = 100000},
  };
  harness_start(&fixture, &options);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  release_parked();
  harness_stop(&fixture);
  return 0;
}

/* Runs until `*value` is at least `minimum`. */
static void wait_for(const int *value, int minimum) {
  for (int i = 0; i < 2000 && *value < minimum; i++) {
    harness_run_for(&fixture, 2);
  }
  assert_true(*value >= minimum);
}

static mesh_client_call *start_echo(const mesh_context *context, const char *text,
                                    harness_answer *answer) {
  echo_request request;
  mesh__test__v1__echo_request__init(&request);
  request.text = harness_text(text);
  answer->owner = &fixture;
  return mesh_test_v1_echo(fixture.client, context, &request, harness_on_answer, answer);
}

/* ---- deadlines and cancellation ---- */

/* The C core rounds timeouts up, to 10 ms here, at every hop. */
static bool has_about_5_s(void) {
  return server.remaining_ms > 1000 && server.remaining_ms <= 5100;
}

/* A handler that never answers would hold its caller for ever. */
static void test_deadline_passes_in_the_handler(void **state) {
  (void)state;
  harness_echo(&fixture, fixture.context, "connect");
  harness_answer answer =
      harness_echo(&fixture, mesh_context_with_timeout(fixture.context, 30), "park");
  assert_int_equal(answer.code, GRPC_STATUS_DEADLINE_EXCEEDED);
  wait_for(&server.cancelled, 1);
  assert_true(mesh_context_is_cancelled(mesh_call_context(server.parked[0])));
}

/* The server would not know how long its caller waits. */
static void test_deadline_reaches_the_server(void **state) {
  (void)state;
  harness_answer answer = {0};
  start_echo(mesh_context_with_timeout(fixture.context, 5000), "park", &answer);
  wait_for(&server.parked_count, 1);
  assert_true(has_about_5_s());
  release_parked();
  harness_run(&fixture);
  assert_int_equal(answer.code, GRPC_STATUS_ABORTED);
}

/* Downstream calls would have more time than the call they are for. */
static void test_deadline_reaches_downstream(void **state) {
  (void)state;
  harness_answer answer = {0};
  start_echo(mesh_context_with_timeout(fixture.context, 5000), "downstream", &answer);
  wait_for(&server.parked_count, 1);
  assert_true(has_about_5_s());
  release_parked();
  harness_run(&fixture);
  assert_int_equal(server.downstream_code, GRPC_STATUS_ABORTED);
}

/* A client that goes away would leave work behind, here and downstream. */
static void test_cancellation_reaches_downstream(void **state) {
  (void)state;
  harness_answer answer = {0};
  mesh_client_call *call = start_echo(fixture.context, "downstream", &answer);
  wait_for(&server.parked_count, 1);
  mesh_client_call_cancel(call);
  harness_run(&fixture);
  assert_int_equal(answer.code, GRPC_STATUS_CANCELLED);
  wait_for(&server.downstream_answers, 1);
  assert_int_equal(server.downstream_code, GRPC_STATUS_CANCELLED);
  wait_for(&server.cancelled, 2);
}

/* What is registered for a cancellation would be called for work that is over, and could start more
 * in an arena that goes with the same turn. */
static void test_deadline_leaves_alone_what_is_over(void **state) {
  (void)state;
  mesh_context *over = mesh_context_new(fixture.loop, NULL, 0);
  mesh_context_on_cancel(over, note_cancel, NULL);
  mesh_context_release(over);
  harness_run_for(&fixture, 5);
  assert_int_equal(server.cancelled, 0);
  mesh_context *under_way = mesh_context_new(fixture.loop, NULL, 0);
  mesh_context_on_cancel(under_way, note_cancel, NULL);
  wait_for(&server.cancelled, 1);
  mesh_context_release(under_way);
}

/* Compensation would be cancelled together with what it makes up for. */
static void test_detached_call_goes_on(void **state) {
  (void)state;
  harness_answer answer = {0};
  mesh_client_call *call = start_echo(fixture.context, "detached", &answer);
  wait_for(&server.parked_count, 1);
  mesh_client_call_cancel(call);
  harness_run(&fixture);
  assert_int_equal(answer.code, GRPC_STATUS_CANCELLED);
  harness_run_for(&fixture, 30);
  assert_int_equal(server.downstream_answers, 0);
  assert_int_equal(server.cancelled, 0);
  release_parked();
  wait_for(&server.downstream_answers, 1);
  assert_int_equal(server.downstream_code, GRPC_STATUS_ABORTED);
}

/* A client's own limit would not hold where the context has none. */
static void test_default_timeout(void **state) {
  (void)state;
  mesh_client_options options = {.target = fixture.target, .default_timeout_ms = 100};
  mesh_client *impatient;
  mesh_status status = mesh_client_new(&options, &impatient);
  assert_true(mesh_status_is_ok(&status));
  mesh_client *patient = fixture.client;
  fixture.client = impatient;
  while (harness_echo(&fixture, fixture.context, "connect").code != GRPC_STATUS_OK) {}
  harness_answer answer = harness_echo(&fixture, fixture.context, "park");
  fixture.client = patient;
  wait_for(&server.cancelled, 1);
  assert_int_equal(answer.code, GRPC_STATUS_DEADLINE_EXCEEDED);
  mesh_client_destroy(impatient);
}

/* A handler that calls off what it started would leave its own client without an answer. */
static void test_handler_that_cancels_is_heard(void **state) {
  (void)state;
  assert_int_equal(harness_echo(&fixture, fixture.context, "give up").code, GRPC_STATUS_ABORTED);
  harness_answer answer = {0};
  start_echo(fixture.context, "park", &answer);
  wait_for(&server.parked_count, 1);
  mesh_context_cancel(mesh_call_context(server.parked[0]));
  assert_int_equal(server.cancelled, 1);
  release_parked();
  harness_run(&fixture);
  assert_int_equal(answer.code, GRPC_STATUS_ABORTED);
  assert_string_equal(answer.message, "let go");
}

/* ---- limits ---- */

/* A server under load would take every call and be slow, or dead, for all of them. */
static void test_calls_in_flight(void **state) {
  (void)state;
  harness_answer answers[3] = {{0}};
  for (int i = 0; i < 3; i++) {
    start_echo(fixture.context, "park", &answers[i]);
  }
  wait_for(&server.parked_count, 3);
  harness_answer refused = harness_echo(&fixture, fixture.context, "x");
  assert_int_equal(refused.code, GRPC_STATUS_RESOURCE_EXHAUSTED);
  assert_string_equal(refused.message, "too many calls in flight");
  harness_echo(&fixture, fixture.context, "x");
  assert_int_equal(server.overloads, 1);
  assert_int_equal(mesh_server_refused(fixture.server), 2);
  release_parked();
  while (answers[0].count + answers[1].count + answers[2].count < 3) {
    harness_run(&fixture);
  }
  harness_answer taken = harness_echo(&fixture, fixture.context, "x");
  assert_int_equal(taken.code, GRPC_STATUS_OK);
}

static void check_retry_info(const mesh_status *status, const echo_reply *reply, void *data) {
  static const char expected[] = "\x08\x08\x12\x18too many calls in flight\x1a\x30\x0a\x28"
                                 "type.googleapis.com/google.rpc.RetryInfo\x12\x04\x0a\x02\x08\x01";
  assert_int_equal(status->details_size, sizeof expected - 1);
  assert_memory_equal(status->details, expected, sizeof expected - 1);
  harness_on_answer(status, reply, data);
}

/* Refused clients would not be told when to come back. */
static void test_refusal_has_retry_info(void **state) {
  (void)state;
  harness_answer answers[4] = {{0}};
  for (int i = 0; i < 3; i++) {
    start_echo(fixture.context, "park", &answers[i]);
  }
  wait_for(&server.parked_count, 3);
  echo_request request;
  mesh__test__v1__echo_request__init(&request);
  answers[3].owner = &fixture;
  mesh_test_v1_echo(fixture.client, fixture.context, &request, check_retry_info, &answers[3]);
  harness_run(&fixture);
  assert_int_equal(answers[3].count, 1);
  release_parked();
  while (answers[0].count + answers[1].count + answers[2].count < 3) {
    harness_run(&fixture);
  }
}

static harness_answer echo_payload(const mesh_context *context, size_t size) {
  harness_answer answer = {.owner = &fixture};
  echo_request request;
  mesh__test__v1__echo_request__init(&request);
  request.payload.len = size;
  request.payload.data = calloc(1, size);
  mesh_test_v1_echo(fixture.client, context, &request, harness_on_answer, &answer);
  free(request.payload.data);
  harness_run(&fixture);
  return answer;
}

/* One huge request would take the memory of all. */
static void test_request_too_large(void **state) {
  (void)state;
  assert_int_equal(echo_payload(fixture.context, 99000).code, GRPC_STATUS_OK);
  harness_answer answer = echo_payload(fixture.context, 101000);
  assert_int_equal(answer.code, GRPC_STATUS_RESOURCE_EXHAUSTED);
  assert_non_null(strstr(answer.message, "larger than max"));
  assert_int_equal(echo_payload(fixture.context, 10).code, GRPC_STATUS_OK);
}

/* One huge reply would take the memory of the client. */
static void test_reply_too_large(void **state) {
  (void)state;
  harness_answer answer = harness_echo(&fixture, fixture.context, "large");
  assert_int_equal(answer.code, GRPC_STATUS_RESOURCE_EXHAUSTED);
  assert_int_equal(harness_echo(&fixture, fixture.context, "x").code, GRPC_STATUS_OK);
}

/* Headers would be a way round the limits on messages. */
static void test_metadata_too_large(void **state) {
  (void)state;
  static char large[6000];
  memset(large, 'x', sizeof large);
  mesh_bytes value = {large, sizeof large};
  const mesh_context *context = mesh_context_with_metadata(fixture.context, "large", value);
  harness_answer answer = harness_echo(&fixture, context, "x");
  assert_int_equal(answer.code, GRPC_STATUS_RESOURCE_EXHAUSTED);
  assert_int_equal(harness_echo(&fixture, fixture.context, "x").code, GRPC_STATUS_OK);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_deadline_passes_in_the_handler, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_deadline_reaches_the_server, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_deadline_reaches_downstream, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_deadline_leaves_alone_what_is_over, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_cancellation_reaches_downstream, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_detached_call_goes_on, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_default_timeout, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_handler_that_cancels_is_heard, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_calls_in_flight, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_refusal_has_retry_info, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_request_too_large, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_reply_too_large, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_metadata_too_large, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

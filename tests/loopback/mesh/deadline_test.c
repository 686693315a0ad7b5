/* SPDX-License-Identifier: Apache-2.0 */
/* Each side keeps a call's deadline by itself, also with a peer that does not. The peers here are
 * of the C core alone, which is told not to look at deadlines. */
#include <grpc/byte_buffer.h>
#include <grpc/grpc.h>
#include <grpc/grpc_security.h>
#include <grpc/slice.h>
#include <grpc/support/time.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "harness.h"

static harness fixture;

static grpc_arg no_deadlines[] = {{
    .type = GRPC_ARG_INTEGER,
    .key = (char *)GRPC_ARG_ENABLE_DEADLINE_CHECKS,
    .value.integer = 0,
}};
static const grpc_channel_args forgetful_args = {1, no_deadlines};

/* ---- a client that waits for ever ---- */

typedef struct forgetful {
  grpc_completion_queue *queue;
  grpc_channel *channel;
} forgetful;

static forgetful client;

typedef struct forgotten {
  grpc_call *rpc;
  grpc_metadata_array headers, trailers;
  grpc_byte_buffer *reply;
  grpc_slice details;
  grpc_status_code code;
  bool is_over;
} forgotten;

static grpc_byte_buffer *make_request(const char *text) {
  echo_request request;
  mesh__test__v1__echo_request__init(&request);
  request.text = harness_text(text);
  grpc_slice slice = grpc_slice_malloc(mesh__test__v1__echo_request__get_packed_size(&request));
  mesh__test__v1__echo_request__pack(&request, GRPC_SLICE_START_PTR(slice));
  grpc_byte_buffer *message = grpc_raw_byte_buffer_create(&slice, 1);
  grpc_slice_unref(slice);
  return message;
}

static void client_open(void) {
  grpc_channel_credentials *insecure = grpc_insecure_credentials_create();
  client.queue = grpc_completion_queue_create_for_next(NULL);
  client.channel = grpc_channel_create(fixture.target, insecure, &forgetful_args);
  grpc_channel_credentials_release(insecure);
}

static gpr_timespec deadline_in(int64_t timeout_ms) {
  return timeout_ms == MESH_NO_TIMEOUT
             ? gpr_inf_future(GPR_CLOCK_MONOTONIC)
             : gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC),
                            gpr_time_from_millis(timeout_ms, GPR_TIMESPAN));
}

static void call_start(forgotten *call, const char *text, int64_t timeout_ms) {
  memset(call, 0, sizeof *call);
  grpc_byte_buffer *request = make_request(text);
  grpc_metadata_array_init(&call->headers);
  grpc_metadata_array_init(&call->trailers);
  call->rpc =
      grpc_channel_create_call(client.channel, NULL, GRPC_PROPAGATE_DEFAULTS, client.queue,
                               grpc_slice_from_static_string("/mesh.test.v1.EchoService/Echo"),
                               NULL, deadline_in(timeout_ms), NULL);
  grpc_op ops[] = {
      {.op = GRPC_OP_SEND_INITIAL_METADATA},
      {.op = GRPC_OP_SEND_MESSAGE, .data.send_message.send_message = request},
      {.op = GRPC_OP_SEND_CLOSE_FROM_CLIENT},
      {.op = GRPC_OP_RECV_INITIAL_METADATA,
       .data.recv_initial_metadata.recv_initial_metadata = &call->headers},
      {.op = GRPC_OP_RECV_MESSAGE, .data.recv_message.recv_message = &call->reply},
      {.op = GRPC_OP_RECV_STATUS_ON_CLIENT,
       .data.recv_status_on_client = {.trailing_metadata = &call->trailers,
                                      .status = &call->code,
                                      .status_details = &call->details}},
  };
  assert_int_equal(grpc_call_start_batch(call->rpc, ops, 6, call, NULL), GRPC_CALL_OK);
  grpc_byte_buffer_destroy(request);
}

static void call_clean_up(forgotten *call) {
  grpc_slice_unref(call->details);
  grpc_byte_buffer_destroy(call->reply);
  grpc_metadata_array_destroy(&call->headers);
  grpc_metadata_array_destroy(&call->trailers);
  grpc_call_unref(call->rpc);
}

static void client_poll(void) {
  gpr_timespec at_once = gpr_inf_past(GPR_CLOCK_MONOTONIC);
  grpc_event event = grpc_completion_queue_next(client.queue, at_once, NULL);
  if (event.type == GRPC_OP_COMPLETE) {
    forgotten *call = event.tag;
    call->is_over = true;
    call_clean_up(call);
  }
}

/* Runs both sides until the call is over. */
static grpc_status_code call_finish(forgotten *call) {
  for (int i = 0; i < 5000 && !call->is_over; i++) {
    harness_run_for(&fixture, 2);
    client_poll();
  }
  assert_true(call->is_over);
  return call->code;
}

static void client_close(void) {
  grpc_channel_destroy(client.channel);
  grpc_completion_queue_shutdown(client.queue);
  while (grpc_completion_queue_next(client.queue, gpr_inf_future(GPR_CLOCK_REALTIME), NULL).type !=
         GRPC_QUEUE_SHUTDOWN) {}
  grpc_completion_queue_destroy(client.queue);
}

/* ---- mesh's server, with that client ---- */

enum { TIMEOUT_MS = 50 };

static int invoked;
static int cancelled;

static void give_up(void *call) {
  cancelled++;
  mesh_call_fail(call, GRPC_STATUS_ABORTED, "given up");
}

/* Keeps the loop busy beyond the deadline of the others. */
static void keep_busy(void) {
  struct timespec while_busy = {.tv_nsec = 2 * TIMEOUT_MS * 1000000L};
  nanosleep(&while_busy, NULL);
}

static void echo(mesh_call *call, const echo_request *request, void *self) {
  (void)self;
  if (strcmp(request->text, "park") == 0) {
    invoked++;
    mesh_context_on_cancel(mesh_call_context(call), give_up, call);
    return;
  }
  if (strcmp(request->text, "busy") == 0) {
    keep_busy();
  }
  echo_reply reply;
  mesh__test__v1__echo_reply__init(&reply);
  mesh_test_v1_echo_reply(call, &reply);
}

static int set_up(void **state) {
  (void)state;
  static const mesh_test_v1_echo_service handlers = {.echo = echo};
  harness_options options = {.handlers = &handlers};
  harness_start(&fixture, &options);
  invoked = cancelled = 0;
  client_open();
  forgotten first;
  call_start(&first, "connect", MESH_NO_TIMEOUT);
  assert_int_equal(call_finish(&first), GRPC_STATUS_OK);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  client_close();
  harness_stop(&fixture);
  return 0;
}

/* A client that has lost its mind, or its clock, would hold a call and all it holds. */
static void test_server_ends_the_call(void **state) {
  (void)state;
  forgotten call;
  int64_t began_ms = mesh_loop_now_ms(fixture.loop);
  call_start(&call, "park", TIMEOUT_MS);
  assert_int_equal(call_finish(&call), GRPC_STATUS_DEADLINE_EXCEEDED);
  assert_int_equal(invoked, 1);
  assert_int_equal(cancelled, 1);
  assert_true(mesh_loop_now_ms(fixture.loop) - began_ms >= TIMEOUT_MS - 1);
}

/* Under overload a server would work for clients that have given up, and the others wait longer.
 * Both calls arrive at once. */
static void test_server_does_not_start_what_is_late(void **state) {
  (void)state;
  forgotten busy;
  forgotten late;
  call_start(&busy, "busy", MESH_NO_TIMEOUT);
  call_start(&late, "park", TIMEOUT_MS);
  assert_int_equal(call_finish(&busy), GRPC_STATUS_OK);
  assert_int_equal(call_finish(&late), GRPC_STATUS_DEADLINE_EXCEEDED);
  assert_int_equal(invoked, 0);
}

/* ---- mesh's client, with a server that never answers ---- */

typedef struct silent_server {
  grpc_completion_queue *queue;
  grpc_server *core;
  char target[64];
} silent_server;

static void server_open(silent_server *self) {
  grpc_server_credentials *insecure = grpc_insecure_server_credentials_create();
  self->queue = grpc_completion_queue_create_for_next(NULL);
  self->core = grpc_server_create(&forgetful_args, NULL);
  grpc_server_register_completion_queue(self->core, self->queue, NULL);
  int port = grpc_server_add_http2_port(self->core, "127.0.0.1:0", insecure);
  grpc_server_credentials_release(insecure);
  assert_true(port > 0);
  grpc_server_start(self->core);
  snprintf(self->target, sizeof self->target, "127.0.0.1:%d", port);
}

static void server_close(silent_server *self) {
  grpc_server_shutdown_and_notify(self->core, self->queue, NULL);
  grpc_server_cancel_all_calls(self->core);
  (void)grpc_completion_queue_next(self->queue, gpr_inf_future(GPR_CLOCK_REALTIME), NULL);
  grpc_server_destroy(self->core);
  grpc_completion_queue_shutdown(self->queue);
  (void)grpc_completion_queue_next(self->queue, gpr_inf_future(GPR_CLOCK_REALTIME), NULL);
  grpc_completion_queue_destroy(self->queue);
}

static grpc_status_code stream_code;

static void on_finished(const mesh_status *status, void *data) {
  (void)data;
  stream_code = status->code;
  harness_done(&fixture);
}

static void open_stream(const mesh_context *context) {
  echo_request request;
  mesh__test__v1__echo_request__init(&request);
  mesh_test_v1_repeat(fixture.client, context, &request, on_finished, NULL);
  harness_run(&fixture);
}

/* A server that hangs would hold its callers. The deadline is the context's own, which its scope
 * watches; or nearer, which the call does; or the client's. */
static void test_client_ends_the_call(void **state) {
  (void)state;
  silent_server server;
  server_open(&server);
  harness_options options = {.handlers = &harness_echo_service,
                             .client = {.target = server.target, .default_timeout_ms = TIMEOUT_MS}};
  harness_start(&fixture, &options);
  mesh_context *hurried = mesh_context_new(fixture.loop, NULL, TIMEOUT_MS);
  mesh_context *patient = mesh_context_new(fixture.loop, NULL, 60000);
  const mesh_context *contexts[] = {hurried, fixture.context,
                                    mesh_context_with_timeout(patient, TIMEOUT_MS)};
  for (size_t i = 0; i < 3; i++) {
    harness_answer answer = harness_echo(&fixture, contexts[i], "x");
    assert_int_equal(answer.code, GRPC_STATUS_DEADLINE_EXCEEDED);
    assert_string_equal(answer.message, "Deadline Exceeded");
  }
  open_stream(mesh_context_with_timeout(patient, TIMEOUT_MS));
  assert_int_equal(stream_code, GRPC_STATUS_DEADLINE_EXCEEDED);
  mesh_context_release(hurried);
  mesh_context_release(patient);
  harness_stop(&fixture);
  server_close(&server);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_server_ends_the_call, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_server_does_not_start_what_is_late, set_up, tear_down),
      cmocka_unit_test(test_client_ends_the_call),
  };
  return cmocka_run_group_tests_name("deadline", tests, NULL, NULL);
}

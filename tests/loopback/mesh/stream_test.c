/* SPDX-License-Identifier: Apache-2.0 */
/* Streams over a real socket: all kinds, both ends, and how they break. */
#include <stdio.h>
#include <string.h>

#include "harness.h"

static harness fixture;

/* ---- the server: one stream at a time, its state is here ---- */

enum { LARGE = 64 * 1024 };

typedef struct server_stream {
  mesh_call *call;
  int number;    /* sent or received so far */
  int count;     /* to send */
  int fail_at;   /* fails instead of sending this one; 0: never */
  bool is_large; /* messages of LARGE bytes */
  bool was_cancelled;
  bool has_ended;
  grpc_status_code broke_with; /* what the end of the client's stream said */
  int sum;
} server_stream;
static server_stream server;

static void note_cancel(void *data) {
  (void)data;
  server.was_cancelled = true;
}

static void begin_stream(mesh_call *call) {
  memset(&server, 0, sizeof server);
  server.call = call;
  mesh_context_on_cancel(mesh_call_context(call), note_cancel, NULL);
}

static void send_next(bool ok, void *data);

static void send_one(mesh_call *call) {
  static uint8_t large[LARGE];
  echo_reply reply;
  mesh__test__v1__echo_reply__init(&reply);
  reply.number = ++server.number;
  if (server.is_large) {
    reply.payload.data = large;
    reply.payload.len = sizeof large;
  }
  mesh_test_v1_repeat_send(call, &reply, send_next, call);
}

static void send_next(bool ok, void *data) {
  mesh_call *call = data;
  if (!ok) {
    server.has_ended = true;
    mesh_call_fail(call, GRPC_STATUS_CANCELLED, "nobody listens");
  } else if (server.fail_at != 0 && server.number + 1 == server.fail_at) {
    mesh_call_fail(call, GRPC_STATUS_DATA_LOSS, "lost after %d", server.number);
  } else if (server.number == server.count) {
    server.has_ended = true;
    mesh_call_finish(call);
  } else {
    send_one(call);
  }
}

/* request.number messages; "large" and "fail" say how. */
static void repeat(mesh_call *call, const echo_request *request, void *self) {
  (void)self;
  begin_stream(call);
  server.count = request->number;
  server.is_large = strcmp(request->text, "large") == 0;
  server.fail_at = strcmp(request->text, "fail") == 0 ? request->number : 0;
  if (strcmp(request->text, "garbage") == 0) {
    mesh_bytes garbage = {"\x0a\xff", 2};
    mesh_call_send_bytes(call, garbage, send_next, call);
    return;
  }
  send_next(true, call);
  if (strcmp(request->text, "at once") == 0) {
    mesh_call_finish(call);
  }
}

static void collect_next(const mesh_status *status, const echo_request *message, void *data) {
  mesh_call *call = data;
  server.broke_with = status->code;
  if (!mesh_status_is_ok(status)) {
    server.has_ended = true;
    mesh_call_fail_with(call, status);
    return;
  }
  bool is_enough = message != NULL && strcmp(message->text, "enough") == 0;
  if (message != NULL && !is_enough) {
    server.sum += message->number;
    mesh_test_v1_collect_receive(call, collect_next, call);
    return;
  }
  echo_reply reply;
  mesh__test__v1__echo_reply__init(&reply);
  reply.number = server.sum;
  server.has_ended = true;
  mesh_test_v1_collect_reply(call, &reply);
}

static void collect(mesh_call *call, void *self) {
  (void)self;
  begin_stream(call);
  mesh_test_v1_collect_receive(call, collect_next, call);
}

static void chat_next(const mesh_status *status, const echo_request *message, void *data);

static void chat_sent(bool ok, void *data) {
  if (ok) {
    mesh_test_v1_chat_receive(data, chat_next, data);
  } else {
    mesh_call_fail(data, GRPC_STATUS_CANCELLED, "nobody listens");
  }
}

static void chat_next(const mesh_status *status, const echo_request *message, void *data) {
  mesh_call *call = data;
  if (!mesh_status_is_ok(status)) {
    mesh_call_fail_with(call, status);
    return;
  }
  if (message == NULL || strcmp(message->text, "bye") == 0) {
    mesh_call_finish(call);
    return;
  }
  echo_reply reply;
  mesh__test__v1__echo_reply__init(&reply);
  reply.text = message->text;
  reply.number = ++server.number;
  mesh_test_v1_chat_send(call, &reply, chat_sent, call);
}

static void chat(mesh_call *call, void *self) {
  (void)self;
  begin_stream(call);
  mesh_test_v1_chat_receive(call, chat_next, call);
}

static const mesh_test_v1_echo_service handlers = {
    .repeat = repeat, .collect = collect, .chat = chat};

/* ---- the client ---- */

typedef struct client_stream {
  mesh_client_call *call;
  int received;
  int last_number;
  bool has_ended; /* the NULL message came */
  bool keeps_reading;
  int stops_at; /* messages; 0: never */
  int finished; /* how often */
  grpc_status_code code;
  char message[128];
  int sent;
  int unsent;
  int to_send;
} client_stream;
static client_stream client;

static void on_finished(const mesh_status *status, void *data) {
  (void)data;
  client.finished++;
  client.code = status->code;
  snprintf(client.message, sizeof client.message, "%s", status->message);
  harness_done(&fixture);
}

static void on_message(const mesh_status *status, const echo_reply *reply, void *data) {
  assert_true(mesh_status_is_ok(status));
  assert_int_equal(client.finished, 0);
  if (reply == NULL) {
    client.has_ended = true;
    return;
  }
  client.received++;
  client.last_number = reply->number;
  if (client.keeps_reading && client.received != client.stops_at) {
    mesh_test_v1_repeat_client_receive(client.call, on_message, data);
  } else {
    harness_done(&fixture);
  }
}

static void open_repeat(const mesh_context *context, const char *text, int number) {
  echo_request request;
  memset(&client, 0, sizeof client);
  memset(&server, 0, sizeof server);
  client.keeps_reading = true;
  mesh__test__v1__echo_request__init(&request);
  request.text = harness_text(text);
  request.number = number;
  client.call = mesh_test_v1_repeat(fixture.client, context, &request, on_finished, NULL);
}

static void read_repeat(void) {
  mesh_test_v1_repeat_client_receive(client.call, on_message, NULL);
}

static int set_up(void **state) {
  (void)state;
  harness_options options = {.handlers = &handlers};
  harness_start(&fixture, &options);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  harness_stop(&fixture);
  return 0;
}

/* ---- server streaming ---- */

/* The two may come in either order: the send that fails, and the word that the call is cancelled.
 */
static bool server_has_ended(void) {
  for (int i = 0; i < 1000 && !(server.has_ended && server.was_cancelled); i++) {
    harness_run_for(&fixture, 5);
  }
  return server.has_ended && server.was_cancelled;
}

/* Messages would be lost or swapped, or the end come before the last. */
static void test_all_messages_in_order(void **state) {
  (void)state;
  static const int counts[] = {0, 1, 2, 1000};
  for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
    open_repeat(fixture.context, "", counts[i]);
    read_repeat();
    harness_run(&fixture);
    assert_int_equal(client.code, GRPC_STATUS_OK);
    assert_int_equal(client.received, counts[i]);
    assert_int_equal(client.last_number, counts[i]);
    assert_true(client.has_ended);
    assert_int_equal(client.finished, 1);
  }
}

/* A server would buffer without bound for a client that does not read. */
static void test_backpressure(void **state) {
  (void)state;
  open_repeat(fixture.context, "large", 300);
  harness_run_for(&fixture, 200);
  assert_true(server.number > 0);
  assert_true(server.number < 100);
  assert_int_equal(client.finished, 0);
  read_repeat();
  harness_run(&fixture);
  assert_int_equal(client.received, 300);
  assert_int_equal(client.code, GRPC_STATUS_OK);
}

/* A stream of small messages that was read fast and is not read any more would fill the client: the
 * C core lets fast readers have megabytes on the way. */
static void test_bounded_window(void **state) {
  (void)state;
  mesh_client *unbounded = fixture.client;
  const mesh_client_options options = {.target = fixture.target, .stream_window_bytes = 65536};
  mesh_status status = mesh_client_new(&options, &fixture.client);
  assert_true(mesh_status_is_ok(&status));
  open_repeat(fixture.context, "", 100000000);
  client.stops_at = 20000;
  read_repeat();
  harness_run(&fixture);
  harness_run_for(&fixture, 200);
  int waiting = server.number - client.received;
  mesh_client_call_cancel(client.call);
  harness_run(&fixture);
  assert_true(server_has_ended());
  mesh_client_destroy(fixture.client);
  fixture.client = unbounded;
  assert_in_range(waiting, 1, 30000);
}

/* A stream that breaks in the middle would look complete. */
static void test_failure_in_the_middle(void **state) {
  (void)state;
  open_repeat(fixture.context, "fail", 4);
  read_repeat();
  harness_run(&fixture);
  assert_int_equal(client.received, 3);
  assert_true(client.has_ended);
  assert_int_equal(client.code, GRPC_STATUS_DATA_LOSS);
  assert_string_equal(client.message, "lost after 3");
}

/* Garbage in a stream would reach the client as a message, or the stream go on behind it. */
static void test_undecodable_message_from_server(void **state) {
  (void)state;
  open_repeat(fixture.context, "garbage", 1000000);
  read_repeat();
  harness_run(&fixture);
  assert_int_equal(client.received, 0);
  assert_int_equal(client.code, GRPC_STATUS_INTERNAL);
  assert_non_null(strstr(client.message, "mesh.test.v1.EchoReply"));
}

/* A server would stream on for a client that is gone. */
static void test_client_cancels(void **state) {
  (void)state;
  open_repeat(fixture.context, "large", 1000000);
  client.keeps_reading = false;
  read_repeat();
  harness_run(&fixture);
  mesh_client_call_cancel(client.call);
  harness_run(&fixture);
  assert_int_equal(client.code, GRPC_STATUS_CANCELLED);
  assert_true(server_has_ended());
}

/* The same, when it is the context that the call was made in. */
static void test_context_is_cancelled(void **state) {
  (void)state;
  mesh_context *context = mesh_context_new(fixture.loop, NULL, MESH_NO_TIMEOUT);
  open_repeat(context, "large", 1000000);
  client.keeps_reading = false;
  read_repeat();
  harness_run(&fixture);
  mesh_context_cancel(context);
  harness_run(&fixture);
  assert_int_equal(client.code, GRPC_STATUS_CANCELLED);
  assert_true(server_has_ended());
  mesh_context_release(context);
}

/* A stream would outlive its deadline. */
static void test_deadline_in_the_middle(void **state) {
  (void)state;
  mesh_context *context = mesh_context_new(fixture.loop, NULL, 300);
  open_repeat(context, "large", 1000000);
  mesh_context_release(context);
  harness_run(&fixture);
  assert_int_equal(client.code, GRPC_STATUS_DEADLINE_EXCEEDED);
  assert_true(server_has_ended());
}

/* ---- client streaming ---- */

static void send_number(bool ok, void *data);

static void send_collect(const char *text, int number) {
  echo_request request;
  mesh__test__v1__echo_request__init(&request);
  request.text = harness_text(text);
  request.number = number;
  mesh_test_v1_collect_client_send(client.call, &request, send_number, NULL);
}

static void send_number(bool ok, void *data) {
  (void)data;
  client.sent += ok;
  client.unsent += !ok;
  if (!ok) {
    return;
  }
  if (client.sent < client.to_send) {
    send_collect("", client.sent + 1);
  } else {
    mesh_client_call_close_send(client.call);
  }
}

static void on_sum(const mesh_status *status, const echo_reply *reply, void *data) {
  (void)data;
  client.finished++;
  client.code = status->code;
  client.last_number = reply != NULL ? reply->number : -1;
  harness_done(&fixture);
}

static void open_collect(void) {
  memset(&client, 0, sizeof client);
  memset(&server, 0, sizeof server);
  client.call = mesh_test_v1_collect(fixture.client, fixture.context, on_sum, NULL);
}

/* Messages of the client's stream would be lost, or the reply. */
static void test_collect(void **state) {
  (void)state;
  open_collect();
  client.to_send = 100;
  send_collect("", 1);
  harness_run(&fixture);
  assert_int_equal(client.code, GRPC_STATUS_OK);
  assert_int_equal(client.last_number, 5050);
  assert_int_equal(client.sent, 100);
}

/* An empty stream would hang or lack its reply. */
static void test_collect_nothing(void **state) {
  (void)state;
  open_collect();
  mesh_client_call_close_send(client.call);
  harness_run(&fixture);
  assert_int_equal(client.code, GRPC_STATUS_OK);
  assert_int_equal(client.last_number, 0);
}

/* The close would have to wait for the send, or overtake it. */
static void test_close_right_behind_send(void **state) {
  (void)state;
  open_collect();
  echo_request request;
  mesh__test__v1__echo_request__init(&request);
  request.number = 3;
  mesh_test_v1_collect_client_send(client.call, &request, NULL, NULL);
  mesh_client_call_close_send(client.call);
  harness_run(&fixture);
  assert_int_equal(client.last_number, 3);
}

/* A server that knows enough could not answer before the client's end. */
static void test_answer_before_the_end(void **state) {
  (void)state;
  open_collect();
  client.to_send = 1000000;
  send_collect("enough", 1);
  harness_run(&fixture);
  assert_int_equal(client.code, GRPC_STATUS_OK);
  assert_int_equal(client.last_number, 0);
  assert_int_equal(client.finished, 1);
}

/* A broken stream would look like one that ended, and half a batch be taken for all of it. */
static void test_client_stream_breaks(void **state) {
  (void)state;
  open_collect();
  client.to_send = 2;
  echo_request request;
  mesh__test__v1__echo_request__init(&request);
  request.number = 5;
  mesh_test_v1_collect_client_send(client.call, &request, NULL, NULL);
  for (int i = 0; i < 1000 && server.sum == 0; i++) {
    harness_run_for(&fixture, 5);
  }
  mesh_client_call_cancel(client.call);
  harness_run(&fixture);
  assert_int_equal(client.code, GRPC_STATUS_CANCELLED);
  assert_true(server_has_ended());
  assert_int_equal(server.broke_with, GRPC_STATUS_CANCELLED);
}

/* Garbage in the client's stream would reach the handler as a message. */
static void test_undecodable_message_from_client(void **state) {
  (void)state;
  open_collect();
  mesh_payload garbage = {NULL, {"\x0a\xff", 2}};
  mesh_client_call_send(client.call, &garbage, NULL, NULL);
  harness_run(&fixture);
  assert_int_equal(client.code, GRPC_STATUS_INTERNAL);
  assert_int_equal(server.broke_with, GRPC_STATUS_INTERNAL);
}

/* A send under way would be lost when the call is ended behind it; or call back into a handler that
 * is through. */
static void test_end_behind_a_send(void **state) {
  (void)state;
  open_repeat(fixture.context, "at once", 1);
  read_repeat();
  harness_run(&fixture);
  assert_int_equal(client.received, 1);
  assert_int_equal(client.code, GRPC_STATUS_OK);
  assert_false(server.has_ended);
}

/* ---- both ways ---- */

static void on_chat(const mesh_status *status, const echo_reply *reply, void *data);

static void send_chat(const char *text) {
  echo_request request;
  mesh__test__v1__echo_request__init(&request);
  request.text = harness_text(text);
  mesh_test_v1_chat_client_send(client.call, &request, NULL, NULL);
  mesh_test_v1_chat_client_receive(client.call, on_chat, NULL);
}

static void on_chat(const mesh_status *status, const echo_reply *reply, void *data) {
  (void)status;
  (void)data;
  if (reply == NULL) {
    client.has_ended = true;
    return;
  }
  assert_int_equal(reply->number, ++client.received);
  if (client.received < client.to_send) {
    send_chat("more");
  } else {
    harness_done(&fixture);
  }
}

static void open_chat(int count) {
  memset(&client, 0, sizeof client);
  client.to_send = count;
  client.call = mesh_test_v1_chat(fixture.client, fixture.context, on_finished, NULL);
  send_chat("hello");
  harness_run(&fixture);
}

/* A dialogue would stall, or its messages be out of step. */
static void test_chat(void **state) {
  (void)state;
  open_chat(100);
  mesh_client_call_close_send(client.call);
  mesh_test_v1_chat_client_receive(client.call, on_chat, NULL);
  harness_run(&fixture);
  assert_true(client.has_ended);
  assert_int_equal(client.code, GRPC_STATUS_OK);
}

/* The server could not end a dialogue while the client still has its side open. */
static void test_server_ends_the_chat(void **state) {
  (void)state;
  open_chat(1);
  send_chat("bye");
  harness_run(&fixture);
  assert_true(client.has_ended);
  assert_int_equal(client.code, GRPC_STATUS_OK);
}

/* The end of a stream would be told twice, or before what is under way has been answered. */
static void test_cancel_with_all_under_way(void **state) {
  (void)state;
  open_chat(1);
  send_chat("more");
  mesh_client_call_cancel(client.call);
  mesh_client_call_cancel(client.call);
  harness_run(&fixture);
  assert_int_equal(client.finished, 1);
  harness_run_for(&fixture, 20);
  assert_int_equal(client.finished, 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_all_messages_in_order),
      cmocka_unit_test(test_backpressure),
      cmocka_unit_test(test_bounded_window),
      cmocka_unit_test(test_failure_in_the_middle),
      cmocka_unit_test(test_undecodable_message_from_server),
      cmocka_unit_test(test_client_cancels),
      cmocka_unit_test(test_context_is_cancelled),
      cmocka_unit_test(test_deadline_in_the_middle),
      cmocka_unit_test(test_collect),
      cmocka_unit_test(test_collect_nothing),
      cmocka_unit_test(test_close_right_behind_send),
      cmocka_unit_test(test_answer_before_the_end),
      cmocka_unit_test(test_client_stream_breaks),
      cmocka_unit_test(test_undecodable_message_from_client),
      cmocka_unit_test(test_end_behind_a_send),
      cmocka_unit_test(test_chat),
      cmocka_unit_test(test_server_ends_the_chat),
      cmocka_unit_test(test_cancel_with_all_under_way),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}

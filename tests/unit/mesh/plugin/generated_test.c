/* SPDX-License-Identifier: Apache-2.0 */
/* The generated code of golden/kinds.proto, run against a mesh that only writes down what it is
 * told. */
#include "kinds.mesh.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* What mesh was told last. */
static struct {
  int calls;
  grpc_status_code code;
  const ProtobufCMessage *message;
  const mesh_method *method;
  bool without_request;
  bool is_closed;
  mesh_reply_to reply_to;
  mesh_finished_fn *on_finished;
  mesh_any_fn on_message;
  mesh_sent_fn *on_sent;
  void *data;
} told;

/* Stand-ins: their addresses are all that counts. */
static char places[4];
#define CALL ((mesh_call *)(void *)&places[0])
#define CLIENT ((mesh_client *)(void *)&places[1])
#define CONTEXT ((const mesh_context *)(const void *)&places[2])
#define CLIENT_CALL ((mesh_client_call *)(void *)&places[3])

void mesh_call_fail(mesh_call *call, grpc_status_code code, const char *format, ...) {
  (void)format;
  assert_ptr_equal(call, CALL);
  told.calls++;
  told.code = code;
}

void mesh_call_reply(mesh_call *call, const ProtobufCMessage *reply) {
  assert_ptr_equal(call, CALL);
  told.calls++;
  told.message = reply;
}

void mesh_call_send(mesh_call *call, const ProtobufCMessage *message, mesh_sent_fn *on_sent,
                    void *data) {
  mesh_call_reply(call, message);
  told.on_sent = on_sent;
  told.data = data;
}

void mesh_call_receive_typed(mesh_call *call, mesh_any_fn on_message, void *data) {
  assert_ptr_equal(call, CALL);
  told.calls++;
  told.on_message = on_message;
  told.data = data;
}

mesh_client_call *mesh_client_unary(mesh_client *client, const mesh_context *context,
                                    const mesh_method *method, const mesh_payload *request,
                                    const mesh_reply_to *reply_to) {
  assert_ptr_equal(client, CLIENT);
  assert_ptr_equal(context, CONTEXT);
  told.calls++;
  told.method = method;
  told.without_request = request == NULL;
  told.message = request != NULL ? request->message : NULL;
  told.reply_to = *reply_to;
  return CLIENT_CALL;
}

mesh_client_call *mesh_client_stream(mesh_client *client, const mesh_context *context,
                                     const mesh_method *method, mesh_finished_fn *on_finished,
                                     void *data) {
  assert_ptr_equal(client, CLIENT);
  assert_ptr_equal(context, CONTEXT);
  told.calls++;
  told.method = method;
  told.on_finished = on_finished;
  told.data = data;
  return CLIENT_CALL;
}

void mesh_client_call_send(mesh_client_call *call, const mesh_payload *message,
                           void (*on_sent)(bool ok, void *data), void *data) {
  assert_ptr_equal(call, CLIENT_CALL);
  told.calls++;
  told.message = message->message;
  told.on_sent = on_sent;
  told.data = on_sent != NULL ? data : told.data;
}

void mesh_client_call_close_send(mesh_client_call *call) {
  assert_ptr_equal(call, CLIENT_CALL);
  told.is_closed = true;
}

void mesh_client_call_receive(mesh_client_call *call, const mesh_reply_to *reply_to) {
  assert_ptr_equal(call, CLIENT_CALL);
  told.calls++;
  told.reply_to = *reply_to;
}

static int forget(void **state) {
  (void)state;
  memset(&told, 0, sizeof(told));
  return 0;
}

/* ---- a handler table that writes down what it got ---- */

static struct {
  const void *request;
  void *self;
  int calls;
} got;

static void enter(mesh_call *call, const Test__Kinds__V1__EnterRequest *request, void *self) {
  assert_ptr_equal(call, CALL);
  got.request = request;
  got.self = self;
  got.calls++;
}

static void talk(mesh_call *call, void *self) {
  enter(call, NULL, self);
}

static const test_kinds_v1_room_service handlers = {.enter = enter, .talk = talk};
static const mesh_service_descriptor *const descriptor = &test_kinds_v1_room_service_descriptor;

static void invoke(const char *name, const ProtobufCMessage *request) {
  mesh_service service = test_kinds_v1_room_service_bind(&handlers, &places[1]);
  for (size_t i = 0; i < descriptor->method_count; i++) {
    if (strcmp(descriptor->methods[i].name, name) == 0) {
      service.descriptor->methods[i].invoke(CALL, request, &service);
      return;
    }
  }
  fail_msg("no method %s", name);
}

/* ---- callbacks that write down what they got ---- */

static struct {
  const mesh_status *status;
  const void *message;
  void *data;
} delivered;

static void on_room(const mesh_status *status, const Test__Kinds__V1__Room *reply, void *data) {
  delivered.status = status;
  delivered.message = reply;
  delivered.data = data;
}

static void on_chat(const mesh_status *status, const Test__Kinds__V1__Room__Message *message,
                    void *data) {
  delivered.status = status;
  delivered.message = message;
  delivered.data = data;
}

static void on_finished(const mesh_status *status, void *data) {
  (void)status;
  (void)data;
}

static void on_sent(bool ok, void *data) {
  (void)ok;
  (void)data;
}

/* The server would route calls wrongly, or decode them as another message. */
static void test_tables_say_what_the_proto_says(void **state) {
  (void)state;
  static const struct {
    const char *name;
    const char *path;
    bool client_streaming;
    bool server_streaming;
    const ProtobufCMessageDescriptor *request;
    const ProtobufCMessageDescriptor *reply;
  } expected[] = {
      {"Enter", "/test.kinds.v1.RoomService/Enter", false, false,
       &test__kinds__v1__enter_request__descriptor, &test__kinds__v1__room__descriptor},
      {"Listen", "/test.kinds.v1.RoomService/Listen", false, true,
       &test__kinds__v1__enter_request__descriptor, &test__kinds__v1__room__message__descriptor},
      {"Upload", "/test.kinds.v1.RoomService/Upload", true, false,
       &test__kinds__v1__room__message__descriptor, &google__protobuf__empty__descriptor},
      {"Talk", "/test.kinds.v1.RoomService/Talk", true, true,
       &test__kinds__v1__room__message__descriptor,
       &test__kinds__v1__room__message__receipt__descriptor},
  };
  assert_string_equal(descriptor->name, "test.kinds.v1.RoomService");
  assert_int_equal(descriptor->method_count, 4);
  for (size_t i = 0; i < 4; i++) {
    const mesh_method *method = &descriptor->methods[i];
    assert_string_equal(method->name, expected[i].name);
    assert_string_equal(method->path, expected[i].path);
    assert_int_equal(method->client_streaming, expected[i].client_streaming);
    assert_int_equal(method->server_streaming, expected[i].server_streaming);
    assert_ptr_equal(method->request, expected[i].request);
    assert_ptr_equal(method->reply, expected[i].reply);
    assert_int_equal(method->deliver_request != NULL, method->client_streaming);
  }
}

/* A handler would get another's request, or no self. */
static void test_invoke_calls_the_handler(void **state) {
  (void)state;
  Test__Kinds__V1__EnterRequest request = TEST__KINDS__V1__ENTER_REQUEST__INIT;
  invoke("Enter", &request.base);
  assert_int_equal(got.calls, 1);
  assert_ptr_equal(got.request, &request);
  assert_ptr_equal(got.self, &places[1]);
  invoke("Talk", NULL);
  assert_int_equal(got.calls, 2);
  assert_int_equal(told.calls, 0);
}

/* A method without a handler would crash the server. */
static void test_a_missing_handler_is_unimplemented(void **state) {
  (void)state;
  invoke("Listen", NULL);
  assert_int_equal(told.code, GRPC_STATUS_UNIMPLEMENTED);
  forget(NULL);
  invoke("Upload", NULL);
  assert_int_equal(told.code, GRPC_STATUS_UNIMPLEMENTED);
}

/* A typed callback would be called with arguments of another type, or not at all. */
static void test_deliver_calls_the_typed_callback(void **state) {
  (void)state;
  mesh_status status = mesh_status_ok();
  Test__Kinds__V1__EnterRequest request = TEST__KINDS__V1__ENTER_REQUEST__INIT;
  Test__Kinds__V1__Room room = TEST__KINDS__V1__ROOM__INIT;
  mesh_client_call *call = test_kinds_v1_enter(CLIENT, CONTEXT, &request, on_room, &places[2]);
  assert_ptr_equal(call, CLIENT_CALL);
  assert_ptr_equal(told.method, &descriptor->methods[0]);
  assert_ptr_equal(told.message, &request);
  assert_null(told.reply_to.fn);
  told.method->deliver(told.reply_to.typed, &status, &room.base, told.reply_to.data);
  assert_ptr_equal(delivered.status, &status);
  assert_ptr_equal(delivered.message, &room);
  assert_ptr_equal(delivered.data, &places[2]);
}

/* A server-streaming call would wait forever for its request, or for the end of it. */
static void test_server_streaming_sends_its_request_and_closes(void **state) {
  (void)state;
  Test__Kinds__V1__EnterRequest request = TEST__KINDS__V1__ENTER_REQUEST__INIT;
  test_kinds_v1_listen(CLIENT, CONTEXT, &request, on_finished, &places[2]);
  assert_ptr_equal(told.method, &descriptor->methods[1]);
  assert_ptr_equal(told.on_finished, on_finished);
  assert_ptr_equal(told.data, &places[2]);
  assert_ptr_equal(told.message, &request);
  assert_true(told.is_closed);

  test_kinds_v1_listen_client_receive(CLIENT_CALL, on_chat, &places[3]);
  told.method->deliver(told.reply_to.typed, NULL, NULL, told.reply_to.data);
  assert_ptr_equal(delivered.data, &places[3]);
}

/* An upload would be closed before its first message. */
static void test_client_streaming_opens_without_a_request(void **state) {
  (void)state;
  test_kinds_v1_upload(CLIENT, CONTEXT, NULL, &places[2]);
  assert_ptr_equal(told.method, &descriptor->methods[2]);
  assert_true(told.without_request);
  assert_false(told.is_closed);
  Test__Kinds__V1__Room__Message message = TEST__KINDS__V1__ROOM__MESSAGE__INIT;
  test_kinds_v1_upload_client_send(CLIENT_CALL, &message, on_sent, &places[3]);
  assert_ptr_equal(told.message, &message);
  assert_ptr_equal(told.on_sent, on_sent);
  assert_ptr_equal(told.data, &places[3]);
}

/* A handler's typed functions would end or feed the wrong call. */
static void test_handler_functions_pass_on(void **state) {
  (void)state;
  Google__Protobuf__Empty empty = GOOGLE__PROTOBUF__EMPTY__INIT;
  test_kinds_v1_upload_reply(CALL, &empty);
  assert_ptr_equal(told.message, &empty);
  Test__Kinds__V1__Room__Message__Receipt receipt = TEST__KINDS__V1__ROOM__MESSAGE__RECEIPT__INIT;
  test_kinds_v1_talk_send(CALL, &receipt, on_sent, &places[2]);
  assert_ptr_equal(told.message, &receipt);
  assert_ptr_equal(told.on_sent, on_sent);
  test_kinds_v1_talk_receive(CALL, on_chat, &places[3]);
  Test__Kinds__V1__Room__Message message = TEST__KINDS__V1__ROOM__MESSAGE__INIT;
  descriptor->methods[3].deliver_request(told.on_message, NULL, &message.base, told.data);
  assert_ptr_equal(delivered.message, &message);
  assert_ptr_equal(delivered.data, &places[3]);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(test_tables_say_what_the_proto_says, forget),
      cmocka_unit_test_setup(test_invoke_calls_the_handler, forget),
      cmocka_unit_test_setup(test_a_missing_handler_is_unimplemented, forget),
      cmocka_unit_test_setup(test_deliver_calls_the_typed_callback, forget),
      cmocka_unit_test_setup(test_server_streaming_sends_its_request_and_closes, forget),
      cmocka_unit_test_setup(test_client_streaming_opens_without_a_request, forget),
      cmocka_unit_test_setup(test_handler_functions_pass_on, forget),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Made by protoc-gen-mesh-c from kinds.proto; changes here are lost. */
#include "kinds.mesh.h"

/* google.protobuf.FileDescriptorSet: this file and all that it imports. */
static const unsigned char file_descriptor_set[] = {
  10, 190, 1, 10, 27, 103, 111, 111, 103, 108, 101, 47, 112, 114, 111, 116, 111, 98, 117, 102,
  47, 101, 109, 112, 116, 121, 46, 112, 114, 111, 116, 111, 18, 15, 103, 111, 111, 103, 108, 101,
  46, 112, 114, 111, 116, 111, 98, 117, 102, 34, 7, 10, 5, 69, 109, 112, 116, 121, 66, 125,
  10, 19, 99, 111, 109, 46, 103, 111, 111, 103, 108, 101, 46, 112, 114, 111, 116, 111, 98, 117,
  102, 66, 10, 69, 109, 112, 116, 121, 80, 114, 111, 116, 111, 80, 1, 90, 46, 103, 111, 111,
  103, 108, 101, 46, 103, 111, 108, 97, 110, 103, 46, 111, 114, 103, 47, 112, 114, 111, 116, 111,
  98, 117, 102, 47, 116, 121, 112, 101, 115, 47, 107, 110, 111, 119, 110, 47, 101, 109, 112, 116,
  121, 112, 98, 248, 1, 1, 162, 2, 3, 71, 80, 66, 170, 2, 30, 71, 111, 111, 103, 108,
  101, 46, 80, 114, 111, 116, 111, 98, 117, 102, 46, 87, 101, 108, 108, 75, 110, 111, 119, 110,
  84, 121, 112, 101, 115, 98, 6, 112, 114, 111, 116, 111, 51, 10, 180, 5, 10, 11, 107, 105,
  110, 100, 115, 46, 112, 114, 111, 116, 111, 18, 13, 116, 101, 115, 116, 46, 107, 105, 110, 100,
  115, 46, 118, 49, 26, 27, 103, 111, 111, 103, 108, 101, 47, 112, 114, 111, 116, 111, 98, 117,
  102, 47, 101, 109, 112, 116, 121, 46, 112, 114, 111, 116, 111, 34, 34, 10, 12, 69, 110, 116,
  101, 114, 82, 101, 113, 117, 101, 115, 116, 18, 18, 10, 4, 110, 97, 109, 101, 24, 1, 32,
  1, 40, 9, 82, 4, 110, 97, 109, 101, 34, 172, 2, 10, 4, 82, 111, 111, 109, 18, 55,
  10, 8, 109, 101, 115, 115, 97, 103, 101, 115, 24, 1, 32, 3, 40, 11, 50, 27, 46, 116,
  101, 115, 116, 46, 107, 105, 110, 100, 115, 46, 118, 49, 46, 82, 111, 111, 109, 46, 77, 101,
  115, 115, 97, 103, 101, 82, 8, 109, 101, 115, 115, 97, 103, 101, 115, 18, 55, 10, 6, 112,
  105, 110, 110, 101, 100, 24, 2, 32, 3, 40, 11, 50, 31, 46, 116, 101, 115, 116, 46, 107,
  105, 110, 100, 115, 46, 118, 49, 46, 82, 111, 111, 109, 46, 80, 105, 110, 110, 101, 100, 69,
  110, 116, 114, 121, 82, 6, 112, 105, 110, 110, 101, 100, 18, 23, 10, 4, 115, 105, 122, 101,
  24, 3, 32, 1, 40, 5, 72, 0, 82, 4, 115, 105, 122, 101, 136, 1, 1, 26, 56, 10,
  7, 77, 101, 115, 115, 97, 103, 101, 18, 18, 10, 4, 116, 101, 120, 116, 24, 1, 32, 1,
  40, 9, 82, 4, 116, 101, 120, 116, 26, 25, 10, 7, 82, 101, 99, 101, 105, 112, 116, 18,
  14, 10, 2, 97, 116, 24, 1, 32, 1, 40, 3, 82, 2, 97, 116, 26, 86, 10, 11, 80,
  105, 110, 110, 101, 100, 69, 110, 116, 114, 121, 18, 16, 10, 3, 107, 101, 121, 24, 1, 32,
  1, 40, 9, 82, 3, 107, 101, 121, 18, 49, 10, 5, 118, 97, 108, 117, 101, 24, 2, 32,
  1, 40, 11, 50, 27, 46, 116, 101, 115, 116, 46, 107, 105, 110, 100, 115, 46, 118, 49, 46,
  82, 111, 111, 109, 46, 77, 101, 115, 115, 97, 103, 101, 82, 5, 118, 97, 108, 117, 101, 58,
  2, 56, 1, 66, 7, 10, 5, 95, 115, 105, 122, 101, 50, 157, 2, 10, 11, 82, 111, 111,
  109, 83, 101, 114, 118, 105, 99, 101, 18, 57, 10, 5, 69, 110, 116, 101, 114, 18, 27, 46,
  116, 101, 115, 116, 46, 107, 105, 110, 100, 115, 46, 118, 49, 46, 69, 110, 116, 101, 114, 82,
  101, 113, 117, 101, 115, 116, 26, 19, 46, 116, 101, 115, 116, 46, 107, 105, 110, 100, 115, 46,
  118, 49, 46, 82, 111, 111, 109, 18, 68, 10, 6, 76, 105, 115, 116, 101, 110, 18, 27, 46,
  116, 101, 115, 116, 46, 107, 105, 110, 100, 115, 46, 118, 49, 46, 69, 110, 116, 101, 114, 82,
  101, 113, 117, 101, 115, 116, 26, 27, 46, 116, 101, 115, 116, 46, 107, 105, 110, 100, 115, 46,
  118, 49, 46, 82, 111, 111, 109, 46, 77, 101, 115, 115, 97, 103, 101, 48, 1, 18, 63, 10,
  6, 85, 112, 108, 111, 97, 100, 18, 27, 46, 116, 101, 115, 116, 46, 107, 105, 110, 100, 115,
  46, 118, 49, 46, 82, 111, 111, 109, 46, 77, 101, 115, 115, 97, 103, 101, 26, 22, 46, 103,
  111, 111, 103, 108, 101, 46, 112, 114, 111, 116, 111, 98, 117, 102, 46, 69, 109, 112, 116, 121,
  40, 1, 18, 76, 10, 4, 84, 97, 108, 107, 18, 27, 46, 116, 101, 115, 116, 46, 107, 105,
  110, 100, 115, 46, 118, 49, 46, 82, 111, 111, 109, 46, 77, 101, 115, 115, 97, 103, 101, 26,
  35, 46, 116, 101, 115, 116, 46, 107, 105, 110, 100, 115, 46, 118, 49, 46, 82, 111, 111, 109,
  46, 77, 101, 115, 115, 97, 103, 101, 46, 82, 101, 99, 101, 105, 112, 116, 40, 1, 48, 1,
  98, 6, 112, 114, 111, 116, 111, 51,
};

static void test_kinds_v1_room_service__enter_invoke(
    mesh_call *call, const ProtobufCMessage *request, const mesh_service *service) {
  const test_kinds_v1_room_service *handlers = service->handlers;
  if (handlers->enter == NULL) {
    mesh_call_fail(call, GRPC_STATUS_UNIMPLEMENTED, "%s is not implemented",
                   "test.kinds.v1.RoomService/Enter");
    return;
  }
  handlers->enter(call, (const Test__Kinds__V1__EnterRequest *)request, service->self);
}

static void test_kinds_v1_room_service__enter_deliver(
    mesh_any_fn fn, const mesh_status *status, const ProtobufCMessage *message, void *data) {
  ((test_kinds_v1_enter_fn *)fn)(
      status, (const Test__Kinds__V1__Room *)message, data);
}

static void test_kinds_v1_room_service__listen_invoke(
    mesh_call *call, const ProtobufCMessage *request, const mesh_service *service) {
  const test_kinds_v1_room_service *handlers = service->handlers;
  if (handlers->listen == NULL) {
    mesh_call_fail(call, GRPC_STATUS_UNIMPLEMENTED, "%s is not implemented",
                   "test.kinds.v1.RoomService/Listen");
    return;
  }
  handlers->listen(call, (const Test__Kinds__V1__EnterRequest *)request, service->self);
}

static void test_kinds_v1_room_service__listen_deliver(
    mesh_any_fn fn, const mesh_status *status, const ProtobufCMessage *message, void *data) {
  ((test_kinds_v1_listen_fn *)fn)(
      status, (const Test__Kinds__V1__Room__Message *)message, data);
}

static void test_kinds_v1_room_service__upload_invoke(
    mesh_call *call, const ProtobufCMessage *request, const mesh_service *service) {
  const test_kinds_v1_room_service *handlers = service->handlers;
  if (handlers->upload == NULL) {
    mesh_call_fail(call, GRPC_STATUS_UNIMPLEMENTED, "%s is not implemented",
                   "test.kinds.v1.RoomService/Upload");
    return;
  }
  (void)request;
  handlers->upload(call, service->self);
}

static void test_kinds_v1_room_service__upload_deliver(
    mesh_any_fn fn, const mesh_status *status, const ProtobufCMessage *message, void *data) {
  ((test_kinds_v1_upload_fn *)fn)(
      status, (const Google__Protobuf__Empty *)message, data);
}

static void test_kinds_v1_room_service__upload_deliver_request(
    mesh_any_fn fn, const mesh_status *status, const ProtobufCMessage *message, void *data) {
  ((test_kinds_v1_upload_received_fn *)fn)(
      status, (const Test__Kinds__V1__Room__Message *)message, data);
}

static void test_kinds_v1_room_service__talk_invoke(
    mesh_call *call, const ProtobufCMessage *request, const mesh_service *service) {
  const test_kinds_v1_room_service *handlers = service->handlers;
  if (handlers->talk == NULL) {
    mesh_call_fail(call, GRPC_STATUS_UNIMPLEMENTED, "%s is not implemented",
                   "test.kinds.v1.RoomService/Talk");
    return;
  }
  (void)request;
  handlers->talk(call, service->self);
}

static void test_kinds_v1_room_service__talk_deliver(
    mesh_any_fn fn, const mesh_status *status, const ProtobufCMessage *message, void *data) {
  ((test_kinds_v1_talk_fn *)fn)(
      status, (const Test__Kinds__V1__Room__Message__Receipt *)message, data);
}

static void test_kinds_v1_room_service__talk_deliver_request(
    mesh_any_fn fn, const mesh_status *status, const ProtobufCMessage *message, void *data) {
  ((test_kinds_v1_talk_received_fn *)fn)(
      status, (const Test__Kinds__V1__Room__Message *)message, data);
}

static const mesh_method test_kinds_v1_room_service__methods[] = {
  {
    .name = "Enter",
    .path = "/test.kinds.v1.RoomService/Enter",
    .client_streaming = false,
    .server_streaming = false,
    .request = &test__kinds__v1__enter_request__descriptor,
    .reply = &test__kinds__v1__room__descriptor,
    .invoke = test_kinds_v1_room_service__enter_invoke,
    .deliver = test_kinds_v1_room_service__enter_deliver,
    .deliver_request = NULL,
  },
  {
    .name = "Listen",
    .path = "/test.kinds.v1.RoomService/Listen",
    .client_streaming = false,
    .server_streaming = true,
    .request = &test__kinds__v1__enter_request__descriptor,
    .reply = &test__kinds__v1__room__message__descriptor,
    .invoke = test_kinds_v1_room_service__listen_invoke,
    .deliver = test_kinds_v1_room_service__listen_deliver,
    .deliver_request = NULL,
  },
  {
    .name = "Upload",
    .path = "/test.kinds.v1.RoomService/Upload",
    .client_streaming = true,
    .server_streaming = false,
    .request = &test__kinds__v1__room__message__descriptor,
    .reply = &google__protobuf__empty__descriptor,
    .invoke = test_kinds_v1_room_service__upload_invoke,
    .deliver = test_kinds_v1_room_service__upload_deliver,
    .deliver_request = test_kinds_v1_room_service__upload_deliver_request,
  },
  {
    .name = "Talk",
    .path = "/test.kinds.v1.RoomService/Talk",
    .client_streaming = true,
    .server_streaming = true,
    .request = &test__kinds__v1__room__message__descriptor,
    .reply = &test__kinds__v1__room__message__receipt__descriptor,
    .invoke = test_kinds_v1_room_service__talk_invoke,
    .deliver = test_kinds_v1_room_service__talk_deliver,
    .deliver_request = test_kinds_v1_room_service__talk_deliver_request,
  },
};

const mesh_service_descriptor test_kinds_v1_room_service_descriptor = {
  .name = "test.kinds.v1.RoomService",
  .methods = test_kinds_v1_room_service__methods,
  .method_count = 4,
  .file_descriptor_set = {file_descriptor_set, sizeof(file_descriptor_set)},
};

mesh_service test_kinds_v1_room_service_bind(
    const test_kinds_v1_room_service *handlers, void *self) {
  mesh_service service = {&test_kinds_v1_room_service_descriptor, handlers, self};
  return service;
}

mesh_client_call *test_kinds_v1_enter(
    mesh_client *client, const mesh_context *context,
    const Test__Kinds__V1__EnterRequest *request,
    test_kinds_v1_enter_fn *on_reply, void *data) {
  mesh_payload payload = {(const ProtobufCMessage *)request, {NULL, 0}};
  mesh_reply_to reply_to = {NULL, (mesh_any_fn)on_reply, data};
  return mesh_client_unary(
      client, context, &test_kinds_v1_room_service__methods[0], &payload, &reply_to);
}

void test_kinds_v1_enter_reply(
    mesh_call *call, const Test__Kinds__V1__Room *reply) {
  mesh_call_reply(call, (const ProtobufCMessage *)reply);
}

mesh_client_call *test_kinds_v1_listen(
    mesh_client *client, const mesh_context *context,
    const Test__Kinds__V1__EnterRequest *request,
    mesh_finished_fn *on_finished, void *data) {
  mesh_payload payload = {(const ProtobufCMessage *)request, {NULL, 0}};
  mesh_client_call *call =
      mesh_client_stream(client, context, &test_kinds_v1_room_service__methods[1], on_finished, data);
  mesh_client_call_send(call, &payload, NULL, NULL);
  mesh_client_call_close_send(call);
  return call;
}

void test_kinds_v1_listen_client_receive(
    mesh_client_call *call, test_kinds_v1_listen_fn *on_message, void *data) {
  mesh_reply_to reply_to = {NULL, (mesh_any_fn)on_message, data};
  mesh_client_call_receive(call, &reply_to);
}

void test_kinds_v1_listen_send(
    mesh_call *call, const Test__Kinds__V1__Room__Message *message,
    mesh_sent_fn *on_sent, void *data) {
  mesh_call_send(call, (const ProtobufCMessage *)message, on_sent, data);
}

mesh_client_call *test_kinds_v1_upload(
    mesh_client *client, const mesh_context *context,
    test_kinds_v1_upload_fn *on_reply, void *data) {
  mesh_reply_to reply_to = {NULL, (mesh_any_fn)on_reply, data};
  return mesh_client_unary(
      client, context, &test_kinds_v1_room_service__methods[2], NULL, &reply_to);
}

void test_kinds_v1_upload_client_send(
    mesh_client_call *call, const Test__Kinds__V1__Room__Message *message,
    mesh_sent_fn *on_sent, void *data) {
  mesh_payload payload = {(const ProtobufCMessage *)message, {NULL, 0}};
  mesh_client_call_send(call, &payload, on_sent, data);
}

void test_kinds_v1_upload_receive(
    mesh_call *call, test_kinds_v1_upload_received_fn *on_message, void *data) {
  mesh_call_receive_typed(call, (mesh_any_fn)on_message, data);
}

void test_kinds_v1_upload_reply(
    mesh_call *call, const Google__Protobuf__Empty *reply) {
  mesh_call_reply(call, (const ProtobufCMessage *)reply);
}

mesh_client_call *test_kinds_v1_talk(
    mesh_client *client, const mesh_context *context,
    mesh_finished_fn *on_finished, void *data) {
  return mesh_client_stream(
      client, context, &test_kinds_v1_room_service__methods[3], on_finished, data);
}

void test_kinds_v1_talk_client_send(
    mesh_client_call *call, const Test__Kinds__V1__Room__Message *message,
    mesh_sent_fn *on_sent, void *data) {
  mesh_payload payload = {(const ProtobufCMessage *)message, {NULL, 0}};
  mesh_client_call_send(call, &payload, on_sent, data);
}

void test_kinds_v1_talk_client_receive(
    mesh_client_call *call, test_kinds_v1_talk_fn *on_message, void *data) {
  mesh_reply_to reply_to = {NULL, (mesh_any_fn)on_message, data};
  mesh_client_call_receive(call, &reply_to);
}

void test_kinds_v1_talk_receive(
    mesh_call *call, test_kinds_v1_talk_received_fn *on_message, void *data) {
  mesh_call_receive_typed(call, (mesh_any_fn)on_message, data);
}

void test_kinds_v1_talk_send(
    mesh_call *call, const Test__Kinds__V1__Room__Message__Receipt *message,
    mesh_sent_fn *on_sent, void *data) {
  mesh_call_send(call, (const ProtobufCMessage *)message, on_sent, data);
}

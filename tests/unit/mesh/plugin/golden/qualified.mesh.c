/* Made by protoc-gen-mesh-c from qualified.proto; changes here are lost. */
#include "qualified.mesh.h"

/* google.protobuf.FileDescriptorSet: this file and all that it imports. */
static const unsigned char file_descriptor_set[] = {
  10, 131, 2, 10, 15, 113, 117, 97, 108, 105, 102, 105, 101, 100, 46, 112, 114, 111, 116, 111,
  18, 17, 116, 101, 115, 116, 46, 113, 117, 97, 108, 105, 102, 105, 101, 100, 46, 118, 49, 34,
  7, 10, 5, 84, 104, 105, 110, 103, 50, 129, 1, 10, 4, 76, 101, 102, 116, 18, 61, 10,
  5, 87, 97, 116, 99, 104, 18, 24, 46, 116, 101, 115, 116, 46, 113, 117, 97, 108, 105, 102,
  105, 101, 100, 46, 118, 49, 46, 84, 104, 105, 110, 103, 26, 24, 46, 116, 101, 115, 116, 46,
  113, 117, 97, 108, 105, 102, 105, 101, 100, 46, 118, 49, 46, 84, 104, 105, 110, 103, 48, 1,
  18, 58, 10, 4, 76, 101, 102, 116, 18, 24, 46, 116, 101, 115, 116, 46, 113, 117, 97, 108,
  105, 102, 105, 101, 100, 46, 118, 49, 46, 84, 104, 105, 110, 103, 26, 24, 46, 116, 101, 115,
  116, 46, 113, 117, 97, 108, 105, 102, 105, 101, 100, 46, 118, 49, 46, 84, 104, 105, 110, 103,
  50, 72, 10, 5, 82, 105, 103, 104, 116, 18, 63, 10, 5, 87, 97, 116, 99, 104, 18, 24,
  46, 116, 101, 115, 116, 46, 113, 117, 97, 108, 105, 102, 105, 101, 100, 46, 118, 49, 46, 84,
  104, 105, 110, 103, 26, 24, 46, 116, 101, 115, 116, 46, 113, 117, 97, 108, 105, 102, 105, 101,
  100, 46, 118, 49, 46, 84, 104, 105, 110, 103, 40, 1, 48, 1, 98, 6, 112, 114, 111, 116,
  111, 51,
};

static void test_qualified_v1_left__watch_invoke(
    mesh_call *call, const ProtobufCMessage *request, const mesh_service *service) {
  const test_qualified_v1_left *handlers = service->handlers;
  if (handlers->watch == NULL) {
    mesh_call_fail(call, GRPC_STATUS_UNIMPLEMENTED, "%s is not implemented",
                   "test.qualified.v1.Left/Watch");
    return;
  }
  handlers->watch(call, (const Test__Qualified__V1__Thing *)request, service->self);
}

static void test_qualified_v1_left__watch_deliver(
    mesh_any_fn fn, const mesh_status *status, const ProtobufCMessage *message, void *data) {
  ((test_qualified_v1_left_watch_fn *)fn)(
      status, (const Test__Qualified__V1__Thing *)message, data);
}

static void test_qualified_v1_left__left_invoke(
    mesh_call *call, const ProtobufCMessage *request, const mesh_service *service) {
  const test_qualified_v1_left *handlers = service->handlers;
  if (handlers->left == NULL) {
    mesh_call_fail(call, GRPC_STATUS_UNIMPLEMENTED, "%s is not implemented",
                   "test.qualified.v1.Left/Left");
    return;
  }
  handlers->left(call, (const Test__Qualified__V1__Thing *)request, service->self);
}

static void test_qualified_v1_left__left_deliver(
    mesh_any_fn fn, const mesh_status *status, const ProtobufCMessage *message, void *data) {
  ((test_qualified_v1_left_left_fn *)fn)(
      status, (const Test__Qualified__V1__Thing *)message, data);
}

static const mesh_method test_qualified_v1_left__methods[] = {
  {
    .name = "Watch",
    .path = "/test.qualified.v1.Left/Watch",
    .client_streaming = false,
    .server_streaming = true,
    .request = &test__qualified__v1__thing__descriptor,
    .reply = &test__qualified__v1__thing__descriptor,
    .invoke = test_qualified_v1_left__watch_invoke,
    .deliver = test_qualified_v1_left__watch_deliver,
    .deliver_request = NULL,
  },
  {
    .name = "Left",
    .path = "/test.qualified.v1.Left/Left",
    .client_streaming = false,
    .server_streaming = false,
    .request = &test__qualified__v1__thing__descriptor,
    .reply = &test__qualified__v1__thing__descriptor,
    .invoke = test_qualified_v1_left__left_invoke,
    .deliver = test_qualified_v1_left__left_deliver,
    .deliver_request = NULL,
  },
};

const mesh_service_descriptor test_qualified_v1_left_descriptor = {
  .name = "test.qualified.v1.Left",
  .methods = test_qualified_v1_left__methods,
  .method_count = 2,
  .file_descriptor_set = {file_descriptor_set, sizeof(file_descriptor_set)},
};

mesh_service test_qualified_v1_left_bind(
    const test_qualified_v1_left *handlers, void *self) {
  mesh_service service = {&test_qualified_v1_left_descriptor, handlers, self};
  return service;
}

mesh_client_call *test_qualified_v1_left_watch(
    mesh_client *client, const mesh_context *context,
    const Test__Qualified__V1__Thing *request,
    mesh_finished_fn *on_finished, void *data) {
  mesh_payload payload = {(const ProtobufCMessage *)request, {NULL, 0}};
  mesh_client_call *call =
      mesh_client_stream(client, context, &test_qualified_v1_left__methods[0], on_finished, data);
  mesh_client_call_send(call, &payload, NULL, NULL);
  mesh_client_call_close_send(call);
  return call;
}

void test_qualified_v1_left_watch_client_receive(
    mesh_client_call *call, test_qualified_v1_left_watch_fn *on_message, void *data) {
  mesh_reply_to reply_to = {NULL, (mesh_any_fn)on_message, data};
  mesh_client_call_receive(call, &reply_to);
}

void test_qualified_v1_left_watch_send(
    mesh_call *call, const Test__Qualified__V1__Thing *message,
    mesh_sent_fn *on_sent, void *data) {
  mesh_call_send(call, (const ProtobufCMessage *)message, on_sent, data);
}

mesh_client_call *test_qualified_v1_left_left(
    mesh_client *client, const mesh_context *context,
    const Test__Qualified__V1__Thing *request,
    test_qualified_v1_left_left_fn *on_reply, void *data) {
  mesh_payload payload = {(const ProtobufCMessage *)request, {NULL, 0}};
  mesh_reply_to reply_to = {NULL, (mesh_any_fn)on_reply, data};
  return mesh_client_unary(
      client, context, &test_qualified_v1_left__methods[1], &payload, &reply_to);
}

void test_qualified_v1_left_left_reply(
    mesh_call *call, const Test__Qualified__V1__Thing *reply) {
  mesh_call_reply(call, (const ProtobufCMessage *)reply);
}

static void test_qualified_v1_right__watch_invoke(
    mesh_call *call, const ProtobufCMessage *request, const mesh_service *service) {
  const test_qualified_v1_right *handlers = service->handlers;
  if (handlers->watch == NULL) {
    mesh_call_fail(call, GRPC_STATUS_UNIMPLEMENTED, "%s is not implemented",
                   "test.qualified.v1.Right/Watch");
    return;
  }
  (void)request;
  handlers->watch(call, service->self);
}

static void test_qualified_v1_right__watch_deliver(
    mesh_any_fn fn, const mesh_status *status, const ProtobufCMessage *message, void *data) {
  ((test_qualified_v1_right_watch_fn *)fn)(
      status, (const Test__Qualified__V1__Thing *)message, data);
}

static void test_qualified_v1_right__watch_deliver_request(
    mesh_any_fn fn, const mesh_status *status, const ProtobufCMessage *message, void *data) {
  ((test_qualified_v1_right_watch_received_fn *)fn)(
      status, (const Test__Qualified__V1__Thing *)message, data);
}

static const mesh_method test_qualified_v1_right__methods[] = {
  {
    .name = "Watch",
    .path = "/test.qualified.v1.Right/Watch",
    .client_streaming = true,
    .server_streaming = true,
    .request = &test__qualified__v1__thing__descriptor,
    .reply = &test__qualified__v1__thing__descriptor,
    .invoke = test_qualified_v1_right__watch_invoke,
    .deliver = test_qualified_v1_right__watch_deliver,
    .deliver_request = test_qualified_v1_right__watch_deliver_request,
  },
};

const mesh_service_descriptor test_qualified_v1_right_descriptor = {
  .name = "test.qualified.v1.Right",
  .methods = test_qualified_v1_right__methods,
  .method_count = 1,
  .file_descriptor_set = {file_descriptor_set, sizeof(file_descriptor_set)},
};

mesh_service test_qualified_v1_right_bind(
    const test_qualified_v1_right *handlers, void *self) {
  mesh_service service = {&test_qualified_v1_right_descriptor, handlers, self};
  return service;
}

mesh_client_call *test_qualified_v1_right_watch(
    mesh_client *client, const mesh_context *context,
    mesh_finished_fn *on_finished, void *data) {
  return mesh_client_stream(
      client, context, &test_qualified_v1_right__methods[0], on_finished, data);
}

void test_qualified_v1_right_watch_client_send(
    mesh_client_call *call, const Test__Qualified__V1__Thing *message,
    mesh_sent_fn *on_sent, void *data) {
  mesh_payload payload = {(const ProtobufCMessage *)message, {NULL, 0}};
  mesh_client_call_send(call, &payload, on_sent, data);
}

void test_qualified_v1_right_watch_client_receive(
    mesh_client_call *call, test_qualified_v1_right_watch_fn *on_message, void *data) {
  mesh_reply_to reply_to = {NULL, (mesh_any_fn)on_message, data};
  mesh_client_call_receive(call, &reply_to);
}

void test_qualified_v1_right_watch_receive(
    mesh_call *call, test_qualified_v1_right_watch_received_fn *on_message, void *data) {
  mesh_call_receive_typed(call, (mesh_any_fn)on_message, data);
}

void test_qualified_v1_right_watch_send(
    mesh_call *call, const Test__Qualified__V1__Thing *message,
    mesh_sent_fn *on_sent, void *data) {
  mesh_call_send(call, (const ProtobufCMessage *)message, on_sent, data);
}

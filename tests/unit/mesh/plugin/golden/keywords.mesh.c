/* Made by protoc-gen-mesh-c from keywords.proto; changes here are lost. */
#include "keywords.mesh.h"

/* google.protobuf.FileDescriptorSet: this file and all that it imports. */
static const unsigned char file_descriptor_set[] = {
  10, 245, 1, 10, 14, 107, 101, 121, 119, 111, 114, 100, 115, 46, 112, 114, 111, 116, 111, 18,
  16, 116, 101, 115, 116, 46, 107, 101, 121, 119, 111, 114, 100, 115, 46, 118, 49, 34, 7, 10,
  5, 84, 104, 105, 110, 103, 50, 191, 1, 10, 6, 84, 104, 105, 110, 103, 115, 18, 59, 10,
  7, 68, 101, 102, 97, 117, 108, 116, 18, 23, 46, 116, 101, 115, 116, 46, 107, 101, 121, 119,
  111, 114, 100, 115, 46, 118, 49, 46, 84, 104, 105, 110, 103, 26, 23, 46, 116, 101, 115, 116,
  46, 107, 101, 121, 119, 111, 114, 100, 115, 46, 118, 49, 46, 84, 104, 105, 110, 103, 18, 60,
  10, 6, 68, 101, 108, 101, 116, 101, 18, 23, 46, 116, 101, 115, 116, 46, 107, 101, 121, 119,
  111, 114, 100, 115, 46, 118, 49, 46, 84, 104, 105, 110, 103, 26, 23, 46, 116, 101, 115, 116,
  46, 107, 101, 121, 119, 111, 114, 100, 115, 46, 118, 49, 46, 84, 104, 105, 110, 103, 48, 1,
  18, 58, 10, 4, 85, 110, 105, 120, 18, 23, 46, 116, 101, 115, 116, 46, 107, 101, 121, 119,
  111, 114, 100, 115, 46, 118, 49, 46, 84, 104, 105, 110, 103, 26, 23, 46, 116, 101, 115, 116,
  46, 107, 101, 121, 119, 111, 114, 100, 115, 46, 118, 49, 46, 84, 104, 105, 110, 103, 40, 1,
  98, 6, 112, 114, 111, 116, 111, 51,
};

static void test_keywords_v1_things__default_invoke(
    mesh_call *call, const ProtobufCMessage *request, const mesh_service *service) {
  const test_keywords_v1_things *handlers = service->handlers;
  if (handlers->default_ == NULL) {
    mesh_call_fail(call, GRPC_STATUS_UNIMPLEMENTED, "%s is not implemented",
                   "test.keywords.v1.Things/Default");
    return;
  }
  handlers->default_(call, (const Test__Keywords__V1__Thing *)request, service->self);
}

static void test_keywords_v1_things__default_deliver(
    mesh_any_fn fn, const mesh_status *status, const ProtobufCMessage *message, void *data) {
  ((test_keywords_v1_default_fn *)fn)(
      status, (const Test__Keywords__V1__Thing *)message, data);
}

static void test_keywords_v1_things__delete_invoke(
    mesh_call *call, const ProtobufCMessage *request, const mesh_service *service) {
  const test_keywords_v1_things *handlers = service->handlers;
  if (handlers->delete_ == NULL) {
    mesh_call_fail(call, GRPC_STATUS_UNIMPLEMENTED, "%s is not implemented",
                   "test.keywords.v1.Things/Delete");
    return;
  }
  handlers->delete_(call, (const Test__Keywords__V1__Thing *)request, service->self);
}

static void test_keywords_v1_things__delete_deliver(
    mesh_any_fn fn, const mesh_status *status, const ProtobufCMessage *message, void *data) {
  ((test_keywords_v1_delete_fn *)fn)(
      status, (const Test__Keywords__V1__Thing *)message, data);
}

static void test_keywords_v1_things__unix_invoke(
    mesh_call *call, const ProtobufCMessage *request, const mesh_service *service) {
  const test_keywords_v1_things *handlers = service->handlers;
  if (handlers->unix_ == NULL) {
    mesh_call_fail(call, GRPC_STATUS_UNIMPLEMENTED, "%s is not implemented",
                   "test.keywords.v1.Things/Unix");
    return;
  }
  (void)request;
  handlers->unix_(call, service->self);
}

static void test_keywords_v1_things__unix_deliver(
    mesh_any_fn fn, const mesh_status *status, const ProtobufCMessage *message, void *data) {
  ((test_keywords_v1_unix_fn *)fn)(
      status, (const Test__Keywords__V1__Thing *)message, data);
}

static void test_keywords_v1_things__unix_deliver_request(
    mesh_any_fn fn, const mesh_status *status, const ProtobufCMessage *message, void *data) {
  ((test_keywords_v1_unix_received_fn *)fn)(
      status, (const Test__Keywords__V1__Thing *)message, data);
}

static const mesh_method test_keywords_v1_things__methods[] = {
  {
    .name = "Default",
    .path = "/test.keywords.v1.Things/Default",
    .client_streaming = false,
    .server_streaming = false,
    .request = &test__keywords__v1__thing__descriptor,
    .reply = &test__keywords__v1__thing__descriptor,
    .invoke = test_keywords_v1_things__default_invoke,
    .deliver = test_keywords_v1_things__default_deliver,
    .deliver_request = NULL,
  },
  {
    .name = "Delete",
    .path = "/test.keywords.v1.Things/Delete",
    .client_streaming = false,
    .server_streaming = true,
    .request = &test__keywords__v1__thing__descriptor,
    .reply = &test__keywords__v1__thing__descriptor,
    .invoke = test_keywords_v1_things__delete_invoke,
    .deliver = test_keywords_v1_things__delete_deliver,
    .deliver_request = NULL,
  },
  {
    .name = "Unix",
    .path = "/test.keywords.v1.Things/Unix",
    .client_streaming = true,
    .server_streaming = false,
    .request = &test__keywords__v1__thing__descriptor,
    .reply = &test__keywords__v1__thing__descriptor,
    .invoke = test_keywords_v1_things__unix_invoke,
    .deliver = test_keywords_v1_things__unix_deliver,
    .deliver_request = test_keywords_v1_things__unix_deliver_request,
  },
};

const mesh_service_descriptor test_keywords_v1_things_descriptor = {
  .name = "test.keywords.v1.Things",
  .methods = test_keywords_v1_things__methods,
  .method_count = 3,
  .file_descriptor_set = {file_descriptor_set, sizeof(file_descriptor_set)},
};

mesh_service test_keywords_v1_things_bind(
    const test_keywords_v1_things *handlers, void *self) {
  mesh_service service = {&test_keywords_v1_things_descriptor, handlers, self};
  return service;
}

mesh_client_call *test_keywords_v1_default(
    mesh_client *client, const mesh_context *context,
    const Test__Keywords__V1__Thing *request,
    test_keywords_v1_default_fn *on_reply, void *data) {
  mesh_payload payload = {(const ProtobufCMessage *)request, {NULL, 0}};
  mesh_reply_to reply_to = {NULL, (mesh_any_fn)on_reply, data};
  return mesh_client_unary(
      client, context, &test_keywords_v1_things__methods[0], &payload, &reply_to);
}

void test_keywords_v1_default_reply(
    mesh_call *call, const Test__Keywords__V1__Thing *reply) {
  mesh_call_reply(call, (const ProtobufCMessage *)reply);
}

mesh_client_call *test_keywords_v1_delete(
    mesh_client *client, const mesh_context *context,
    const Test__Keywords__V1__Thing *request,
    mesh_finished_fn *on_finished, void *data) {
  mesh_payload payload = {(const ProtobufCMessage *)request, {NULL, 0}};
  mesh_client_call *call =
      mesh_client_stream(client, context, &test_keywords_v1_things__methods[1], on_finished, data);
  mesh_client_call_send(call, &payload, NULL, NULL);
  mesh_client_call_close_send(call);
  return call;
}

void test_keywords_v1_delete_client_receive(
    mesh_client_call *call, test_keywords_v1_delete_fn *on_message, void *data) {
  mesh_reply_to reply_to = {NULL, (mesh_any_fn)on_message, data};
  mesh_client_call_receive(call, &reply_to);
}

void test_keywords_v1_delete_send(
    mesh_call *call, const Test__Keywords__V1__Thing *message,
    mesh_sent_fn *on_sent, void *data) {
  mesh_call_send(call, (const ProtobufCMessage *)message, on_sent, data);
}

mesh_client_call *test_keywords_v1_unix(
    mesh_client *client, const mesh_context *context,
    test_keywords_v1_unix_fn *on_reply, void *data) {
  mesh_reply_to reply_to = {NULL, (mesh_any_fn)on_reply, data};
  return mesh_client_unary(
      client, context, &test_keywords_v1_things__methods[2], NULL, &reply_to);
}

void test_keywords_v1_unix_client_send(
    mesh_client_call *call, const Test__Keywords__V1__Thing *message,
    mesh_sent_fn *on_sent, void *data) {
  mesh_payload payload = {(const ProtobufCMessage *)message, {NULL, 0}};
  mesh_client_call_send(call, &payload, on_sent, data);
}

void test_keywords_v1_unix_receive(
    mesh_call *call, test_keywords_v1_unix_received_fn *on_message, void *data) {
  mesh_call_receive_typed(call, (mesh_any_fn)on_message, data);
}

void test_keywords_v1_unix_reply(
    mesh_call *call, const Test__Keywords__V1__Thing *reply) {
  mesh_call_reply(call, (const ProtobufCMessage *)reply);
}

/* Made by protoc-gen-mesh-c from proto2.proto; changes here are lost. */
#include "proto2.mesh.h"

/* google.protobuf.FileDescriptorSet: this file and all that it imports. */
static const unsigned char file_descriptor_set[] = {
  10, 192, 1, 10, 12, 112, 114, 111, 116, 111, 50, 46, 112, 114, 111, 116, 111, 18, 14, 116,
  101, 115, 116, 46, 112, 114, 111, 116, 111, 50, 46, 118, 49, 34, 54, 10, 3, 79, 108, 100,
  18, 14, 10, 2, 105, 100, 24, 1, 32, 2, 40, 5, 82, 2, 105, 100, 18, 24, 10, 4,
  110, 97, 109, 101, 24, 2, 32, 1, 40, 9, 58, 4, 110, 111, 110, 101, 82, 4, 110, 97,
  109, 101, 42, 5, 8, 100, 16, 200, 1, 50, 61, 10, 10, 79, 108, 100, 83, 101, 114, 118,
  105, 99, 101, 18, 47, 10, 3, 71, 101, 116, 18, 19, 46, 116, 101, 115, 116, 46, 112, 114,
  111, 116, 111, 50, 46, 118, 49, 46, 79, 108, 100, 26, 19, 46, 116, 101, 115, 116, 46, 112,
  114, 111, 116, 111, 50, 46, 118, 49, 46, 79, 108, 100, 58, 41, 10, 5, 101, 120, 116, 114,
  97, 18, 19, 46, 116, 101, 115, 116, 46, 112, 114, 111, 116, 111, 50, 46, 118, 49, 46, 79,
  108, 100, 24, 100, 32, 1, 40, 5, 82, 5, 101, 120, 116, 114, 97,
};

static void test_proto2_v1_old_service__get_invoke(
    mesh_call *call, const ProtobufCMessage *request, const mesh_service *service) {
  const test_proto2_v1_old_service *handlers = service->handlers;
  if (handlers->get == NULL) {
    mesh_call_fail(call, GRPC_STATUS_UNIMPLEMENTED, "%s is not implemented",
                   "test.proto2.v1.OldService/Get");
    return;
  }
  handlers->get(call, (const Test__Proto2__V1__Old *)request, service->self);
}

static void test_proto2_v1_old_service__get_deliver(
    mesh_any_fn fn, const mesh_status *status, const ProtobufCMessage *message, void *data) {
  ((test_proto2_v1_get_fn *)fn)(
      status, (const Test__Proto2__V1__Old *)message, data);
}

static const mesh_method test_proto2_v1_old_service__methods[] = {
  {
    .name = "Get",
    .path = "/test.proto2.v1.OldService/Get",
    .client_streaming = false,
    .server_streaming = false,
    .request = &test__proto2__v1__old__descriptor,
    .reply = &test__proto2__v1__old__descriptor,
    .invoke = test_proto2_v1_old_service__get_invoke,
    .deliver = test_proto2_v1_old_service__get_deliver,
    .deliver_request = NULL,
  },
};

const mesh_service_descriptor test_proto2_v1_old_service_descriptor = {
  .name = "test.proto2.v1.OldService",
  .methods = test_proto2_v1_old_service__methods,
  .method_count = 1,
  .file_descriptor_set = {file_descriptor_set, sizeof(file_descriptor_set)},
};

mesh_service test_proto2_v1_old_service_bind(
    const test_proto2_v1_old_service *handlers, void *self) {
  mesh_service service = {&test_proto2_v1_old_service_descriptor, handlers, self};
  return service;
}

mesh_client_call *test_proto2_v1_get(
    mesh_client *client, const mesh_context *context,
    const Test__Proto2__V1__Old *request,
    test_proto2_v1_get_fn *on_reply, void *data) {
  mesh_payload payload = {(const ProtobufCMessage *)request, {NULL, 0}};
  mesh_reply_to reply_to = {NULL, (mesh_any_fn)on_reply, data};
  return mesh_client_unary(
      client, context, &test_proto2_v1_old_service__methods[0], &payload, &reply_to);
}

void test_proto2_v1_get_reply(
    mesh_call *call, const Test__Proto2__V1__Old *reply) {
  mesh_call_reply(call, (const ProtobufCMessage *)reply);
}

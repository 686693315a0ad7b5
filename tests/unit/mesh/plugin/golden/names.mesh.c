/* Made by protoc-gen-mesh-c from names.proto; changes here are lost. */
#include "names.mesh.h"

/* google.protobuf.FileDescriptorSet: this file and all that it imports. */
static const unsigned char file_descriptor_set[] = {
  10, 255, 1, 10, 31, 103, 111, 111, 103, 108, 101, 47, 112, 114, 111, 116, 111, 98, 117, 102,
  47, 116, 105, 109, 101, 115, 116, 97, 109, 112, 46, 112, 114, 111, 116, 111, 18, 15, 103, 111,
  111, 103, 108, 101, 46, 112, 114, 111, 116, 111, 98, 117, 102, 34, 59, 10, 9, 84, 105, 109,
  101, 115, 116, 97, 109, 112, 18, 24, 10, 7, 115, 101, 99, 111, 110, 100, 115, 24, 1, 32,
  1, 40, 3, 82, 7, 115, 101, 99, 111, 110, 100, 115, 18, 20, 10, 5, 110, 97, 110, 111,
  115, 24, 2, 32, 1, 40, 5, 82, 5, 110, 97, 110, 111, 115, 66, 133, 1, 10, 19, 99,
  111, 109, 46, 103, 111, 111, 103, 108, 101, 46, 112, 114, 111, 116, 111, 98, 117, 102, 66, 14,
  84, 105, 109, 101, 115, 116, 97, 109, 112, 80, 114, 111, 116, 111, 80, 1, 90, 50, 103, 111,
  111, 103, 108, 101, 46, 103, 111, 108, 97, 110, 103, 46, 111, 114, 103, 47, 112, 114, 111, 116,
  111, 98, 117, 102, 47, 116, 121, 112, 101, 115, 47, 107, 110, 111, 119, 110, 47, 116, 105, 109,
  101, 115, 116, 97, 109, 112, 112, 98, 248, 1, 1, 162, 2, 3, 71, 80, 66, 170, 2, 30,
  71, 111, 111, 103, 108, 101, 46, 80, 114, 111, 116, 111, 98, 117, 102, 46, 87, 101, 108, 108,
  75, 110, 111, 119, 110, 84, 121, 112, 101, 115, 98, 6, 112, 114, 111, 116, 111, 51, 10, 188,
  4, 10, 11, 110, 97, 109, 101, 115, 46, 112, 114, 111, 116, 111, 18, 26, 79, 100, 100, 95,
  80, 97, 99, 107, 97, 103, 101, 46, 118, 50, 98, 101, 116, 97, 51, 46, 88, 77, 76, 65,
  112, 105, 26, 31, 103, 111, 111, 103, 108, 101, 47, 112, 114, 111, 116, 111, 98, 117, 102, 47,
  116, 105, 109, 101, 115, 116, 97, 109, 112, 46, 112, 114, 111, 116, 111, 34, 40, 10, 11, 72,
  84, 84, 80, 82, 101, 113, 117, 101, 115, 116, 26, 25, 10, 10, 105, 110, 110, 101, 114, 84,
  104, 105, 110, 103, 26, 11, 10, 9, 68, 101, 101, 112, 95, 68, 111, 119, 110, 34, 16, 10,
  14, 115, 110, 97, 107, 101, 95, 99, 97, 115, 101, 95, 109, 115, 103, 34, 6, 10, 4, 65,
  49, 66, 50, 50, 149, 3, 10, 11, 72, 84, 84, 80, 83, 101, 114, 118, 105, 99, 101, 18,
  107, 10, 12, 71, 101, 116, 72, 84, 84, 80, 84, 104, 105, 110, 103, 18, 39, 46, 79, 100,
  100, 95, 80, 97, 99, 107, 97, 103, 101, 46, 118, 50, 98, 101, 116, 97, 51, 46, 88, 77,
  76, 65, 112, 105, 46, 72, 84, 84, 80, 82, 101, 113, 117, 101, 115, 116, 26, 50, 46, 79,
  100, 100, 95, 80, 97, 99, 107, 97, 103, 101, 46, 118, 50, 98, 101, 116, 97, 51, 46, 88,
  77, 76, 65, 112, 105, 46, 72, 84, 84, 80, 82, 101, 113, 117, 101, 115, 116, 46, 105, 110,
  110, 101, 114, 84, 104, 105, 110, 103, 18, 89, 10, 9, 108, 111, 119, 101, 114, 99, 97, 115,
  101, 18, 42, 46, 79, 100, 100, 95, 80, 97, 99, 107, 97, 103, 101, 46, 118, 50, 98, 101,
  116, 97, 51, 46, 88, 77, 76, 65, 112, 105, 46, 115, 110, 97, 107, 101, 95, 99, 97, 115,
  101, 95, 109, 115, 103, 26, 32, 46, 79, 100, 100, 95, 80, 97, 99, 107, 97, 103, 101, 46,
  118, 50, 98, 101, 116, 97, 51, 46, 88, 77, 76, 65, 112, 105, 46, 65, 49, 66, 50, 18,
  108, 10, 10, 115, 110, 97, 107, 101, 95, 99, 97, 115, 101, 18, 32, 46, 79, 100, 100, 95,
  80, 97, 99, 107, 97, 103, 101, 46, 118, 50, 98, 101, 116, 97, 51, 46, 88, 77, 76, 65,
  112, 105, 46, 65, 49, 66, 50, 26, 60, 46, 79, 100, 100, 95, 80, 97, 99, 107, 97, 103,
  101, 46, 118, 50, 98, 101, 116, 97, 51, 46, 88, 77, 76, 65, 112, 105, 46, 72, 84, 84,
  80, 82, 101, 113, 117, 101, 115, 116, 46, 105, 110, 110, 101, 114, 84, 104, 105, 110, 103, 46,
  68, 101, 101, 112, 95, 68, 111, 119, 110, 18, 80, 10, 6, 71, 101, 116, 50, 70, 65, 18,
  26, 46, 103, 111, 111, 103, 108, 101, 46, 112, 114, 111, 116, 111, 98, 117, 102, 46, 84, 105,
  109, 101, 115, 116, 97, 109, 112, 26, 42, 46, 79, 100, 100, 95, 80, 97, 99, 107, 97, 103,
  101, 46, 118, 50, 98, 101, 116, 97, 51, 46, 88, 77, 76, 65, 112, 105, 46, 115, 110, 97,
  107, 101, 95, 99, 97, 115, 101, 95, 109, 115, 103, 50, 12, 10, 10, 110, 111, 95, 109, 101,
  116, 104, 111, 100, 115, 98, 6, 112, 114, 111, 116, 111, 51,
};

static void odd__package_v2beta3_xmlapi_httpservice__get_httpthing_invoke(
    mesh_call *call, const ProtobufCMessage *request, const mesh_service *service) {
  const odd__package_v2beta3_xmlapi_httpservice *handlers = service->handlers;
  if (handlers->get_httpthing == NULL) {
    mesh_call_fail(call, GRPC_STATUS_UNIMPLEMENTED, "%s is not implemented",
                   "Odd_Package.v2beta3.XMLApi.HTTPService/GetHTTPThing");
    return;
  }
  handlers->get_httpthing(call, (const OddPackage__V2beta3__XMLApi__HTTPRequest *)request, service->self);
}

static void odd__package_v2beta3_xmlapi_httpservice__get_httpthing_deliver(
    mesh_any_fn fn, const mesh_status *status, const ProtobufCMessage *message, void *data) {
  ((odd__package_v2beta3_xmlapi_get_httpthing_fn *)fn)(
      status, (const OddPackage__V2beta3__XMLApi__HTTPRequest__InnerThing *)message, data);
}

static void odd__package_v2beta3_xmlapi_httpservice__lowercase_invoke(
    mesh_call *call, const ProtobufCMessage *request, const mesh_service *service) {
  const odd__package_v2beta3_xmlapi_httpservice *handlers = service->handlers;
  if (handlers->lowercase == NULL) {
    mesh_call_fail(call, GRPC_STATUS_UNIMPLEMENTED, "%s is not implemented",
                   "Odd_Package.v2beta3.XMLApi.HTTPService/lowercase");
    return;
  }
  handlers->lowercase(call, (const OddPackage__V2beta3__XMLApi__SnakeCaseMsg *)request, service->self);
}

static void odd__package_v2beta3_xmlapi_httpservice__lowercase_deliver(
    mesh_any_fn fn, const mesh_status *status, const ProtobufCMessage *message, void *data) {
  ((odd__package_v2beta3_xmlapi_lowercase_fn *)fn)(
      status, (const OddPackage__V2beta3__XMLApi__A1B2 *)message, data);
}

static void odd__package_v2beta3_xmlapi_httpservice__snake_case_invoke(
    mesh_call *call, const ProtobufCMessage *request, const mesh_service *service) {
  const odd__package_v2beta3_xmlapi_httpservice *handlers = service->handlers;
  if (handlers->snake_case == NULL) {
    mesh_call_fail(call, GRPC_STATUS_UNIMPLEMENTED, "%s is not implemented",
                   "Odd_Package.v2beta3.XMLApi.HTTPService/snake_case");
    return;
  }
  handlers->snake_case(call, (const OddPackage__V2beta3__XMLApi__A1B2 *)request, service->self);
}

static void odd__package_v2beta3_xmlapi_httpservice__snake_case_deliver(
    mesh_any_fn fn, const mesh_status *status, const ProtobufCMessage *message, void *data) {
  ((odd__package_v2beta3_xmlapi_snake_case_fn *)fn)(
      status, (const OddPackage__V2beta3__XMLApi__HTTPRequest__InnerThing__DeepDown *)message, data);
}

static void odd__package_v2beta3_xmlapi_httpservice__get2_fa_invoke(
    mesh_call *call, const ProtobufCMessage *request, const mesh_service *service) {
  const odd__package_v2beta3_xmlapi_httpservice *handlers = service->handlers;
  if (handlers->get2_fa == NULL) {
    mesh_call_fail(call, GRPC_STATUS_UNIMPLEMENTED, "%s is not implemented",
                   "Odd_Package.v2beta3.XMLApi.HTTPService/Get2FA");
    return;
  }
  handlers->get2_fa(call, (const Google__Protobuf__Timestamp *)request, service->self);
}

static void odd__package_v2beta3_xmlapi_httpservice__get2_fa_deliver(
    mesh_any_fn fn, const mesh_status *status, const ProtobufCMessage *message, void *data) {
  ((odd__package_v2beta3_xmlapi_get2_fa_fn *)fn)(
      status, (const OddPackage__V2beta3__XMLApi__SnakeCaseMsg *)message, data);
}

static const mesh_method odd__package_v2beta3_xmlapi_httpservice__methods[] = {
  {
    .name = "GetHTTPThing",
    .path = "/Odd_Package.v2beta3.XMLApi.HTTPService/GetHTTPThing",
    .client_streaming = false,
    .server_streaming = false,
    .request = &odd__package__v2beta3__xmlapi__httprequest__descriptor,
    .reply = &odd__package__v2beta3__xmlapi__httprequest__inner_thing__descriptor,
    .invoke = odd__package_v2beta3_xmlapi_httpservice__get_httpthing_invoke,
    .deliver = odd__package_v2beta3_xmlapi_httpservice__get_httpthing_deliver,
    .deliver_request = NULL,
  },
  {
    .name = "lowercase",
    .path = "/Odd_Package.v2beta3.XMLApi.HTTPService/lowercase",
    .client_streaming = false,
    .server_streaming = false,
    .request = &odd__package__v2beta3__xmlapi__snake_case_msg__descriptor,
    .reply = &odd__package__v2beta3__xmlapi__a1_b2__descriptor,
    .invoke = odd__package_v2beta3_xmlapi_httpservice__lowercase_invoke,
    .deliver = odd__package_v2beta3_xmlapi_httpservice__lowercase_deliver,
    .deliver_request = NULL,
  },
  {
    .name = "snake_case",
    .path = "/Odd_Package.v2beta3.XMLApi.HTTPService/snake_case",
    .client_streaming = false,
    .server_streaming = false,
    .request = &odd__package__v2beta3__xmlapi__a1_b2__descriptor,
    .reply = &odd__package__v2beta3__xmlapi__httprequest__inner_thing__deep__down__descriptor,
    .invoke = odd__package_v2beta3_xmlapi_httpservice__snake_case_invoke,
    .deliver = odd__package_v2beta3_xmlapi_httpservice__snake_case_deliver,
    .deliver_request = NULL,
  },
  {
    .name = "Get2FA",
    .path = "/Odd_Package.v2beta3.XMLApi.HTTPService/Get2FA",
    .client_streaming = false,
    .server_streaming = false,
    .request = &google__protobuf__timestamp__descriptor,
    .reply = &odd__package__v2beta3__xmlapi__snake_case_msg__descriptor,
    .invoke = odd__package_v2beta3_xmlapi_httpservice__get2_fa_invoke,
    .deliver = odd__package_v2beta3_xmlapi_httpservice__get2_fa_deliver,
    .deliver_request = NULL,
  },
};

const mesh_service_descriptor odd__package_v2beta3_xmlapi_httpservice_descriptor = {
  .name = "Odd_Package.v2beta3.XMLApi.HTTPService",
  .methods = odd__package_v2beta3_xmlapi_httpservice__methods,
  .method_count = 4,
  .file_descriptor_set = {file_descriptor_set, sizeof(file_descriptor_set)},
};

mesh_service odd__package_v2beta3_xmlapi_httpservice_bind(
    const odd__package_v2beta3_xmlapi_httpservice *handlers, void *self) {
  mesh_service service = {&odd__package_v2beta3_xmlapi_httpservice_descriptor, handlers, self};
  return service;
}

mesh_client_call *odd__package_v2beta3_xmlapi_get_httpthing(
    mesh_client *client, const mesh_context *context,
    const OddPackage__V2beta3__XMLApi__HTTPRequest *request,
    odd__package_v2beta3_xmlapi_get_httpthing_fn *on_reply, void *data) {
  mesh_payload payload = {(const ProtobufCMessage *)request, {NULL, 0}};
  mesh_reply_to reply_to = {NULL, (mesh_any_fn)on_reply, data};
  return mesh_client_unary(
      client, context, &odd__package_v2beta3_xmlapi_httpservice__methods[0], &payload, &reply_to);
}

void odd__package_v2beta3_xmlapi_get_httpthing_reply(
    mesh_call *call, const OddPackage__V2beta3__XMLApi__HTTPRequest__InnerThing *reply) {
  mesh_call_reply(call, (const ProtobufCMessage *)reply);
}

mesh_client_call *odd__package_v2beta3_xmlapi_lowercase(
    mesh_client *client, const mesh_context *context,
    const OddPackage__V2beta3__XMLApi__SnakeCaseMsg *request,
    odd__package_v2beta3_xmlapi_lowercase_fn *on_reply, void *data) {
  mesh_payload payload = {(const ProtobufCMessage *)request, {NULL, 0}};
  mesh_reply_to reply_to = {NULL, (mesh_any_fn)on_reply, data};
  return mesh_client_unary(
      client, context, &odd__package_v2beta3_xmlapi_httpservice__methods[1], &payload, &reply_to);
}

void odd__package_v2beta3_xmlapi_lowercase_reply(
    mesh_call *call, const OddPackage__V2beta3__XMLApi__A1B2 *reply) {
  mesh_call_reply(call, (const ProtobufCMessage *)reply);
}

mesh_client_call *odd__package_v2beta3_xmlapi_snake_case(
    mesh_client *client, const mesh_context *context,
    const OddPackage__V2beta3__XMLApi__A1B2 *request,
    odd__package_v2beta3_xmlapi_snake_case_fn *on_reply, void *data) {
  mesh_payload payload = {(const ProtobufCMessage *)request, {NULL, 0}};
  mesh_reply_to reply_to = {NULL, (mesh_any_fn)on_reply, data};
  return mesh_client_unary(
      client, context, &odd__package_v2beta3_xmlapi_httpservice__methods[2], &payload, &reply_to);
}

void odd__package_v2beta3_xmlapi_snake_case_reply(
    mesh_call *call, const OddPackage__V2beta3__XMLApi__HTTPRequest__InnerThing__DeepDown *reply) {
  mesh_call_reply(call, (const ProtobufCMessage *)reply);
}

mesh_client_call *odd__package_v2beta3_xmlapi_get2_fa(
    mesh_client *client, const mesh_context *context,
    const Google__Protobuf__Timestamp *request,
    odd__package_v2beta3_xmlapi_get2_fa_fn *on_reply, void *data) {
  mesh_payload payload = {(const ProtobufCMessage *)request, {NULL, 0}};
  mesh_reply_to reply_to = {NULL, (mesh_any_fn)on_reply, data};
  return mesh_client_unary(
      client, context, &odd__package_v2beta3_xmlapi_httpservice__methods[3], &payload, &reply_to);
}

void odd__package_v2beta3_xmlapi_get2_fa_reply(
    mesh_call *call, const OddPackage__V2beta3__XMLApi__SnakeCaseMsg *reply) {
  mesh_call_reply(call, (const ProtobufCMessage *)reply);
}

const mesh_service_descriptor odd__package_v2beta3_xmlapi_no_methods_descriptor = {
  .name = "Odd_Package.v2beta3.XMLApi.no_methods",
  .methods = NULL,
  .method_count = 0,
  .file_descriptor_set = {file_descriptor_set, sizeof(file_descriptor_set)},
};

mesh_service odd__package_v2beta3_xmlapi_no_methods_bind(
    const odd__package_v2beta3_xmlapi_no_methods *handlers, void *self) {
  mesh_service service = {&odd__package_v2beta3_xmlapi_no_methods_descriptor, handlers, self};
  return service;
}

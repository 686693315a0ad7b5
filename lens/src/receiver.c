/* SPDX-License-Identifier: Apache-2.0 */
#include "receiver.h"

#include "wire.h"

#include <mesh/call.h>
#include <opentelemetry/proto/collector/trace/v1/trace_service.mesh.h>

/* ExportTraceServiceResponse.partial_success, and within it rejected_spans and error_message. */
enum { FIELD_PARTIAL_SUCCESS = 1, FIELD_REJECTED_SPANS = 1, FIELD_ERROR_MESSAGE = 2 };

static void add_varint_field(lens_buffer *out, unsigned number, lens_wire_type type,
                             uint64_t value) {
  uint8_t head[12] = {(uint8_t)(number << 3 | type)};
  const uint8_t *end = lens_varint_write(head + 1, value);
  lens_buffer_add(out, head, (size_t)(end - head));
}

static void add_bytes_field(lens_buffer *out, unsigned number, lens_bytes bytes) {
  add_varint_field(out, number, LENS_WIRE_BYTES, bytes.size);
  lens_buffer_add_bytes(out, bytes);
}

static void add_partial_success(lens_buffer *out, const lens_ingest_result *result) {
  lens_buffer message = {0};
  if (result->invalid_ids > 0) {
    lens_buffer_add_format(&message, "%zu without a valid trace or span id", result->invalid_ids);
  }
  if (result->too_large > 0) {
    lens_buffer_add_format(&message, "%s%zu of traces that are too large",
                           message.size > 0 ? ", " : "", result->too_large);
  }
  add_varint_field(out, FIELD_REJECTED_SPANS, LENS_WIRE_VARINT,
                   result->invalid_ids + result->too_large);
  add_bytes_field(out, FIELD_ERROR_MESSAGE, lens_buffer_bytes(&message));
  lens_buffer_clean_up(&message);
}

void lens_receiver_encode_response(const lens_ingest_result *result, lens_buffer *out) {
  if (result->invalid_ids + result->too_large == 0) {
    return; /* full success: partial_success stays unset */
  }
  lens_buffer partial = {0};
  add_partial_success(&partial, result);
  add_bytes_field(out, FIELD_PARTIAL_SUCCESS, lens_buffer_bytes(&partial));
  lens_buffer_clean_up(&partial);
}

static void export_traces(mesh_call *call, const ProtobufCMessage *request,
                          const mesh_service *service) {
  (void)request; /* NULL: a raw method's handler takes the bytes */
  mesh_bytes bytes = mesh_call_request_bytes(call);
  lens_ingest_result result =
      lens_store_ingest(service->self, (lens_bytes){bytes.data, bytes.size});
  if (result.is_malformed) {
    mesh_call_fail(call, GRPC_STATUS_INVALID_ARGUMENT,
                   "the request is not a valid ExportTraceServiceRequest");
    return;
  }
  lens_buffer response = {0};
  lens_receiver_encode_response(&result, &response);
  mesh_call_reply_bytes(call, (mesh_bytes){response.data, response.size});
  lens_buffer_clean_up(&response);
}

static const mesh_method methods[] = {
    {.name = "Export",
     .path = "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
     .invoke = export_traces},
};

/* The generated descriptor's, for reflection, with our method in place of the typed one. */
static mesh_service_descriptor descriptor = {
    .name = "opentelemetry.proto.collector.trace.v1.TraceService",
    .methods = methods,
    .method_count = sizeof(methods) / sizeof(methods[0]),
};

mesh_service lens_receiver_service(lens_store *store) {
  descriptor.file_descriptor_set =
      opentelemetry_proto_collector_trace_v1_trace_service_descriptor.file_descriptor_set;
  return (mesh_service){.descriptor = &descriptor, .self = store};
}

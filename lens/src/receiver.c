/* SPDX-License-Identifier: Apache-2.0 */
#include "receiver.h"

#include "wire.h"

#include <mesh/call.h>
#include <opentelemetry/proto/collector/logs/v1/logs_service.mesh.h>
#include <opentelemetry/proto/collector/trace/v1/trace_service.mesh.h>

/* partial_success of both kinds of response; within it what was rejected, and error_message. */
enum { FIELD_PARTIAL_SUCCESS = 1, FIELD_REJECTED = 1, FIELD_ERROR_MESSAGE = 2 };

static void add_partial_success(lens_buffer *out, uint64_t rejected, lens_bytes message) {
  lens_buffer partial = {0};
  lens_field_add_varint(&partial, FIELD_REJECTED, rejected);
  lens_field_add_bytes(&partial, FIELD_ERROR_MESSAGE, message);
  lens_field_add_bytes(out, FIELD_PARTIAL_SUCCESS, lens_buffer_bytes(&partial));
  lens_buffer_clean_up(&partial);
}

void lens_receiver_encode_response(const lens_ingest_result *result, lens_buffer *out) {
  if (result->invalid_ids + result->too_large == 0) {
    return; /* full success: partial_success stays unset */
  }
  lens_buffer message = {0};
  if (result->invalid_ids > 0) {
    lens_buffer_add_format(&message, "%zu without a valid trace or span id", result->invalid_ids);
  }
  if (result->too_large > 0) {
    lens_buffer_add_format(&message, "%s%zu of traces that are too large",
                           message.size > 0 ? ", " : "", result->too_large);
  }
  add_partial_success(out, result->invalid_ids + result->too_large, lens_buffer_bytes(&message));
  lens_buffer_clean_up(&message);
}

static void reply(mesh_call *call, lens_buffer *response) {
  mesh_call_reply_bytes(call, (mesh_bytes){response->data, response->size});
  lens_buffer_clean_up(response);
}

static lens_bytes request_of(mesh_call *call) {
  mesh_bytes bytes = mesh_call_request_bytes(call);
  return (lens_bytes){bytes.data, bytes.size};
}

static void export_traces(mesh_call *call, const ProtobufCMessage *request,
                          const mesh_service *service) {
  (void)request; /* NULL: a raw method's handler takes the bytes */
  lens_ingest_result result = lens_store_ingest(service->self, request_of(call));
  if (result.is_malformed) {
    mesh_call_fail(call, GRPC_STATUS_INVALID_ARGUMENT,
                   "the request is not a valid ExportTraceServiceRequest");
    return;
  }
  lens_buffer response = {0};
  lens_receiver_encode_response(&result, &response);
  reply(call, &response);
}

static void export_logs(mesh_call *call, const ProtobufCMessage *request,
                        const mesh_service *service) {
  (void)request;
  lens_log_result result = lens_log_store_ingest(lens_store_logs(service->self), request_of(call));
  if (result.is_malformed) {
    mesh_call_fail(call, GRPC_STATUS_INVALID_ARGUMENT,
                   "the request is not a valid ExportLogsServiceRequest");
    return;
  }
  lens_buffer response = {0};
  if (result.too_large > 0) {
    add_partial_success(&response, result.too_large, lens_bytes_of("records that are too large"));
  }
  reply(call, &response);
}

static const mesh_method trace_methods[] = {
    {.name = "Export",
     .path = "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
     .invoke = export_traces},
};

static const mesh_method log_methods[] = {
    {.name = "Export",
     .path = "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
     .invoke = export_logs},
};

/* The generated descriptors', for reflection, with our methods in place of the typed ones. */
static mesh_service_descriptor trace_descriptor = {
    .name = "opentelemetry.proto.collector.trace.v1.TraceService",
    .methods = trace_methods,
    .method_count = 1,
};

static mesh_service_descriptor log_descriptor = {
    .name = "opentelemetry.proto.collector.logs.v1.LogsService",
    .methods = log_methods,
    .method_count = 1,
};

mesh_service lens_receiver_service(lens_store *store) {
  trace_descriptor.file_descriptor_set =
      opentelemetry_proto_collector_trace_v1_trace_service_descriptor.file_descriptor_set;
  return (mesh_service){.descriptor = &trace_descriptor, .self = store};
}

mesh_service lens_receiver_logs_service(lens_store *store) {
  log_descriptor.file_descriptor_set =
      opentelemetry_proto_collector_logs_v1_logs_service_descriptor.file_descriptor_set;
  return (mesh_service){.descriptor = &log_descriptor, .self = store};
}

/* SPDX-License-Identifier: Apache-2.0 */
/* SERVER spans. */
#include <stdio.h>

#include "call.h"
#include "tracing.h"

/* A propagator's look into the request's metadata. */
static bool get(const void *carrier, otlp_string key, size_t index, otlp_string *out_value) {
  mesh_bytes name = {key.data, key.length};
  mesh_bytes value;
  if (!mesh__metadata_find(carrier, name, index, &value)) {
    return false;
  }
  out_value->data = value.data;
  out_value->length = value.size;
  return true;
}

/* Per call. */
typedef struct served {
  otlp_span *span;
  int64_t attempt; /* from 1 */
} served;

/* gRPC tells how often the client has tried before: the attempt, less one. */
static bool find_attempts(const mesh_call *call, mesh_bytes *out_value) {
  return mesh_metadata_get(&call->metadata, "grpc-previous-rpc-attempts", 0, out_value);
}

static int64_t attempt_of(const mesh_call *call) {
  mesh_bytes value;
  return find_attempts(call, &value) ? mesh__rpc_attempts_parse(value) + 1 : 1;
}

static void add_attempts(mesh__rpc_attributes *attributes, const mesh_call *call,
                         otlp_string *out_attempts) {
  mesh_bytes value;
  if (!find_attempts(call, &value)) {
    return;
  }
  out_attempts->data = value.data;
  out_attempts->length = value.size;
  otlp_attribute *item = &attributes->items[attributes->count++];
  item->key = otlp_string_from("rpc.request.metadata.grpc-previous-rpc-attempts");
  item->value.type = OTLP_VALUE_STRING_ARRAY;
  item->value.count = 1;
  item->value.as.strings = out_attempts;
}

static otlp_span *start_span(const mesh_tracing *tracing, mesh_call *call,
                             const otlp_context *parent) {
  bool is_known = call->binding->method != NULL;
  const char *method = mesh__rpc_method(call->method);
  const char *name = is_known ? method : MESH__RPC_SYSTEM;
  otlp_span_options options = {.kind = OTLP_SPAN_KIND_SERVER};
  if (!otlp_tracer_enabled(tracing->tracer)) {
    return otlp_span_start(tracing->tracer, parent, otlp_string_from(name), &options);
  }
  mesh__peer peer;
  otlp_string attempts;
  mesh__rpc_attributes attributes = {.count = 0};
  mesh__peer_parse(mesh_call_peer(call), &peer);
  mesh__rpc_add_text(&attributes, "rpc.system.name", MESH__RPC_SYSTEM);
  mesh__rpc_add_text(&attributes, "rpc.method", is_known ? method : MESH__RPC_OTHER);
  mesh__rpc_add_text(&attributes, "rpc.method_original", is_known ? NULL : method);
  mesh__rpc_add_text(&attributes, "server.address", call->home->server->telemetry_address);
  mesh__rpc_add_port(&attributes, "server.port", call->home->server->port);
  mesh__rpc_add_text(&attributes, "network.peer.address", peer.address);
  mesh__rpc_add_port(&attributes, "network.peer.port", peer.port);
  add_attempts(&attributes, call, &attempts);
  options.attributes = attributes.items;
  options.attribute_count = attributes.count;
  return otlp_span_start(tracing->tracer, parent, otlp_string_from(name), &options);
}

static mesh_verdict started(void *self, mesh_call *call, void *state) {
  const mesh_tracing *tracing = self;
  served *serving = state;
  otlp_context remote =
      otlp_propagators_extract(&tracing->propagators, get, mesh_call_metadata(call));
  if (!call->binding->is_exempt) {
    serving->span = start_span(tracing, call, &remote);
  }
  serving->attempt = attempt_of(call);
  if (serving->attempt > 1) {
    otlp_span_set_int(serving->span, MESH__RPC_ATTEMPT, serving->attempt);
  }
  otlp_context trace = otlp_context_with_span(&remote, serving->span);
  mesh_context *context = mesh__context_child(mesh_call_context(call));
  mesh__context_set_trace(context, &trace);
  otlp_context_clean_up(&remote);
  mesh_call_set_context(call, context);
  mesh_call_set_span(call, serving->span);
  return MESH_PROCEED;
}

static void finished(void *self, mesh_call *call, const mesh_status *status, void *state) {
  (void)self;
  served *serving = state;
  if (serving->attempt > 1) {
    char text[8];
    int length = snprintf(text, sizeof text, "%d", (int)serving->attempt);
    mesh_call_add_trailing_metadata(call, MESH__RPC_ATTEMPT_TRAILER,
                                    (mesh_bytes){text, (size_t)length});
  }
  mesh__rpc_end_span(serving->span, status, mesh__rpc_is_server_error(status->code));
}

const mesh_interceptor mesh__tracing_server = {
    .name = "tracing",
    .state_size = sizeof(served),
    .server_started = started,
    .server_finished = finished,
};

/* SPDX-License-Identifier: Apache-2.0 */
/* CLIENT spans: one per logical call, whatever its attempts. */
#include "client.h"
#include "tracing.h"

/* A propagator's hand in the metadata that goes out. */
static void set(void *carrier, otlp_string key, otlp_string value) {
  mesh_client_call *call = carrier;
  mesh_arena *arena = mesh_context_arena(call->context);
  mesh_bytes bytes = {value.data, value.length};
  mesh_client_call_add_metadata(call, mesh_arena_copy(arena, key.data, key.length), bytes);
}

static otlp_span *start_span(const mesh_tracing *tracing, const mesh_client_call *call) {
  const mesh__target *target = &call->client->target;
  const char *method = mesh__rpc_method(call->method);
  mesh__rpc_attributes attributes = {.count = 0};
  mesh__rpc_add_text(&attributes, "rpc.system.name", MESH__RPC_SYSTEM);
  mesh__rpc_add_text(&attributes, "rpc.method", method);
  mesh__rpc_add_text(&attributes, "server.address", target->address);
  mesh__rpc_add_port(&attributes, "server.port", target->port);
  otlp_span_options options = {.kind = OTLP_SPAN_KIND_CLIENT,
                               .attributes = attributes.items,
                               .attribute_count = attributes.count};
  return otlp_span_start(tracing->tracer, mesh_context_trace(call->context),
                         otlp_string_from(method), &options);
}

static mesh_verdict started(void *self, mesh_client_call *call, void *state) {
  const mesh_tracing *tracing = self;
  otlp_span **span = state;
  *span = start_span(tracing, call);
  mesh_client_call_set_span(call, *span);
  otlp_context trace = otlp_context_with_span(mesh_context_trace(call->context), *span);
  otlp_propagators_inject(&tracing->propagators, &trace, set, call);
  return MESH_PROCEED;
}

static void add_attempt(mesh__rpc_attributes *attributes, const mesh_client_call *call) {
  mesh_bytes value;
  if (mesh_metadata_get(&call->trailing, MESH__RPC_ATTEMPT_TRAILER, 0, &value)) {
    int64_t attempts = mesh__rpc_attempts_parse(value);
    if (attempts > 1) {
      attributes->items[attributes->count++] = otlp_attribute_int(MESH__RPC_ATTEMPT, attempts);
    }
  }
}

static void finished(void *self, mesh_client_call *call, const mesh_status *status, void *state) {
  (void)self;
  otlp_span **span = state;
  if (otlp_span_is_recording(*span)) {
    mesh__peer peer;
    mesh__rpc_attributes attributes = {.count = 0};
    mesh__peer_parse(mesh_client_call_peer(call), &peer);
    mesh__rpc_add_text(&attributes, "network.peer.address", peer.address);
    mesh__rpc_add_port(&attributes, "network.peer.port", peer.port);
    add_attempt(&attributes, call);
    otlp_span_set_attributes(*span, attributes.items, attributes.count);
  }
  mesh_client_call_set_span(call, NULL);
  mesh__rpc_end_span(*span, status, !mesh_status_is_ok(status));
}

const mesh_interceptor mesh__tracing_client = {
    .name = "tracing",
    .state_size = sizeof(otlp_span *),
    .client_started = started,
    .client_finished = finished,
};

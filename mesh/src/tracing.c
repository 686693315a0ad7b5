/* SPDX-License-Identifier: Apache-2.0 */
#include "tracing.h"

#include <otlp/version.h>
#include <stdlib.h>

#include "memory.h"

mesh_status mesh_tracing_new(const mesh_tracing_options *options, mesh_tracing **out_tracing) {
  mesh_tracing *tracing = mesh__xcalloc(1, sizeof *tracing);
  otlp_scope scope = {.name = otlp_string_from("mesh"),
                      .version = otlp_string_from(otlp_version())};
  tracing->tracer = otlp_tracer_provider_get_tracer(options->provider, &scope);
  tracing->propagators = options->propagators;
  tracing->server = mesh__tracing_server;
  tracing->server.self = tracing;
  tracing->client = mesh__tracing_client;
  tracing->client.self = tracing;
  *out_tracing = tracing;
  return mesh_status_ok();
}

void mesh_tracing_destroy(mesh_tracing *tracing) {
  free(tracing);
}

const mesh_interceptor *mesh_tracing_server_interceptor(const mesh_tracing *tracing) {
  return &tracing->server;
}

const mesh_interceptor *mesh_tracing_client_interceptor(const mesh_tracing *tracing) {
  return &tracing->client;
}

static void add(mesh__rpc_attributes *attributes, otlp_attribute attribute) {
  if (attributes->count < MESH__RPC_ATTRIBUTES_MAX) {
    attributes->items[attributes->count++] = attribute;
  }
}

void mesh__rpc_add_text(mesh__rpc_attributes *attributes, const char *key, const char *text) {
  if (text != NULL && text[0] != '\0') {
    add(attributes, otlp_attribute_string(key, text));
  }
}

void mesh__rpc_add_port(mesh__rpc_attributes *attributes, const char *key, int port) {
  if (port != 0) {
    add(attributes, otlp_attribute_int(key, port));
  }
}

int64_t mesh__rpc_attempts_parse(mesh_bytes text) {
  enum { DIGITS_MOST = 4 };
  const char *digits = text.data;
  int64_t attempts = 0;
  for (size_t i = 0; i < text.size; i++) {
    if (text.size > DIGITS_MOST || digits[i] < '0' || digits[i] > '9') {
      return 0;
    }
    attempts = attempts * 10 + (digits[i] - '0');
  }
  return attempts;
}

bool mesh__rpc_is_server_error(grpc_status_code code) {
  switch (code) {
  case GRPC_STATUS_UNKNOWN:
  case GRPC_STATUS_DEADLINE_EXCEEDED:
  case GRPC_STATUS_UNIMPLEMENTED:
  case GRPC_STATUS_INTERNAL:
  case GRPC_STATUS_UNAVAILABLE:
  case GRPC_STATUS_DATA_LOSS:
    return true;
  default:
    return false;
  }
}

void mesh__rpc_end_span(otlp_span *span, const mesh_status *status, bool is_error) {
  if (otlp_span_is_recording(span)) {
    const char *code = mesh_status_code_name(status->code);
    otlp_span_set_string(span, MESH__RPC_STATUS_CODE, code);
    if (is_error) {
      otlp_span_set_string(span, "error.type", code);
      otlp_span_set_status(span, OTLP_STATUS_ERROR, otlp_string_from(status->message));
    }
  }
  otlp_span_end(span);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What the two sides of tracing share (semantic-conventions v1.44.0, docs/rpc/grpc.md). */
#ifndef MESH__TRACING_H
#define MESH__TRACING_H

#include <mesh/tracing.h>

#include "peer.h"

/* v1.44.0; the next release says "rpc.status_code". */
#define MESH__RPC_STATUS_CODE "rpc.response.status_code"

/* The method, and so the span, of calls to what is not served. */
#define MESH__RPC_OTHER "_OTHER"
#define MESH__RPC_SYSTEM "grpc"

/*
 * Which attempt of a call it was that a SERVER span is of, and how many there were in a CLIENT
 * span; the conventions have no name for it in RPC. Only calls that were tried again have it.
 * Servers know from gRPC's grpc-previous-rpc-attempts; the C core does not tell its clients, so our
 * servers do, in the trailers of an attempt that is not the first.
 */
#define MESH__RPC_ATTEMPT "meshwork.rpc.attempt"
#define MESH__RPC_ATTEMPT_TRAILER "meshwork-rpc-attempt"

struct mesh_tracing {
  otlp_tracer *tracer;
  otlp_propagators propagators;
  mesh_interceptor server;
  mesh_interceptor client;
};

extern const mesh_interceptor mesh__tracing_server;
extern const mesh_interceptor mesh__tracing_client;

/* Attributes gathered for the start of a span. All zero is empty. */
enum { MESH__RPC_ATTRIBUTES_MAX = 10 };
typedef struct mesh__rpc_attributes {
  otlp_attribute items[MESH__RPC_ATTRIBUTES_MAX];
  size_t count;
} mesh__rpc_attributes;

/* Keys and texts are borrowed. A NULL or empty text, and a port of 0, add nothing. */
void mesh__rpc_add_text(mesh__rpc_attributes *attributes, const char *key, const char *text);
void mesh__rpc_add_port(mesh__rpc_attributes *attributes, const char *key, int port);

/* A number of attempts, decimal, as text; 0 for what is none, or more than anybody makes. */
int64_t mesh__rpc_attempts_parse(mesh_bytes text);

/* "pkg.Service/Method" of a method's path. */
static inline const char *mesh__rpc_method(const mesh_method *method) {
  return method->path[0] == '/' ? method->path + 1 : method->path;
}

/* Codes that are errors of the server, rather than answers to what was asked (rpc-spans.md,
 * "Status"). On the client every code but OK is one. */
bool mesh__rpc_is_server_error(grpc_status_code code);

/* Sets the code, and for errors `error.type` and the span's status; then ends the span. */
void mesh__rpc_end_span(otlp_span *span, const mesh_status *status, bool is_error);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Tracing of calls: SERVER and CLIENT spans by the RPC semantic conventions, and contexts that
 * travel in metadata. Two interceptors, for mesh_server_use and mesh_client_options; mesh_app puts
 * them in place.
 *
 * A call's SERVER span is the parent of what its handler does in mesh_call_context; a CLIENT span
 * hangs below the context the call is made in, and covers all its attempts. Health and reflection
 * get no SERVER spans: their callers are machines that ask every few seconds.
 *
 * `server.address` and `server.port` of a SERVER span are where the server listens (the machine's
 * name, when that is everywhere), not what the client called it by: the C core tells :authority for
 * unknown methods only.
 *
 * Ownership: the tracing outlives the servers and clients that use it, the provider the tracing.
 * Threads: immutable, safe anywhere.
 */
#ifndef MESH_TRACING_H
#define MESH_TRACING_H

#include <mesh/interceptor.h>
#include <otlp/propagation.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct mesh_tracing mesh_tracing;

typedef struct mesh_tracing_options {
  otlp_tracer_provider *provider; /* optional; NULL: no spans, but contexts still travel */
  otlp_propagators propagators;   /* copied; empty: contexts do not travel */
} mesh_tracing_options;

/** OK always, so far. */
MESH_MUST_USE mesh_status mesh_tracing_new(const mesh_tracing_options *options,
                                           mesh_tracing **out_tracing);

/** NULL does nothing. */
void mesh_tracing_destroy(mesh_tracing *tracing);

/** Put it first, so that what other interceptors do is inside the span. Live as long as the
 * tracing. */
const mesh_interceptor *mesh_tracing_server_interceptor(const mesh_tracing *tracing);
const mesh_interceptor *mesh_tracing_client_interceptor(const mesh_tracing *tracing);

#ifdef __cplusplus
}
#endif

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What a piece of work inherits: its loop, arena, deadline, cancellation, trace context and the
 * metadata its calls send.
 *
 * Every server call has a context (mesh_call_context); work that no call started makes one with
 * mesh_context_new. Contexts made with mesh_context_with_… are children: they change one thing and
 * share the rest, and live in the same arena.
 *
 * Ownership: a root is counted. It is alive while anyone holds it, and while calls or store
 * operations made with it are under way: those hold it themselves. Children live as long as their
 * root. The arena dies with the root. Threads: a context and its arena belong to its loop's thread.
 * mesh_context_acquire and mesh_context_release count atomically, and the last release, from
 * whichever thread, has the root die on its loop.
 */
#ifndef MESH_CONTEXT_H
#define MESH_CONTEXT_H

#include <mesh/arena.h>
#include <mesh/loop.h>
#include <mesh/metadata.h>
#include <otlp/trace.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct mesh_context mesh_context;

/** No deadline. */
#define MESH_NO_TIMEOUT INT64_MAX

/** A root context on `loop` with one count, for the caller to release. `parent` may be NULL (a new
 * trace); it is copied. */
mesh_context *mesh_context_new(mesh_loop *loop, const otlp_context *parent, int64_t timeout_ms);

/** Count, and give back. Both take any context of the family, and act on its root. Releasing NULL
 * does nothing. */
const mesh_context *mesh_context_acquire(const mesh_context *context);
void mesh_context_release(const mesh_context *context);

/** A child whose calls and spans hang below `span`. The span need not outlive the context. */
const mesh_context *mesh_context_with_span(const mesh_context *parent, const otlp_span *span);

/**
 * Starts an INTERNAL span below `parent` and gives the child context for the work inside it; end it
 * with otlp_span_end. The tracer is that of the loop's process (mesh_loop_set_tracer); without one
 * the span is NULL, which every otlp function takes.
 */
const mesh_context *mesh_context_start_span(const mesh_context *parent, const char *name,
                                            otlp_span **out_span);

/** A child whose deadline is at most `timeout_ms` from now: a deadline can only come nearer. */
const mesh_context *mesh_context_with_timeout(const mesh_context *parent, int64_t timeout_ms);

/** A child whose calls also send `key: value`. `key` is lower case; the value of a "-bin" key may
 * be any bytes. Both are copied. */
const mesh_context *mesh_context_with_metadata(const mesh_context *parent, const char *key,
                                               mesh_bytes value);

/** A child that outlives the cancellation and deadline of its parent: for compensation and clean-up
 * that must run to their end. With its own children it is a family of its own to
 * mesh_context_cancel. */
const mesh_context *mesh_context_detached(const mesh_context *parent, int64_t timeout_ms);

/** Cancels the whole family: calls under way end with CANCELLED, on_cancel functions run. On the
 * loop's thread; more than once is the same. */
void mesh_context_cancel(const mesh_context *context);

/** True once cancelled, by the peer, by mesh_context_cancel, or because the deadline passed. */
bool mesh_context_is_cancelled(const mesh_context *context);

/** Has `fn(data)` called once on the loop's thread if the family is cancelled before its root dies;
 * at once, from within this function, if it is cancelled already. */
void mesh_context_on_cancel(const mesh_context *context, void (*fn)(void *data), void *data);

mesh_loop *mesh_context_loop(const mesh_context *context);
mesh_arena *mesh_context_arena(const mesh_context *context);

/** Milliseconds left, not below 0; MESH_NO_TIMEOUT without a deadline. */
int64_t mesh_context_remaining_ms(const mesh_context *context);

/** The trace context and baggage. Valid as long as the context. */
const otlp_context *mesh_context_trace(const mesh_context *context);

/** The tracer of manual spans on this loop, given by the application; NULL means no spans. */
void mesh_loop_set_tracer(mesh_loop *loop, otlp_tracer *tracer);
otlp_tracer *mesh_loop_tracer(const mesh_loop *loop);

#ifdef __cplusplus
}
#endif

#endif

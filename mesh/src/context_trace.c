/* SPDX-License-Identifier: Apache-2.0 */
/* The trace context of contexts, and spans around pieces of work. */
#include <otlp/baggage.h>
#include <otlp/trace_state.h>

#include "context.h"

static void release_trace_state(void *data) {
  otlp_trace_state_release(data);
}

static void release_baggage(void *data) {
  otlp_baggage_release(data);
}

void mesh__context_set_trace(mesh_context *context, const otlp_context *trace) {
  mesh_arena *arena = context->root->arena;
  const otlp_context old = context->trace;
  context->trace = *trace;
  /* What is inherited is held already. */
  if (trace->span.trace_state != NULL && trace->span.trace_state != old.span.trace_state) {
    mesh_arena_defer(arena, release_trace_state, otlp_trace_state_acquire(trace->span.trace_state));
  }
  if (trace->baggage != NULL && trace->baggage != old.baggage) {
    mesh_arena_defer(arena, release_baggage, otlp_baggage_acquire(trace->baggage));
  }
}

const mesh_context *mesh_context_with_span(const mesh_context *parent, const otlp_span *span) {
  if (span == NULL) {
    return parent;
  }
  otlp_context trace = otlp_context_with_span(&parent->trace, span);
  mesh_context *child = mesh__context_child(parent);
  mesh__context_set_trace(child, &trace);
  return child;
}

const mesh_context *mesh_context_start_span(const mesh_context *parent, const char *name,
                                            otlp_span **out_span) {
  otlp_tracer *tracer = mesh_loop_tracer(parent->root->loop);
  *out_span = NULL;
  if (tracer != NULL) {
    *out_span = otlp_span_start(tracer, &parent->trace, otlp_string_from(name), NULL);
  }
  return mesh_context_with_span(parent, *out_span);
}

const otlp_context *mesh_context_trace(const mesh_context *context) {
  return &context->trace;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole trace as lens has it, read as protobuf with the generated decoder, so that nothing of
 * lens but its bytes is trusted.
 */
#ifndef TESTS_E2E_TRACE_H
#define TESTS_E2E_TRACE_H

#include <opentelemetry/proto/trace/v1/trace.pb-c.h>

#include <stdbool.h>
#include <stddef.h>

typedef Opentelemetry__Proto__Trace__V1__Span trace_proto_span;

typedef struct trace_span {
  const char *service;
  const trace_proto_span *span;
} trace_span;

typedef struct whole_trace {
  Opentelemetry__Proto__Trace__V1__TracesData *data;
  trace_span *spans; /* by their starts */
  size_t count;
} whole_trace;

/* Asks lens on `query_port` until the trace has at least `span_count` spans; fails the test when
 * they do not come. For trace_clean_up. */
whole_trace trace_wait(int query_port, const char *trace_id, size_t span_count);

/* What lens has of the trace now; no spans when it has none. */
whole_trace trace_fetch(int query_port, const char *trace_id);

void trace_clean_up(whole_trace *trace);

/* Fails the test unless the tree of the spans is `expected`: a line for each, children below their
 * parents in the order of their starts, indented by two blanks:
 *   "api-gateway POST /orders SERVER\n"
 *   "  api-gateway process_order_request INTERNAL\n"
 * A span whose parent is not in the trace stands at the left. */
void assert_trace_tree(const whole_trace *trace, const char *expected);

/* The first span of this service and name; fails the test when there is none. */
const trace_proto_span *trace_find(const whole_trace *trace, const char *service, const char *name);

/* The parent of a span within the trace, or NULL. */
const trace_proto_span *trace_parent(const whole_trace *trace, const trace_proto_span *span);

/* The span's attribute as text, valid until the next look; NULL when it has none. */
const char *trace_attribute(const trace_proto_span *span, const char *key);

/* Fails the test unless the span has the attribute with this value, written as text. */
void assert_attribute(const trace_proto_span *span, const char *key, const char *expected);

/* The same of an event; the first one of that name. */
void assert_event(const trace_proto_span *span, const char *name);
void assert_event_attribute(const trace_proto_span *span, const char *name, const char *key,
                            const char *expected);

/* Fails the test unless the span's status is ERROR with, if not NULL, this description. */
void assert_error(const trace_proto_span *span, const char *description);
void assert_no_error(const trace_proto_span *span);

#endif

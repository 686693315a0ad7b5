/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A provider whose spans can be looked at: a simple processor, a memory exporter, and protobuf-c as
 * the independent decoder.
 */
#ifndef TESTS_UNIT_OTLP_TRACING_H
#define TESTS_UNIT_OTLP_TRACING_H

#include "check.h"

#include <otlp/exporters.h>
#include <otlp/sdk.h>

#include <opentelemetry/proto/trace/v1/trace.pb-c.h>

typedef Opentelemetry__Proto__Trace__V1__Span proto_span;
typedef Opentelemetry__Proto__Common__V1__KeyValue proto_key_value;
typedef Opentelemetry__Proto__Common__V1__AnyValue proto_any_value;

typedef struct tracing {
  otlp_exporter *memory;
  otlp_tracer_provider *provider;
  otlp_tracer *tracer;
  proto_span *decoded; /* the last one asked for; freed with the next */
} tracing;

/** Options with everything else at its default, for tracing_start. */
otlp_tracer_provider_options tracing_options(void);

/** Fails the test when it cannot be made. */
tracing tracing_start(const otlp_tracer_provider_options *options);
void tracing_stop(tracing *self);

/** The index-th exported span, decoded; fails the test if there is none or it can't be decoded. */
const proto_span *tracing_span(tracing *self, size_t index);

/** Starts and ends nothing else than what the test asks for: the exported span of one started with
 * `options`. */
otlp_span *tracing_begin(tracing *self, const char *name);

/** The attribute of that key; fails the test if there is not exactly one. */
const proto_any_value *tracing_attribute(proto_key_value **attributes, size_t count,
                                         const char *key);

#endif

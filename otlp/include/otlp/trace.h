/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Tracers and spans (specification, trace/api.md).
 *
 * Ownership: a provider owns its tracers; a tracer is valid until its provider is destroyed.
 * `otlp_span_start` hands the caller a span; `otlp_span_end` takes it back, and the pointer is dead
 * from then on. Everything passed in is copied if it is kept. A NULL span is the span that records
 * nothing: every function here takes it and does nothing, so callers never check. Threads:
 * providers and tracers are safe anywhere. A span may be used from several threads at once, but its
 * end must come after every other use, as with any object that is given back. Cost: nothing here
 * blocks or does I/O. Memory of ended spans is used again by the thread that ended them, so that
 * spans of ordinary size cost no allocation in the steady state, sampled or not.
 */
#ifndef OTLP_TRACE_H
#define OTLP_TRACE_H

#include <otlp/context.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct otlp_tracer_provider otlp_tracer_provider;
typedef struct otlp_tracer otlp_tracer;
typedef struct otlp_span otlp_span;

/** Nanoseconds since the Unix epoch; 0 in an options field means "now". */
typedef uint64_t otlp_unix_nanos;

/** Who makes the spans ("Get a Tracer"). All borrowed for the call; an empty name still gives a
 * working tracer. */
typedef struct otlp_scope {
  otlp_string name;
  otlp_string version;
  otlp_string schema_url;
  const otlp_attribute *attributes;
  size_t attribute_count;
} otlp_scope;

/**
 * The tracer of a scope; the same scope gives the same tracer. Never NULL: on failure, and for a
 * NULL provider, a tracer whose spans record nothing but still carry the parent's span context on.
 */
otlp_tracer *otlp_tracer_provider_get_tracer(otlp_tracer_provider *provider,
                                             const otlp_scope *scope);

/** False when spans of this tracer can go nowhere, so that costly attributes need not be computed
 * ("Enabled"). */
bool otlp_tracer_enabled(const otlp_tracer *tracer);

/** Values as on the wire (opentelemetry/proto/trace/v1, Span.SpanKind). */
typedef enum otlp_span_kind {
  OTLP_SPAN_KIND_INTERNAL = 1,
  OTLP_SPAN_KIND_SERVER = 2,
  OTLP_SPAN_KIND_CLIENT = 3,
  OTLP_SPAN_KIND_PRODUCER = 4,
  OTLP_SPAN_KIND_CONSUMER = 5,
} otlp_span_kind;

/** Values as on the wire (Status.StatusCode). Ok is final, Error beats Unset ("Set Status"). */
typedef enum otlp_status_code {
  OTLP_STATUS_UNSET = 0,
  OTLP_STATUS_OK = 1,
  OTLP_STATUS_ERROR = 2,
} otlp_status_code;

/** A reference to another span. A link to an invalid context is kept if it has attributes or trace
 * state. */
typedef struct otlp_link {
  otlp_span_context context;
  const otlp_attribute *attributes;
  size_t attribute_count;
} otlp_link;

/** Optional parts of a span's start. All zero, or a NULL pointer, means the defaults. */
typedef struct otlp_span_options {
  otlp_span_kind kind;              /* default INTERNAL */
  otlp_unix_nanos start_time;       /* default now */
  const otlp_attribute *attributes; /* seen by the sampler */
  size_t attribute_count;
  const otlp_link *links;
  size_t link_count;
} otlp_span_options;

/**
 * Starts a span below `parent` (NULL or an invalid span context: a new trace).
 *
 * @return a span to be ended exactly once with otlp_span_end, or NULL when memory is short (counted
 * as dropped), or when there is nothing for it to do: behind the shutdown, for a NULL provider, and
 * below a parent without processors. NULL is fine everywhere; the context stays the parent's.
 */
otlp_span *otlp_span_start(otlp_tracer *tracer, const otlp_context *parent, otlp_string name,
                           const otlp_span_options *options);

/** The span's identity; the invalid context for NULL. `trace_state` is borrowed from the span.
 * Valid until the end. */
otlp_span_context otlp_span_get_context(const otlp_span *span);

/**
 * The context for work below `span`: `parent` with the span in place of its own. With a NULL span,
 * `parent` itself, so that what follows hangs where the lost span would have.
 */
otlp_context otlp_context_with_span(const otlp_context *parent, const otlp_span *span);

/** True for spans that keep what they are told; a sampler's RECORD_ONLY gives such that are not
 * sampled. False for NULL. */
bool otlp_span_is_recording(const otlp_span *span);

/** Sets an attribute; the same key overwrites in place ("Set Attributes"). Beyond the limit it is
 * dropped and counted. */
void otlp_span_set_attribute(otlp_span *span, otlp_string key, otlp_value value);

/** Sets several attributes, in order. Cheaper than one by one. */
void otlp_span_set_attributes(otlp_span *span, const otlp_attribute *attributes,
                              size_t attribute_count);

static inline void otlp_span_set_string(otlp_span *span, const char *key, const char *text) {
  otlp_attribute attribute = otlp_attribute_string(key, text);
  otlp_span_set_attributes(span, &attribute, 1);
}

static inline void otlp_span_set_int(otlp_span *span, const char *key, int64_t integer) {
  otlp_attribute attribute = otlp_attribute_int(key, integer);
  otlp_span_set_attributes(span, &attribute, 1);
}

static inline void otlp_span_set_double(otlp_span *span, const char *key, double number) {
  otlp_attribute attribute = otlp_attribute_double(key, number);
  otlp_span_set_attributes(span, &attribute, 1);
}

static inline void otlp_span_set_bool(otlp_span *span, const char *key, bool boolean) {
  otlp_attribute attribute = otlp_attribute_bool(key, boolean);
  otlp_span_set_attributes(span, &attribute, 1);
}

/** Adds an event that happened at `time` (0: now). Attributes are copied. */
void otlp_span_add_event(otlp_span *span, otlp_string name, otlp_unix_nanos time,
                         const otlp_attribute *attributes, size_t attribute_count);

/** Adds a link after the start ("Add Link"). Samplers do not see it. */
void otlp_span_add_link(otlp_span *span, const otlp_link *link);

/** Sets the status; `description` counts only with ERROR and may be empty. */
void otlp_span_set_status(otlp_span *span, otlp_status_code code, otlp_string description);

/**
 * Adds the event `exception` with `exception.type` and `exception.message` (specification,
 * trace/exceptions.md). Does not touch the status.
 */
void otlp_span_record_exception(otlp_span *span, otlp_string type, otlp_string message);

/** Replaces the name. */
void otlp_span_update_name(otlp_span *span, otlp_string name);

/** Ends the span now (or at `end_time`): it is encoded, queued, and the pointer is dead. NULL does
 * nothing. */
void otlp_span_end(otlp_span *span);
void otlp_span_end_at(otlp_span *span, otlp_unix_nanos end_time);

#ifdef __cplusplus
}
#endif

#endif

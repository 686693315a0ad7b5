/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Context in and out of carriers (specification, context/api-propagators.md; W3C Trace Context
 * Level 2; W3C Baggage).
 *
 * Ownership: extract gives a context whose trace state and baggage carry one count each, to be
 * given back with otlp_context_clean_up. Threads: propagators are immutable and safe anywhere.
 */
#ifndef OTLP_PROPAGATION_H
#define OTLP_PROPAGATION_H

#include <otlp/context.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Reads a carrier: returns in `out_value` the `index`-th value of `key` (lower case; the carrier
 * compares without case where its protocol does) and true, or false when there are no more.
 * Repeated headers are so read one by one ("GetAll").
 */
typedef bool otlp_carrier_get_fn(const void *carrier, otlp_string key, size_t index,
                                 otlp_string *out_value);

/** Writes a carrier: sets `key` (lower case) to `value`, replacing what was there. Both are
 * borrowed for the call. */
typedef void otlp_carrier_set_fn(void *carrier, otlp_string key, otlp_string value);

/** One format. Register a value of this type to add a propagator of your own. */
typedef struct otlp_propagator {
  const char *name; /* as in OTEL_PROPAGATORS */
  /** Puts what it finds into `context`; leaves it as it is when there is nothing, or nothing valid.
   */
  void (*extract)(otlp_context *context, otlp_carrier_get_fn *get, const void *carrier);
  /** Writes the parts of `context` that are valid. */
  void (*inject)(const otlp_context *context, otlp_carrier_set_fn *set, void *carrier);
} otlp_propagator;

/** `traceparent` and `tracestate`. */
extern const otlp_propagator otlp_propagator_trace_context;
/** `baggage`. */
extern const otlp_propagator otlp_propagator_baggage;
/** Zipkin's B3. Both read `b3`, and the `x-b3-...` headers if that is not there; the first writes
 * `b3`, the second the `x-b3-...` headers. */
extern const otlp_propagator otlp_propagator_b3;
extern const otlp_propagator otlp_propagator_b3_multi;

/** Several propagators in order, at most OTLP_PROPAGATORS_MAX. A value; the propagators it names
 * must outlive it. */
enum { OTLP_PROPAGATORS_MAX = 8 };
typedef struct otlp_propagators {
  const otlp_propagator *items[OTLP_PROPAGATORS_MAX];
  size_t count;
} otlp_propagators;

/** What OTEL_PROPAGATORS names; tracecontext and baggage when it is unset, or names nothing that is
 * known. */
otlp_propagators otlp_propagators_from_environment(void);

/** The context that a carrier holds; the root context when it holds none. To be cleaned up. */
otlp_context otlp_propagators_extract(const otlp_propagators *propagators, otlp_carrier_get_fn *get,
                                      const void *carrier);
void otlp_propagators_inject(const otlp_propagators *propagators, const otlp_context *context,
                             otlp_carrier_set_fn *set, void *carrier);

/**
 * A carrier's get for the environment of this process (specification, context/env-carriers.md):
 * the key `traceparent` is the variable TRACEPARENT, and so on. `carrier` is not looked at.
 */
bool otlp_carrier_environment_get(const void *carrier, otlp_string key, size_t index,
                                  otlp_string *out_value);

enum { OTLP_CARRIER_ENVIRONMENT_MAX = 16 };

/** A carrier to start another program with: entries `NAME=value` to be put into its environment,
 * with a NULL behind the last one. All zero is the empty one. */
typedef struct otlp_carrier_environment {
  char *entries[OTLP_CARRIER_ENVIRONMENT_MAX + 1];
  size_t count;
} otlp_carrier_environment;

/** Its set. `carrier` is an otlp_carrier_environment. What does not fit, or cannot be allocated, is
 * left out. */
void otlp_carrier_environment_set(void *carrier, otlp_string key, otlp_string value);

/** Frees the entries. */
void otlp_carrier_environment_clean_up(otlp_carrier_environment *carrier);

/** Gives back the counts of an extracted context, and makes it the root context. */
void otlp_context_clean_up(otlp_context *context);

#ifdef __cplusplus
}
#endif

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/** Tracer providers and tracers as the span's code sees them. */
#ifndef OTLP_SRC_PROVIDER_H
#define OTLP_SRC_PROVIDER_H

#include "log_state.h"
#include "pipeline.h"

#include <stdalign.h>

struct otlp_tracer {
  otlp__scope_node node;
  otlp_tracer_provider *provider; /* NULL: its spans record nothing */
};

struct otlp_tracer_provider {
  otlp__pipeline pipeline;

  /* Set when made, read by all. */
  otlp_sampler *sampler;
  otlp_span_limits limits;
  otlp_id_generator id_generator;

  otlp__log_state limits_log;

  /* Counters, written by every span; on a line of their own. */
  alignas(64) atomic_uint_least64_t recording;
  atomic_uint_least64_t not_recording;
  atomic_uint_least64_t ended;
  atomic_uint_least64_t out_of_memory;
};

static inline void otlp__count(atomic_uint_least64_t *counter) {
  atomic_fetch_add_explicit(counter, 1, memory_order_relaxed);
}

/** True when spans can go somewhere. */
static inline bool otlp__provider_records(otlp_tracer_provider *provider) {
  return provider != NULL && otlp__pipeline_is_open(&provider->pipeline);
}

/** True until the shutdown, also when spans cannot go anywhere. */
static inline bool otlp__provider_is_running(otlp_tracer_provider *provider) {
  return provider != NULL &&
         !atomic_load_explicit(&provider->pipeline.is_shut_down, memory_order_relaxed);
}

#endif

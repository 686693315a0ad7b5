/* SPDX-License-Identifier: Apache-2.0 */
/** Providers and tracers as the span's code sees them. */
#ifndef OTLP_SRC_PROVIDER_H
#define OTLP_SRC_PROVIDER_H

#include "log_state.h"

#include <otlp/sdk.h>

#include <pthread.h>
#include <stdalign.h>
#include <stdatomic.h>

struct otlp_tracer {
  otlp_tracer_provider *provider; /* NULL: its spans record nothing */
  otlp_encoded_scope scope;       /* also what tells tracers apart; bytes follow the struct */
  otlp_tracer *next;
};

struct otlp_tracer_provider {
  /* Set when made, read by all. */
  otlp_encoded_resource resource;
  otlp_sampler *sampler;
  otlp_span_limits limits;
  otlp_id_generator id_generator;
  otlp_processor *processors[OTLP_PROCESSORS_MAX];
  size_t processor_count;

  /* Written by the shutdown only. */
  atomic_bool is_shut_down;

  /* The registry of tracers. */
  pthread_mutex_t tracers_lock;
  otlp_tracer *tracers;

  otlp__log_state limits_log;

  /* Counters, written by every span; on a line of their own. */
  alignas(64) atomic_uint_least64_t recording;
  atomic_uint_least64_t not_recording;
  atomic_uint_least64_t ended;
  atomic_uint_least64_t out_of_memory;
};

/** The resource as the fields of a ResourceSpans; `data` is NULL when memory is short. To be
 * freed. */
otlp_bytes otlp__resource_encode(const otlp_resource *resource);

/** Makes the tracer of a scope; NULL when memory is short. To be freed. */
otlp_tracer *otlp__tracer_new(otlp_tracer_provider *provider, const otlp_scope *scope);

static inline void otlp__count(atomic_uint_least64_t *counter) {
  atomic_fetch_add_explicit(counter, 1, memory_order_relaxed);
}

/** True when spans can go somewhere. */
static inline bool otlp__provider_records(otlp_tracer_provider *provider) {
  return provider != NULL && provider->processor_count > 0 &&
         !atomic_load_explicit(&provider->is_shut_down, memory_order_relaxed);
}

#endif

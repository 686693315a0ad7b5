/* SPDX-License-Identifier: Apache-2.0 */
#include "provider.h"

#include "clock.h"
#include "resource.h"

#include <assert.h>
#include <stdlib.h>

static otlp_bytes encode_resource(const otlp_resource *given) {
  otlp_resource *resource =
      given != NULL
          ? otlp_resource_acquire(given)
          : otlp__resource_merge_into(otlp_resource_default(), otlp_resource_from_environment());
  otlp_bytes header = {NULL, 0};
  if (resource != NULL) {
    header = otlp__resource_encode(resource);
  }
  otlp_resource_release(resource);
  return header;
}

static void take_processors(otlp_tracer_provider *provider,
                            const otlp_tracer_provider_options *options) {
  for (size_t i = 0; i < options->processor_count; i++) {
    if (options->processors[i] != NULL) {
      provider->processors[provider->processor_count++] = options->processors[i];
    }
  }
}

/* Takes over what the options name. False when memory is short. */
static bool set_up(otlp_tracer_provider *provider, const otlp_tracer_provider_options *options) {
  assert(options->processor_count <= OTLP_PROCESSORS_MAX);
  pthread_mutex_init(&provider->tracers_lock, NULL);
  provider->limits = options->limits;
  provider->id_generator = options->id_generator;
  if (options->id_generator.new_trace_id == NULL || options->id_generator.new_span_id == NULL) {
    provider->id_generator = otlp_id_generator_random();
  }
  provider->sampler = options->sampler != NULL ? options->sampler : otlp_sampler_parent_based(NULL);
  take_processors(provider, options);
  provider->resource.header = encode_resource(options->resource);
  return provider->sampler != NULL && provider->resource.header.data != NULL;
}

static void destroy_options(const otlp_tracer_provider_options *options) {
  otlp_sampler_destroy(options->sampler);
  for (size_t i = 0; i < options->processor_count; i++) {
    otlp_processor_destroy(options->processors[i]);
  }
}

otlp_tracer_provider *otlp_tracer_provider_new(const otlp_tracer_provider_options *options) {
  otlp_tracer_provider *provider = aligned_alloc(alignof(otlp_tracer_provider), sizeof(*provider));
  if (provider == NULL) {
    destroy_options(options);
    return NULL;
  }
  memset(provider, 0, sizeof(*provider));
  if (!set_up(provider, options)) {
    otlp_tracer_provider_destroy(provider);
    return NULL;
  }
  return provider;
}

otlp_result otlp_tracer_provider_force_flush(otlp_tracer_provider *provider, int64_t timeout_ms) {
  otlp_result result = OTLP_OK;
  uint64_t deadline = otlp__deadline_in(timeout_ms);
  for (size_t i = 0; provider != NULL && i < provider->processor_count; i++) {
    otlp_processor *processor = provider->processors[i];
    result = otlp_result_worse(
        result, processor->vtable->force_flush(processor, otlp__deadline_left_ms(deadline)));
  }
  return result;
}

otlp_result otlp_tracer_provider_shutdown(otlp_tracer_provider *provider, int64_t timeout_ms) {
  if (provider == NULL) {
    return OTLP_OK;
  }
  if (atomic_exchange(&provider->is_shut_down, true)) {
    return OTLP_FAILED;
  }
  otlp_result result = OTLP_OK;
  uint64_t deadline = otlp__deadline_in(timeout_ms);
  for (size_t i = 0; i < provider->processor_count; i++) {
    otlp_processor *processor = provider->processors[i];
    result = otlp_result_worse(
        result, processor->vtable->shutdown(processor, otlp__deadline_left_ms(deadline)));
  }
  return result;
}

static uint64_t read_counter(atomic_uint_least64_t *counter) {
  return atomic_load_explicit(counter, memory_order_relaxed);
}

void otlp_tracer_provider_get_stats(otlp_tracer_provider *provider, otlp_stats *out_stats) {
  memset(out_stats, 0, sizeof(*out_stats));
  if (provider == NULL) {
    return;
  }
  out_stats->not_recorded = read_counter(&provider->not_recording);
  out_stats->started = read_counter(&provider->recording) + out_stats->not_recorded;
  out_stats->ended = read_counter(&provider->ended);
  out_stats->dropped[OTLP_DROP_NO_MEMORY] = read_counter(&provider->out_of_memory);
  for (size_t i = 0; i < provider->processor_count; i++) {
    otlp_processor *processor = provider->processors[i];
    if (processor->vtable->add_stats != NULL) {
      processor->vtable->add_stats(processor, out_stats);
    }
  }
}

static void destroy_tracers(otlp_tracer *tracer) {
  while (tracer != NULL) {
    otlp_tracer *next = tracer->next;
    free(tracer);
    tracer = next;
  }
}

void otlp_tracer_provider_destroy(otlp_tracer_provider *provider) {
  if (provider == NULL) {
    return;
  }
  if (!atomic_load(&provider->is_shut_down)) {
    otlp_tracer_provider_shutdown(provider, 0);
  }
  for (size_t i = 0; i < provider->processor_count; i++) {
    otlp_processor_destroy(provider->processors[i]);
  }
  otlp_sampler_destroy(provider->sampler);
  destroy_tracers(provider->tracers);
  pthread_mutex_destroy(&provider->tracers_lock);
  free((void *)provider->resource.header.data);
  free(provider);
}

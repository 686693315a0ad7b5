/* SPDX-License-Identifier: Apache-2.0 */
#include "provider.h"

#include <stdlib.h>

/* Takes over what the options name. False when memory is short. */
static bool set_up(otlp_tracer_provider *provider, const otlp_tracer_provider_options *options) {
  provider->limits = options->limits;
  provider->id_generator = options->id_generator;
  if (options->id_generator.new_trace_id == NULL || options->id_generator.new_span_id == NULL) {
    provider->id_generator = otlp_id_generator_random();
  }
  provider->sampler = options->sampler != NULL ? options->sampler : otlp_sampler_parent_based(NULL);
  bool has_pipeline = otlp__pipeline_init(&provider->pipeline, options->resource,
                                          options->processors, options->processor_count);
  return provider->sampler != NULL && has_pipeline;
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
  return provider != NULL ? otlp__pipeline_force_flush(&provider->pipeline, timeout_ms) : OTLP_OK;
}

otlp_result otlp_tracer_provider_shutdown(otlp_tracer_provider *provider, int64_t timeout_ms) {
  return provider != NULL ? otlp__pipeline_shutdown(&provider->pipeline, timeout_ms) : OTLP_OK;
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
  otlp__pipeline_add_stats(&provider->pipeline, out_stats);
}

void otlp_tracer_provider_destroy(otlp_tracer_provider *provider) {
  if (provider == NULL) {
    return;
  }
  otlp__pipeline_clean_up(&provider->pipeline);
  otlp_sampler_destroy(provider->sampler);
  free(provider);
}

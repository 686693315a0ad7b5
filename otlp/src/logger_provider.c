/* SPDX-License-Identifier: Apache-2.0 */
#include "logger_provider.h"

#include "env.h"

#include <assert.h>
#include <stdlib.h>

static_assert((int)OTLP_LOG_PROCESSORS_MAX == (int)OTLP_PROCESSORS_MAX, "a pipeline holds as many");

otlp_logger_provider *otlp_logger_provider_new(const otlp_logger_provider_options *options) {
  otlp_logger_provider *provider = aligned_alloc(alignof(otlp_logger_provider), sizeof(*provider));
  if (provider == NULL) {
    for (size_t i = 0; i < options->processor_count; i++) {
      otlp_processor_destroy(options->processors[i]);
    }
    return NULL;
  }
  memset(provider, 0, sizeof(*provider));
  provider->limits = options->limits;
  if (!otlp__pipeline_init(&provider->pipeline, options->resource, options->processors,
                           options->processor_count)) {
    otlp_logger_provider_destroy(provider);
    return NULL;
  }
  return provider;
}

otlp_result otlp_logger_provider_force_flush(otlp_logger_provider *provider, int64_t timeout_ms) {
  return provider != NULL ? otlp__pipeline_force_flush(&provider->pipeline, timeout_ms) : OTLP_OK;
}

otlp_result otlp_logger_provider_shutdown(otlp_logger_provider *provider, int64_t timeout_ms) {
  return provider != NULL ? otlp__pipeline_shutdown(&provider->pipeline, timeout_ms) : OTLP_OK;
}

void otlp_logger_provider_get_stats(otlp_logger_provider *provider, otlp_stats *out_stats) {
  memset(out_stats, 0, sizeof(*out_stats));
  if (provider == NULL) {
    return;
  }
  out_stats->started = atomic_load_explicit(&provider->emitted, memory_order_relaxed);
  out_stats->ended = out_stats->started;
  out_stats->dropped[OTLP_DROP_NO_MEMORY] =
      atomic_load_explicit(&provider->out_of_memory, memory_order_relaxed);
  otlp__pipeline_add_stats(&provider->pipeline, out_stats);
}

void otlp_logger_provider_destroy(otlp_logger_provider *provider) {
  if (provider != NULL) {
    otlp__pipeline_clean_up(&provider->pipeline);
    free(provider);
  }
}

otlp_logger *otlp_logger_provider_get_logger(otlp_logger_provider *provider,
                                             const otlp_scope *scope) {
  if (provider == NULL) {
    return NULL;
  }
  const otlp_logger made = {.provider = provider};
  return (otlp_logger *)otlp__pipeline_get_scope(&provider->pipeline, scope, &made, sizeof(made));
}

bool otlp_logger_enabled(const otlp_logger *logger, const otlp_log_query *query) {
  static const otlp_log_query nothing_known;
  if (!otlp__logger_is_open(logger)) {
    return false;
  }
  const otlp__pipeline *pipeline = &logger->provider->pipeline;
  for (size_t i = 0; i < pipeline->processor_count; i++) {
    otlp_processor *processor = pipeline->processors[i];
    if (processor->vtable->wants_log == NULL ||
        processor->vtable->wants_log(processor, query != NULL ? query : &nothing_known)) {
      return true;
    }
  }
  return false;
}

static uint32_t limit(const char *own, const char *general, uint32_t fallback) {
  int64_t value = otlp__env_integer(own, 0, otlp__env_integer(general, 0, -1));
  return value >= 0 ? (uint32_t)value : fallback;
}

otlp_log_record_limits otlp_log_record_limits_from_environment(void) {
  otlp_log_record_limits limits = OTLP_LOG_RECORD_LIMITS_INIT;
  limits.attribute_count = limit("OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT",
                                 "OTEL_ATTRIBUTE_COUNT_LIMIT", limits.attribute_count);
  limits.attribute_value_length =
      limit("OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT", "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT",
            limits.attribute_value_length);
  return limits;
}

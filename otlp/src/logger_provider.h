/* SPDX-License-Identifier: Apache-2.0 */
/** Logger providers and loggers as emission sees them. */
#ifndef OTLP_SRC_LOGGER_PROVIDER_H
#define OTLP_SRC_LOGGER_PROVIDER_H

#include "log_state.h"
#include "pipeline.h"

#include <otlp/logs.h>

#include <stdalign.h>

struct otlp_logger {
  otlp__scope_node node;
  otlp_logger_provider *provider;
};

struct otlp_logger_provider {
  otlp__pipeline pipeline;
  otlp_log_record_limits limits; /* set when made */
  otlp__log_state limits_log;

  /* Counters, written by every record; on a line of their own. */
  alignas(64) atomic_uint_least64_t emitted;
  atomic_uint_least64_t out_of_memory;
};

/** True when what is emitted can go somewhere. */
static inline bool otlp__logger_is_open(const otlp_logger *logger) {
  return logger != NULL && otlp__pipeline_is_open(&logger->provider->pipeline);
}

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Emission: processors may change the record, then it is encoded and handed to them. */
#include "clock.h"
#include "log_record.h"
#include "logger_provider.h"
#include "thread.h"

#include <stdlib.h>

static const otlp_context root_context;

static void call_on_emit(otlp__pipeline *pipeline, otlp_log_record *record,
                         const otlp_context *context) {
  for (size_t i = 0; i < pipeline->processor_count; i++) {
    otlp_processor *processor = pipeline->processors[i];
    if (processor->vtable->on_emit != NULL) {
      processor->vtable->on_emit(processor, record, context);
    }
  }
}

static void hand_over(otlp_logger *logger, const otlp__log_record_plan *plan, uint8_t *bytes) {
  otlp__log_record_write(plan, bytes);
  otlp_item item;
  item.frame = (otlp_bytes){bytes, plan->frame_size};
  item.message = (otlp_bytes){bytes + (plan->frame_size - plan->message_size), plan->message_size};
  item.scope = &logger->node.scope;
  item.context = *plan->span;
  item.signal = OTLP_SIGNAL_LOGS;
  otlp__pipeline_hand_over(&logger->provider->pipeline, &item);
}

static void warn_of_limits(otlp_logger_provider *provider) {
  if (otlp__log_state_enter(&provider->limits_log, 1)) {
    otlp_log(OTLP_LOG_WARN, "a log record lost attributes to its limits or to an empty key; "
                            "records carry the counts");
  }
}

/* Most records fit into a block that this thread has at hand. */
static void encode(otlp_logger *logger, const otlp__log_record_plan *plan) {
  bool is_small = plan->frame_size <= OTLP__BLOCK_SPAN_SIZE;
  uint8_t *bytes = is_small ? otlp__block_new(OTLP__BLOCK_SPAN) : malloc(plan->frame_size);
  if (bytes == NULL) {
    atomic_fetch_add_explicit(&logger->provider->out_of_memory, 1, memory_order_relaxed);
    return;
  }
  hand_over(logger, plan, bytes);
  if (is_small) {
    otlp__block_free(OTLP__BLOCK_SPAN, bytes);
  } else {
    free(bytes);
  }
}

void otlp_logger_emit(otlp_logger *logger, const otlp_context *context,
                      const otlp_log_record *record) {
  if (!otlp__logger_is_open(logger)) {
    return;
  }
  otlp_logger_provider *provider = logger->provider;
  const otlp_context *given = context != NULL ? context : &root_context;
  otlp_log_record own = *record;
  if (own.observed_time == 0) {
    uint64_t now = otlp__clock_monotonic();
    own.observed_time = now + otlp__clock_wall_offset(now);
  }
  atomic_fetch_add_explicit(&provider->emitted, 1, memory_order_relaxed);
  call_on_emit(&provider->pipeline, &own, given);
  otlp__log_record_plan plan;
  otlp__log_record_plan_make(&own, &given->span, provider->limits, &plan);
  if (plan.dropped_attributes > 0) {
    warn_of_limits(provider);
  }
  encode(logger, &plan);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* OTEL_SPAN_*_LIMIT and their kin: the specific variable wins over the general one. */
#include <otlp/sdk.h>

#include "env.h"

static uint32_t limit(const char *name, uint32_t fallback) {
  int64_t value = otlp__env_integer(name, 0, -1);
  return value >= 0 ? (uint32_t)value : fallback;
}

otlp_span_limits otlp_span_limits_from_environment(void) {
  otlp_span_limits limits = OTLP_SPAN_LIMITS_INIT;
  limits.attribute_count = limit("OTEL_ATTRIBUTE_COUNT_LIMIT", limits.attribute_count);
  limits.attribute_value_length =
      limit("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", limits.attribute_value_length);
  limits.attribute_count_per_event =
      limit("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", limits.attribute_count);
  limits.attribute_count_per_link =
      limit("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", limits.attribute_count);
  limits.attribute_count = limit("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", limits.attribute_count);
  limits.attribute_value_length =
      limit("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", limits.attribute_value_length);
  limits.event_count = limit("OTEL_SPAN_EVENT_COUNT_LIMIT", limits.event_count);
  limits.link_count = limit("OTEL_SPAN_LINK_COUNT_LIMIT", limits.link_count);
  return limits;
}

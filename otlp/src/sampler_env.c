/* SPDX-License-Identifier: Apache-2.0 */
/* OTEL_TRACES_SAMPLER and OTEL_TRACES_SAMPLER_ARG. */
#include <otlp/sampler.h>

#include "env.h"

#include <otlp/log.h>

/* The order in which `names` has them. */
typedef enum sampler_name {
  ALWAYS_ON,
  ALWAYS_OFF,
  RATIO,
  PARENT_BASED_ON,
  PARENT_BASED_OFF,
  PARENT_BASED_RATIO,
} sampler_name;

static const char *const names[] = {
    "always_on",
    "always_off",
    "traceidratio",
    "parentbased_always_on",
    "parentbased_always_off",
    "parentbased_traceidratio",
};

static otlp_sampler *ratio_sampler(void) {
  double ratio = 1;
  if (otlp__env_double("OTEL_TRACES_SAMPLER_ARG", &ratio) && (ratio < 0 || ratio > 1)) {
    otlp_log(OTLP_LOG_WARN, "OTEL_TRACES_SAMPLER_ARG is ignored: not between 0 and 1");
    ratio = 1;
  }
  return otlp_sampler_trace_id_ratio(ratio);
}

static otlp_sampler *below_parent(otlp_sampler *root) {
  otlp_parent_based_options options = {root, NULL, NULL, NULL, NULL};
  return root != NULL ? otlp_sampler_parent_based(&options) : NULL;
}

otlp_sampler *otlp_sampler_from_environment(void) {
  switch (otlp__env_enum("OTEL_TRACES_SAMPLER", names, sizeof(names) / sizeof(*names))) {
  case ALWAYS_ON:
    return otlp_sampler_always_on();
  case ALWAYS_OFF:
    return otlp_sampler_always_off();
  case RATIO:
    return ratio_sampler();
  case PARENT_BASED_OFF:
    return below_parent(otlp_sampler_always_off());
  case PARENT_BASED_RATIO:
    return below_parent(ratio_sampler());
  default:
    return below_parent(otlp_sampler_always_on());
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "provider.h"

static otlp_tracer no_op_tracer;

otlp_tracer *otlp_tracer_provider_get_tracer(otlp_tracer_provider *provider,
                                             const otlp_scope *scope) {
  if (provider == NULL) {
    return &no_op_tracer;
  }
  const otlp_tracer made = {.provider = provider};
  otlp__scope_node *node =
      otlp__pipeline_get_scope(&provider->pipeline, scope, &made, sizeof(made));
  return node != NULL ? (otlp_tracer *)node : &no_op_tracer;
}

bool otlp_tracer_enabled(const otlp_tracer *tracer) {
  return tracer != NULL && otlp__provider_records(tracer->provider);
}

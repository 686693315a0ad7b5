/* SPDX-License-Identifier: Apache-2.0 */
#include "tracing.h"

otlp_tracer_provider_options tracing_options(void) {
  otlp_tracer_provider_options options = OTLP_TRACER_PROVIDER_OPTIONS_INIT;
  return options;
}

tracing tracing_start(const otlp_tracer_provider_options *options) {
  otlp_tracer_provider_options own = options != NULL ? *options : tracing_options();
  tracing self = {.memory = otlp_memory_exporter_new()};
  otlp_scope scope = {.name = S("test.scope"), .version = S("1.2.3")};
  own.processors[own.processor_count++] = otlp_simple_processor_new(self.memory);
  self.provider = otlp_tracer_provider_new(&own);
  assert_non_null(self.provider);
  self.tracer = otlp_tracer_provider_get_tracer(self.provider, &scope);
  assert_true(otlp_tracer_enabled(self.tracer));
  return self;
}

static void forget_decoded(tracing *self) {
  if (self->decoded != NULL) {
    opentelemetry__proto__trace__v1__span__free_unpacked(self->decoded, NULL);
    self->decoded = NULL;
  }
}

void tracing_stop(tracing *self) {
  forget_decoded(self);
  otlp_tracer_provider_destroy(self->provider);
}

const proto_span *tracing_span(tracing *self, size_t index) {
  assert_true(index < otlp_memory_exporter_count(self->memory));
  otlp_memory_item kept = otlp_memory_exporter_get(self->memory, index);
  forget_decoded(self);
  self->decoded =
      opentelemetry__proto__trace__v1__span__unpack(NULL, kept.message.size, kept.message.data);
  assert_non_null(self->decoded);
  return self->decoded;
}

otlp_span *tracing_begin(tracing *self, const char *name) {
  otlp_span *span = otlp_span_start(self->tracer, NULL, S(name), NULL);
  assert_non_null(span);
  return span;
}

const proto_any_value *tracing_attribute(proto_key_value **attributes, size_t count,
                                         const char *key) {
  const proto_any_value *found = NULL;
  for (size_t i = 0; i < count; i++) {
    if (strcmp(attributes[i]->key, key) == 0) {
      assert_null(found);
      found = attributes[i]->value;
    }
  }
  assert_non_null(found);
  return found;
}

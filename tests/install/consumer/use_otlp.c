/* SPDX-License-Identifier: Apache-2.0 */
/* One span, kept in memory: all that a program needs to see whether the library works. */
#include <otlp/exporters.h>
#include <otlp/processor.h>
#include <otlp/sdk.h>
#include <otlp/trace.h>

int main(void) {
  otlp_exporter *memory = otlp_memory_exporter_new();
  otlp_tracer_provider_options options = OTLP_TRACER_PROVIDER_OPTIONS_INIT;
  options.processors[options.processor_count++] = otlp_simple_processor_new(memory);
  otlp_tracer_provider *provider = otlp_tracer_provider_new(&options);

  const otlp_scope scope = {.name = otlp_string_from("consumer")};
  otlp_tracer *tracer = otlp_tracer_provider_get_tracer(provider, &scope);
  otlp_span *span = otlp_span_start(tracer, NULL, otlp_string_from("work"), NULL);
  otlp_span_set_int(span, "answer", 42);
  otlp_span_end(span);

  size_t count = otlp_memory_exporter_count(memory);
  otlp_tracer_provider_destroy(provider);
  return count == 1 ? 0 : 1;
}

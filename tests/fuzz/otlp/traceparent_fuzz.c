/* SPDX-License-Identifier: Apache-2.0 */
/* The trace context propagator on any traceparent: what is accepted goes out again as version 00.
 */
#include "fuzz.h"

#include <otlp/propagation.h>

static bool get(const void *carrier, otlp_string key, size_t index, otlp_string *out_value) {
  *out_value = *(const otlp_string *)carrier;
  return index == 0 && key.length == strlen("traceparent");
}

static void set(void *carrier, otlp_string key, otlp_string value) {
  REQUIRE(key.length == strlen("traceparent"));
  REQUIRE(value.length == 55);
  memcpy(carrier, value.data, value.length);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  otlp_string text = fuzz_string(data, size);
  otlp_context context;
  memset(&context, 0, sizeof(context));
  otlp_propagator_trace_context.extract(&context, get, &text);
  if (!otlp_span_context_is_valid(&context.span)) {
    REQUIRE(!context.span.is_remote);
    return 0;
  }
  char out[56] = {0};
  otlp_propagator_trace_context.inject(&context, set, out);
  otlp_string sent = otlp_string_from(out);
  otlp_context again;
  memset(&again, 0, sizeof(again));
  otlp_propagator_trace_context.extract(&again, get, &sent);
  REQUIRE(memcmp(again.span.trace_id, context.span.trace_id, OTLP_TRACE_ID_SIZE) == 0);
  REQUIRE(memcmp(again.span.span_id, context.span.span_id, OTLP_SPAN_ID_SIZE) == 0);
  REQUIRE(again.span.trace_flags == context.span.trace_flags);
  return 0;
}

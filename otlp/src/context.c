/* SPDX-License-Identifier: Apache-2.0 */
#include <otlp/context.h>

#include <otlp/baggage.h>
#include <otlp/propagation.h>
#include <otlp/trace_state.h>

static bool is_zero(const uint8_t *bytes, size_t size) {
  uint8_t any = 0;
  for (size_t i = 0; i < size; i++) {
    any |= bytes[i];
  }
  return any == 0;
}

bool otlp_span_context_is_valid(const otlp_span_context *context) {
  return !is_zero(context->trace_id, OTLP_TRACE_ID_SIZE) &&
         !is_zero(context->span_id, OTLP_SPAN_ID_SIZE);
}

static void to_hex(const uint8_t *bytes, size_t size, char *out_hex) {
  static const char digits[] = "0123456789abcdef";
  for (size_t i = 0; i < size; i++) {
    out_hex[2 * i] = digits[bytes[i] >> 4];
    out_hex[2 * i + 1] = digits[bytes[i] & 15];
  }
  out_hex[2 * size] = '\0';
}

void otlp_trace_id_to_hex(const uint8_t trace_id[OTLP_TRACE_ID_SIZE],
                          char out_hex[OTLP_TRACE_ID_HEX_SIZE + 1]) {
  to_hex(trace_id, OTLP_TRACE_ID_SIZE, out_hex);
}

void otlp_span_id_to_hex(const uint8_t span_id[OTLP_SPAN_ID_SIZE],
                         char out_hex[OTLP_SPAN_ID_HEX_SIZE + 1]) {
  to_hex(span_id, OTLP_SPAN_ID_SIZE, out_hex);
}

void otlp_context_clean_up(otlp_context *context) {
  otlp_trace_state_release(context->span.trace_state);
  otlp_baggage_release(context->baggage);
  memset(context, 0, sizeof(*context));
}

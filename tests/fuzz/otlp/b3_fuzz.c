/* SPDX-License-Identifier: Apache-2.0 */
/* The B3 propagators on any headers, one a line: what is accepted goes out in a form that is
 * accepted again, with the same ids. */
#include "fuzz.h"
#include "text.h"

#include <otlp/propagation.h>

static const char *const names[] = {"b3", "x-b3-traceid", "x-b3-spanid", "x-b3-sampled",
                                    "x-b3-flags"};

enum { NAMES = sizeof(names) / sizeof(names[0]) };

/* The n-th name's value is the n-th line. */
static bool get_line(const void *carrier, otlp_string key, size_t index, otlp_string *out_value) {
  otlp_string rest = *(const otlp_string *)carrier;
  for (size_t i = 0; i < NAMES && otlp__string_next(&rest, '\n', out_value); i++) {
    if (otlp__string_equal(key, otlp_string_from(names[i]))) {
      return index == 0;
    }
  }
  return false;
}

typedef struct sent {
  char values[NAMES][64];
} sent;

static bool get_sent(const void *carrier, otlp_string key, size_t index, otlp_string *out_value) {
  const sent *from = carrier;
  for (size_t i = 0; i < NAMES; i++) {
    if (otlp__string_equal(key, otlp_string_from(names[i]))) {
      *out_value = otlp_string_from(from->values[i]);
      return index == 0 && out_value->length > 0;
    }
  }
  return false;
}

static void set_sent(void *carrier, otlp_string key, otlp_string value) {
  sent *to = carrier;
  for (size_t i = 0; i < NAMES; i++) {
    if (otlp__string_equal(key, otlp_string_from(names[i]))) {
      REQUIRE(value.length < sizeof(to->values[i]));
      memcpy(to->values[i], value.data, value.length);
      return;
    }
  }
  REQUIRE(false);
}

static void check(const otlp_propagator *propagator, const otlp_context *context) {
  sent out;
  memset(&out, 0, sizeof(out));
  propagator->inject(context, set_sent, &out);
  otlp_context again;
  memset(&again, 0, sizeof(again));
  propagator->extract(&again, get_sent, &out);
  REQUIRE(memcmp(again.span.trace_id, context->span.trace_id, OTLP_TRACE_ID_SIZE) == 0);
  REQUIRE(memcmp(again.span.span_id, context->span.span_id, OTLP_SPAN_ID_SIZE) == 0);
  REQUIRE(again.span.trace_flags == context->span.trace_flags);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  otlp_string text = fuzz_string(data, size);
  otlp_context context;
  memset(&context, 0, sizeof(context));
  otlp_propagator_b3.extract(&context, get_line, &text);
  if (otlp_span_context_is_valid(&context.span)) {
    check(&otlp_propagator_b3, &context);
    check(&otlp_propagator_b3_multi, &context);
  }
  return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* W3C Baggage: the header baggage. */
#include <otlp/propagation.h>

#include "text.h"

#include <otlp/baggage.h>

#include <stdlib.h>

static const otlp_string baggage_key = {"baggage", 7};

/* Several headers are one list (RFC 9110, section 5.3). Two times the limit leaves room for what
 * will be left out; what is beyond is not looked at. */
enum { JOINED_MAX = 2 * OTLP_BAGGAGE_MAX_BYTES };

static otlp_baggage *join_and_parse(otlp_carrier_get_fn *get, const void *carrier) {
  char *joined = malloc(JOINED_MAX);
  if (joined == NULL) {
    return NULL;
  }
  size_t size = 0;
  otlp_string text;
  for (size_t i = 0; get(carrier, baggage_key, i, &text); i++) {
    if (text.length == 0 || text.length >= JOINED_MAX - size) {
      continue;
    }
    memcpy(joined + size, text.data, text.length);
    size += text.length;
    joined[size++] = ',';
  }
  otlp_baggage *baggage = otlp_baggage_parse(otlp__string_of(joined, size));
  free(joined);
  return baggage;
}

static void extract(otlp_context *context, otlp_carrier_get_fn *get, const void *carrier) {
  otlp_string text;
  otlp_string second;
  if (!get(carrier, baggage_key, 0, &text)) {
    return;
  }
  otlp_baggage *baggage = get(carrier, baggage_key, 1, &second) ? join_and_parse(get, carrier)
                                                                : otlp_baggage_parse(text);
  if (baggage != NULL) {
    otlp_baggage_release(context->baggage);
    context->baggage = baggage;
  }
}

static void inject(const otlp_context *context, otlp_carrier_set_fn *set, void *carrier) {
  if (otlp_baggage_count(context->baggage) > 0) {
    set(carrier, baggage_key, otlp_baggage_text(context->baggage));
  }
}

const otlp_propagator otlp_propagator_baggage = {
    .name = "baggage",
    .extract = extract,
    .inject = inject,
};

/* SPDX-License-Identifier: Apache-2.0 */
#include <otlp/sdk.h>

#include "thread.h"

static uint64_t random_not_zero(void) {
  uint64_t bits;
  do {
    bits = otlp__random();
  } while (bits == 0);
  return bits;
}

static void new_trace_id(void *self, uint8_t out_trace_id[OTLP_TRACE_ID_SIZE]) {
  (void)self;
  uint64_t halves[2] = {otlp__random(), random_not_zero()};
  memcpy(out_trace_id, halves, sizeof(halves));
}

static void new_span_id(void *self, uint8_t out_span_id[OTLP_SPAN_ID_SIZE]) {
  (void)self;
  uint64_t bits = random_not_zero();
  memcpy(out_span_id, &bits, sizeof(bits));
}

otlp_id_generator otlp_id_generator_random(void) {
  otlp_id_generator generator = {new_trace_id, new_span_id, NULL, true};
  return generator;
}

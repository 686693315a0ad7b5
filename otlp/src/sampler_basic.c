/* SPDX-License-Identifier: Apache-2.0 */
/* AlwaysOn, AlwaysOff and TraceIdRatioBased. */
#include <otlp/sampler.h>

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>

static void sample_always(const otlp_sampler *self, const otlp_sampling_input *input,
                          otlp_sampling_result *out_result) {
  (void)self;
  (void)input;
  out_result->decision = OTLP_SAMPLING_RECORD_AND_SAMPLE;
}

static void sample_never(const otlp_sampler *self, const otlp_sampling_input *input,
                         otlp_sampling_result *out_result) {
  (void)self;
  (void)input;
  out_result->decision = OTLP_SAMPLING_DROP;
}

static const char *describe_always_on(const otlp_sampler *self) {
  (void)self;
  return "AlwaysOnSampler";
}

static const char *describe_always_off(const otlp_sampler *self) {
  (void)self;
  return "AlwaysOffSampler";
}

static void keep(otlp_sampler *self) {
  (void)self;
}

otlp_sampler *otlp_sampler_always_on(void) {
  static const otlp_sampler_vtable vtable = {sample_always, describe_always_on, keep};
  static otlp_sampler sampler = {&vtable};
  return &sampler;
}

otlp_sampler *otlp_sampler_always_off(void) {
  static const otlp_sampler_vtable vtable = {sample_never, describe_always_off, keep};
  static otlp_sampler sampler = {&vtable};
  return &sampler;
}

typedef struct ratio_sampler {
  otlp_sampler base;
  uint64_t threshold; /* of 2^56 */
  char description[40];
} ratio_sampler;

static const uint64_t ratio_one = UINT64_C(1) << 56;

/* The right-most 7 bytes are the ones that W3C's random flag vouches for. */
static uint64_t random_part(const uint8_t trace_id[OTLP_TRACE_ID_SIZE]) {
  uint64_t right;
  memcpy(&right, trace_id + 8, sizeof(right));
  return be64toh(right) & (ratio_one - 1);
}

static void sample_ratio(const otlp_sampler *self, const otlp_sampling_input *input,
                         otlp_sampling_result *out_result) {
  const ratio_sampler *ratio = (const ratio_sampler *)self;
  if (random_part(input->trace_id) < ratio->threshold) {
    out_result->decision = OTLP_SAMPLING_RECORD_AND_SAMPLE;
  }
}

static const char *describe_ratio(const otlp_sampler *self) {
  return ((const ratio_sampler *)self)->description;
}

static void destroy_ratio(otlp_sampler *self) {
  free(self);
}

otlp_sampler *otlp_sampler_trace_id_ratio(double ratio) {
  static const otlp_sampler_vtable vtable = {sample_ratio, describe_ratio, destroy_ratio};
  ratio_sampler *sampler = malloc(sizeof(*sampler));
  if (sampler == NULL) {
    return NULL;
  }
  double clamped = ratio > 0 ? ratio : 0; /* not a number too */
  clamped = clamped < 1 ? clamped : 1;
  sampler->base.vtable = &vtable;
  sampler->threshold = (uint64_t)(clamped * (double)ratio_one);
  /* Not with "%f", which writes a comma in some locales. */
  unsigned millionths = (unsigned)(clamped * 1e6 + 0.5);
  snprintf(sampler->description, sizeof(sampler->description), "TraceIdRatioBased{%u.%06u}",
           millionths / 1000000, millionths % 1000000);
  return &sampler->base;
}

/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Samplers: which spans are recorded and which are exported (specification, trace/sdk.md,
 * "Sampling").
 *
 * Ownership: whoever is given a sampler (a provider, a parent-based sampler) destroys it. The
 * built-in always_on and always_off are static; destroying them does nothing. Threads:
 * should_sample is called by every thread that starts a span, several at once.
 *
 * To write one: put an `otlp_sampler` first in your struct, fill in a vtable, hand `&mine->base` to
 * the provider's options.
 */
#ifndef OTLP_SAMPLER_H
#define OTLP_SAMPLER_H

#include <otlp/context.h>
#include <otlp/trace.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What is to become of a span. RECORD_ONLY spans reach processors, but no exporter. */
typedef enum otlp_sampling_decision {
  OTLP_SAMPLING_DROP,
  OTLP_SAMPLING_RECORD_ONLY,
  OTLP_SAMPLING_RECORD_AND_SAMPLE,
} otlp_sampling_decision;

/** What a sampler sees of the span to be. All borrowed for the call. */
typedef struct otlp_sampling_input {
  const otlp_context *parent; /* never NULL; an invalid span context means: a new trace */
  const uint8_t *trace_id;    /* OTLP_TRACE_ID_SIZE bytes */
  otlp_string name;
  otlp_span_kind kind;
  const otlp_attribute *attributes;
  size_t attribute_count;
  const otlp_link *links;
  size_t link_count;
} otlp_sampling_input;

/** What a sampler decides. */
typedef struct otlp_sampling_result {
  otlp_sampling_decision decision;
  /** Added to the span. Must live until should_sample's caller has used them: static, or the
   * sampler's own. */
  const otlp_attribute *attributes;
  size_t attribute_count;
  /** The span's trace state. Preset to the parent's; a sampler that changes it stores a state here
   * whose count it hands over, and sets `owns_trace_state`. */
  const otlp_trace_state *trace_state;
  bool owns_trace_state;
} otlp_sampling_result;

typedef struct otlp_sampler otlp_sampler;

/** What a sampler does. All members are required. */
typedef struct otlp_sampler_vtable {
  /** Decides. `out_result` is preset to DROP, no attributes, and the parent's trace state. */
  void (*should_sample)(const otlp_sampler *self, const otlp_sampling_input *input,
                        otlp_sampling_result *out_result);
  /** "GetDescription", such as `TraceIdRatioBased{0.000100}`; borrowed from the sampler. */
  const char *(*description)(const otlp_sampler *self);
  void (*destroy)(otlp_sampler *self);
} otlp_sampler_vtable;

/** The first member of every sampler. */
struct otlp_sampler {
  const otlp_sampler_vtable *vtable;
};

/** Samples every span; none. Static: never NULL, never freed. */
otlp_sampler *otlp_sampler_always_on(void);
otlp_sampler *otlp_sampler_always_off(void);

/**
 * Samples the given share of traces, by trace id, whatever the parent says ("TraceIdRatioBased").
 * A trace that a smaller ratio samples, a larger one samples too.
 *
 * @param ratio is clamped to 0..1; not a number counts as 0.
 * @return NULL when memory is short.
 */
otlp_sampler *otlp_sampler_trace_id_ratio(double ratio);

/** Whom a parent-based sampler asks. Each is taken over; NULL means the default. */
typedef struct otlp_parent_based_options {
  otlp_sampler *root;                      /* no parent; default always_on */
  otlp_sampler *remote_parent_sampled;     /* default always_on */
  otlp_sampler *remote_parent_not_sampled; /* default always_off */
  otlp_sampler *local_parent_sampled;      /* default always_on */
  otlp_sampler *local_parent_not_sampled;  /* default always_off */
} otlp_parent_based_options;

/**
 * Does what the parent did ("ParentBased").
 *
 * @param options NULL means all defaults. The samplers it names are taken over, also on failure.
 * @return NULL when memory is short.
 */
otlp_sampler *otlp_sampler_parent_based(const otlp_parent_based_options *options);

/**
 * What OTEL_TRACES_SAMPLER and OTEL_TRACES_SAMPLER_ARG say; parentbased_always_on when they are
 * unset, unknown (logged) or not implemented (logged).
 *
 * @return NULL when memory is short.
 */
otlp_sampler *otlp_sampler_from_environment(void);

/** Frees a sampler that nobody took. NULL does nothing. */
static inline void otlp_sampler_destroy(otlp_sampler *sampler) {
  if (sampler != NULL) {
    sampler->vtable->destroy(sampler);
  }
}

#ifdef __cplusplus
}
#endif

#endif

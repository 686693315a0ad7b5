/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The SDK: tracer providers, and how to get one, and a logger provider (logs.h), from the
 * environment in one call.
 *
 *     otlp_setup_options options = OTLP_SETUP_OPTIONS_INIT;
 *     options.service_name = otlp_string_from("order-service");
 *     otlp_setup sdk;
 *     otlp_setup_from_environment(&options, &sdk);
 *     ... otlp_tracer_provider_get_tracer(sdk.provider, ...) ...
 *     ... otlp_logger_provider_get_logger(sdk.logger_provider, ...) ...
 *     otlp_setup_clean_up(&sdk, 5000);
 *
 * Ownership: what a provider's options name (sampler, processors) it takes over; the resource is
 * counted. Threads: providers are safe anywhere; new and destroy are not to overlap with other uses
 * of the same provider.
 *
 * A NULL provider is valid everywhere and records nothing.
 */
#ifndef OTLP_SDK_H
#define OTLP_SDK_H

#include <otlp/logs.h>
#include <otlp/processor.h>
#include <otlp/propagation.h>
#include <otlp/resource.h>
#include <otlp/result.h>
#include <otlp/sampler.h>
#include <otlp/stats.h>
#include <otlp/trace.h>

#ifdef __cplusplus
extern "C" {
#endif

/** For `attribute_value_length`. */
#define OTLP_NO_LIMIT UINT32_MAX

/** How much of a span is kept (specification, trace/sdk.md, "Span Limits"; common/README.md,
 * "Attribute Limits"). What is beyond is dropped and counted in the span. */
typedef struct otlp_span_limits {
  uint32_t attribute_count;           /* default 128 */
  uint32_t attribute_value_length;    /* characters of strings, bytes of bytes; default no limit */
  uint32_t event_count;               /* default 128 */
  uint32_t link_count;                /* default 128 */
  uint32_t attribute_count_per_event; /* default 128 */
  uint32_t attribute_count_per_link;  /* default 128 */
} otlp_span_limits;

#define OTLP_SPAN_LIMITS_INIT \
  { 128, OTLP_NO_LIMIT, 128, 128, 128, 128 }

/** What OTEL_SPAN_*, OTEL_EVENT_*, OTEL_LINK_* and OTEL_ATTRIBUTE_*_LIMIT say. */
otlp_span_limits otlp_span_limits_from_environment(void);

/** Makes ids ("ID Generators"). Both functions are called by every thread that starts a span,
 * several at once, and must give ids that are not all zero. A value; `self` must outlive the
 * provider. */
typedef struct otlp_id_generator {
  void (*new_trace_id)(void *self, uint8_t out_trace_id[OTLP_TRACE_ID_SIZE]);
  void (*new_span_id)(void *self, uint8_t out_span_id[OTLP_SPAN_ID_SIZE]);
  void *self;
  /** True when the right-most 7 bytes of a trace id are random: new traces get the flag
   * OTLP_TRACE_FLAG_RANDOM. */
  bool is_random;
} otlp_id_generator;

/** The default: a pseudo-random generator per thread, seeded by the kernel, anew after fork. */
otlp_id_generator otlp_id_generator_random(void);

enum { OTLP_PROCESSORS_MAX = 8 };

/** How a provider is made. Start from OTLP_TRACER_PROVIDER_OPTIONS_INIT. */
typedef struct otlp_tracer_provider_options {
  /** Optional; NULL means otlp_resource_default merged with the environment's. Counted. */
  const otlp_resource *resource;
  /** Optional; NULL means otlp_sampler_parent_based(NULL). Taken over. */
  otlp_sampler *sampler;
  /** Optional; all defaults. Copied. */
  otlp_span_limits limits;
  /** Optional; a NULL function means otlp_id_generator_random. Copied. */
  otlp_id_generator id_generator;
  /** Called in this order. Without any no span records; a new trace still gets its ids and the
   * sampler's decision, for others and for logs, and spans below another are NULL. Each is taken
   * over; NULL, a processor that could not be made, is left out. */
  otlp_processor *processors[OTLP_PROCESSORS_MAX];
  size_t processor_count;
} otlp_tracer_provider_options;

#define OTLP_TRACER_PROVIDER_OPTIONS_INIT \
  { NULL, NULL, OTLP_SPAN_LIMITS_INIT, {NULL, NULL, NULL, false}, {NULL}, 0 }

/**
 * @param options what it names is taken over, also on failure.
 * @return NULL (a provider that records nothing) when memory is short.
 */
otlp_tracer_provider *otlp_tracer_provider_new(const otlp_tracer_provider_options *options);

/** Exports all that has ended so far, processor by processor, within `timeout_ms` in all. */
otlp_result otlp_tracer_provider_force_flush(otlp_tracer_provider *provider, int64_t timeout_ms);

/**
 * Flushes and stops every processor, within `timeout_ms` in all. From then on tracers give no spans
 * and spans that end are counted as dropped. Only the first call does anything; later ones, also
 * while it runs, return OTLP_FAILED.
 */
otlp_result otlp_tracer_provider_shutdown(otlp_tracer_provider *provider, int64_t timeout_ms);

/** A snapshot of the counters; all zero for NULL. */
void otlp_tracer_provider_get_stats(otlp_tracer_provider *provider, otlp_stats *out_stats);

/**
 * Frees the provider, its tracers and what it took over. Shuts down without waiting if that was not
 * done. Every span must have ended. NULL does nothing.
 */
void otlp_tracer_provider_destroy(otlp_tracer_provider *provider);

/** What the code knows. Start from OTLP_SETUP_OPTIONS_INIT. Everything is borrowed for the call. */
typedef struct otlp_setup_options {
  /** The service's name if neither OTEL_SERVICE_NAME nor OTEL_RESOURCE_ATTRIBUTES nor `attributes`
   * has one. Optional; empty means `unknown_service:<executable>`. */
  otlp_string service_name;
  /** As `service.version`, under the same rule. Optional. */
  otlp_string service_version;
  /** Resource attributes that win over the environment (specification, resource/sdk.md). Optional.
   */
  const otlp_attribute *attributes;
  size_t attribute_count;
  /** Called before the processor that exports; taken over, also on failure. Optional. */
  otlp_processor *processors[OTLP_PROCESSORS_MAX - 1];
  size_t processor_count;
} otlp_setup_options;

#define OTLP_SETUP_OPTIONS_INIT \
  { {NULL, 0}, {NULL, 0}, NULL, 0, {NULL}, 0 }

/** What a program passes around. */
typedef struct otlp_setup {
  /** NULL with OTEL_SDK_DISABLED=true, and on failure: nothing records, contexts still travel. */
  otlp_tracer_provider *provider;
  /** NULL, besides, unless OTEL_LOGS_EXPORTER asks for one. The specification's default is `otlp`;
   * here it is `none`, since programs' lines go to standard error as they are. */
  otlp_logger_provider *logger_provider;
  otlp_propagators propagators;
} otlp_setup;

/**
 * Builds resource, sampler, limits, propagators, exporters and batch processors as the OTEL_*
 * variables say (specification, configuration/sdk-environment-variables.md). A variable that makes
 * no sense is logged and ignored. Reads the environment: no setenv at the same time.
 *
 * @param options may be NULL.
 * @return OTLP_FAILED when memory is short, or an exporter could not be made (a certificate that
 *         can't be read; the log says why); `out_setup` can be used all the same.
 */
otlp_result otlp_setup_from_environment(const otlp_setup_options *options, otlp_setup *out_setup);

/** Shuts down within `timeout_ms` in all, first spans, then log records, and frees. Returns the
 * worse of what the shutdowns returned. */
otlp_result otlp_setup_clean_up(otlp_setup *setup, int64_t timeout_ms);

#ifdef __cplusplus
}
#endif

#endif

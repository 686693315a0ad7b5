/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Log records and who emits them (specification, logs/api.md, logs/sdk.md, logs/data-model.md).
 *
 *     otlp_log_record record = OTLP_LOG_RECORD_INIT;
 *     record.severity = OTLP_SEVERITY_INFO;
 *     record.body = otlp_value_text(otlp_string_from("order confirmed"));
 *     otlp_logger_emit(logger, &context, &record);
 *
 * It is an interface for logging libraries to stand on, not for business code: no line appears on a
 * terminal, and no level is filtered here.
 *
 * A record is encoded once, when it is emitted, and goes the way spans go: the same processors, the
 * same exporters (processor.h, batch_processor.h, otlp_exporter.h), the same promises. Emitting
 * never waits for an exporter, and what cannot be kept is counted.
 *
 * Ownership: what a provider's options name it takes over; the resource is counted. Records are
 * borrowed for the call; loggers live as long as their provider. Threads: safe anywhere; new and
 * destroy are not to overlap with other uses of the same provider.
 *
 * A NULL provider and a NULL logger are valid everywhere and do nothing.
 */
#ifndef OTLP_LOGS_H
#define OTLP_LOGS_H

#include <otlp/processor.h>
#include <otlp/resource.h>
#include <otlp/result.h>
#include <otlp/stats.h>
#include <otlp/trace.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct otlp_logger_provider otlp_logger_provider;
typedef struct otlp_logger otlp_logger;

/** Severities: the first of each range of four; the other three are INFO2 = INFO + 1, ...
 * (logs/data-model.md, "Field: SeverityNumber"). */
typedef enum otlp_severity {
  OTLP_SEVERITY_UNSPECIFIED = 0,
  OTLP_SEVERITY_TRACE = 1,
  OTLP_SEVERITY_DEBUG = 5,
  OTLP_SEVERITY_INFO = 9,
  OTLP_SEVERITY_WARN = 13,
  OTLP_SEVERITY_ERROR = 17,
  OTLP_SEVERITY_FATAL = 21,
  OTLP_SEVERITY_MAX = 24,
} otlp_severity;

/** A record. Start from OTLP_LOG_RECORD_INIT; everything is optional. */
struct otlp_log_record {
  otlp_unix_nanos time;          /* when it happened; 0: not known */
  otlp_unix_nanos observed_time; /* when it was seen here; 0: now */
  otlp_severity severity;        /* 1 to 24; others count as unspecified */
  otlp_string severity_text;     /* what the source calls its severity */
  otlp_value body;               /* of any type, not subject to limits */
  const otlp_attribute *attributes;
  size_t attribute_count;
  otlp_string event_name; /* makes the record an event, of this name */
};

#define OTLP_LOG_RECORD_INIT                                                                   \
  {                                                                                            \
    0, 0, OTLP_SEVERITY_UNSPECIFIED, {NULL, 0}, {OTLP_VALUE_EMPTY, 0, {{NULL, 0}}}, NULL, 0, { \
      NULL, 0                                                                                  \
    }                                                                                          \
  }

/** How much of a record is kept (logs/sdk.md, "LogRecord Limits"). What is beyond is dropped and
 * counted in the record. */
typedef struct otlp_log_record_limits {
  uint32_t attribute_count;        /* default 128 */
  uint32_t attribute_value_length; /* characters of strings, bytes of bytes; default no limit */
} otlp_log_record_limits;

#define OTLP_LOG_RECORD_LIMITS_INIT \
  { 128, UINT32_MAX }

/** What OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT and _VALUE_LENGTH_LIMIT say, and OTEL_ATTRIBUTE_...
 * for what they leave open. */
otlp_log_record_limits otlp_log_record_limits_from_environment(void);

enum { OTLP_LOG_PROCESSORS_MAX = 8 };

/** How a provider is made. Start from OTLP_LOGGER_PROVIDER_OPTIONS_INIT. */
typedef struct otlp_logger_provider_options {
  /** Optional; NULL means otlp_resource_default merged with the environment's. Counted. */
  const otlp_resource *resource;
  /** Optional; all defaults. Copied. */
  otlp_log_record_limits limits;
  /** Called in this order; none means that nothing is emitted. Each is taken over; NULL, a
   * processor that could not be made, is left out. */
  otlp_processor *processors[OTLP_LOG_PROCESSORS_MAX];
  size_t processor_count;
} otlp_logger_provider_options;

#define OTLP_LOGGER_PROVIDER_OPTIONS_INIT \
  { NULL, OTLP_LOG_RECORD_LIMITS_INIT, {NULL}, 0 }

/**
 * @param options what it names is taken over, also on failure.
 * @return NULL (a provider that emits nothing) when memory is short.
 */
otlp_logger_provider *otlp_logger_provider_new(const otlp_logger_provider_options *options);

/** Exports all that has been emitted so far, processor by processor, within `timeout_ms` in all. */
otlp_result otlp_logger_provider_force_flush(otlp_logger_provider *provider, int64_t timeout_ms);

/** Flushes and stops every processor, within `timeout_ms` in all. From then on nothing is emitted.
 * Only the first call does anything; later ones, also while it runs, return OTLP_FAILED. */
otlp_result otlp_logger_provider_shutdown(otlp_logger_provider *provider, int64_t timeout_ms);

/** A snapshot of the counters; all zero for NULL. `started` and `ended` both count the records that
 * were emitted. */
void otlp_logger_provider_get_stats(otlp_logger_provider *provider, otlp_stats *out_stats);

/** Frees the provider, its loggers and what it took over. Shuts down without waiting if that was
 * not done. NULL does nothing. */
void otlp_logger_provider_destroy(otlp_logger_provider *provider);

/** The logger of a scope, the same for the same scope; NULL when memory is short. `scope` is
 * copied; NULL means one without a name. */
otlp_logger *otlp_logger_provider_get_logger(otlp_logger_provider *provider,
                                             const otlp_scope *scope);

/**
 * False when a record of this kind would go nowhere, for who wants to spare the work of making it
 * ("Enabled"): without processors, after the shutdown, or when every processor says that it does
 * not want it. What is emitted all the same is not filtered.
 *
 * @param query what is known of the record; NULL means nothing.
 */
bool otlp_logger_enabled(const otlp_logger *logger, const otlp_log_query *query);

/**
 * Emits a record.
 *
 * @param context the record belongs to its span, if that is valid, sampled or not; NULL for none.
 */
void otlp_logger_emit(otlp_logger *logger, const otlp_context *context,
                      const otlp_log_record *record);

#ifdef __cplusplus
}
#endif

#endif

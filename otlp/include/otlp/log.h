/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Where the SDK says what went wrong (specification, error-handling.md: the handler is the user's
 * to replace).
 *
 * The SDK logs configuration mistakes once, and changes of state (the collector went away, came
 * back; spans are being lost, no longer lost) once per change; never per span.
 *
 * Threads: everything here is safe anywhere. The handler may be called from any thread, several at
 * once, and must not call back into spans it would deadlock on; it may log through whatever it
 * likes.
 */
#ifndef OTLP_LOG_H
#define OTLP_LOG_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Severity, most severe first. */
typedef enum otlp_log_level {
  OTLP_LOG_NONE = 0,
  OTLP_LOG_ERROR = 1,
  OTLP_LOG_WARN = 2,
  OTLP_LOG_INFO = 3,
  OTLP_LOG_DEBUG = 4,
} otlp_log_level;

/** Receives one message: a NUL-terminated line without newline, valid during the call. */
typedef void otlp_log_fn(otlp_log_level level, const char *message, void *user_data);

/**
 * Replaces the handler. NULL puts the default back, which writes "otlp: <level>: <message>" to
 * stderr.
 *
 * @param user_data must outlive every use of the SDK, or the next call of this function by long
 *        enough for messages under way to arrive.
 */
void otlp_set_log_handler(otlp_log_fn *handler, void *user_data);

/** Messages less severe than `level` are not made at all. The default is OTEL_LOG_LEVEL's ("none",
 * "error", "warn", "info", "debug"), or `info` when that is unset. */
void otlp_set_log_level(otlp_log_level level);

/** True when messages of `level` reach the handler. */
bool otlp_log_enabled(otlp_log_level level);

/** Logs a message, for processors, exporters and samplers of your own. Cut at 1 KiB. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
void otlp_log(otlp_log_level level, const char *format, ...);

#ifdef __cplusplus
}
#endif

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The process's log: one line per record on standard error, in logfmt or as a JSON object, with the
 * ids of the trace it belongs to.
 *
 *     time=2026-11-20T10:00:00.123456Z level=info service=order-service trace_id=… span_id=… \
 *     msg="order placed" order_id=…
 *
 *     {"time":"2026-11-20T10:00:00.123456Z","level":"info","service":"order-service",
 *      "trace_id":"…","span_id":"…","msg":"order placed","order_id":"…"}
 *
 * The context puts the ids there; nobody passes them by hand. Libraries do not log; what makes a
 * program (mesh_app, its access log) does, and programs may.
 *
 * In a process of mesh_app whose OTEL_LOGS_EXPORTER names an exporter every record also leaves as
 * an OTLP log record: the message is its body, fields are its attributes (otlp/logs.h).
 *
 * Ownership: everything passed in is borrowed for the call.
 * Threads: safe anywhere. In a process of mesh_app lines are gathered, and written by a thread of
 * their own within some ten milliseconds; otherwise each line is one write. A reader that does not
 * read (a full pipe) makes lines get lost, and the next line that is written counts them (`lost=`);
 * it never makes a loop wait.
 */
#ifndef MESH_LOG_H
#define MESH_LOG_H

#include <mesh/context.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Severity, least severe first. */
typedef enum mesh_log_level {
  MESH_LOG_DEBUG,
  MESH_LOG_INFO,
  MESH_LOG_WARN,
  MESH_LOG_ERROR,
} mesh_log_level;

/** Name of the process on every line, copied (at most 63 bytes); and the least severe level
 * written. Before the first call there is no name, and the level is INFO. Not while other threads
 * log. */
void mesh_log_configure(const char *service, mesh_log_level minimum);

/** "debug", "info", "warn" or "error". @return false for anything else. */
bool mesh_log_level_parse(const char *text, mesh_log_level *out_level);

/** How lines are written. */
typedef enum mesh_log_format {
  MESH_LOG_LOGFMT, /* key=value pairs */
  MESH_LOG_JSON,   /* an object a line */
} mesh_log_format;

/** Before the first call it is logfmt. Not while other threads log. */
void mesh_log_set_format(mesh_log_format format);

/** "logfmt" or "json". @return false for anything else. */
bool mesh_log_format_parse(const char *text, mesh_log_format *out_format);

/** True when records of `level` are written. */
bool mesh_log_enabled(mesh_log_level level);

/**
 * Writes a record.
 *
 * @param context whose trace it belongs to; NULL for none.
 * @param message what happened, in the same words every time; what varies goes into fields.
 * @param fields keys and scalar values; may be NULL with a count of 0. A line is cut at 4 KiB, a
 * value at 1 KiB. Keys are plain ASCII; one that is the line's own (time, level, service, trace_id,
 * span_id, msg, lost, cut) gets a '_' behind it.
 */
void mesh_log(mesh_log_level level, const mesh_context *context, const char *message,
              const otlp_attribute *fields, size_t field_count);

/** The same for what has a span but no mesh_context (the gateway's HTTP requests). `span` may be
 * NULL. */
void mesh_log_in_span(mesh_log_level level, const otlp_span_context *span, const char *message,
                      const otlp_attribute *fields, size_t field_count);

#ifdef __cplusplus
}
#endif

#endif

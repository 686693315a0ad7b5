/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The process's log: one line per record on standard error, in logfmt, with the ids of the trace it
 * belongs to.
 *
 *     time=2026-11-20T10:00:00.123456Z level=info service=order-service trace_id=… span_id=… \
 *     msg="order placed" order_id=…
 *
 * The context puts the ids there; nobody passes them by hand. Libraries do not log; what makes a
 * program (mesh_app, its access log) does, and programs may.
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

/** True when records of `level` are written. */
bool mesh_log_enabled(mesh_log_level level);

/**
 * Writes a record.
 *
 * @param context whose trace it belongs to; NULL for none.
 * @param message what happened, in the same words every time; what varies goes into fields.
 * @param fields keys and scalar values; may be NULL with a count of 0. A line is cut at 4 KiB, a
 * value at 1 KiB.
 */
void mesh_log(mesh_log_level level, const mesh_context *context, const char *message,
              const otlp_attribute *fields, size_t field_count);

#ifdef __cplusplus
}
#endif

#endif

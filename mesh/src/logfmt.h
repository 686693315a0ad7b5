/* SPDX-License-Identifier: Apache-2.0 */
/* Log lines in logfmt, without any I/O. */
#ifndef MESH__LOGFMT_H
#define MESH__LOGFMT_H

#include <otlp/context.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

enum {
  MESH__LOG_LINE_SIZE = 4096,
  MESH__LOG_VALUE_SIZE = 1024, /* bytes of a value, before it is quoted */
};

/* A line under way. What does not fit is left out, pair by pair, and the line says so. */
typedef struct mesh__logfmt {
  size_t size;
  bool is_cut;
  char text[MESH__LOG_LINE_SIZE];
} mesh__logfmt;

/* Starts with time=…, in UTC with microseconds (RFC 3339). */
void mesh__logfmt_begin(mesh__logfmt *line, struct timespec now);

/* Adds ` key=value`; the value is quoted when it has to be. A key's odd characters become '_'. */
void mesh__logfmt_text(mesh__logfmt *line, const char *key, otlp_string value);
void mesh__logfmt_field(mesh__logfmt *line, const otlp_attribute *field);

/* Adds trace_id and span_id of a valid context. */
void mesh__logfmt_trace(mesh__logfmt *line, const otlp_span_context *span);

/* Ends with a newline. @return the line's bytes. */
otlp_string mesh__logfmt_end(mesh__logfmt *line);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Log lines in logfmt or as JSON objects, without any I/O. Both quote with the same escapes, those
 * of JSON (RFC 8259, section 7); any bytes give one line of UTF-8 without control characters.
 */
#ifndef MESH__LOG_LINE_H
#define MESH__LOG_LINE_H

#include <mesh/log.h>
#include <otlp/context.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

enum {
  MESH__LOG_LINE_SIZE = 4096,
  MESH__LOG_VALUE_SIZE = 1024, /* bytes of a value, before it is quoted */
};

/* A line under way. What does not fit is left out, pair by pair, and the line says so. */
typedef struct mesh__log_line {
  mesh_log_format format;
  size_t size;
  bool is_cut;
  char text[MESH__LOG_LINE_SIZE];
} mesh__log_line;

/* Starts with the time, in UTC with microseconds (RFC 3339). */
void mesh__log_line_begin(mesh__log_line *line, mesh_log_format format, struct timespec now);

/* Adds one of the line's own pairs; in logfmt the value is quoted when it has to be. */
void mesh__log_line_text(mesh__log_line *line, const char *key, otlp_string value);

/* Adds a caller's pair. A key's odd characters become '_', and a key that is one of the line's own
 * gets a '_' behind it, so that no key is there twice. */
void mesh__log_line_field(mesh__log_line *line, const otlp_attribute *field);

/* Adds how many lines were lost before this one. */
void mesh__log_line_lost(mesh__log_line *line, unsigned long count);

/* Adds trace_id and span_id of a valid context; nothing for NULL. */
void mesh__log_line_trace(mesh__log_line *line, const otlp_span_context *span);

/* Ends with a newline. @return the line's bytes. */
otlp_string mesh__log_line_end(mesh__log_line *line);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include <mesh/log.h>

#include <stdio.h>
#include <strings.h>

#include "log_line.h"
#include "log_writer.h"

static char service_name[64];
static mesh_log_level minimum_level = MESH_LOG_INFO;
static mesh_log_format line_format = MESH_LOG_LOGFMT;

static const char *const level_names[] = {"debug", "info", "warn", "error"};

void mesh_log_configure(const char *service, mesh_log_level minimum) {
  snprintf(service_name, sizeof service_name, "%s", service);
  minimum_level = minimum;
}

bool mesh_log_level_parse(const char *text, mesh_log_level *out_level) {
  for (int level = MESH_LOG_DEBUG; level <= MESH_LOG_ERROR; level++) {
    if (strcasecmp(text, level_names[level]) == 0) {
      *out_level = (mesh_log_level)level;
      return true;
    }
  }
  return false;
}

void mesh_log_set_format(mesh_log_format format) {
  line_format = format;
}

bool mesh_log_format_parse(const char *text, mesh_log_format *out_format) {
  static const char *const names[] = {"logfmt", "json"};
  for (int format = MESH_LOG_LOGFMT; format <= MESH_LOG_JSON; format++) {
    if (strcasecmp(text, names[format]) == 0) {
      *out_format = (mesh_log_format)format;
      return true;
    }
  }
  return false;
}

bool mesh_log_enabled(mesh_log_level level) {
  return level >= minimum_level;
}

static void write_line(mesh_log_level level, const otlp_span_context *span, const char *message,
                       const otlp_attribute *fields, size_t field_count) {
  mesh__log_line line;
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  mesh__log_line_begin(&line, line_format, now);
  mesh__log_line_text(&line, "level", otlp_string_from(level_names[level]));
  if (service_name[0] != '\0') {
    mesh__log_line_text(&line, "service", otlp_string_from(service_name));
  }
  mesh__log_line_trace(&line, span);
  mesh__log_line_text(&line, "msg", otlp_string_from(message));
  for (size_t i = 0; i < field_count; i++) {
    mesh__log_line_field(&line, &fields[i]);
  }
  unsigned long lost = mesh__log_take_lost();
  if (lost > 0) {
    mesh__log_line_lost(&line, lost);
  }
  mesh__log_write(mesh__log_line_end(&line));
}

void mesh_log_in_span(mesh_log_level level, const otlp_span_context *span, const char *message,
                      const otlp_attribute *fields, size_t field_count) {
  if (mesh_log_enabled(level)) {
    write_line(level, span, message, fields, field_count);
  }
}

void mesh_log(mesh_log_level level, const mesh_context *context, const char *message,
              const otlp_attribute *fields, size_t field_count) {
  const otlp_span_context *span = context != NULL ? &mesh_context_trace(context)->span : NULL;
  mesh_log_in_span(level, span, message, fields, field_count);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "log.h"

#include <stdio.h>
#include <strings.h>

#include "log_line.h"
#include "log_writer.h"

static char service_name[64];
static mesh_log_level minimum_level = MESH_LOG_INFO;
static mesh_log_format line_format = MESH_LOG_LOGFMT;
static otlp_logger *record_logger;

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

void mesh__log_set_logger(otlp_logger *logger) {
  record_logger = logger;
}

/* A record on its way. */
typedef struct record {
  struct timespec time;
  mesh_log_level level;
  const otlp_span_context *span; /* may be NULL */
  const char *message;
  const otlp_attribute *fields;
  size_t field_count;
} record;

static void write_line(const record *said) {
  mesh__log_line line;
  mesh__log_line_begin(&line, line_format, said->time);
  mesh__log_line_text(&line, "level", otlp_string_from(level_names[said->level]));
  if (service_name[0] != '\0') {
    mesh__log_line_text(&line, "service", otlp_string_from(service_name));
  }
  mesh__log_line_trace(&line, said->span);
  mesh__log_line_text(&line, "msg", otlp_string_from(said->message));
  for (size_t i = 0; i < said->field_count; i++) {
    mesh__log_line_field(&line, &said->fields[i]);
  }
  unsigned long lost = mesh__log_take_lost();
  if (lost > 0) {
    mesh__log_line_lost(&line, lost);
  }
  mesh__log_write(mesh__log_line_end(&line));
}

/* The specification's numbers for our levels (logs/data-model.md, "Field: SeverityNumber"). */
static void emit(const record *said) {
  static const otlp_severity severities[] = {OTLP_SEVERITY_DEBUG, OTLP_SEVERITY_INFO,
                                             OTLP_SEVERITY_WARN, OTLP_SEVERITY_ERROR};
  otlp_log_record out = OTLP_LOG_RECORD_INIT;
  out.time = (otlp_unix_nanos)said->time.tv_sec * 1000000000 + (otlp_unix_nanos)said->time.tv_nsec;
  out.observed_time = out.time;
  out.severity = severities[said->level];
  out.severity_text = otlp_string_from(level_names[said->level]);
  out.body = otlp_value_text(otlp_string_from(said->message));
  out.attributes = said->fields;
  out.attribute_count = said->field_count;
  otlp_context context = {0};
  if (said->span != NULL) {
    context.span = *said->span;
  }
  otlp_logger_emit(record_logger, &context, &out);
}

void mesh_log_in_span(mesh_log_level level, const otlp_span_context *span, const char *message,
                      const otlp_attribute *fields, size_t field_count) {
  if (!mesh_log_enabled(level)) {
    return;
  }
  record said = {{0, 0}, level, span, message, fields, field_count};
  clock_gettime(CLOCK_REALTIME, &said.time);
  write_line(&said);
  if (record_logger != NULL) {
    emit(&said);
  }
}

void mesh__log_line_only(mesh_log_level level, const char *message, const otlp_attribute *fields,
                         size_t field_count) {
  if (!mesh_log_enabled(level)) {
    return;
  }
  record said = {{0, 0}, level, NULL, message, fields, field_count};
  clock_gettime(CLOCK_REALTIME, &said.time);
  write_line(&said);
}

void mesh_log(mesh_log_level level, const mesh_context *context, const char *message,
              const otlp_attribute *fields, size_t field_count) {
  const otlp_span_context *span = context != NULL ? &mesh_context_trace(context)->span : NULL;
  mesh_log_in_span(level, span, message, fields, field_count);
}

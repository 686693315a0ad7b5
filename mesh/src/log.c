/* SPDX-License-Identifier: Apache-2.0 */
#include <mesh/log.h>

#include <stdio.h>
#include <strings.h>

#include "log_writer.h"
#include "logfmt.h"

static char service_name[64];
static mesh_log_level minimum_level = MESH_LOG_INFO;

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

bool mesh_log_enabled(mesh_log_level level) {
  return level >= minimum_level;
}

void mesh_log(mesh_log_level level, const mesh_context *context, const char *message,
              const otlp_attribute *fields, size_t field_count) {
  if (!mesh_log_enabled(level)) {
    return;
  }
  mesh__logfmt line;
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  mesh__logfmt_begin(&line, now);
  mesh__logfmt_text(&line, "level", otlp_string_from(level_names[level]));
  if (service_name[0] != '\0') {
    mesh__logfmt_text(&line, "service", otlp_string_from(service_name));
  }
  if (context != NULL) {
    mesh__logfmt_trace(&line, &mesh_context_trace(context)->span);
  }
  mesh__logfmt_text(&line, "msg", otlp_string_from(message));
  for (size_t i = 0; i < field_count; i++) {
    mesh__logfmt_field(&line, &fields[i]);
  }
  unsigned long lost = mesh__log_take_lost();
  if (lost > 0) {
    otlp_attribute count = otlp_attribute_int("lost", (int64_t)lost);
    mesh__logfmt_field(&line, &count);
  }
  mesh__log_write(mesh__logfmt_end(&line));
}

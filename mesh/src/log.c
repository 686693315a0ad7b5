/* SPDX-License-Identifier: Apache-2.0 */
#include <mesh/log.h>

#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <strings.h>
#include <unistd.h>

#include "logfmt.h"

static char service_name[64];
static mesh_log_level minimum_level = MESH_LOG_INFO;
static atomic_ulong lost_lines;

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

/* A file always takes a line; a pipe or terminal is asked first. */
static bool can_write(void) {
  struct pollfd descriptor = {.fd = STDERR_FILENO, .events = POLLOUT};
  return poll(&descriptor, 1, 0) == 1 && (descriptor.revents & POLLOUT) != 0;
}

static void write_line(otlp_string line, unsigned long lost) {
  if (can_write() && write(STDERR_FILENO, line.data, line.length) == (ssize_t)line.length) {
    return;
  }
  atomic_fetch_add_explicit(&lost_lines, lost + 1, memory_order_relaxed);
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
  unsigned long lost = atomic_exchange_explicit(&lost_lines, 0, memory_order_relaxed);
  if (lost > 0) {
    otlp_attribute count = otlp_attribute_int("lost", (int64_t)lost);
    mesh__logfmt_field(&line, &count);
  }
  write_line(mesh__logfmt_end(&line), lost);
}

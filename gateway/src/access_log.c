/* SPDX-License-Identifier: Apache-2.0 */
#include "access_log.h"

#include <mesh/log.h>

static otlp_attribute text_field(const char *key, gateway_text text) {
  otlp_string value = {text.data, text.size};
  return otlp_attribute_of(otlp_string_from(key), otlp_value_text(value));
}

static mesh_log_level level_of(const gateway_access_entry *entry) {
  if (entry->http_status >= 500) {
    return MESH_LOG_ERROR;
  }
  bool is_health = entry->route != NULL && strcmp(entry->route, "/health") == 0;
  return is_health ? MESH_LOG_DEBUG : MESH_LOG_INFO;
}

static void count(gateway_access_counts *counts, int http_status) {
  int class = http_status / 100;
  counts->requests++;
  counts->by_class[class >= 1 && class <= 5 ? class : 0]++;
}

void gateway_access_log_write(const gateway_access_entry *entry, void *counts) {
  count(counts, entry->http_status);
  mesh_log_level level = level_of(entry);
  if (!mesh_log_enabled(level)) {
    return;
  }
  const otlp_attribute fields[] = {
      text_field("method", entry->method),
      text_field("path", entry->path),
      otlp_attribute_string("route", entry->route == NULL ? "" : entry->route),
      otlp_attribute_int("status", entry->http_status),
      otlp_attribute_int("bytes", (int64_t)entry->bytes),
      otlp_attribute_double("duration_ms", (double)entry->duration_us / 1e3),
      otlp_attribute_string("peer", entry->peer),
  };
  mesh_log_in_span(level, &entry->span, "request", fields, sizeof fields / sizeof fields[0]);
}

void gateway_access_log_balance(const gateway_access_counts *counts) {
  const otlp_attribute fields[] = {
      otlp_attribute_int("requests", (int64_t)counts->requests),
      otlp_attribute_int("2xx", (int64_t)counts->by_class[2]),
      otlp_attribute_int("3xx", (int64_t)counts->by_class[3]),
      otlp_attribute_int("4xx", (int64_t)counts->by_class[4]),
      otlp_attribute_int("5xx", (int64_t)counts->by_class[5]),
  };
  mesh_log(MESH_LOG_INFO, NULL, "requests answered", fields, sizeof fields / sizeof fields[0]);
}

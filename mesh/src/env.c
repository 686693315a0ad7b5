/* SPDX-License-Identifier: Apache-2.0 */
#include <mesh/env.h>

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <strings.h>

const char *mesh_env_text(const char *name, const char *fallback) {
  const char *text = getenv(name);
  return text != NULL && text[0] != '\0' ? text : fallback;
}

/* Decimal digits with an optional minus, nothing around them. */
static bool parse_int(const char *text, int64_t *out_value) {
  char first = text[0] == '-' ? text[1] : text[0];
  if (first < '0' || first > '9') {
    return false;
  }
  char *end;
  errno = 0;
  long long value = strtoll(text, &end, 10);
  *out_value = value;
  return errno == 0 && *end == '\0';
}

mesh_status mesh_env_int(const char *name, mesh_env_range range, int64_t *out_value) {
  *out_value = range.fallback;
  const char *text = mesh_env_text(name, NULL);
  if (text == NULL) {
    return mesh_status_ok();
  }
  int64_t value;
  if (!parse_int(text, &value) || value < range.minimum || value > range.maximum) {
    return mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT,
                             "%s is '%.64s': it must be an integer from %lld to %lld", name, text,
                             (long long)range.minimum, (long long)range.maximum);
  }
  *out_value = value;
  return mesh_status_ok();
}

mesh_status mesh_env_bool(const char *name, bool fallback, bool *out_value) {
  *out_value = fallback;
  const char *text = mesh_env_text(name, NULL);
  if (text == NULL) {
    return mesh_status_ok();
  }
  bool is_true = strcasecmp(text, "true") == 0;
  if (!is_true && strcasecmp(text, "false") != 0) {
    return mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT,
                             "%s is '%.64s': it must be true or false", name, text);
  }
  *out_value = is_true;
  return mesh_status_ok();
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <mesh/env.h>

#define MEBIBYTE (INT64_C(1) << 20)

mesh_status lens_config_read(lens_config *out_config) {
  static const mesh_env_range bytes = {64 * MEBIBYTE, MEBIBYTE, INT64_C(1) << 40};
  static const mesh_env_range port = {3200, 0, 65535};
  int64_t max_bytes = 0;
  int64_t query_port = 0;
  mesh_status status = mesh_env_int("LENS_MAX_BYTES", bytes, &max_bytes);
  if (!mesh_status_is_ok(&status)) {
    return status;
  }
  status = mesh_env_int("LENS_QUERY_PORT", port, &query_port);
  out_config->max_bytes = (size_t)max_bytes;
  out_config->query_port = (int)query_port;
  out_config->query_host = mesh_env_text("LENS_QUERY_HOST", "127.0.0.1");
  return status;
}

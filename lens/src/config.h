/* SPDX-License-Identifier: Apache-2.0 */
/* What lens is told by its environment; docs/lens.md lists the variables. */
#ifndef LENS_CONFIG_H
#define LENS_CONFIG_H

#include <mesh/status.h>

typedef struct lens_config {
  size_t max_bytes;       /* LENS_MAX_BYTES */
  const char *query_host; /* LENS_QUERY_HOST; lives in the environment */
  int query_port;         /* LENS_QUERY_PORT */
} lens_config;

/* INVALID_ARGUMENT names the variable that cannot be parsed. */
MESH_MUST_USE mesh_status lens_config_read(lens_config *out_config);

#endif

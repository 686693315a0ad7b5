/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Variables of the environment, parsed strictly: empty is unset, anything that cannot be parsed is
 * INVALID_ARGUMENT naming the variable.
 */
#ifndef MESH_ENV_H
#define MESH_ENV_H

#include <mesh/status.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The value, or `fallback` (which may be NULL) when unset. Lives in the environment. */
const char *mesh_env_text(const char *name, const char *fallback);

/** An integer within [minimum, maximum]. */
typedef struct mesh_env_range {
  int64_t fallback;
  int64_t minimum;
  int64_t maximum;
} mesh_env_range;
MESH_MUST_USE mesh_status mesh_env_int(const char *name, mesh_env_range range, int64_t *out_value);

/** "true" or "false", in any case. */
MESH_MUST_USE mesh_status mesh_env_bool(const char *name, bool fallback, bool *out_value);

#ifdef __cplusplus
}
#endif

#endif

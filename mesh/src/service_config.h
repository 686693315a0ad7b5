/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Service configs (gRPC's service_config.proto, as JSON): mesh reads the timeouts, and the C core
 * the rest.
 *
 * The C core (1.51) counts a config's timeouts from a clock of its own that it reads off the
 * processor's cycles, and compares the result with another clock. The longer the machine runs, the
 * further the two are apart: seconds after hours, in either direction, so that calls fail at once
 * or too late. Deadlines that come with a call have no part in that.
 */
#ifndef MESH__SERVICE_CONFIG_H
#define MESH__SERVICE_CONFIG_H

#include <mesh/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One name of a methodConfig. */
typedef struct mesh__config_name {
  char *service; /* "": every one */
  char *method;  /* "": every one of the service */
  int64_t timeout_ms;
} mesh__config_name;

/* All zero is no config. */
typedef struct mesh__service_config {
  char *for_core; /* the config without its timeouts; NULL: none */
  mesh__config_name *names;
  size_t count;
} mesh__service_config;

/* INVALID_ARGUMENT says where the mistake is. To be cleaned up, whatever the status is. */
MESH_MUST_USE mesh_status mesh__service_config_parse(const char *json,
                                                     mesh__service_config *out_config);

void mesh__service_config_clean_up(mesh__service_config *config);

/* The timeout of the method at "/package.Service/Method", from the config of its most exact name;
 * MESH_NO_TIMEOUT when there is none. */
int64_t mesh__service_config_timeout_ms(const mesh__service_config *config, const char *path);

enum { MESH__CULPRIT_SIZE = 96 };

/*
 * Which part of a config it is that the C core does not accept, which tells its log only: tries the
 * parts one by one. Empty when all are accepted alone.
 */
void mesh__service_config_find_culprit(const mesh__service_config *config,
                                       bool (*accepts)(const char *json, void *data), void *data,
                                       char out_culprit[MESH__CULPRIT_SIZE]);

#endif

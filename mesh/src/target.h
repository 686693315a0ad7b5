/* SPDX-License-Identifier: Apache-2.0 */
/* Targets of clients: what a user writes, as the C core and the telemetry want it. */
#ifndef MESH__TARGET_H
#define MESH__TARGET_H

#include <mesh/status.h>

enum { MESH__TARGET_SIZE = 1024 };

typedef struct mesh__target {
  char core[MESH__TARGET_SIZE + 8]; /* for grpc_channel_create */
  bool is_tls;
  char address[MESH__TARGET_SIZE]; /* server.address: the host, or the target when it has none */
  int port;                        /* server.port; 0: none */
} mesh__target;

/* Parses `text`; INVALID_ARGUMENT names it and says what is wrong. */
MESH_MUST_USE mesh_status mesh__target_parse(const char *text, mesh__target *out_target);

#endif

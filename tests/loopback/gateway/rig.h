/* SPDX-License-Identifier: Apache-2.0 */
/* A gateway of test.library.v1.Library in this process, before a backend of its own, with its spans
 * kept in memory. */
#ifndef TESTS_GATEWAY_RIG_H
#define TESTS_GATEWAY_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../support/span_tree.h"
#include "backend.h"
#include "builtin.h"
#include "http_client.h"
#include "server.h"

enum { RIG_LOG_MAX = 64 };

typedef struct rig {
  backend backend;
  bool has_no_backend;
  gateway_config config; /* to be changed before rig_start */
  int64_t grace_ms;
  char target[64];
  gateway_descriptors *descriptors;
  gateway_api *api;
  gateway_backends *backends;
  mesh_loop *loop;
  pthread_t loop_thread;
  span_tree spans;
  otlp_propagators propagators;
  gateway_server *server;
  int port;
  pthread_mutex_t log_lock;
  char log[RIG_LOG_MAX][512];
  size_t log_count;
} rig;

/* A configuration for tests: a free port, small limits. Nothing runs yet. */
void rig_init(rig *rig);

void rig_start(rig *rig);

/* Drains the gateway. */
void rig_drain(rig *rig);

/* Drains it if that was not done, and frees everything. */
void rig_stop(rig *rig);

/* Waits until the counter is at least `wanted`. */
void rig_wait(const atomic_int *counter, int wanted);

/* Waits until the log has this many lines. */
void rig_wait_for_log(rig *rig, size_t count);

/* Waits until this many spans have ended, HTTP ones and those below. */
void rig_wait_for_spans(rig *rig, size_t count);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* One of the shop's programs as a process that a test may kill, with its data in the harness's
 * folder, and the harness's client connected to it. */
#ifndef TESTS_SUPPORT_SHOP_PROCESS_H
#define TESTS_SUPPORT_SHOP_PROCESS_H

#include "mesh_process.h"
#include "shop_harness.h"

typedef struct shop_process {
  const char *program;        /* "payment-service" */
  const char *environment[4]; /* more "NAME=value" */
  mesh_process *process;
  char target[96]; /* another one with every start, so that no client waits before it tries again */
  int starts;
} shop_process;

/* Starts it. */
void shop_process_launch(shop_process *self, const shop_harness *shop);

/* Starts it and waits until it listens. */
void shop_process_start(shop_process *self, const shop_harness *shop);

/* SIGKILL, and waits for its end. */
void shop_process_kill(shop_process *self);

/* SIGTERM; the test fails unless it ends well and says what it did. The harness's client leaves
 * first: nobody would hear that it is asked to, while the test waits here. */
void shop_process_stop(shop_process *self, shop_harness *shop);

/* Has the harness's calls go there. No call may be under way. */
void shop_process_connect(const shop_process *self, shop_harness *shop);

#endif

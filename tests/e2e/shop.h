/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The whole shop as its users run it: the built programs, on ports the system picks, with a data
 * folder of their own. Orders are traced to a lens of their own unless the options say otherwise.
 */
#ifndef TESTS_E2E_SHOP_H
#define TESTS_E2E_SHOP_H

#include "mesh_process.h"

#define SHOP_MAX_ENVIRONMENT 8 /* the last one NULL */

typedef struct shop_options {
  const char *otlp_endpoint;                     /* NULL: a lens that the shop starts */
  const char *environment[SHOP_MAX_ENVIRONMENT]; /* more "NAME=value" for every program */
} shop_options;

/* A program of the shop; NULL while it does not run. */
typedef enum shop_program {
  SHOP_LENS,
  SHOP_FRAUD,
  SHOP_PAYMENT,
  SHOP_WAREHOUSE,
  SHOP_INVENTORY,
  SHOP_ORDER,
  SHOP_GATEWAY,
  SHOP_PROGRAM_COUNT,
} shop_program;

typedef struct shop {
  shop_options options;
  char *folder;
  mesh_process *processes[SHOP_PROGRAM_COUNT];
  int ports[SHOP_PROGRAM_COUNT]; /* gRPC, of the gateway HTTP */
  int query_port;                /* of lens */
} shop;

/* Starts everything and waits until the gateway says that all is well. */
void shop_start(shop *self, const shop_options *options);

/* Starts one program that does not run, on the port it had before, if any, and waits until it
 * listens. */
void shop_start_program(shop *self, shop_program program);

/* kill -9. */
void shop_kill_program(shop *self, shop_program program);

/* SIGTERM, and the exit code. */
int shop_stop_program(shop *self, shop_program program);

/* Kills what runs and removes the folder. */
void shop_clean_up(shop *self);

/* Waits until GET /health has this status. */
void shop_wait_health(shop *self, int status);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Orders placed by several threads at once, each with a trace id of its own; what was acknowledged
 * is remembered. */
#ifndef TESTS_E2E_LOAD_H
#define TESTS_E2E_LOAD_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#define LOAD_THREADS 8
#define LOAD_MAX_ORDERS 20000

/* What is placed. */
typedef struct load_request {
  const char *path;
  const char *json;
  int status; /* of an order that is acknowledged */
} load_request;

extern const load_request load_order_request; /* POST /orders, of demo-product */
extern const load_request load_paid_request;  /* POST /api/order, of sku001 */

/* An order that was answered. */
typedef struct load_order {
  char order_id[64];
  char trace_id[33];
} load_order;

typedef struct load {
  int port; /* of the gateway */
  const load_request *request;
  unsigned seed;
  atomic_bool stop;
  atomic_uint sent;
  pthread_t threads[LOAD_THREADS];
  pthread_mutex_t lock; /* guards what follows */
  load_order *orders;   /* acknowledged */
  size_t count;
  load_order *refusals; /* answered with 503; an id only where one came */
  size_t refused;
  size_t unanswered;
  size_t wrong;           /* answered with anything else, */
  char wrong_answer[512]; /* such as this */
} load;

/* Starts the threads. Each stops when it is told to, or when it is not answered. */
void load_start(load *self, int port, const load_request *request);

/* Waits until so many orders were acknowledged. */
void load_wait(load *self, size_t count);

/* Tells the threads to stop and waits for their last answers. */
void load_stop(load *self);

void load_clean_up(load *self);

#endif

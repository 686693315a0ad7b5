/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The order service: shop.order.v1.OrderService on a store, an inventory and a payment service.
 *
 * Ownership: the service owns its store. Threads: made and destroyed on the main thread; everything
 * else happens on the loops of its calls, and the recovery on the first loop.
 */
#ifndef ORDER_ORDER_H
#define ORDER_ORDER_H

#include <mesh/client.h>
#include <mesh/service.h>

typedef struct order_service order_service;

typedef struct order_service_options {
  const char *data_dir;                  /* required: the folder of orders.db */
  mesh_client *inventory;                /* required; must outlive the service */
  mesh_client *payment;                  /* required; must outlive the service */
  mesh_loop *loop;                       /* required: where the recovery runs */
  otlp_tracer_provider *tracer_provider; /* optional; must outlive the service */
} order_service_options;

/* Opens the store and, once the loop runs, settles what the run before left behind. Fails as
 * store_open does. */
MESH_MUST_USE mesh_status order_service_new(const order_service_options *options,
                                            order_service **out_service);

/* Ends what the service does of its own accord, for which it runs its loop, commits what is queued
 * and closes the store. On the loop's thread; no call may be under way. NULL does nothing. */
void order_service_destroy(order_service *self);

/* The service, for mesh_server_add. */
mesh_service order_service_bind(order_service *self);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What the handlers of the service share. */
#ifndef ORDER_SERVICE_H
#define ORDER_SERVICE_H

#include <store/handler.h>

#include "order.h"
#include "recovery.h"
#include "shop/order/v1/order.mesh.h"

struct order_service {
  store *store;
  mesh_client *inventory;
  mesh_loop *loop; /* of the recovery */
  order_recovery *recovery;
  uint32_t run; /* in the ids of this run's orders */
};

/* A random number, for ids. */
uint64_t order_random(void);

/* The handlers. */
void order_create(mesh_call *call, const Shop__Order__V1__CreateOrderRequest *request, void *self);
void order_get(mesh_call *call, const Shop__Order__V1__GetOrderRequest *request, void *self);
void order_list(mesh_call *call, const Shop__Order__V1__ListOrdersRequest *request, void *self);

#endif

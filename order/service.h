/* SPDX-License-Identifier: Apache-2.0 */
/* What the handlers of the service share. */
#ifndef ORDER_SERVICE_H
#define ORDER_SERVICE_H

#include <store/handler.h>

#include "order.h"
#include "recovery.h"
#include "shop/inventory/v1/inventory.pb-c.h"
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

/* A root context for what nobody asked for and that comes again and again: its calls leave no
 * trace. */
const mesh_context *order_untraced_context(mesh_loop *loop, int64_t timeout_ms);

/* Says so when an order that stands could not have its stock, because someone else released it. */
void order_report_refused(const Shop__Inventory__V1__CommitResponse *reply);

/* The handlers. */
void order_create(mesh_call *call, const Shop__Order__V1__CreateOrderRequest *request, void *self);
void order_get(mesh_call *call, const Shop__Order__V1__GetOrderRequest *request, void *self);
void order_list(mesh_call *call, const Shop__Order__V1__ListOrdersRequest *request, void *self);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What the handlers of the service share. */
#ifndef ORDER_SERVICE_H
#define ORDER_SERVICE_H

#include <store/handler.h>

#include "flights.h"
#include "ledger.h"
#include "order.h"
#include "recovery.h"
#include "shop/inventory/v1/inventory.mesh.h"
#include "shop/order/v1/order.mesh.h"

struct order_service {
  store *store;
  mesh_client *inventory;
  mesh_client *payment;
  order_flights *flights;
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

/* Asks the inventory to release all items of an order. */
typedef void order_released_fn(const mesh_status *status,
                               const Shop__Inventory__V1__ReleaseItemsResponse *reply, void *data);
void order_release_items(mesh_client *inventory, const mesh_context *context,
                         const ledger_order *order, const char *reason,
                         order_released_fn *on_released, void *data);

/* Whose the reservations are that this service makes; the inventory leaves their release to us. */
#define ORDER_OWNER "order-service"

/* The handlers. */
void order_create(mesh_call *call, const Shop__Order__V1__CreateOrderRequest *request, void *self);
void order_place(mesh_call *call, const Shop__Order__V1__PlaceOrderRequest *request, void *self);
void order_get(mesh_call *call, const Shop__Order__V1__GetOrderRequest *request, void *self);
void order_list(mesh_call *call, const Shop__Order__V1__ListOrdersRequest *request, void *self);

#endif

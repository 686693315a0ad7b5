/* SPDX-License-Identifier: Apache-2.0 */
/* The order service with an inventory beside it: the real one, or one that a test scripts. */
#ifndef ORDER_HARNESS_H
#define ORDER_HARNESS_H

#include "../../support/payment_stand_in.h"
#include "../../support/shop_harness.h"
#include "../../support/warehouse_stand_in.h"
#include "inventory.h"
#include "order.h"
#include "shop/inventory/v1/inventory.mesh.h"
#include "shop/order/v1/order.mesh.h"

typedef struct order_harness {
  shop_harness shop;
  order_service *order;
  inventory_service *inventory; /* NULL with a scripted one */
  const shop_inventory_v1_inventory_service *script;
  warehouse_stand_in warehouse;
  payment_stand_in payment;
} order_harness;

/* `script` NULL: the real inventory. Its handlers get the harness. */
void order_harness_start(order_harness *self, const shop_inventory_v1_inventory_service *script);

/* The real inventory, and an order service that has run and does not, until the restart: what a
 * test leaves behind meanwhile is not settled before the test expects it. */
void order_harness_start_between_runs(order_harness *self);

void order_harness_stop(order_harness *self);

/* Ends both services and starts them again on the same data. */
void order_harness_restart(order_harness *self);

/* Calls. */
Shop__Order__V1__CreateOrderRequest order_harness_request(const char *product_id, int quantity,
                                                          const char *key);
shop_answer *order_harness_create(order_harness *self, const char *product_id, int quantity,
                                  const char *key);
const Shop__Order__V1__Order *order_harness_get(order_harness *self, const char *order_id);
const Shop__Inventory__V1__Item *order_harness_item(order_harness *self, const char *product_id);

/* What POST /api/order asks for: items as "sku001:1,demo-product:2", paid with 49.99. */
Shop__Order__V1__PlaceOrderRequest *order_harness_place_request(order_harness *self,
                                                                const char *items, const char *key);
shop_answer *order_harness_start_place(order_harness *self, const char *items, const char *key);
shop_answer *order_harness_place(order_harness *self, const char *items, const char *key);

/* The order id of an answer that must be OK. */
const char *order_harness_placed(const shop_answer *answer);

/* The reply of an answer that must be OK. */
const Shop__Order__V1__Order *order_harness_order(const shop_answer *answer);

/* Runs SQL on a database of the harness, as someone with a tool would: "orders" or "inventory". */
void order_harness_sql(order_harness *self, const char *database, const char *sql);
int64_t order_harness_ask(order_harness *self, const char *database, const char *sql);

/* Waits until the SQL gives this number. */
void order_harness_wait_for(order_harness *self, const char *database, const char *sql,
                            int64_t number);

#endif

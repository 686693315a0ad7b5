/* SPDX-License-Identifier: Apache-2.0 */
/* The inventory with a warehouse beside it that a test scripts. */
#ifndef INVENTORY_HARNESS_H
#define INVENTORY_HARNESS_H

#include "../../support/shop_harness.h"
#include "../../support/warehouse_stand_in.h"
#include "inventory.h"
#include "shop/inventory/v1/inventory.mesh.h"

typedef struct inventory_harness {
  shop_harness shop;
  inventory_service *service;
  warehouse_stand_in warehouse;
  int64_t sku001_stock;
} inventory_harness;

void inventory_harness_start(inventory_harness *self, int64_t sku001_stock);
void inventory_harness_stop(inventory_harness *self);

/* Ends the service and starts it again on the same data; the warehouse stays as it is. */
void inventory_harness_restart(inventory_harness *self);

shop_answer *inventory_harness_call(inventory_harness *self, const char *method,
                                    const ProtobufCMessage *request);
shop_answer *inventory_harness_get(inventory_harness *self, const char *product_id);
void inventory_harness_assert_stock(inventory_harness *self, const char *product_id, int available,
                                    int reserved);

/* Runs SQL on the database, while the service is not there. */
void inventory_harness_sql(inventory_harness *self, const char *sql);

#endif

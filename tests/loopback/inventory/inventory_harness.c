/* SPDX-License-Identifier: Apache-2.0 */
#include "inventory_harness.h"

#include <sqlite3.h>
#include <string.h>

static void open_service(inventory_harness *self) {
  inventory_service_options options = {.data_dir = self->shop.folder.path,
                                       .warehouse = self->shop.client,
                                       .sku001_stock = self->sku001_stock,
                                       .tracer_provider = self->shop.spans.provider};
  mesh_status status = inventory_service_new(&options, &self->service);
  assert_string_equal(status.message, "");
  const mesh_service services[] = {inventory_service_bind(self->service),
                                   warehouse_stand_in_bind(&self->warehouse)};
  shop_harness_serve(&self->shop, services, 2);
}

static void close_service(inventory_harness *self) {
  shop_harness_stop(&self->shop);
  inventory_service_destroy(self->service);
}

void inventory_harness_start(inventory_harness *self, int64_t sku001_stock) {
  memset(self, 0, sizeof *self);
  self->sku001_stock = sku001_stock;
  warehouse_stand_in_init(&self->warehouse);
  shop_harness_init(&self->shop);
  open_service(self);
}

void inventory_harness_stop(inventory_harness *self) {
  close_service(self);
  shop_harness_clean_up(&self->shop);
}

void inventory_harness_restart(inventory_harness *self) {
  close_service(self);
  open_service(self);
}

shop_answer *inventory_harness_call(inventory_harness *self, const char *method,
                                    const ProtobufCMessage *request) {
  return shop_call(&self->shop, &shop_inventory_v1_inventory_service_descriptor, method, request);
}

shop_answer *inventory_harness_get(inventory_harness *self, const char *product_id) {
  Shop__Inventory__V1__GetItemRequest request = SHOP__INVENTORY__V1__GET_ITEM_REQUEST__INIT;
  request.product_id = shop_text(product_id);
  return inventory_harness_call(self, "GetItem", &request.base);
}

void inventory_harness_assert_stock(inventory_harness *self, const char *product_id, int available,
                                    int reserved) {
  shop_answer *answer = inventory_harness_get(self, product_id);
  assert_int_equal(answer->code, GRPC_STATUS_OK);
  const Shop__Inventory__V1__Item *item = (const Shop__Inventory__V1__Item *)answer->reply;
  assert_int_equal(item->quantity, available);
  assert_int_equal(item->reserved, reserved);
}

void inventory_harness_sql(inventory_harness *self, const char *sql) {
  char path[128];
  sqlite3 *db = NULL;
  close_service(self);
  snprintf(path, sizeof path, "%s/inventory.db", self->shop.folder.path);
  assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
  if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
    fail_msg("%s: %s", sql, sqlite3_errmsg(db));
  }
  sqlite3_close(db);
  open_service(self);
}

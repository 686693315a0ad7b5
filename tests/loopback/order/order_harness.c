/* SPDX-License-Identifier: Apache-2.0 */
#include "order_harness.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

static void check(mesh_status status) {
  if (!mesh_status_is_ok(&status)) {
    fail_msg("%s: %s", mesh_status_code_name(status.code), status.message);
  }
}

static mesh_service open_order(order_harness *self) {
  order_service_options options = {.data_dir = self->shop.folder.path,
                                   .inventory = self->shop.client,
                                   .payment = self->shop.client,
                                   .loop = self->shop.loop,
                                   .tracer_provider = self->shop.spans.provider};
  check(order_service_new(&options, &self->order));
  return order_service_bind(self->order);
}

/* The order service is the last, and may be left out. */
static void open_services(order_harness *self, bool with_order) {
  const char *folder = self->shop.folder.path;
  mesh_service services[4];
  if (self->script == NULL) {
    inventory_service_options of_inventory = {.data_dir = folder,
                                              .warehouse = self->shop.client,
                                              .sku001_stock = 100,
                                              .tracer_provider = self->shop.spans.provider};
    check(inventory_service_new(&of_inventory, &self->inventory));
    services[0] = inventory_service_bind(self->inventory);
  } else {
    services[0] = shop_inventory_v1_inventory_service_bind(self->script, self);
  }
  services[1] = warehouse_stand_in_bind(&self->warehouse);
  services[2] = payment_stand_in_bind(&self->payment);
  if (with_order) {
    services[3] = open_order(self);
  }
  shop_harness_serve(&self->shop, services, with_order ? 4 : 3);
}

static void close_services(order_harness *self) {
  shop_harness_stop(&self->shop);
  order_service_destroy(self->order);
  inventory_service_destroy(self->inventory);
  self->order = NULL;
  self->inventory = NULL;
}

void order_harness_start(order_harness *self, const shop_inventory_v1_inventory_service *script) {
  memset(self, 0, sizeof *self);
  self->script = script;
  warehouse_stand_in_init(&self->warehouse);
  shop_harness_init(&self->shop);
  open_services(self, true);
}

void order_harness_start_between_runs(order_harness *self) {
  memset(self, 0, sizeof *self);
  warehouse_stand_in_init(&self->warehouse);
  shop_harness_init(&self->shop);
  (void)open_order(self);
  order_service_destroy(self->order);
  self->order = NULL;
  open_services(self, false);
}

void order_harness_stop(order_harness *self) {
  close_services(self);
  shop_harness_clean_up(&self->shop);
}

void order_harness_restart(order_harness *self) {
  close_services(self);
  open_services(self, true);
}

Shop__Order__V1__CreateOrderRequest order_harness_request(const char *product_id, int quantity,
                                                          const char *key) {
  Shop__Order__V1__CreateOrderRequest request = SHOP__ORDER__V1__CREATE_ORDER_REQUEST__INIT;
  request.product_id = shop_text(product_id);
  request.quantity = quantity;
  request.idempotency_key = shop_text(key);
  return request;
}

shop_answer *order_harness_create(order_harness *self, const char *product_id, int quantity,
                                  const char *key) {
  Shop__Order__V1__CreateOrderRequest request = order_harness_request(product_id, quantity, key);
  return shop_call(&self->shop, &shop_order_v1_order_service_descriptor, "CreateOrder",
                   &request.base);
}

Shop__Order__V1__PlaceOrderRequest *
order_harness_place_request(order_harness *self, const char *items, const char *key) {
  mesh_arena *arena = mesh_context_arena(self->shop.context);
  Shop__Order__V1__PlaceOrderRequest *request = mesh_arena_alloc(arena, sizeof *request);
  shop__order__v1__place_order_request__init(request);
  request->items = mesh_arena_alloc(arena, strlen(items) * sizeof *request->items);
  char *rest = mesh_arena_strdup(arena, items);
  for (char *at = strsep(&rest, ","); at != NULL; at = strsep(&rest, ",")) {
    Shop__Order__V1__PlaceOrderRequest__Item *item = mesh_arena_alloc(arena, sizeof *item);
    shop__order__v1__place_order_request__item__init(item);
    item->item_id = strsep(&at, ":");
    item->quantity = (int32_t)strtol(at, NULL, 10);
    request->items[request->n_items++] = item;
  }
  request->user_id = shop_text("123");
  request->amount = 49.99;
  request->payment_method = shop_text("credit_card");
  request->shipping_address = shop_text("10 Main Street, CA");
  request->idempotency_key = shop_text(key);
  return request;
}

shop_answer *order_harness_start_place(order_harness *self, const char *items, const char *key) {
  return shop_start(&self->shop, &shop_order_v1_order_service_descriptor, "PlaceOrder",
                    &order_harness_place_request(self, items, key)->base, NULL);
}

shop_answer *order_harness_place(order_harness *self, const char *items, const char *key) {
  shop_answer *answer = order_harness_start_place(self, items, key);
  shop_wait(answer);
  return answer;
}

const char *order_harness_placed(const shop_answer *answer) {
  assert_string_equal(answer->message, "");
  assert_int_equal(answer->code, GRPC_STATUS_OK);
  return ((const Shop__Order__V1__PlaceOrderResponse *)answer->reply)->order_id;
}

const Shop__Order__V1__Order *order_harness_order(const shop_answer *answer) {
  assert_string_equal(answer->message, "");
  assert_int_equal(answer->code, GRPC_STATUS_OK);
  return (const Shop__Order__V1__Order *)answer->reply;
}

const Shop__Order__V1__Order *order_harness_get(order_harness *self, const char *order_id) {
  Shop__Order__V1__GetOrderRequest request = SHOP__ORDER__V1__GET_ORDER_REQUEST__INIT;
  request.order_id = shop_text(order_id);
  shop_answer *answer =
      shop_call(&self->shop, &shop_order_v1_order_service_descriptor, "GetOrder", &request.base);
  return answer->code == GRPC_STATUS_NOT_FOUND ? NULL : order_harness_order(answer);
}

const Shop__Inventory__V1__Item *order_harness_item(order_harness *self, const char *product_id) {
  Shop__Inventory__V1__GetItemRequest request = SHOP__INVENTORY__V1__GET_ITEM_REQUEST__INIT;
  request.product_id = shop_text(product_id);
  shop_answer *answer = shop_call(&self->shop, &shop_inventory_v1_inventory_service_descriptor,
                                  "GetItem", &request.base);
  assert_int_equal(answer->code, GRPC_STATUS_OK);
  return (const Shop__Inventory__V1__Item *)answer->reply;
}

static sqlite3 *open_database(order_harness *self, const char *database) {
  char path[128];
  sqlite3 *db = NULL;
  snprintf(path, sizeof path, "%s/%s.db", self->shop.folder.path, database);
  assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
  sqlite3_busy_timeout(db, 1000);
  return db;
}

void order_harness_sql(order_harness *self, const char *database, const char *sql) {
  sqlite3 *db = open_database(self, database);
  if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
    fail_msg("%s: %s", sql, sqlite3_errmsg(db));
  }
  sqlite3_close(db);
}

int64_t order_harness_ask(order_harness *self, const char *database, const char *sql) {
  sqlite3 *db = open_database(self, database);
  sqlite3_stmt *statement = NULL;
  assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
  assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
  int64_t number = sqlite3_column_int64(statement, 0);
  sqlite3_finalize(statement);
  sqlite3_close(db);
  return number;
}

typedef struct wanted {
  order_harness *owner;
  const char *database;
  const char *sql;
  int64_t number;
} wanted;

static bool is_there(void *data) {
  wanted *self = data;
  return order_harness_ask(self->owner, self->database, self->sql) == self->number;
}

void order_harness_wait_for(order_harness *self, const char *database, const char *sql,
                            int64_t number) {
  wanted what = {self, database, sql, number};
  shop_harness_wait_for(&self->shop, is_there, &what);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Orders that fail half way: with an inventory that a test scripts, and a store that refuses. */
#include <string.h>

#include "order_harness.h"

#define ORDER_COLUMNS \
  "(order_id, product_id, quantity, price_cents, status, created_at_unix_ms, failure_reason)"

/* What the scripted inventory does, and what it was asked. */
static struct {
  grpc_status_code reserve_code;
  bool reserve_hangs;
  mesh_call *hanging;
  char reserved_id[64];
  int reserves;
  char released_id[64];
  int releases;
  const char *sql_at_reserve; /* run on orders.db, with the order's id for %s */
  grpc_status_code release_code;
  grpc_status_code commit_code;
  int commits;
  char committed_id[64];
  bool holds_reserved; /* lists what was reserved as held */
  int lists;
} script;

static void get_item(mesh_call *call, const Shop__Inventory__V1__GetItemRequest *request,
                     void *self) {
  (void)self;
  Shop__Inventory__V1__Item item = SHOP__INVENTORY__V1__ITEM__INIT;
  item.product_id = request->product_id;
  item.quantity = 1000;
  item.price = 1.5;
  shop_inventory_v1_get_item_reply(call, &item);
}

static void reserve(mesh_call *call, const Shop__Inventory__V1__ReserveRequest *request,
                    void *self) {
  script.reserves++;
  snprintf(script.reserved_id, sizeof script.reserved_id, "%s", request->order_id);
  if (script.sql_at_reserve != NULL) {
    order_harness_sql(
        self, "orders",
        mesh_arena_printf(mesh_call_arena(call), script.sql_at_reserve, request->order_id));
  }
  if (script.reserve_hangs) {
    script.hanging = call;
    return;
  }
  if (script.reserve_code != GRPC_STATUS_OK) {
    mesh_call_fail(call, script.reserve_code, "as the script says");
    return;
  }
  Shop__Inventory__V1__Reservation reply = SHOP__INVENTORY__V1__RESERVATION__INIT;
  reply.product_id = request->product_id;
  reply.order_id = request->order_id;
  reply.quantity = request->quantity;
  reply.unit_price = 1.5;
  shop_inventory_v1_reserve_reply(call, &reply);
}

static void release(mesh_call *call, const Shop__Inventory__V1__ReleaseItemsRequest *request,
                    void *self) {
  (void)self;
  script.releases++;
  snprintf(script.released_id, sizeof script.released_id, "%s", request->order_id);
  if (script.release_code != GRPC_STATUS_OK) {
    mesh_call_fail(call, script.release_code, "as the script says");
    return;
  }
  Shop__Inventory__V1__ReleaseItemsResponse reply =
      SHOP__INVENTORY__V1__RELEASE_ITEMS_RESPONSE__INIT;
  shop_inventory_v1_release_items_reply(call, &reply);
}

static void commit(mesh_call *call, const Shop__Inventory__V1__CommitRequest *request, void *self) {
  (void)self;
  script.commits++;
  snprintf(script.committed_id, sizeof script.committed_id, "%s", request->order_ids[0]);
  if (script.commit_code != GRPC_STATUS_OK) {
    mesh_call_fail(call, script.commit_code, "as the script says");
    return;
  }
  Shop__Inventory__V1__CommitResponse reply = SHOP__INVENTORY__V1__COMMIT_RESPONSE__INIT;
  reply.committed = (int32_t)request->n_order_ids;
  shop_inventory_v1_commit_reply(call, &reply);
}

static void list_reservations(mesh_call *call,
                              const Shop__Inventory__V1__ListReservationsRequest *request,
                              void *self) {
  (void)self;
  (void)request;
  script.lists++;
  Shop__Inventory__V1__ListReservationsResponse reply =
      SHOP__INVENTORY__V1__LIST_RESERVATIONS_RESPONSE__INIT;
  Shop__Inventory__V1__Reservation held = SHOP__INVENTORY__V1__RESERVATION__INIT;
  Shop__Inventory__V1__Reservation *list[] = {&held};
  held.order_id = script.reserved_id;
  held.owner = shop_text("order-service");
  held.product_id = shop_text("p");
  held.quantity = 1;
  if (script.holds_reserved && script.reserves > 0) {
    reply.reservations = list;
    reply.n_reservations = 1;
  }
  shop_inventory_v1_list_reservations_reply(call, &reply);
}

static const shop_inventory_v1_inventory_service handlers = {
    .get_item = get_item,
    .reserve = reserve,
    .release_items = release,
    .commit = commit,
    .list_reservations = list_reservations,
};

static int start(void **state) {
  static order_harness harness;
  memset(&script, 0, sizeof script);
  order_harness_start(&harness, &handlers);
  *state = &harness;
  return 0;
}

static int stop(void **state) {
  order_harness_stop(*state);
  return 0;
}

static int64_t count_orders(order_harness *harness, const char *where) {
  char sql[128];
  snprintf(sql, sizeof sql, "SELECT count(*) FROM orders WHERE %s", where);
  return order_harness_ask(harness, "orders", sql);
}

/* A reservation that may have been made would never be undone. */
static void test_an_unclear_answer_gives_the_stock_back(void **state) {
  order_harness *harness = *state;
  static const grpc_status_code codes[] = {
      GRPC_STATUS_UNAVAILABLE,        GRPC_STATUS_INTERNAL, GRPC_STATUS_UNKNOWN,
      GRPC_STATUS_RESOURCE_EXHAUSTED, GRPC_STATUS_ABORTED,  GRPC_STATUS_DATA_LOSS,
  };
  for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
    script.reserve_code = codes[i];
    shop_answer *answer = order_harness_create(harness, "p", 1, "");
    assert_int_equal(answer->code, codes[i]);
    assert_string_equal(answer->message, "as the script says");
    assert_int_equal(script.releases, i + 1);
    assert_string_equal(script.released_id, script.reserved_id);
  }
  assert_int_equal(count_orders(harness, "1"), 0);
}

/* Every refused order would cost a call more. */
static void test_a_refusal_has_nothing_to_give_back(void **state) {
  order_harness *harness = *state;
  static const grpc_status_code codes[] = {GRPC_STATUS_FAILED_PRECONDITION, GRPC_STATUS_NOT_FOUND};
  for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
    script.reserve_code = codes[i];
    assert_int_equal(order_harness_create(harness, "p", 1, "")->code, codes[i]);
  }
  assert_int_equal(script.releases, 0);
}

static bool was_released(void *data) {
  (void)data;
  return script.releases > 0;
}

/* A client that gave up would leave its stock reserved. */
static void test_a_deadline_gives_the_stock_back(void **state) {
  order_harness *harness = *state;
  script.reserve_hangs = true;
  const mesh_context *hurried = mesh_context_with_timeout(harness->shop.context, 100);
  Shop__Order__V1__CreateOrderRequest request = order_harness_request("p", 1, "");
  shop_answer *answer = shop_start(&harness->shop, &shop_order_v1_order_service_descriptor,
                                   "CreateOrder", &request.base, hurried);
  shop_wait(answer);
  assert_int_equal(answer->code, GRPC_STATUS_DEADLINE_EXCEEDED);
  shop_harness_wait_for(&harness->shop, was_released, NULL);
  assert_string_equal(script.released_id, script.reserved_id);
  mesh_call_fail(script.hanging, GRPC_STATUS_CANCELLED, "late");
  assert_int_equal(count_orders(harness, "1"), 0);
}

static bool is_reserving(void *data) {
  (void)data;
  return script.reserves > 0;
}

/* The same for one that hung up. */
static void test_a_cancellation_gives_the_stock_back(void **state) {
  order_harness *harness = *state;
  script.reserve_hangs = true;
  mesh_context *impatient = mesh_context_new(harness->shop.loop, NULL, MESH_NO_TIMEOUT);
  Shop__Order__V1__CreateOrderRequest request = order_harness_request("p", 1, "");
  shop_answer *answer = shop_start(&harness->shop, &shop_order_v1_order_service_descriptor,
                                   "CreateOrder", &request.base, impatient);
  shop_harness_wait_for(&harness->shop, is_reserving, NULL);
  mesh_context_cancel(impatient);
  shop_wait(answer);
  assert_int_equal(answer->code, GRPC_STATUS_CANCELLED);
  shop_harness_wait_for(&harness->shop, was_released, NULL);
  mesh_call_fail(script.hanging, GRPC_STATUS_CANCELLED, "late");
  mesh_context_release(impatient);
  assert_int_equal(count_orders(harness, "1"), 0);
}

/* An order that could not be written would keep its stock. It is written down as failed first, so
 * that a commit that came through after all cannot be acknowledged stock that is gone. */
static void test_an_order_that_cannot_be_written_gives_its_stock_back(void **state) {
  order_harness *harness = *state;
  order_harness_sql(harness, "orders",
                    "CREATE TRIGGER refuse BEFORE INSERT ON orders WHEN NEW.status = 1"
                    " BEGIN SELECT RAISE(ABORT, 'refused'); END");
  shop_answer *answer = order_harness_create(harness, "p", 1, "");
  assert_int_equal(answer->code, GRPC_STATUS_INTERNAL);
  assert_int_equal(script.releases, 1);
  assert_string_equal(script.released_id, script.reserved_id);
  assert_int_equal(count_orders(harness, "status = 2"), 1);
  const Shop__Order__V1__Order *failed = order_harness_get(harness, script.reserved_id);
  assert_int_equal(failed->status, SHOP__ORDER__V1__ORDER_STATUS__ORDER_STATUS_FAILED);
  assert_true(failed->failure_reason[0] != '\0');
}

/* Stock would be given back for an order of which nobody knows whether it stands. */
static void test_without_a_store_the_stock_waits_for_the_recovery(void **state) {
  order_harness *harness = *state;
  order_harness_sql(harness, "orders", "ALTER TABLE orders RENAME TO away");
  shop_answer *answer = order_harness_create(harness, "p", 1, "");
  assert_int_equal(answer->code, GRPC_STATUS_INTERNAL);
  assert_int_equal(script.releases, 0);
}

/* A slow call would confirm an order that the recovery has given up, and whose stock is gone. */
static void test_what_was_given_up_is_not_confirmed(void **state) {
  order_harness *harness = *state;
  script.sql_at_reserve =
      "INSERT INTO orders " ORDER_COLUMNS " VALUES ('%s', 'p', 1, 150, 2, 0, 'given up')";
  shop_answer *answer = order_harness_create(harness, "p", 1, "");
  assert_int_equal(answer->code, GRPC_STATUS_ABORTED);
  assert_int_equal(script.releases, 1);
  assert_int_equal(count_orders(harness, "status = 1"), 0);
}

/* Stock would be given back of an order that stands: its commit looked like a failure, and was
 * none. */
static void test_what_stands_keeps_its_stock(void **state) {
  order_harness *harness = *state;
  script.sql_at_reserve =
      "INSERT INTO orders " ORDER_COLUMNS " VALUES ('%s', 'p', 1, 150, 1, 0, NULL)";
  const Shop__Order__V1__Order *made =
      order_harness_order(order_harness_create(harness, "p", 1, ""));
  assert_string_equal(made->order_id, script.reserved_id);
  assert_int_equal(script.releases, 0);
}

/* Of two calls with the same key that pass each other, both would get an order, the later one
 * without it being written down. */
static void test_a_key_that_was_used_meanwhile_makes_no_second_order(void **state) {
  order_harness *harness = *state;
  order_harness_order(order_harness_create(harness, "p", 1, "k"));
  order_harness_sql(harness, "orders", "UPDATE store_replies SET key = 'hidden'");
  script.sql_at_reserve = "UPDATE store_replies SET key = 'k' WHERE '%s' <> ''";
  shop_answer *answer = order_harness_create(harness, "p", 1, "k");
  assert_int_equal(answer->code, GRPC_STATUS_ABORTED);
  assert_int_equal(script.releases, 1);
  assert_int_equal(count_orders(harness, "1"), 1);
}

/* A failed order could not be tried again with the same key. */
static void test_a_failure_does_not_use_the_key_up(void **state) {
  order_harness *harness = *state;
  script.reserve_code = GRPC_STATUS_UNAVAILABLE;
  assert_int_equal(order_harness_create(harness, "p", 1, "k")->code, GRPC_STATUS_UNAVAILABLE);
  script.reserve_code = GRPC_STATUS_OK;
  order_harness_order(order_harness_create(harness, "p", 1, "k"));
  order_harness_order(order_harness_create(harness, "p", 1, "k"));
  assert_int_equal(count_orders(harness, "status = 1"), 1);
  assert_int_equal(script.reserves, 2);
}

static bool has_looked_twice(void *data) {
  return script.lists >= *(int *)data + 2;
}

/* Stock that could not be given back, because the inventory went away in between, would be looked
 * for only when the service starts again; or once, when the order may still be coming, and not
 * again. */
static void test_what_was_not_given_back_is_looked_for(void **state) {
  order_harness *harness = *state;
  script.reserve_code = GRPC_STATUS_UNAVAILABLE;
  script.release_code = GRPC_STATUS_INTERNAL;
  script.holds_reserved = true;
  order_harness_create(harness, "p", 1, "");
  int lists = script.lists;
  shop_harness_wait_for(&harness->shop, has_looked_twice, &lists);
  assert_int_equal(script.releases, 1); /* it may still be coming, for all the recovery knows */
  assert_int_equal(script.commits, 0);
}

static bool was_committed_twice(void *data) {
  (void)data;
  return script.commits >= 2;
}

/* Orders whose commit was lost on the way would keep their stock reserved. */
static void test_a_lost_commit_is_made_up_for(void **state) {
  order_harness *harness = *state;
  script.commit_code = GRPC_STATUS_INTERNAL;
  script.holds_reserved = true;
  order_harness_order(order_harness_create(harness, "p", 1, ""));
  shop_harness_wait_for(&harness->shop, was_committed_twice, NULL);
  assert_string_equal(script.committed_id, script.reserved_id);
  assert_int_equal(script.releases, 0);
}

/* The trace of a failed order would look like that of a good one. */
static void test_spans_of_a_failure(void **state) {
  order_harness *harness = *state;
  script.reserve_code = GRPC_STATUS_UNAVAILABLE;
  order_harness_create(harness, "p", 1, "");
  assert_string_equal(span_tree_text(&harness->shop.spans),
                      "shop.order.v1.OrderService/CreateOrder CLIENT ERROR\n"
                      "  shop.order.v1.OrderService/CreateOrder SERVER ERROR\n"
                      "    create_order INTERNAL ERROR !exception\n"
                      "      validate_order INTERNAL !order.validated\n"
                      "      check_inventory INTERNAL !inventory.checked\n"
                      "        shop.inventory.v1.InventoryService/GetItem CLIENT\n"
                      "          shop.inventory.v1.InventoryService/GetItem SERVER\n"
                      "      reserve_inventory INTERNAL ERROR !exception\n"
                      "        shop.inventory.v1.InventoryService/Reserve CLIENT ERROR\n"
                      "          shop.inventory.v1.InventoryService/Reserve SERVER ERROR\n"
                      "      release_inventory INTERNAL !inventory.released\n"
                      "        shop.inventory.v1.InventoryService/ReleaseItems CLIENT\n"
                      "          shop.inventory.v1.InventoryService/ReleaseItems SERVER\n");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_an_unclear_answer_gives_the_stock_back, start, stop),
      cmocka_unit_test_setup_teardown(test_a_refusal_has_nothing_to_give_back, start, stop),
      cmocka_unit_test_setup_teardown(test_a_deadline_gives_the_stock_back, start, stop),
      cmocka_unit_test_setup_teardown(test_a_cancellation_gives_the_stock_back, start, stop),
      cmocka_unit_test_setup_teardown(test_an_order_that_cannot_be_written_gives_its_stock_back,
                                      start, stop),
      cmocka_unit_test_setup_teardown(test_without_a_store_the_stock_waits_for_the_recovery, start,
                                      stop),
      cmocka_unit_test_setup_teardown(test_what_was_given_up_is_not_confirmed, start, stop),
      cmocka_unit_test_setup_teardown(test_what_stands_keeps_its_stock, start, stop),
      cmocka_unit_test_setup_teardown(test_a_key_that_was_used_meanwhile_makes_no_second_order,
                                      start, stop),
      cmocka_unit_test_setup_teardown(test_a_failure_does_not_use_the_key_up, start, stop),
      cmocka_unit_test_setup_teardown(test_what_was_not_given_back_is_looked_for, start, stop),
      cmocka_unit_test_setup_teardown(test_a_lost_commit_is_made_up_for, start, stop),
      cmocka_unit_test_setup_teardown(test_spans_of_a_failure, start, stop),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

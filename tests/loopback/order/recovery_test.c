/* SPDX-License-Identifier: Apache-2.0 */
/* What earlier runs left behind is settled, whichever step they died at. */
#include <string.h>

#include "order_harness.h"

#define ORDER_COLUMNS \
  "(order_id, product_id, quantity, price_cents, status, created_at_unix_ms, failure_reason)"

static int start(void **state) {
  static order_harness harness;
  order_harness_start_between_runs(&harness);
  *state = &harness;
  return 0;
}

static int stop(void **state) {
  order_harness_stop(*state);
  return 0;
}

/* An id of another run, as a process that died has left it. */
#define LEFT_ID "01900000-0000-7000-8000-00000000%04x"

/* A reservation as a call leaves it that died before it wrote its order. */
static void leave_reservation(order_harness *harness, int number, int quantity) {
  char order_id[64];
  snprintf(order_id, sizeof order_id, LEFT_ID, (unsigned)number);
  Shop__Inventory__V1__ReserveRequest request = SHOP__INVENTORY__V1__RESERVE_REQUEST__INIT;
  request.product_id = shop_text("demo-product");
  request.quantity = quantity;
  request.order_id = order_id;
  request.owner = shop_text("order-service");
  shop_answer *answer = shop_call(&harness->shop, &shop_inventory_v1_inventory_service_descriptor,
                                  "Reserve", &request.base);
  assert_int_equal(answer->code, GRPC_STATUS_OK);
}

#define COUNT_HELD "SELECT count(*) FROM reservations WHERE state = 1"

/* Stock that was reserved for no order would stay away for ever. */
static void test_stock_of_no_order_comes_back(void **state) {
  order_harness *harness = *state;
  leave_reservation(harness, 1, 30);
  leave_reservation(harness, 2, 20);
  order_harness_restart(harness);
  order_harness_wait_for(harness, "inventory", COUNT_HELD, 0);
  assert_int_equal(order_harness_item(harness, "demo-product")->quantity, 100);
  assert_int_equal(order_harness_item(harness, "demo-product")->reserved, 0);
  char order_id[64];
  snprintf(order_id, sizeof order_id, LEFT_ID, 1u);
  const Shop__Order__V1__Order *failed = order_harness_get(harness, order_id);
  assert_non_null(failed);
  assert_int_equal(failed->status, SHOP__ORDER__V1__ORDER_STATUS__ORDER_STATUS_FAILED);
  assert_int_equal(failed->quantity, 30);
  assert_true(failed->unit_price == 29.99);
  assert_int_equal(span_tree_count(&harness->shop.spans, "recover_orders"), 1);
}

/* The stock of an order that was acknowledged just before the crash would go to someone else. */
static void test_stock_of_an_order_that_stands_is_sold(void **state) {
  order_harness *harness = *state;
  leave_reservation(harness, 1, 30);
  order_harness_sql(harness, "orders",
                    "INSERT INTO orders " ORDER_COLUMNS
                    " VALUES ('01900000-0000-7000-8000-000000000001',"
                    " 'demo-product', 30, 2999, 1, 1700000000000, NULL)");
  order_harness_restart(harness);
  order_harness_wait_for(harness, "inventory", COUNT_HELD, 0);
  assert_int_equal(order_harness_item(harness, "demo-product")->quantity, 70);
  assert_int_equal(order_harness_item(harness, "demo-product")->reserved, 0);
}

/* Stock of an order that was given up, but not released yet, would stay away. */
static void test_stock_of_a_failed_order_comes_back(void **state) {
  order_harness *harness = *state;
  leave_reservation(harness, 1, 30);
  order_harness_sql(harness, "orders",
                    "INSERT INTO orders " ORDER_COLUMNS
                    " VALUES ('01900000-0000-7000-8000-000000000001',"
                    " 'demo-product', 30, 2999, 2, 1700000000000, 'gone')");
  order_harness_restart(harness);
  order_harness_wait_for(harness, "inventory", COUNT_HELD, 0);
  assert_int_equal(order_harness_item(harness, "demo-product")->quantity, 100);
}

/* Whoever reserves for an order of their own would lose it to the order service. */
static void test_reservations_of_others_stay(void **state) {
  order_harness *harness = *state;
  Shop__Inventory__V1__ReserveRequest request = SHOP__INVENTORY__V1__RESERVE_REQUEST__INIT;
  request.product_id = shop_text("demo-product");
  request.quantity = 7;
  request.order_id = shop_text("cart-17");
  shop_call(&harness->shop, &shop_inventory_v1_inventory_service_descriptor, "Reserve",
            &request.base);
  request.order_id = shop_text("01900000-0000-7000-8000-000000000017");
  shop_call(&harness->shop, &shop_inventory_v1_inventory_service_descriptor, "Reserve",
            &request.base);
  leave_reservation(harness, 1, 30);
  order_harness_restart(harness);
  order_harness_wait_for(harness, "inventory", COUNT_HELD, 2);
  assert_int_equal(order_harness_item(harness, "demo-product")->reserved, 14);
  assert_null(order_harness_get(harness, request.order_id));
}

/* Orders that stand would lose their stock to anybody who knows their ids, until it is committed.
 */
static void test_nobody_else_releases_the_stock_of_an_order(void **state) {
  order_harness *harness = *state;
  order_harness_restart(harness);
  const Shop__Order__V1__Order *order =
      order_harness_order(order_harness_create(harness, "sku001", 5, ""));
  Shop__Inventory__V1__ReleaseRequest request = SHOP__INVENTORY__V1__RELEASE_REQUEST__INIT;
  static const char *const products[] = {"sku001", "sku002", "demo-product"};
  request.order_id = order->order_id;
  for (size_t i = 0; i < 3; i++) {
    request.product_id = shop_text(products[i]);
    shop_answer *answer = shop_call(&harness->shop, &shop_inventory_v1_inventory_service_descriptor,
                                    "Release", &request.base);
    assert_int_equal(answer->code, GRPC_STATUS_FAILED_PRECONDITION);
    assert_string_equal(shop_reason(answer), "RESERVATION_OWNED");
    assert_non_null(strstr(answer->message, "'order-service'"));
  }
  order_harness_wait_for(harness, "inventory", "SELECT count(*) FROM reservations WHERE state = 2",
                         1);
  assert_int_equal(harness->warehouse.sold[0], 5);
}

/* More than a page of them would leave the rest unsettled. */
static void test_more_than_one_page(void **state) {
  order_harness *harness = *state;
  enum { COUNT = 2500 };
  order_harness_sql(harness, "inventory",
                    "UPDATE items SET available = 7500, reserved = 2500"
                    " WHERE product_id = 'demo-product';"
                    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)"
                    "INSERT INTO reservations (order_id, product_id, quantity, state, price_cents,"
                    " created_at_unix_ms, owner)"
                    " SELECT printf('01900000-0000-7000-8000-%012x', i), 'demo-product', 1, 1, 100,"
                    " 1700000000000, 'order-service' FROM n");
  order_harness_sql(harness, "orders",
                    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2490)"
                    "INSERT INTO orders " ORDER_COLUMNS
                    " SELECT printf('01900000-0000-7000-8000-%012x', i),"
                    " 'demo-product', 1, 100, 1, 1700000000000, NULL FROM n");
  order_harness_restart(harness);
  order_harness_wait_for(harness, "inventory", COUNT_HELD, 0);
  assert_int_equal(
      order_harness_ask(harness, "inventory", "SELECT count(*) FROM reservations WHERE state = 2"),
      2490);
  assert_int_equal(order_harness_item(harness, "demo-product")->quantity, 7510);
  assert_int_equal(order_harness_item(harness, "demo-product")->reserved, 0);
}

/* Keys of a busy shop would pile up, and the file with them: some ten thousand go in a round, and
 * the next one would be half a minute away. */
static void test_old_keys_go(void **state) {
  order_harness *harness = *state;
  order_harness_sql(harness, "orders",
                    "WITH RECURSIVE counted(i) AS"
                    " (SELECT 1 UNION ALL SELECT i + 1 FROM counted WHERE i < 25000)"
                    " INSERT INTO order_keys (key, request, order_id, kept_at_unix_ms)"
                    " SELECT 'old-' || i, x'00', 'o-' || i, 1700000000000 FROM counted");
  order_harness_sql(harness, "orders",
                    "INSERT INTO order_keys (key, request, order_id, kept_at_unix_ms)"
                    " VALUES ('young', x'00', 'o-1', unixepoch() * 1000)");
  order_harness_restart(harness);
  order_harness_wait_for(harness, "orders", "SELECT count(*) FROM order_keys", 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_stock_of_no_order_comes_back, start, stop),
      cmocka_unit_test_setup_teardown(test_stock_of_an_order_that_stands_is_sold, start, stop),
      cmocka_unit_test_setup_teardown(test_stock_of_a_failed_order_comes_back, start, stop),
      cmocka_unit_test_setup_teardown(test_reservations_of_others_stay, start, stop),
      cmocka_unit_test_setup_teardown(test_nobody_else_releases_the_stock_of_an_order, start, stop),
      cmocka_unit_test_setup_teardown(test_more_than_one_page, start, stop),
      cmocka_unit_test_setup_teardown(test_old_keys_go, start, stop),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

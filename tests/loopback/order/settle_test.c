/* SPDX-License-Identifier: Apache-2.0 */
/* Orders that were left half way are undone, whoever is away meanwhile. */
#include <string.h>

#include "order_harness.h"

static int start(void **state) {
  static order_harness harness;
  order_harness_start(&harness, NULL);
  *state = &harness;
  return 0;
}

/* For what is left behind by a run that is over. */
static int start_between_runs(void **state) {
  static order_harness harness;
  order_harness_start_between_runs(&harness);
  *state = &harness;
  return 0;
}

static int stop(void **state) {
  order_harness_stop(*state);
  return 0;
}

#define AUTHORIZED SHOP__PAYMENT__V1__PAYMENT_STATUS__PAYMENT_STATUS_AUTHORIZED
#define VOIDED SHOP__PAYMENT__V1__PAYMENT_STATUS__PAYMENT_STATUS_VOIDED
#define COUNT_FAILED "SELECT count(*) FROM orders WHERE status = 2"

/* Makes an order that looks like one of a run that died: this id has the run 1. */
#define OF_ANOTHER_RUN(status)                                               \
  "INSERT INTO orders (order_id, product_id, quantity, price_cents, status," \
  " created_at_unix_ms, user_id, payment_method, amount_cents) VALUES"       \
  " ('01900000-0000-7000-8000-000000000001', 'sku001', 2, 0, " #status       \
  ", 1700000000000, '123', 'credit_card', 4999)"
static const char left_id[] = "01900000-0000-7000-8000-000000000001";

/* Puts everything there without a turn of the loop, in which the recovery could find half of it. */
static void leave_stock_and_payment(order_harness *harness) {
  order_harness_sql(harness, "orders", OF_ANOTHER_RUN(3));
  order_harness_sql(harness, "inventory",
                    "UPDATE items SET available = 98, reserved = 2 WHERE product_id = 'sku001';"
                    "INSERT INTO reservations (order_id, product_id, quantity, state, price_cents,"
                    " created_at_unix_ms) VALUES ('01900000-0000-7000-8000-000000000001', 'sku001',"
                    " 2, 1, 4999, 1700000000000)");
  warehouse_stand_in *warehouse = &harness->warehouse;
  warehouse->orders[warehouse->order_count++] =
      (warehouse_order){.state = WAREHOUSE_HELD, .quantities = {2, 0}};
  strcpy(warehouse->orders[0].order_id, left_id);
  warehouse->available[0] -= 2;
  warehouse->reserved[0] += 2;
  payment_stand_in *payment = &harness->payment;
  payment->payments[payment->payment_count++].status = AUTHORIZED;
  strcpy(payment->payments[0].order_id, left_id);
}

/* What a crash cut short would keep its stock and its payment for ever. */
static void test_orders_of_earlier_runs_are_undone(void **state) {
  order_harness *harness = *state;
  leave_stock_and_payment(harness);
  order_harness_restart(harness);
  order_harness_wait_for(harness, "orders", COUNT_FAILED, 1);
  assert_int_equal(order_harness_item(harness, "sku001")->quantity, 100);
  assert_int_equal(harness->warehouse.reserved[0], 0);
  assert_int_equal(payment_stand_in_count(&harness->payment, VOIDED), 1);
  assert_true(span_tree_count(&harness->shop.spans, "undo_orders") > 0);
  const Shop__Order__V1__Order *order = order_harness_get(harness, left_id);
  assert_string_equal(order->failure_reason, "the service stopped before the order was complete");
}

/* An order that was recorded, and then nothing, would stay PENDING; or its late calls find a door
 * open. */
static void test_orders_that_were_only_recorded(void **state) {
  order_harness *harness = *state;
  order_harness_sql(harness, "orders", OF_ANOTHER_RUN(3));
  order_harness_restart(harness);
  order_harness_wait_for(harness, "orders", COUNT_FAILED, 1);
  assert_int_equal(payment_stand_in_count(&harness->payment, VOIDED), 1);
  assert_int_equal(order_harness_item(harness, "sku001")->quantity, 100);
}

/* With a service away an order would be forgotten, or be called FAILED while it still has
 * something.
 */
static void test_a_service_that_is_away_is_waited_for(void **state) {
  order_harness *harness = *state;
  harness->payment.authorize_code = GRPC_STATUS_UNAVAILABLE;
  harness->payment.void_code = GRPC_STATUS_UNAVAILABLE;
  harness->payment.fails_late = true;
  shop_answer *answer = order_harness_place(harness, "sku001:2", "");
  const char *order_id = shop_error_metadata(answer, "order_id");
  const Shop__Order__V1__Order *order = order_harness_get(harness, order_id);
  assert_int_equal(order->status, SHOP__ORDER__V1__ORDER_STATUS__ORDER_STATUS_PENDING);
  assert_true(order->failure_reason[0] != '\0');
  harness->payment.void_code = GRPC_STATUS_OK;
  order_harness_wait_for(harness, "orders", COUNT_FAILED, 1);
  assert_int_equal(payment_stand_in_count(&harness->payment, VOIDED), 1);
  assert_int_equal(order_harness_item(harness, "sku001")->quantity, 100);
}

/* The same for the warehouse, which is behind another service. */
static void test_a_warehouse_that_is_away_is_waited_for(void **state) {
  order_harness *harness = *state;
  harness->warehouse.reserve_code = GRPC_STATUS_UNAVAILABLE;
  harness->warehouse.release_code = GRPC_STATUS_UNAVAILABLE;
  harness->warehouse.fails_late = true;
  shop_answer *answer = order_harness_place(harness, "sku001:2,demo-product:1", "");
  assert_int_equal(answer->code, GRPC_STATUS_UNAVAILABLE);
  assert_int_equal(order_harness_item(harness, "sku001")->reserved, 2);
  harness->warehouse.release_code = GRPC_STATUS_OK;
  order_harness_wait_for(harness, "orders", COUNT_FAILED, 1);
  assert_int_equal(order_harness_item(harness, "sku001")->reserved, 0);
  assert_int_equal(harness->warehouse.reserved[0], 0);
}

/* Stock of orders that stand would stay reserved while the warehouse is away, and after. */
static void test_commits_wait_for_the_warehouse(void **state) {
  order_harness *harness = *state;
  harness->warehouse.commit_code = GRPC_STATUS_UNAVAILABLE;
  order_harness_placed(order_harness_place(harness, "sku001:2", ""));
  order_harness_placed(order_harness_place(harness, "demo-product:2", ""));
  order_harness_wait_for(harness, "inventory", "SELECT count(*) FROM reservations WHERE state = 2",
                         1);
  assert_int_equal(order_harness_item(harness, "sku001")->reserved, 2);
  harness->warehouse.commit_code = GRPC_STATUS_OK;
  order_harness_wait_for(harness, "inventory", "SELECT count(*) FROM reservations WHERE state = 2",
                         2);
  assert_int_equal(harness->warehouse.sold[0], 2);
}

static bool is_voiding(void *data) {
  order_harness *harness = data;
  return harness->payment.hanging_void != NULL;
}

/* A payment service that hangs would keep the stock of all other orders from being sold. */
static void test_a_payment_service_that_hangs_holds_up_no_stock(void **state) {
  order_harness *harness = *state;
  order_harness_sql(harness, "orders", OF_ANOTHER_RUN(4));
  harness->payment.void_hangs = true;
  order_harness_restart(harness);
  shop_harness_wait_for(&harness->shop, is_voiding, harness);
  order_harness_order(order_harness_create(harness, "demo-product", 2, ""));
  order_harness_wait_for(harness, "inventory", "SELECT count(*) FROM reservations WHERE state = 2",
                         1);
  assert_false(mesh_context_is_cancelled(mesh_call_context(harness->payment.hanging_void)));
  mesh_call_fail(harness->payment.hanging_void, GRPC_STATUS_UNAVAILABLE, "no answer");
}

/* More than a page of them would leave the rest. */
static void test_more_than_one_page(void **state) {
  order_harness *harness = *state;
  order_harness_sql(harness, "orders",
                    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)"
                    "INSERT INTO orders (order_id, product_id, quantity, price_cents, status,"
                    " created_at_unix_ms, user_id, payment_method, amount_cents)"
                    " SELECT printf('01900000-0000-7000-8000-%012x', i), 'sku001', 1, 0, 3 + i % 2,"
                    " 1700000000000, 'u', 'credit_card', 1 FROM n");
  order_harness_restart(harness);
  order_harness_wait_for(harness, "orders", COUNT_FAILED, 200);
  assert_int_equal(payment_stand_in_count(&harness->payment, VOIDED), 200);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)
#define TEST_OF_REMAINS(name) cmocka_unit_test_setup_teardown(name, start_between_runs, stop)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST_OF_REMAINS(test_orders_of_earlier_runs_are_undone),
      TEST_OF_REMAINS(test_orders_that_were_only_recorded),
      TEST(test_a_service_that_is_away_is_waited_for),
      TEST(test_a_warehouse_that_is_away_is_waited_for),
      TEST(test_commits_wait_for_the_warehouse),
      TEST_OF_REMAINS(test_a_payment_service_that_hangs_holds_up_no_stock),
      TEST_OF_REMAINS(test_more_than_one_page),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

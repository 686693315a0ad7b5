/* SPDX-License-Identifier: Apache-2.0 */
/* Orders that are paid: those that come about, and those that fail at each of their steps. */
#include <string.h>

#include "order_harness.h"

#define FAILED SHOP__ORDER__V1__ORDER_STATUS__ORDER_STATUS_FAILED
#define AUTHORIZED SHOP__PAYMENT__V1__PAYMENT_STATUS__PAYMENT_STATUS_AUTHORIZED
#define VOIDED SHOP__PAYMENT__V1__PAYMENT_STATUS__PAYMENT_STATUS_VOIDED

static int start(void **state) {
  static order_harness harness;
  order_harness_start(&harness, NULL);
  *state = &harness;
  return 0;
}

static int stop(void **state) {
  order_harness_stop(*state);
  return 0;
}

/* Asserts that the one order there is has failed, and that nothing is left of it. */
static void assert_undone(order_harness *harness, const char *order_id) {
  const Shop__Order__V1__Order *order = order_harness_get(harness, order_id);
  assert_non_null(order);
  assert_int_equal(order->status, FAILED);
  assert_true(order->failure_reason[0] != '\0');
  assert_int_equal(order_harness_ask(harness, "inventory",
                                     "SELECT sum(reserved) * 1000000 + sum(available) FROM items"),
                   100 + 75 + 50 + 200 + 100 + 30);
  assert_int_equal(harness->warehouse.reserved[0] + harness->warehouse.reserved[1], 0);
  assert_int_equal(payment_stand_in_count(&harness->payment, AUTHORIZED), 0);
}

/* Asserts what every failure of an order tells, and gives the order's id. */
static const char *assert_failure(const shop_answer *answer, grpc_status_code code,
                                  const char *reason) {
  assert_int_equal(answer->code, code);
  assert_string_equal(shop_reason(answer), reason);
  assert_string_equal(shop_error_metadata(answer, "status"), "failure");
  assert_int_equal(strlen(shop_error_metadata(answer, "trace_id")), 32);
  return shop_error_metadata(answer, "order_id");
}

/* What was ordered would not be what is reserved, paid and written. */
static void test_an_order_comes_about(void **state) {
  order_harness *harness = *state;
  shop_answer *answer = order_harness_place(harness, "sku001:2", "");
  const char *order_id = order_harness_placed(answer);
  const Shop__Order__V1__PlaceOrderResponse *reply =
      (const Shop__Order__V1__PlaceOrderResponse *)answer->reply;
  char message[128];
  snprintf(message, sizeof message, "Order %s created and payment authorized", order_id);
  assert_string_equal(reply->message, message);
  assert_string_equal(reply->status, "success");
  assert_int_equal(strlen(reply->trace_id), 32);
  assert_int_equal(harness->warehouse.reserved[0], 2);
  assert_int_equal(payment_stand_in_count(&harness->payment, AUTHORIZED), 1);

  const Shop__Order__V1__Order *order = order_harness_get(harness, order_id);
  assert_int_equal(order->status, SHOP__ORDER__V1__ORDER_STATUS__ORDER_STATUS_CONFIRMED);
  assert_string_equal(order->product_id, "sku001");
  assert_true(order->total == 99.98);
  assert_string_equal(order->payment->user_id, "123");
  assert_string_equal(order->payment->payment_method, "credit_card");
  assert_true(order->payment->amount == 49.99);
  order_harness_wait_for(harness, "inventory", "SELECT count(*) FROM reservations WHERE state = 2",
                         1);
  assert_int_equal(harness->warehouse.sold[0], 2);
}

/* Of several items some would be forgotten; or one that comes twice be two. */
static void test_all_items_are_honoured(void **state) {
  order_harness *harness = *state;
  const char *order_id = order_harness_placed(
      order_harness_place(harness, "sku002:1,demo-product:2,sku002:3,laptop-001:1", ""));
  assert_int_equal(order_harness_item(harness, "sku002")->quantity, 26);
  assert_int_equal(order_harness_item(harness, "demo-product")->quantity, 98);
  order_harness_restart(harness);
  const Shop__Order__V1__Order *order = order_harness_get(harness, order_id);
  assert_int_equal(order->n_items, 3);
  assert_string_equal(order->items[0]->item_id, "sku002");
  assert_int_equal(order->items[0]->quantity, 4);
  assert_true(order->items[1]->unit_price == 29.99);
  assert_string_equal(order->items[2]->item_id, "laptop-001");
  assert_string_equal(order->product_id, "");
  assert_true(order->total == 4 * 24.99 + 2 * 29.99 + 999.99);
}

/* Lists would show orders without their items, or with those of others. */
static void test_lists_show_items(void **state) {
  order_harness *harness = *state;
  static const char *const items[] = {"sku001:1,sku002:1", "demo-product:3",
                                      "phone-001:1,sku001:2,laptop-001:1"};
  for (size_t i = 0; i < 3; i++) {
    order_harness_placed(order_harness_place(harness, items[i], ""));
    shop_harness_pause(&harness->shop, 2); /* ids of one millisecond have no order */
  }
  Shop__Order__V1__ListOrdersRequest request = SHOP__ORDER__V1__LIST_ORDERS_REQUEST__INIT;
  shop_answer *answer = shop_call(&harness->shop, &shop_order_v1_order_service_descriptor,
                                  "ListOrders", &request.base);
  const Shop__Order__V1__ListOrdersResponse *list =
      (const Shop__Order__V1__ListOrdersResponse *)answer->reply;
  assert_int_equal(list->n_orders, 3);
  assert_int_equal(list->orders[0]->n_items, 3);
  assert_string_equal(list->orders[0]->items[1]->item_id, "sku001");
  assert_int_equal(list->orders[1]->n_items, 1);
  assert_string_equal(list->orders[1]->items[0]->item_id, "demo-product");
  assert_int_equal(list->orders[2]->n_items, 2);
}

/* A request that makes no sense would leave an order behind. */
static void test_nonsense_is_refused(void **state) {
  order_harness *harness = *state;
  shop_answer *answer = order_harness_place(harness, "sku001:1,sku002:0", "");
  assert_int_equal(answer->code, GRPC_STATUS_INVALID_ARGUMENT);
  assert_string_equal(shop_violated_field(answer), "items[1].quantity");
  assert_int_equal(order_harness_ask(harness, "orders", "SELECT count(*) FROM orders"), 0);
}

/* The client would not learn which item it was, or something would be left of the order. */
static void test_unknown_items_and_stock_outs(void **state) {
  order_harness *harness = *state;
  shop_answer *answer = order_harness_place(harness, "sku001:1,sku999:1", "");
  assert_undone(harness, assert_failure(answer, GRPC_STATUS_NOT_FOUND, "UNKNOWN_ITEM"));
  assert_non_null(strstr(answer->message, "sku999"));
  answer = order_harness_place(harness, "sku001:1,laptop-001:51", "");
  assert_undone(harness,
                assert_failure(answer, GRPC_STATUS_FAILED_PRECONDITION, "INSUFFICIENT_STOCK"));
  assert_non_null(strstr(answer->message, "laptop-001"));
  assert_int_equal(harness->payment.authorizes, 0);
}

/* The shop would take money for what the warehouse does not have. */
static void test_a_refusal_of_the_warehouse(void **state) {
  order_harness *harness = *state;
  harness->warehouse.available[0] = 1;
  shop_answer *answer = order_harness_place(harness, "sku001:2", "");
  assert_undone(harness,
                assert_failure(answer, GRPC_STATUS_FAILED_PRECONDITION, "WAREHOUSE_REFUSED"));
  assert_int_equal(harness->payment.authorizes, 0);
}

/* What is not paid would leave the shelf; or the client not learn why it is not. */
static void test_a_declined_payment(void **state) {
  order_harness *harness = *state;
  harness->payment.declines = true;
  shop_answer *answer = order_harness_place(harness, "sku001:2,demo-product:1", "");
  assert_string_equal(shop_error_metadata(answer, "category"), "fraud");
  assert_undone(harness,
                assert_failure(answer, GRPC_STATUS_FAILED_PRECONDITION, "PAYMENT_DECLINED"));
  assert_int_equal(harness->payment.voids, 0);
}

/* A payment that may have gone through would stay, for nothing. */
static void test_an_unclear_payment_is_voided(void **state) {
  order_harness *harness = *state;
  static const grpc_status_code codes[] = {GRPC_STATUS_UNAVAILABLE, GRPC_STATUS_INTERNAL,
                                           GRPC_STATUS_UNKNOWN};
  for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
    harness->payment.authorize_code = codes[i];
    harness->payment.fails_late = true;
    shop_answer *answer = order_harness_place(harness, "sku001:2", "");
    bool is_down = codes[i] == GRPC_STATUS_UNAVAILABLE;
    assert_undone(harness,
                  assert_failure(answer, codes[i], is_down ? "SERVICE_UNAVAILABLE" : "INTERNAL"));
    assert_int_equal(harness->payment.voids, i + 1);
    assert_int_equal(payment_stand_in_count(&harness->payment, VOIDED), i + 1);
  }
}

/* Someone in between who answers with a code of refusals would have the client pay for nothing. */
static void test_a_refusal_without_a_reason_is_unclear(void **state) {
  order_harness *harness = *state;
  static const grpc_status_code codes[] = {GRPC_STATUS_FAILED_PRECONDITION, GRPC_STATUS_NOT_FOUND,
                                           GRPC_STATUS_INVALID_ARGUMENT, GRPC_STATUS_ABORTED};
  harness->payment.fails_late = true;
  for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
    harness->payment.authorize_code = codes[i];
    assert_int_not_equal(order_harness_place(harness, "sku001:2", "")->code, GRPC_STATUS_OK);
    assert_int_equal(payment_stand_in_count(&harness->payment, AUTHORIZED), 0);
    assert_int_equal(payment_stand_in_count(&harness->payment, VOIDED), i + 1);
  }
}

static bool is_paying(void *data) {
  return ((order_harness *)data)->payment.hanging != NULL;
}

static bool was_voided(void *data) {
  return ((order_harness *)data)->payment.voids > 0;
}

/* A client that gives up while its payment is under way would have paid for nothing. */
static void test_a_client_that_hangs_up(void **state) {
  order_harness *harness = *state;
  harness->payment.hangs = true;
  mesh_context *impatient = mesh_context_new(harness->shop.loop, NULL, MESH_NO_TIMEOUT);
  shop_answer *answer =
      shop_start(&harness->shop, &shop_order_v1_order_service_descriptor, "PlaceOrder",
                 &order_harness_place_request(harness, "sku001:2", "")->base, impatient);
  shop_harness_wait_for(&harness->shop, is_paying, harness);
  mesh_context_cancel(impatient);
  shop_wait(answer);
  assert_int_equal(answer->code, GRPC_STATUS_CANCELLED);
  shop_harness_wait_for(&harness->shop, was_voided, harness);
  mesh_call_fail(harness->payment.hanging, GRPC_STATUS_CANCELLED, "late");
  mesh_context_release(impatient);
  order_harness_wait_for(harness, "orders", "SELECT count(*) FROM orders WHERE status = 2", 1);
  order_harness_wait_for(harness, "inventory", "SELECT sum(reserved) FROM items", 0);
  assert_int_equal(harness->warehouse.reserved[0], 0);
}

/* A payment service that hangs while the payment is voided would keep the stock, too. */
static void test_a_void_that_hangs(void **state) {
  order_harness *harness = *state;
  harness->payment.authorize_code = GRPC_STATUS_INTERNAL;
  harness->payment.void_hangs = true;
  shop_answer *answer = order_harness_start_place(harness, "demo-product:2", "");
  shop_wait(answer);
  assert_int_equal(order_harness_item(harness, "demo-product")->quantity, 100);
  mesh_call_fail(harness->payment.hanging_void, GRPC_STATUS_CANCELLED, "late");
  harness->payment.void_hangs = false;
  order_harness_wait_for(harness, "orders", "SELECT count(*) FROM orders WHERE status = 2", 1);
  assert_undone(harness, shop_error_metadata(answer, "order_id"));
}

/* An order whose confirmation cannot be written would keep its stock and its payment. */
static void test_an_order_that_cannot_be_confirmed(void **state) {
  order_harness *harness = *state;
  order_harness_sql(harness, "orders",
                    "CREATE TRIGGER refuse BEFORE UPDATE ON orders WHEN NEW.status = 1"
                    " BEGIN SELECT RAISE(ABORT, 'refused'); END");
  shop_answer *answer = order_harness_place(harness, "sku001:2", "");
  assert_undone(harness, assert_failure(answer, GRPC_STATUS_INTERNAL, "INTERNAL"));
  assert_string_equal(answer->message, "the order could not be completed");
  assert_int_equal(payment_stand_in_count(&harness->payment, VOIDED), 1);
}

/* A slow call would confirm an order that the recovery has given up. */
static void test_what_was_given_up_is_not_confirmed(void **state) {
  order_harness *harness = *state;
  harness->payment.hangs = true;
  shop_answer *answer = order_harness_start_place(harness, "sku001:2", "");
  shop_harness_wait_for(&harness->shop, is_paying, harness);
  order_harness_sql(harness, "orders", "UPDATE orders SET status = 4, failure_reason = 'given up'");
  Shop__Payment__V1__Payment paid = SHOP__PAYMENT__V1__PAYMENT__INIT;
  shop_payment_v1_authorize_reply(harness->payment.hanging, &paid);
  shop_wait(answer);
  assert_undone(harness, assert_failure(answer, GRPC_STATUS_UNAVAILABLE, "SERVICE_UNAVAILABLE"));
  assert_int_equal(harness->payment.voids, 1);
}

/* An order's trace would have holes, or other names than it is documented with. */
static void test_spans(void **state) {
  order_harness *harness = *state;
  order_harness_placed(order_harness_place(harness, "demo-product:5", ""));
  span_tree *spans = &harness->shop.spans;
  assert_string_equal(span_tree_text(spans),
                      "shop.order.v1.OrderService/PlaceOrder CLIENT\n"
                      "  shop.order.v1.OrderService/PlaceOrder SERVER\n"
                      "    create_order INTERNAL\n"
                      "      validate_order INTERNAL !order.validated\n"
                      "      record_order INTERNAL !order.recorded\n"
                      "        INSERT orders CLIENT\n"
                      "        COMMIT orders CLIENT\n"
                      "      inventory_service_call INTERNAL !inventory.reserved\n"
                      "        shop.inventory.v1.InventoryService/ReserveItems CLIENT\n"
                      "          shop.inventory.v1.InventoryService/ReserveItems SERVER\n"
                      "            check_availability INTERNAL\n"
                      "              query_inventory_database INTERNAL\n"
                      "                SELECT items CLIENT\n"
                      "              update_reservation INTERNAL\n"
                      "                INSERT reservations CLIENT\n"
                      "                UPDATE items CLIENT\n"
                      "              COMMIT inventory CLIENT\n"
                      "      order_to_payment_authorization INTERNAL !payment.authorized\n"
                      "        shop.payment.v1.PaymentService/Authorize CLIENT\n"
                      "          shop.payment.v1.PaymentService/Authorize SERVER\n"
                      "        payment_response_handling INTERNAL\n"
                      "      persist_order INTERNAL !order.persisted\n"
                      "        UPDATE orders CLIENT\n"
                      "        COMMIT orders CLIENT\n");
  assert_string_equal(span_tree_attribute(spans, "create_order", "order.user_id"), "123");
  assert_string_equal(span_tree_attribute(spans, "create_order", "order.payment_method"),
                      "credit_card");
  assert_string_equal(span_tree_attribute(spans, "create_order", "order.amount"), "49.99");
  assert_string_equal(span_tree_attribute(spans, "payment_response_handling", "payment.status"),
                      "AUTHORIZED");
  assert_null(strstr(span_tree_text(spans), "Main Street"));
}

/* A trace would not show that what was done is undone, and why. */
static void test_spans_of_an_unclear_payment(void **state) {
  order_harness *harness = *state;
  harness->payment.authorize_code = GRPC_STATUS_UNAVAILABLE;
  order_harness_place(harness, "demo-product:5", "");
  span_tree *spans = &harness->shop.spans;
  const char *undoing = strstr(span_tree_text(spans), "      void_payment");
  assert_non_null(undoing);
  assert_string_equal(undoing, "      void_payment INTERNAL !payment.voided\n"
                               "        shop.payment.v1.PaymentService/Void CLIENT\n"
                               "          shop.payment.v1.PaymentService/Void SERVER\n"
                               "      release_inventory INTERNAL !inventory.released\n"
                               "        shop.inventory.v1.InventoryService/ReleaseItems CLIENT\n"
                               "          shop.inventory.v1.InventoryService/ReleaseItems SERVER\n"
                               "            release_inventory INTERNAL\n"
                               "              SELECT items CLIENT\n"
                               "              SELECT reservations CLIENT\n"
                               "              UPDATE reservations CLIENT\n"
                               "              UPDATE items CLIENT\n"
                               "              COMMIT inventory CLIENT\n"
                               "      record_failure INTERNAL !order.failed\n"
                               "        UPDATE orders CLIENT\n"
                               "        COMMIT orders CLIENT\n");
  assert_string_equal(span_tree_attribute(spans, "void_payment", "undo.reason"), "UNAVAILABLE");
  assert_string_equal(span_tree_attribute(spans, "create_order", "error.type"), "UNAVAILABLE");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(test_an_order_comes_about),
      TEST(test_all_items_are_honoured),
      TEST(test_lists_show_items),
      TEST(test_nonsense_is_refused),
      TEST(test_unknown_items_and_stock_outs),
      TEST(test_a_refusal_of_the_warehouse),
      TEST(test_a_declined_payment),
      TEST(test_an_unclear_payment_is_voided),
      TEST(test_a_refusal_without_a_reason_is_unclear),
      TEST(test_a_client_that_hangs_up),
      TEST(test_a_void_that_hangs),
      TEST(test_an_order_that_cannot_be_confirmed),
      TEST(test_what_was_given_up_is_not_confirmed),
      TEST(test_spans),
      TEST(test_spans_of_an_unclear_payment),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

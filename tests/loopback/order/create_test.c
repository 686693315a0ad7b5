/* SPDX-License-Identifier: Apache-2.0 */
/* Orders that come about, and orders that are refused: through the real inventory. */
#include <string.h>

#include "order_harness.h"

typedef Shop__Order__V1__Order order;

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

/* What was ordered would not be what the client is told, or not be there afterwards. */
static void test_an_order_comes_about(void **state) {
  order_harness *harness = *state;
  const order *made = order_harness_order(order_harness_create(harness, "demo-product", 5, ""));
  assert_int_equal(strlen(made->order_id), 36);
  assert_string_equal(made->product_id, "demo-product");
  assert_int_equal(made->quantity, 5);
  assert_true(made->unit_price == 29.99);
  assert_true(made->total == 149.95);
  assert_int_equal(made->status, SHOP__ORDER__V1__ORDER_STATUS__ORDER_STATUS_CONFIRMED);
  assert_true(made->created_at->seconds > 1700000000);
  assert_string_equal(made->failure_reason, "");

  order_harness_restart(harness);
  const order *found = order_harness_get(harness, made->order_id);
  assert_non_null(found);
  assert_string_equal(found->order_id, made->order_id);
  assert_string_equal(found->product_id, made->product_id);
  assert_int_equal(found->quantity, made->quantity);
  assert_true(found->total == made->total);
  assert_int_equal(found->status, made->status);
  assert_int_equal(found->created_at->nanos, made->created_at->nanos);
  assert_int_equal(order_harness_item(harness, "demo-product")->quantity, 95);
  assert_null(order_harness_get(harness, "no-such-order"));
}

/* Its stock would stay reserved instead of being sold. */
static void test_its_stock_is_sold_in_the_end(void **state) {
  order_harness *harness = *state;
  for (int i = 0; i < 5; i++) {
    order_harness_order(order_harness_create(harness, "demo-product", 2, ""));
  }
  order_harness_wait_for(harness, "inventory", "SELECT count(*) FROM reservations WHERE state = 2",
                         5);
  assert_int_equal(order_harness_item(harness, "demo-product")->reserved, 0);
  assert_int_equal(order_harness_item(harness, "demo-product")->quantity, 90);
}

/* A request that makes no sense would cost stock, or be refused without a reason. */
static void test_nonsense_is_refused(void **state) {
  order_harness *harness = *state;
  static char long_id[10241];
  memset(long_id, 'x', sizeof long_id - 1);
  const struct {
    const char *product_id;
    int quantity;
    const char *key;
    const char *field;
  } cases[] = {
      {"demo-product", 0, "", "quantity"},
      {"demo-product", -1, "", "quantity"},
      {"demo-product", INT32_MAX, "", "quantity"},
      {"", 1, "", "product_id"},
      {long_id, 1, "", "product_id"},
      {"a\nb", 1, "", "product_id"},
      {"demo-product", 1, long_id, "idempotency_key"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    shop_answer *answer =
        order_harness_create(harness, cases[i].product_id, cases[i].quantity, cases[i].key);
    assert_int_equal(answer->code, GRPC_STATUS_INVALID_ARGUMENT);
    assert_string_equal(shop_violated_field(answer), cases[i].field);
    assert_true(strlen(answer->message) < 100);
  }
  assert_int_equal(order_harness_ask(harness, "orders", "SELECT count(*) FROM orders"), 0);
  assert_int_equal(order_harness_ask(harness, "inventory", "SELECT count(*) FROM reservations"), 0);
}

/* The client would not learn that the shop does not have it, or has too little. */
static void test_what_the_shop_does_not_have(void **state) {
  order_harness *harness = *state;
  shop_answer *unknown = order_harness_create(harness, "no-such", 1, "");
  assert_int_equal(unknown->code, GRPC_STATUS_NOT_FOUND);
  assert_true(shop_has_detail(unknown, "google.rpc.ResourceInfo"));
  shop_answer *many = order_harness_create(harness, "demo-product", 101, "");
  assert_int_equal(many->code, GRPC_STATUS_FAILED_PRECONDITION);
  assert_true(shop_has_detail(many, "google.rpc.PreconditionFailure"));
  assert_non_null(strstr(many->message, "100"));
  assert_int_equal(order_harness_ask(harness, "orders", "SELECT count(*) FROM orders"), 0);
  assert_int_equal(order_harness_item(harness, "demo-product")->quantity, 100);
  order_harness_order(order_harness_create(harness, "demo-product", 100, ""));
}

/* A retried call would order twice. */
static void test_a_retried_call_orders_once(void **state) {
  order_harness *harness = *state;
  const order *first = order_harness_order(order_harness_create(harness, "demo-product", 5, "k"));
  const order *again = order_harness_order(order_harness_create(harness, "demo-product", 5, "k"));
  assert_string_equal(first->order_id, again->order_id);
  assert_true(again->total == first->total);
  order_harness_restart(harness);
  again = order_harness_order(order_harness_create(harness, "demo-product", 5, "k"));
  assert_string_equal(first->order_id, again->order_id);
  assert_int_equal(order_harness_item(harness, "demo-product")->quantity, 95);

  shop_answer *other = order_harness_create(harness, "demo-product", 6, "k");
  assert_int_equal(other->code, GRPC_STATUS_INVALID_ARGUMENT);
  assert_string_equal(shop_violated_field(other), "idempotency_key");
  const order *second = order_harness_order(order_harness_create(harness, "demo-product", 6, "l"));
  assert_string_not_equal(first->order_id, second->order_id);
}

/* A call that is retried while the first try is still under way would order twice. */
static void test_the_same_call_many_times_at_once(void **state) {
  order_harness *harness = *state;
  enum { COUNT = 10 };
  shop_answer *answers[COUNT];
  Shop__Order__V1__CreateOrderRequest request = order_harness_request("demo-product", 5, "k");
  for (int i = 0; i < COUNT; i++) {
    answers[i] = shop_start(&harness->shop, &shop_order_v1_order_service_descriptor, "CreateOrder",
                            &request.base, NULL);
  }
  const char *order_id = NULL;
  for (int i = 0; i < COUNT; i++) {
    shop_wait(answers[i]);
    const order *made = order_harness_order(answers[i]);
    order_id = i == 0 ? made->order_id : order_id;
    assert_string_equal(made->order_id, order_id);
  }
  assert_int_equal(order_harness_ask(harness, "orders", "SELECT count(*) FROM orders"), 1);
  assert_int_equal(order_harness_item(harness, "demo-product")->quantity, 95);
}

/* More would be sold than there is. */
static void test_many_orders_at_once(void **state) {
  order_harness *harness = *state;
  enum { COUNT = 60 };
  shop_answer *answers[COUNT];
  Shop__Order__V1__CreateOrderRequest request = order_harness_request("laptop-001", 1, "");
  int made = 0;
  for (int i = 0; i < COUNT; i++) {
    answers[i] = shop_start(&harness->shop, &shop_order_v1_order_service_descriptor, "CreateOrder",
                            &request.base, NULL);
  }
  for (int i = 0; i < COUNT; i++) {
    shop_wait(answers[i]);
    assert_true(answers[i]->code == GRPC_STATUS_OK ||
                answers[i]->code == GRPC_STATUS_FAILED_PRECONDITION);
    made += answers[i]->code == GRPC_STATUS_OK;
  }
  assert_int_equal(made, 50);
  assert_int_equal(order_harness_item(harness, "laptop-001")->quantity, 0);
  assert_int_equal(order_harness_ask(harness, "orders", "SELECT count(*) FROM orders"), 50);
}

/* A client would miss orders, see some twice, or be disturbed by those that come meanwhile. */
static void test_lists_the_latest_first(void **state) {
  order_harness *harness = *state;
  char ids[7][40];
  for (int i = 0; i < 7; i++) {
    const order *made = order_harness_order(order_harness_create(harness, "phone-001", 1, ""));
    snprintf(ids[i], sizeof ids[i], "%s", made->order_id);
    shop_harness_pause(&harness->shop, 2); /* ids of one millisecond have no order */
  }
  Shop__Order__V1__ListOrdersRequest request = SHOP__ORDER__V1__LIST_ORDERS_REQUEST__INIT;
  request.page_size = 3;
  int next = 6;
  for (int page = 0; page < 3; page++) {
    shop_answer *answer = shop_call(&harness->shop, &shop_order_v1_order_service_descriptor,
                                    "ListOrders", &request.base);
    assert_int_equal(answer->code, GRPC_STATUS_OK);
    const Shop__Order__V1__ListOrdersResponse *list =
        (const Shop__Order__V1__ListOrdersResponse *)answer->reply;
    for (size_t i = 0; i < list->n_orders; i++) {
      assert_string_equal(list->orders[i]->order_id, ids[next--]);
    }
    request.page_token = list->next_page_token;
    order_harness_order(order_harness_create(harness, "phone-001", 1, ""));
  }
  assert_int_equal(next, -1);
  assert_string_equal(request.page_token, "");
  request.page_token = shop_text("nonsense");
  shop_answer *answer = shop_call(&harness->shop, &shop_order_v1_order_service_descriptor,
                                  "ListOrders", &request.base);
  assert_string_equal(shop_violated_field(answer), "page_token");
}

/* An order's trace would have holes, or other names than it is documented with. */
static void test_spans(void **state) {
  order_harness *harness = *state;
  order_harness_order(order_harness_create(harness, "demo-product", 5, "k"));
  assert_string_equal(span_tree_text(&harness->shop.spans),
                      "shop.order.v1.OrderService/CreateOrder CLIENT\n"
                      "  shop.order.v1.OrderService/CreateOrder SERVER\n"
                      "    create_order INTERNAL\n"
                      "      validate_order INTERNAL !order.validated\n"
                      "        SELECT store_replies CLIENT\n"
                      "      check_inventory INTERNAL !inventory.checked\n"
                      "        shop.inventory.v1.InventoryService/GetItem CLIENT\n"
                      "          shop.inventory.v1.InventoryService/GetItem SERVER\n"
                      "            get_inventory_item INTERNAL\n"
                      "              SELECT items CLIENT\n"
                      "      reserve_inventory INTERNAL !inventory.reserved\n"
                      "        shop.inventory.v1.InventoryService/Reserve CLIENT\n"
                      "          shop.inventory.v1.InventoryService/Reserve SERVER\n"
                      "            reserve_inventory INTERNAL\n"
                      "              check_availability INTERNAL\n"
                      "                SELECT items CLIENT\n"
                      "              update_reservation INTERNAL\n"
                      "                INSERT reservations CLIENT\n"
                      "                UPDATE items CLIENT\n"
                      "              COMMIT inventory CLIENT\n"
                      "      persist_order INTERNAL !order.persisted\n"
                      "        SELECT store_replies CLIENT\n"
                      "        INSERT orders CLIENT\n"
                      "        INSERT store_replies CLIENT\n"
                      "        COMMIT orders CLIENT\n");
  span_tree *spans = &harness->shop.spans;
  assert_string_equal(span_tree_attribute(spans, "create_order", "product.id"), "demo-product");
  assert_string_equal(span_tree_attribute(spans, "create_order", "order.quantity"), "5");
  assert_string_equal(span_tree_attribute(spans, "create_order", "order.total"), "149.95");
  assert_string_equal(span_tree_attribute(spans, "check_inventory", "inventory.available"), "100");

  span_tree_reset(spans);
  order_harness_order(order_harness_create(harness, "demo-product", 5, "k"));
  assert_string_equal(span_tree_text(spans), "shop.order.v1.OrderService/CreateOrder CLIENT\n"
                                             "  shop.order.v1.OrderService/CreateOrder SERVER\n"
                                             "    create_order INTERNAL !order.repeated\n"
                                             "      validate_order INTERNAL\n"
                                             "        SELECT store_replies CLIENT\n");
}

/* What the service does of its own accord would fill the trace store, second by second. */
static void test_settling_leaves_no_trace(void **state) {
  order_harness *harness = *state;
  order_harness_order(order_harness_create(harness, "demo-product", 5, ""));
  span_tree_reset(&harness->shop.spans);
  order_harness_wait_for(harness, "inventory", "SELECT count(*) FROM reservations WHERE state = 2",
                         1);
  assert_string_equal(span_tree_text(&harness->shop.spans), "");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_an_order_comes_about, start, stop),
      cmocka_unit_test_setup_teardown(test_its_stock_is_sold_in_the_end, start, stop),
      cmocka_unit_test_setup_teardown(test_nonsense_is_refused, start, stop),
      cmocka_unit_test_setup_teardown(test_what_the_shop_does_not_have, start, stop),
      cmocka_unit_test_setup_teardown(test_a_retried_call_orders_once, start, stop),
      cmocka_unit_test_setup_teardown(test_the_same_call_many_times_at_once, start, stop),
      cmocka_unit_test_setup_teardown(test_many_orders_at_once, start, stop),
      cmocka_unit_test_setup_teardown(test_lists_the_latest_first, start, stop),
      cmocka_unit_test_setup_teardown(test_spans, start, stop),
      cmocka_unit_test_setup_teardown(test_settling_leaves_no_trace, start, stop),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

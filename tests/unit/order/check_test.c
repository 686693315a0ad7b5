/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <math.h>
#include <string.h>

#include "../../support/cmocka_headers.h"
#include "../../support/text.h"

static void assert_field(store_field_problem problem, const char *field) {
  if (field == NULL) {
    assert_null(problem.field);
    return;
  }
  assert_non_null(problem.field);
  assert_string_equal(problem.field, field);
}

/* An order that makes no sense would reach the inventory, or a good one would not. */
static void test_create(void **state) {
  (void)state;
  char long_id[10241];
  memset(long_id, 'x', sizeof long_id);
  long_id[10240] = '\0';
  const struct {
    const char *product_id;
    int32_t quantity;
    const char *field;
  } cases[] = {
      {"p", 1, NULL},        {"p", 1000000, NULL},       {"p", 0, "quantity"},
      {"p", -5, "quantity"}, {"p", 1000001, "quantity"}, {"p", INT32_MAX, "quantity"},
      {"", 1, "product_id"}, {"a\x7f", 1, "product_id"}, {long_id, 1, "product_id"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    Shop__Order__V1__CreateOrderRequest request = SHOP__ORDER__V1__CREATE_ORDER_REQUEST__INIT;
    request.product_id = shop_text(cases[i].product_id);
    request.quantity = cases[i].quantity;
    assert_field(order_check_create(&request), cases[i].field);
  }
}

typedef Shop__Order__V1__PlaceOrderRequest place_request;

typedef struct place_case {
  const char *user_id;
  const char *item_id;
  int32_t quantity;
  double amount;
  const char *method;
  const char *address;
  const char *field;
} place_case;

/* An order of two lines, the second one as the case says. */
static const char *check_place(mesh_arena *arena, const place_case *one) {
  Shop__Order__V1__PlaceOrderRequest__Item items[2] = {
      SHOP__ORDER__V1__PLACE_ORDER_REQUEST__ITEM__INIT,
      SHOP__ORDER__V1__PLACE_ORDER_REQUEST__ITEM__INIT};
  Shop__Order__V1__PlaceOrderRequest__Item *list[] = {&items[0], &items[1]};
  place_request request = SHOP__ORDER__V1__PLACE_ORDER_REQUEST__INIT;
  items[0].item_id = shop_text("sku001");
  items[0].quantity = 600000;
  items[1].item_id = shop_text(one->item_id);
  items[1].quantity = one->quantity;
  request.items = list;
  request.n_items = 2;
  request.user_id = shop_text(one->user_id);
  request.amount = one->amount;
  request.payment_method = shop_text(one->method);
  request.shipping_address = shop_text(one->address);
  return order_check_place(arena, &request).field;
}

/* A mistake would be paid for, or the client not be told which field it is in. */
static void test_place(void **state) {
  (void)state;
  static char long_text[600];
  memset(long_text, 'x', sizeof long_text - 1);
  const place_case cases[] = {
      {"u", "sku002", 1, 49.99, "credit_card", "10 Main Street, CA", NULL},
      {"u", "sku001", 400000, 0.01, "credit_card", "a", NULL},
      {"u", "sku002", 1, 1e9, "credit_card", "a", NULL},
      {"u", "sku002", 1, 1234567.89, "credit_card", "a", NULL},
      {"", "sku002", 1, 1, "credit_card", "a", "user_id"},
      {long_text, "sku002", 1, 1, "credit_card", "a", "user_id"},
      {"u", "", 1, 1, "credit_card", "a", "items[1].item_id"},
      {"u", "sku002", 0, 1, "credit_card", "a", "items[1].quantity"},
      {"u", "sku002", 1000001, 1, "credit_card", "a", "items[1].quantity"},
      {"u", "sku001", 400001, 1, "credit_card", "a", "items[1].quantity"},
      {"u", "sku002", 1, 0, "credit_card", "a", "amount"},
      {"u", "sku002", 1, -1, "credit_card", "a", "amount"},
      {"u", "sku002", 1, 0.1 + 0.2, "credit_card", "a", NULL},
      {"u", "sku002", 1, 0.001, "credit_card", "a", "amount"},
      {"u", "sku002", 1, 49.991, "credit_card", "a", "amount"},
      {"u", "sku002", 1, 1000000000.01, "credit_card", "a", "amount"},
      {"u", "sku002", 1, NAN, "credit_card", "a", "amount"},
      {"u", "sku002", 1, INFINITY, "credit_card", "a", "amount"},
      {"u", "sku002", 1, 1, "", "a", "payment_method"},
      {"u", "sku002", 1, 1, long_text, "a", "payment_method"},
      {"u", "sku002", 1, 1, "credit_card", "", "shipping_address"},
      {"u", "sku002", 1, 1, "credit_card", long_text, "shipping_address"},
  };
  mesh_arena *arena = mesh_arena_new();
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    const char *field = check_place(arena, &cases[i]);
    assert_string_equal(field != NULL ? field : "", cases[i].field != NULL ? cases[i].field : "");
  }
  place_request empty = SHOP__ORDER__V1__PLACE_ORDER_REQUEST__INIT;
  empty.user_id = shop_text("u");
  assert_string_equal(order_check_place(arena, &empty).field, "items");
  mesh_arena_destroy(arena);
}

/* Ids and sizes that cannot be would be looked for all the same. */
static void test_reads(void **state) {
  (void)state;
  Shop__Order__V1__GetOrderRequest get = SHOP__ORDER__V1__GET_ORDER_REQUEST__INIT;
  assert_field(order_check_get(&get), "order_id");
  get.order_id = shop_text("anything");
  assert_field(order_check_get(&get), NULL);
  Shop__Order__V1__ListOrdersRequest list = SHOP__ORDER__V1__LIST_ORDERS_REQUEST__INIT;
  assert_field(order_check_list(&list), NULL);
  list.page_size = -1;
  assert_field(order_check_list(&list), "page_size");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_create),
      cmocka_unit_test(test_place),
      cmocka_unit_test(test_reads),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

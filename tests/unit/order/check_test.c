/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

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
      cmocka_unit_test(test_reads),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

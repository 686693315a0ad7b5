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

static const char text_of_129[] =
    "tttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt"
    "ttttttttttttttttttttttttttt"
    "tttttttttttttttttttttttttttttttt";

/* A reservation that makes no sense would get to the books, or a good one would not. */
static void test_reserve(void **state) {
  (void)state;
  static const struct {
    const char *product_id;
    int32_t quantity;
    const char *order_id;
    const char *field;
  } cases[] = {
      {"p", 1, "o", NULL},
      {"p", 1000000, "o", NULL},
      {"p", 0, "o", "quantity"},
      {"p", -1, "o", "quantity"},
      {"p", 1000001, "o", "quantity"},
      {"", 1, "o", "product_id"},
      {"p", 1, "", "order_id"},
      {text_of_129, 1, "o", "product_id"},
      {"p", 1, text_of_129, "order_id"},
      {"", 0, "", "product_id"},
  };
  assert_int_equal(strlen(text_of_129), 129);
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    Shop__Inventory__V1__ReserveRequest request = SHOP__INVENTORY__V1__RESERVE_REQUEST__INIT;
    request.product_id = shop_text(cases[i].product_id);
    request.quantity = cases[i].quantity;
    request.order_id = shop_text(cases[i].order_id);
    assert_field(inventory_check_reserve(&request), cases[i].field);
  }
}

/* A reason of any length would be written down. */
static void test_release(void **state) {
  (void)state;
  Shop__Inventory__V1__ReleaseRequest request = SHOP__INVENTORY__V1__RELEASE_REQUEST__INIT;
  char reason[258];
  request.product_id = shop_text("p");
  request.order_id = shop_text("o");
  assert_field(inventory_check_release(&request), NULL);
  memset(reason, 'r', sizeof reason);
  reason[256] = '\0';
  request.reason = reason;
  assert_field(inventory_check_release(&request), NULL);
  reason[256] = 'r';
  reason[257] = '\0';
  assert_field(inventory_check_release(&request), "reason");
}

/* A batch of any size would hold the writer up. */
static void test_commit(void **state) {
  (void)state;
  Shop__Inventory__V1__CommitRequest request = SHOP__INVENTORY__V1__COMMIT_REQUEST__INIT;
  char *ids[1001];
  for (size_t i = 0; i < 1001; i++) {
    ids[i] = shop_text("o");
  }
  request.order_ids = ids;
  assert_field(inventory_check_commit(&request), "order_ids");
  request.n_order_ids = 1000;
  assert_field(inventory_check_commit(&request), NULL);
  request.n_order_ids = 1001;
  assert_field(inventory_check_commit(&request), "order_ids");
  request.n_order_ids = 3;
  ids[2] = shop_text("");
  assert_field(inventory_check_commit(&request), "order_ids");
}

/* A state that does not exist would list nothing, and look like an answer. */
static void test_list_reservations(void **state) {
  (void)state;
  Shop__Inventory__V1__ListReservationsRequest request =
      SHOP__INVENTORY__V1__LIST_RESERVATIONS_REQUEST__INIT;
  assert_field(inventory_check_list_reservations(&request), NULL);
  request.state = (Shop__Inventory__V1__ReservationState)4;
  assert_field(inventory_check_list_reservations(&request), "state");
  request.state = (Shop__Inventory__V1__ReservationState)-1;
  assert_field(inventory_check_list_reservations(&request), "state");
  request.state = (Shop__Inventory__V1__ReservationState)3;
  request.order_id = shop_text(text_of_129);
  assert_field(inventory_check_list_reservations(&request), "order_id");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_reserve),
      cmocka_unit_test(test_release),
      cmocka_unit_test(test_commit),
      cmocka_unit_test(test_list_reservations),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <stdio.h>

#include "../../support/cmocka_headers.h"
#include "../../support/text.h"

enum { ROOM = WAREHOUSE_ITEMS_MAX + 1 };

/* A request for the first `count` items, one piece each. */
typedef struct reservation {
  Shop__Warehouse__V1__ReserveRequest request;
  Shop__Warehouse__V1__Item items[ROOM];
  Shop__Warehouse__V1__Item *list[ROOM];
  char ids[ROOM][8];
} reservation;

static void fill(reservation *self, size_t count) {
  shop__warehouse__v1__reserve_request__init(&self->request);
  self->request.order_id = shop_text("o-1");
  for (size_t i = 0; i < ROOM; i++) {
    shop__warehouse__v1__item__init(&self->items[i]);
    snprintf(self->ids[i], sizeof self->ids[i], "sku%03zu", i);
    self->items[i].item_id = self->ids[i];
    self->items[i].quantity = 1;
    self->list[i] = &self->items[i];
  }
  self->request.items = self->list;
  self->request.n_items = count;
}

static const char *field_of(store_field_problem problem) {
  return problem.field != NULL ? problem.field : "";
}

/* Whoever sends a list would have to look for the item that is wrong. */
static void test_names_the_item_that_is_wrong(void **state) {
  mesh_arena *arena = *state;
  static reservation wanted;
  fill(&wanted, 3);
  assert_string_equal(field_of(warehouse_check_reserve(&wanted.request, arena)), "");
  wanted.items[2].quantity = 0;
  assert_string_equal(field_of(warehouse_check_reserve(&wanted.request, arena)),
                      "items[2].quantity");
  wanted.items[1].quantity = WAREHOUSE_QUANTITY_MAX + 1;
  assert_string_equal(field_of(warehouse_check_reserve(&wanted.request, arena)),
                      "items[1].quantity");
  wanted.items[1].quantity = WAREHOUSE_QUANTITY_MAX;
  wanted.items[2].quantity = 1;
  wanted.items[0].item_id = shop_text("");
  assert_string_equal(field_of(warehouse_check_reserve(&wanted.request, arena)),
                      "items[0].item_id");
}

/* An item would be reserved once and count twice. */
static void test_each_item_once(void **state) {
  mesh_arena *arena = *state;
  static reservation wanted;
  fill(&wanted, 3);
  wanted.items[2].item_id = wanted.items[0].item_id;
  store_field_problem problem = warehouse_check_reserve(&wanted.request, arena);
  assert_string_equal(field_of(problem), "items[2].item_id");
  assert_string_equal(problem.text, "is there twice");
}

/* An order for nothing would be held, or one too long to handle. */
static void test_number_of_items(void **state) {
  mesh_arena *arena = *state;
  static reservation wanted;
  static const size_t counts[] = {0, 1, WAREHOUSE_ITEMS_MAX, WAREHOUSE_ITEMS_MAX + 1};
  static const char *const fields[] = {"items", "", "", "items"};
  for (size_t i = 0; i < 4; i++) {
    fill(&wanted, counts[i]);
    assert_string_equal(field_of(warehouse_check_reserve(&wanted.request, arena)), fields[i]);
  }
}

/* A batch would be cut, or one bad id spoil it without being named. */
static void test_commit(void **state) {
  (void)state;
  static char *ids[WAREHOUSE_COMMIT_MAX + 1];
  Shop__Warehouse__V1__CommitRequest request = SHOP__WAREHOUSE__V1__COMMIT_REQUEST__INIT;
  request.order_ids = ids;
  for (size_t i = 0; i <= WAREHOUSE_COMMIT_MAX; i++) {
    ids[i] = shop_text("o-1");
  }
  assert_string_equal(field_of(warehouse_check_commit(&request)), "order_ids");
  request.n_order_ids = WAREHOUSE_COMMIT_MAX;
  assert_string_equal(field_of(warehouse_check_commit(&request)), "");
  request.n_order_ids = WAREHOUSE_COMMIT_MAX + 1;
  assert_string_equal(field_of(warehouse_check_commit(&request)), "order_ids");
  request.n_order_ids = 3;
  ids[2] = shop_text("\n");
  assert_string_equal(field_of(warehouse_check_commit(&request)), "order_ids");
}

/* A filter that is none would be taken for all. */
static void test_lists(void **state) {
  (void)state;
  Shop__Warehouse__V1__ListReservationsRequest request =
      SHOP__WAREHOUSE__V1__LIST_RESERVATIONS_REQUEST__INIT;
  for (int value = -1; value <= 4; value++) {
    request.state = (Shop__Warehouse__V1__ReservationState)value;
    bool is_good = value >= 0 && value <= 3;
    assert_string_equal(field_of(warehouse_check_list_reservations(&request)),
                        is_good ? "" : "state");
  }
  request.state = (Shop__Warehouse__V1__ReservationState)0;
  request.order_id = shop_text("\xff");
  assert_string_equal(field_of(warehouse_check_list_reservations(&request)), "order_id");
  Shop__Warehouse__V1__ListStockRequest stock = SHOP__WAREHOUSE__V1__LIST_STOCK_REQUEST__INIT;
  assert_string_equal(field_of(warehouse_check_list_stock(&stock)), "");
  stock.item_id = shop_text("\xff");
  assert_string_equal(field_of(warehouse_check_list_stock(&stock)), "item_id");
}

static int make_arena(void **state) {
  *state = mesh_arena_new();
  return 0;
}

static int drop_arena(void **state) {
  mesh_arena_destroy(*state);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_names_the_item_that_is_wrong),
      cmocka_unit_test(test_each_item_once),
      cmocka_unit_test(test_number_of_items),
      cmocka_unit_test(test_commit),
      cmocka_unit_test(test_lists),
  };
  return cmocka_run_group_tests(tests, make_arena, drop_arena);
}

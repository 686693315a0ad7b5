/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <string.h>

/* A hundred items at most, so looking at all that came before is quick. */
static bool is_repeated(const Shop__Warehouse__V1__ReserveRequest *request, size_t index) {
  for (size_t i = 0; i < index; i++) {
    if (strcmp(request->items[i]->item_id, request->items[index]->item_id) == 0) {
      return true;
    }
  }
  return false;
}

static store_field_problem check_item(const Shop__Warehouse__V1__ReserveRequest *request,
                                      size_t index) {
  store_field_problem problem = {NULL, NULL};
  const Shop__Warehouse__V1__Item *item = request->items[index];
  store_check_text(&problem, "item_id", item->item_id, STORE_KEY_MAX);
  store_check_quantity(&problem, "quantity", item->quantity, WAREHOUSE_QUANTITY_MAX,
                       "must be at most 1000000");
  store_check(&problem, !is_repeated(request, index), "item_id", "is there twice");
  return problem;
}

store_field_problem warehouse_check_reserve(const Shop__Warehouse__V1__ReserveRequest *request,
                                            mesh_arena *arena) {
  store_field_problem problem = {NULL, NULL};
  store_check_text(&problem, "order_id", request->order_id, STORE_KEY_MAX);
  store_check(&problem, request->n_items > 0, "items", "must not be empty");
  store_check(&problem, request->n_items <= WAREHOUSE_ITEMS_MAX, "items", "must be at most 100");
  for (size_t i = 0; i < request->n_items && problem.field == NULL; i++) {
    problem = check_item(request, i);
    if (problem.field != NULL) {
      store_check_place(&problem, arena, "items", i);
    }
  }
  return problem;
}

store_field_problem warehouse_check_commit(const Shop__Warehouse__V1__CommitRequest *request) {
  store_field_problem problem = {NULL, NULL};
  store_check(&problem, request->n_order_ids > 0, "order_ids", "must not be empty");
  store_check(&problem, request->n_order_ids <= WAREHOUSE_COMMIT_MAX, "order_ids",
              "must be at most 1000");
  for (size_t i = 0; i < request->n_order_ids && problem.field == NULL; i++) {
    store_check_text(&problem, "order_ids", request->order_ids[i], STORE_KEY_MAX);
  }
  return problem;
}

store_field_problem warehouse_check_release(const Shop__Warehouse__V1__ReleaseRequest *request) {
  store_field_problem problem = {NULL, NULL};
  store_check_text(&problem, "order_id", request->order_id, STORE_KEY_MAX);
  store_check_optional_text(&problem, "reason", request->reason, WAREHOUSE_REASON_MAX);
  return problem;
}

store_field_problem warehouse_check_add(const Shop__Warehouse__V1__AddRequest *request) {
  store_field_problem problem = {NULL, NULL};
  store_check_text(&problem, "item_id", request->item_id, STORE_KEY_MAX);
  store_check_text(&problem, "warehouse_location", request->warehouse_location,
                   WAREHOUSE_LOCATION_MAX);
  store_check_quantity(&problem, "quantity", request->quantity, WAREHOUSE_ADD_MAX,
                       "must be at most 1000000000");
  return problem;
}

store_field_problem
warehouse_check_list_stock(const Shop__Warehouse__V1__ListStockRequest *request) {
  store_field_problem problem = {NULL, NULL};
  store_check_optional_text(&problem, "item_id", request->item_id, STORE_KEY_MAX);
  return problem;
}

store_field_problem
warehouse_check_list_reservations(const Shop__Warehouse__V1__ListReservationsRequest *request) {
  store_field_problem problem = {NULL, NULL};
  int state = (int)request->state;
  bool is_known =
      state >= 0 && state <= SHOP__WAREHOUSE__V1__RESERVATION_STATE__RESERVATION_STATE_RELEASED;
  store_check(&problem, is_known, "state", "is not a state of reservations");
  store_check_optional_text(&problem, "order_id", request->order_id, STORE_KEY_MAX);
  return problem;
}

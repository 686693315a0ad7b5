/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <string.h>

static void check_order(store_field_problem *problem, const char *order_id) {
  store_check_text(problem, "order_id", order_id, STORE_KEY_MAX);
}

static void check_quantity(store_field_problem *problem, int32_t quantity) {
  store_check_quantity(problem, "quantity", quantity, INVENTORY_QUANTITY_MAX,
                       "must be at most 1000000");
}

static void check_reason(store_field_problem *problem, const char *reason) {
  store_check_optional_text(problem, "reason", reason, INVENTORY_REASON_MAX);
}

static void check_owner(store_field_problem *problem, const char *owner) {
  store_check_optional_text(problem, "owner", owner, INVENTORY_OWNER_MAX);
}

store_field_problem inventory_check_product(const char *product_id) {
  store_field_problem problem = {NULL, NULL};
  store_check_text(&problem, "product_id", product_id, STORE_KEY_MAX);
  return problem;
}

store_field_problem inventory_check_reserve(const Shop__Inventory__V1__ReserveRequest *request) {
  store_field_problem problem = inventory_check_product(request->product_id);
  check_quantity(&problem, request->quantity);
  check_order(&problem, request->order_id);
  check_owner(&problem, request->owner);
  return problem;
}

store_field_problem inventory_check_release(const Shop__Inventory__V1__ReleaseRequest *request) {
  store_field_problem problem = inventory_check_product(request->product_id);
  check_order(&problem, request->order_id);
  check_reason(&problem, request->reason);
  return problem;
}

static void check_count(store_field_problem *problem, const char *field, size_t count) {
  store_check(problem, count > 0, field, "must not be empty");
  store_check(problem, count <= INVENTORY_ITEMS_MAX, field, "must be at most 100");
}

/* A hundred items at most, so looking at all that came before is quick. */
static bool is_repeated(const Shop__Inventory__V1__ReserveItemsRequest *request, size_t index) {
  for (size_t i = 0; i < index; i++) {
    if (strcmp(request->items[i]->product_id, request->items[index]->product_id) == 0) {
      return true;
    }
  }
  return false;
}

store_field_problem
inventory_check_reserve_items(const Shop__Inventory__V1__ReserveItemsRequest *request,
                              mesh_arena *arena) {
  store_field_problem problem = {NULL, NULL};
  check_order(&problem, request->order_id);
  check_owner(&problem, request->owner);
  check_count(&problem, "items", request->n_items);
  for (size_t i = 0; i < request->n_items && problem.field == NULL; i++) {
    problem = inventory_check_product(request->items[i]->product_id);
    check_quantity(&problem, request->items[i]->quantity);
    store_check(&problem, !is_repeated(request, i), "product_id", "is there twice");
    if (problem.field != NULL) {
      store_check_place(&problem, arena, "items", i);
    }
  }
  return problem;
}

store_field_problem
inventory_check_release_items(const Shop__Inventory__V1__ReleaseItemsRequest *request) {
  store_field_problem problem = {NULL, NULL};
  check_order(&problem, request->order_id);
  check_count(&problem, "product_ids", request->n_product_ids);
  for (size_t i = 0; i < request->n_product_ids && problem.field == NULL; i++) {
    store_check_text(&problem, "product_ids", request->product_ids[i], STORE_KEY_MAX);
  }
  check_reason(&problem, request->reason);
  return problem;
}

store_field_problem inventory_check_add(const Shop__Inventory__V1__AddRequest *request) {
  store_field_problem problem = inventory_check_product(request->product_id);
  store_check_quantity(&problem, "quantity", request->quantity, INVENTORY_ADD_MAX,
                       "must be at most 1000000000");
  return problem;
}

store_field_problem inventory_check_commit(const Shop__Inventory__V1__CommitRequest *request) {
  store_field_problem problem = {NULL, NULL};
  store_check(&problem, request->n_order_ids > 0, "order_ids", "must not be empty");
  store_check(&problem, request->n_order_ids <= INVENTORY_COMMIT_MAX, "order_ids",
              "must be at most 1000");
  for (size_t i = 0; i < request->n_order_ids && problem.field == NULL; i++) {
    store_check_text(&problem, "order_ids", request->order_ids[i], STORE_KEY_MAX);
  }
  return problem;
}

store_field_problem
inventory_check_list_reservations(const Shop__Inventory__V1__ListReservationsRequest *request) {
  store_field_problem problem = {NULL, NULL};
  int state = (int)request->state;
  bool is_known =
      state >= 0 && state <= SHOP__INVENTORY__V1__RESERVATION_STATE__RESERVATION_STATE_RELEASED;
  store_check(&problem, is_known, "state", "is not a state of reservations");
  store_check_optional_text(&problem, "order_id", request->order_id, STORE_KEY_MAX);
  return problem;
}

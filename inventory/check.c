/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <store/key.h>
#include <store/page.h>
#include <string.h>

static const store_field_problem fine = {NULL, NULL};

static store_field_problem check_text(const char *field, const char *text, size_t max_bytes) {
  const char *problem = store_key_problem(text, max_bytes);
  return problem == NULL ? fine : (store_field_problem){field, problem};
}

static store_field_problem check_order(const char *order_id) {
  return check_text("order_id", order_id, STORE_KEY_MAX);
}

static store_field_problem check_quantity(int32_t quantity, int32_t max, const char *too_many) {
  if (quantity < 1) {
    return (store_field_problem){"quantity", "must be at least 1"};
  }
  return quantity <= max ? fine : (store_field_problem){"quantity", too_many};
}

static store_field_problem check_reason(const char *reason) {
  return reason[0] == '\0' ? fine : check_text("reason", reason, INVENTORY_REASON_MAX);
}

store_field_problem inventory_check_product(const char *product_id) {
  return check_text("product_id", product_id, STORE_KEY_MAX);
}

store_field_problem inventory_check_reserve(const Shop__Inventory__V1__ReserveRequest *request) {
  store_field_problem problem = inventory_check_product(request->product_id);
  if (problem.field == NULL) {
    problem = check_quantity(request->quantity, INVENTORY_QUANTITY_MAX, "must be at most 1000000");
  }
  return problem.field == NULL ? check_order(request->order_id) : problem;
}

store_field_problem inventory_check_release(const Shop__Inventory__V1__ReleaseRequest *request) {
  store_field_problem problem = inventory_check_product(request->product_id);
  if (problem.field == NULL) {
    problem = check_order(request->order_id);
  }
  return problem.field == NULL ? check_reason(request->reason) : problem;
}

static store_field_problem check_count(const char *field, size_t count) {
  if (count == 0) {
    return (store_field_problem){field, "must not be empty"};
  }
  return count <= INVENTORY_ITEMS_MAX ? fine : (store_field_problem){field, "must be at most 100"};
}

static store_field_problem check_item(const Shop__Inventory__V1__ItemQuantity *item) {
  store_field_problem problem = check_text("items.product_id", item->product_id, STORE_KEY_MAX);
  if (problem.field == NULL) {
    problem = check_quantity(item->quantity, INVENTORY_QUANTITY_MAX, "must be at most 1000000");
    problem.field = problem.field != NULL ? "items.quantity" : NULL;
  }
  return problem;
}

store_field_problem
inventory_check_reserve_items(const Shop__Inventory__V1__ReserveItemsRequest *request) {
  store_field_problem problem = check_order(request->order_id);
  if (problem.field == NULL) {
    problem = check_count("items", request->n_items);
  }
  for (size_t i = 0; i < request->n_items && problem.field == NULL; i++) {
    problem = check_item(request->items[i]);
    for (size_t j = 0; j < i && problem.field == NULL; j++) {
      if (strcmp(request->items[i]->product_id, request->items[j]->product_id) == 0) {
        problem = (store_field_problem){"items.product_id", "must be another one in each item"};
      }
    }
  }
  return problem;
}

store_field_problem
inventory_check_release_items(const Shop__Inventory__V1__ReleaseItemsRequest *request) {
  store_field_problem problem = check_order(request->order_id);
  if (problem.field == NULL) {
    problem = check_count("product_ids", request->n_product_ids);
  }
  for (size_t i = 0; i < request->n_product_ids && problem.field == NULL; i++) {
    problem = check_text("product_ids", request->product_ids[i], STORE_KEY_MAX);
  }
  return problem.field == NULL ? check_reason(request->reason) : problem;
}

store_field_problem inventory_check_add(const Shop__Inventory__V1__AddRequest *request) {
  store_field_problem problem = inventory_check_product(request->product_id);
  if (problem.field == NULL) {
    problem = check_quantity(request->quantity, INVENTORY_ADD_MAX, "must be at most 1000000000");
  }
  return problem;
}

store_field_problem inventory_check_commit(const Shop__Inventory__V1__CommitRequest *request) {
  if (request->n_order_ids == 0) {
    return (store_field_problem){"order_ids", "must not be empty"};
  }
  if (request->n_order_ids > INVENTORY_COMMIT_MAX) {
    return (store_field_problem){"order_ids", "must be at most 1000"};
  }
  for (size_t i = 0; i < request->n_order_ids; i++) {
    store_field_problem problem = check_order(request->order_ids[i]);
    if (problem.field != NULL) {
      return (store_field_problem){"order_ids", problem.text};
    }
  }
  return fine;
}

store_field_problem inventory_check_list(int32_t page_size) {
  return store_page_size(page_size) < 0 ? (store_field_problem){"page_size", "must not be negative"}
                                        : fine;
}

store_field_problem
inventory_check_list_reservations(const Shop__Inventory__V1__ListReservationsRequest *request) {
  int state = (int)request->state;
  if (state < 0 || state > SHOP__INVENTORY__V1__RESERVATION_STATE__RESERVATION_STATE_RELEASED) {
    return (store_field_problem){"state", "is not a state of reservations"};
  }
  if (request->order_id[0] != '\0') {
    store_field_problem problem = check_order(request->order_id);
    if (problem.field != NULL) {
      return problem;
    }
  }
  return inventory_check_list(request->page_size);
}

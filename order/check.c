/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <store/key.h>
#include <store/page.h>
#include <string.h>

#include "messages.h"

static const store_field_problem fine = {NULL, NULL};

static store_field_problem check_text(const char *field, const char *text, size_t max_bytes) {
  const char *problem = store_key_problem(text, max_bytes);
  return problem == NULL ? fine : (store_field_problem){field, problem};
}

static const char *quantity_problem(int64_t quantity) {
  if (quantity < 1) {
    return "must be at least 1";
  }
  return quantity <= ORDER_QUANTITY_MAX ? NULL : "must be at most 1000000";
}

store_field_problem order_check_create(const Shop__Order__V1__CreateOrderRequest *request) {
  store_field_problem problem = check_text("product_id", request->product_id, STORE_KEY_MAX);
  if (problem.field != NULL) {
    return problem;
  }
  const char *text = quantity_problem(request->quantity);
  return text == NULL ? fine : (store_field_problem){"quantity", text};
}

/* Pieces of the item in this line and those before it. */
static int64_t sum_of(const Shop__Order__V1__PlaceOrderRequest *request, size_t index) {
  int64_t sum = 0;
  for (size_t i = 0; i <= index; i++) {
    if (strcmp(request->items[i]->item_id, request->items[index]->item_id) == 0) {
      sum += request->items[i]->quantity;
    }
  }
  return sum;
}

static store_field_problem
check_item(mesh_arena *arena, const Shop__Order__V1__PlaceOrderRequest *request, size_t index) {
  const char *text = store_key_problem(request->items[index]->item_id, STORE_KEY_MAX);
  const char *field = "item_id";
  if (text == NULL) {
    text = quantity_problem(request->items[index]->quantity);
    field = "quantity";
  }
  if (text == NULL) {
    text = quantity_problem(sum_of(request, index));
  }
  return text == NULL
             ? fine
             : (store_field_problem){mesh_arena_printf(arena, "items[%zu].%s", index, field), text};
}

static store_field_problem check_items(mesh_arena *arena,
                                       const Shop__Order__V1__PlaceOrderRequest *request) {
  if (request->n_items == 0) {
    return (store_field_problem){"items", "must not be empty"};
  }
  if (request->n_items > ORDER_ITEMS_MAX) {
    return (store_field_problem){"items", "must be at most 100"};
  }
  store_field_problem problem = fine;
  for (size_t i = 0; i < request->n_items && problem.field == NULL; i++) {
    problem = check_item(arena, request, i);
  }
  return problem;
}

/* Whole cents are those that come back the same. Written so that NaN is refused. */
static store_field_problem check_amount(double amount) {
  if (!(amount > 0)) {
    return (store_field_problem){"amount", "must be more than 0"};
  }
  if (amount > ORDER_AMOUNT_MAX) {
    return (store_field_problem){"amount", "must be at most 1000000000"};
  }
  return order_dollars(order_cents(amount)) == amount
             ? fine
             : (store_field_problem){"amount", "must be in whole cents"};
}

store_field_problem order_check_place(mesh_arena *arena,
                                      const Shop__Order__V1__PlaceOrderRequest *request) {
  const store_field_problem problems[] = {
      check_text("user_id", request->user_id, 128),
      check_items(arena, request),
      check_amount(request->amount),
      check_text("payment_method", request->payment_method, 64),
      check_text("shipping_address", request->shipping_address, 512),
  };
  for (size_t i = 0; i < sizeof problems / sizeof problems[0]; i++) {
    if (problems[i].field != NULL) {
      return problems[i];
    }
  }
  return fine;
}

store_field_problem order_check_get(const Shop__Order__V1__GetOrderRequest *request) {
  return check_text("order_id", request->order_id, STORE_KEY_MAX);
}

store_field_problem order_check_list(const Shop__Order__V1__ListOrdersRequest *request) {
  return store_page_size(request->page_size) < 0
             ? (store_field_problem){"page_size", "must not be negative"}
             : fine;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <store/check.h>
#include <store/page.h>
#include <string.h>

static const char too_many[] = "must be at most 1000000";

store_field_problem order_check_create(const Shop__Order__V1__CreateOrderRequest *request) {
  store_field_problem problem = {NULL, NULL};
  store_check_text(&problem, "product_id", request->product_id, STORE_KEY_MAX);
  store_check_quantity(&problem, "quantity", request->quantity, ORDER_QUANTITY_MAX, too_many);
  return problem;
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

static void check_item(store_field_problem *problem, mesh_arena *arena,
                       const Shop__Order__V1__PlaceOrderRequest *request, size_t index) {
  const Shop__Order__V1__PlaceOrderRequest__Item *item = request->items[index];
  store_field_problem own = {NULL, NULL};
  store_check_text(&own, "item_id", item->item_id, STORE_KEY_MAX);
  store_check_quantity(&own, "quantity", item->quantity, ORDER_QUANTITY_MAX, too_many);
  store_check(&own, sum_of(request, index) <= ORDER_QUANTITY_MAX, "quantity", too_many);
  if (problem->field == NULL && own.field != NULL) {
    store_check_place(&own, arena, "items", index);
    *problem = own;
  }
}

store_field_problem order_check_place(mesh_arena *arena,
                                      const Shop__Order__V1__PlaceOrderRequest *request) {
  store_field_problem problem = {NULL, NULL};
  store_check_text(&problem, "user_id", request->user_id, ORDER_USER_MAX);
  store_check(&problem, request->n_items > 0, "items", "must not be empty");
  store_check(&problem, request->n_items <= ORDER_ITEMS_MAX, "items", "must be at most 100");
  for (size_t i = 0; i < request->n_items && problem.field == NULL; i++) {
    check_item(&problem, arena, request, i);
  }
  store_check_amount(&problem, "amount", request->amount);
  store_check_text(&problem, "payment_method", request->payment_method, ORDER_METHOD_MAX);
  store_check_text(&problem, "shipping_address", request->shipping_address, ORDER_ADDRESS_MAX);
  return problem;
}

store_field_problem order_check_get(const Shop__Order__V1__GetOrderRequest *request) {
  store_field_problem problem = {NULL, NULL};
  store_check_text(&problem, "order_id", request->order_id, STORE_KEY_MAX);
  return problem;
}

store_field_problem order_check_list(const Shop__Order__V1__ListOrdersRequest *request) {
  store_field_problem problem = {NULL, NULL};
  store_check(&problem, store_page_size(request->page_size) >= 0, "page_size",
              "must not be negative");
  return problem;
}

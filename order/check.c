/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <store/key.h>
#include <store/page.h>

static const store_field_problem fine = {NULL, NULL};

store_field_problem order_check_create(const Shop__Order__V1__CreateOrderRequest *request) {
  const char *problem = store_key_problem(request->product_id, STORE_KEY_MAX);
  if (problem != NULL) {
    return (store_field_problem){"product_id", problem};
  }
  if (request->quantity < 1) {
    return (store_field_problem){"quantity", "must be at least 1"};
  }
  if (request->quantity > ORDER_QUANTITY_MAX) {
    return (store_field_problem){"quantity", "must be at most 1000000"};
  }
  return fine;
}

store_field_problem order_check_get(const Shop__Order__V1__GetOrderRequest *request) {
  const char *problem = store_key_problem(request->order_id, STORE_KEY_MAX);
  return problem == NULL ? fine : (store_field_problem){"order_id", problem};
}

store_field_problem order_check_list(const Shop__Order__V1__ListOrdersRequest *request) {
  return store_page_size(request->page_size) < 0
             ? (store_field_problem){"page_size", "must not be negative"}
             : fine;
}

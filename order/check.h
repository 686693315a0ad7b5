/* SPDX-License-Identifier: Apache-2.0 */
/* What the service accepts. Every function gives the first problem of a request; its field is NULL
 * when there is none. */
#ifndef ORDER_CHECK_H
#define ORDER_CHECK_H

#include <store/handler.h>

#include "shop/order/v1/order.pb-c.h"

enum {
  ORDER_QUANTITY_MAX = 1000000, /* of one item in one order */
  ORDER_ITEMS_MAX = 100,        /* in one order */
  ORDER_USER_MAX = 128,         /* bytes, as the two below */
  ORDER_METHOD_MAX = 64,
  ORDER_ADDRESS_MAX = 512,
};

store_field_problem order_check_create(const Shop__Order__V1__CreateOrderRequest *request);
/* Names of fields within items are made in the arena. */
store_field_problem order_check_place(mesh_arena *arena,
                                      const Shop__Order__V1__PlaceOrderRequest *request);
store_field_problem order_check_get(const Shop__Order__V1__GetOrderRequest *request);
store_field_problem order_check_list(const Shop__Order__V1__ListOrdersRequest *request);

#endif

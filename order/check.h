/* SPDX-License-Identifier: Apache-2.0 */
/* What the service accepts. Every function gives the first problem of a request; its field is NULL
 * when there is none. */
#ifndef ORDER_CHECK_H
#define ORDER_CHECK_H

#include <store/handler.h>

#include "shop/order/v1/order.pb-c.h"

enum { ORDER_QUANTITY_MAX = 1000000 };

store_field_problem order_check_create(const Shop__Order__V1__CreateOrderRequest *request);
store_field_problem order_check_get(const Shop__Order__V1__GetOrderRequest *request);
store_field_problem order_check_list(const Shop__Order__V1__ListOrdersRequest *request);

#endif

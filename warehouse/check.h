/* SPDX-License-Identifier: Apache-2.0 */
/* What the service accepts. Every function gives the first problem of a request; its field is NULL
 * when there is none. */
#ifndef WAREHOUSE_CHECK_H
#define WAREHOUSE_CHECK_H

#include <store/check.h>

#include "shop/warehouse/v1/warehouse.pb-c.h"

enum {
  WAREHOUSE_ITEMS_MAX = 100,        /* in one order */
  WAREHOUSE_QUANTITY_MAX = 1000000, /* of one item */
  WAREHOUSE_ADD_MAX = 1000000000,   /* in one delivery */
  WAREHOUSE_LOCATION_MAX = 60,      /* bytes: fits with two ids into a page token */
  WAREHOUSE_REASON_MAX = 256,       /* bytes */
  WAREHOUSE_COMMIT_MAX = 1000,      /* orders in one request */
};

/* The field of a problem with one item is in the arena. */
store_field_problem warehouse_check_reserve(const Shop__Warehouse__V1__ReserveRequest *request,
                                            mesh_arena *arena);
store_field_problem warehouse_check_commit(const Shop__Warehouse__V1__CommitRequest *request);
store_field_problem warehouse_check_release(const Shop__Warehouse__V1__ReleaseRequest *request);
store_field_problem warehouse_check_add(const Shop__Warehouse__V1__AddRequest *request);
store_field_problem
warehouse_check_list_stock(const Shop__Warehouse__V1__ListStockRequest *request);
store_field_problem
warehouse_check_list_reservations(const Shop__Warehouse__V1__ListReservationsRequest *request);

#endif

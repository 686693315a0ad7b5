/* SPDX-License-Identifier: Apache-2.0 */
/* What the service accepts. Every function gives the first problem of a request; its field is NULL
 * when there is none. The field of a problem with one item is in the arena. */
#ifndef INVENTORY_CHECK_H
#define INVENTORY_CHECK_H

#include <store/check.h>

#include "shop/inventory/v1/inventory.pb-c.h"

enum {
  INVENTORY_QUANTITY_MAX = 1000000, /* in one reservation */
  INVENTORY_ADD_MAX = 1000000000,   /* in one delivery */
  INVENTORY_REASON_MAX = 256,       /* bytes */
  INVENTORY_OWNER_MAX = 64,         /* bytes */
  INVENTORY_COMMIT_MAX = 1000,      /* orders in one request */
  INVENTORY_ITEMS_MAX = 100,        /* products of one order */
};

store_field_problem inventory_check_product(const char *product_id);
store_field_problem inventory_check_reserve(const Shop__Inventory__V1__ReserveRequest *request);
store_field_problem inventory_check_release(const Shop__Inventory__V1__ReleaseRequest *request);
store_field_problem
inventory_check_reserve_items(const Shop__Inventory__V1__ReserveItemsRequest *request,
                              mesh_arena *arena);
store_field_problem
inventory_check_release_items(const Shop__Inventory__V1__ReleaseItemsRequest *request);
store_field_problem inventory_check_add(const Shop__Inventory__V1__AddRequest *request);
store_field_problem inventory_check_commit(const Shop__Inventory__V1__CommitRequest *request);
store_field_problem
inventory_check_list_reservations(const Shop__Inventory__V1__ListReservationsRequest *request);

#endif

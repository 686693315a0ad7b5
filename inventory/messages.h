/* SPDX-License-Identifier: Apache-2.0 */
/* From the books to messages. A message borrows the texts of what it is made from; what else it
 * needs is in the arena. Money is cents in the books and dollars in messages. */
#ifndef INVENTORY_MESSAGES_H
#define INVENTORY_MESSAGES_H

#include <mesh/arena.h>

#include "shop/inventory/v1/inventory.pb-c.h"
#include "stock.h"

Shop__Inventory__V1__Item *inventory_item_message(mesh_arena *arena, const stock_item *item);
Shop__Inventory__V1__Reservation *
inventory_reservation_message(mesh_arena *arena, const stock_reservation *reservation);

#endif

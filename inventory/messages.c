/* SPDX-License-Identifier: Apache-2.0 */
#include "messages.h"

#include <store/check.h>

Shop__Inventory__V1__Item *inventory_item_message(mesh_arena *arena, const stock_item *item) {
  Shop__Inventory__V1__Item *message = mesh_arena_alloc(arena, sizeof *message);
  shop__inventory__v1__item__init(message);
  message->product_id = (char *)item->product_id;
  message->name = (char *)item->name;
  message->quantity = (int32_t)item->available;
  message->reserved = (int32_t)item->reserved;
  message->price = store_dollars(item->price_cents);
  return message;
}

Shop__Inventory__V1__Reservation *
inventory_reservation_message(mesh_arena *arena, const stock_reservation *reservation) {
  Shop__Inventory__V1__Reservation *message = mesh_arena_alloc(arena, sizeof *message);
  shop__inventory__v1__reservation__init(message);
  message->order_id = (char *)reservation->order_id;
  message->product_id = (char *)reservation->product_id;
  message->owner = (char *)reservation->owner;
  message->quantity = (int32_t)reservation->quantity;
  message->state = (Shop__Inventory__V1__ReservationState)reservation->state;
  message->unit_price = store_dollars(reservation->price_cents);
  message->created_at = store_timestamp(arena, reservation->created_at_unix_ms);
  return message;
}

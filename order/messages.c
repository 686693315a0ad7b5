/* SPDX-License-Identifier: Apache-2.0 */
#include "messages.h"

int64_t order_cents(double dollars) {
  return (int64_t)(dollars * 100 + 0.5);
}

static double dollars(int64_t cents) {
  return (double)cents / 100;
}

Shop__Order__V1__Order *order_message(mesh_arena *arena, const ledger_order *order) {
  Google__Protobuf__Timestamp *created_at = mesh_arena_alloc(arena, sizeof *created_at);
  google__protobuf__timestamp__init(created_at);
  created_at->seconds = order->created_at_unix_ms / 1000;
  created_at->nanos = (int32_t)(order->created_at_unix_ms % 1000) * 1000000;

  Shop__Order__V1__Order *message = mesh_arena_alloc(arena, sizeof *message);
  shop__order__v1__order__init(message);
  message->order_id = (char *)order->order_id;
  message->product_id = (char *)order->product_id;
  message->quantity = (int32_t)order->quantity;
  message->unit_price = dollars(order->price_cents);
  message->total = dollars(order->price_cents * order->quantity);
  message->status = (Shop__Order__V1__OrderStatus)order->status;
  message->created_at = created_at;
  if (order->failure_reason != NULL) {
    message->failure_reason = (char *)order->failure_reason;
  }
  return message;
}

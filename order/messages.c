/* SPDX-License-Identifier: Apache-2.0 */
#include "messages.h"

/* What the API calls it: an order that is being undone is not settled yet. */
static Shop__Order__V1__OrderStatus status_message(ledger_status status) {
  return status == LEDGER_UNDOING ? SHOP__ORDER__V1__ORDER_STATUS__ORDER_STATUS_PENDING
                                  : (Shop__Order__V1__OrderStatus)status;
}

/* The lines, and of a single one the order's own fields. */
static void add_lines(mesh_arena *arena, const ledger_order *order,
                      Shop__Order__V1__Order *message) {
  Shop__Order__V1__OrderItem *items = mesh_arena_alloc(arena, order->line_count * sizeof *items);
  int64_t total_cents = 0;
  message->items = mesh_arena_alloc(arena, order->line_count * sizeof *message->items);
  message->n_items = order->line_count;
  for (size_t i = 0; i < order->line_count; i++) {
    const ledger_line *line = &order->lines[i];
    shop__order__v1__order_item__init(&items[i]);
    items[i].item_id = (char *)line->item_id;
    items[i].quantity = (int32_t)line->quantity;
    items[i].unit_price = store_dollars(line->price_cents);
    message->items[i] = &items[i];
    total_cents += line->price_cents * line->quantity;
  }
  message->total = store_dollars(total_cents);
  if (order->line_count == 1) {
    message->product_id = items[0].item_id;
    message->quantity = items[0].quantity;
    message->unit_price = items[0].unit_price;
  }
}

static Shop__Order__V1__OrderPayment *payment_message(mesh_arena *arena,
                                                      const ledger_order *order) {
  Shop__Order__V1__OrderPayment *message = mesh_arena_alloc(arena, sizeof *message);
  shop__order__v1__order_payment__init(message);
  message->user_id = (char *)order->user_id;
  message->payment_method = (char *)order->payment_method;
  message->amount = store_dollars(order->amount_cents);
  return message;
}

Shop__Order__V1__Order *order_message(mesh_arena *arena, const ledger_order *order) {
  Shop__Order__V1__Order *message = mesh_arena_alloc(arena, sizeof *message);
  shop__order__v1__order__init(message);
  message->order_id = (char *)order->order_id;
  message->status = status_message(order->status);
  message->created_at = store_timestamp(arena, order->created_at_unix_ms);
  if (order->failure_reason != NULL) {
    message->failure_reason = (char *)order->failure_reason;
  }
  add_lines(arena, order, message);
  if (order->user_id != NULL) {
    message->payment = payment_message(arena, order);
  }
  return message;
}

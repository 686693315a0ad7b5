/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger_lines.h"

#include <string.h>

static const store_statement insert_line = {
    "INSERT INTO order_items (order_id, position, item_id, quantity, price_cents)"
    " VALUES (?, ?, ?, ?, ?)",
    "INSERT", "order_items"};

static const store_statement set_price = {
    "UPDATE order_items SET price_cents = ? WHERE order_id = ? AND position = ?", "UPDATE",
    "order_items"};

/* With each line how many its order has. */
static const store_statement select_lines = {
    "SELECT order_id, item_id, quantity, price_cents, count(*) OVER (PARTITION BY order_id)"
    " FROM order_items WHERE order_id IN (SELECT value FROM json_each(?))"
    " ORDER BY order_id, position",
    "SELECT", "order_items"};

void ledger__lines_insert(store_transaction *transaction, const ledger_order *order) {
  for (size_t i = 0; i < order->line_count; i++) {
    store_query *query = store_query_start(transaction, &insert_line);
    store_bind_text(query, order->order_id);
    store_bind_int(query, (int64_t)i);
    store_bind_text(query, order->lines[i].item_id);
    store_bind_int(query, order->lines[i].quantity);
    store_bind_int(query, order->lines[i].price_cents);
    store_execute(query);
  }
}

void ledger__lines_set_prices(store_transaction *transaction, const ledger_order *order) {
  for (size_t i = 0; i < order->line_count; i++) {
    store_query *query = store_query_start(transaction, &set_price);
    store_bind_int(query, order->lines[i].price_cents);
    store_bind_text(query, order->order_id);
    store_bind_int(query, (int64_t)i);
    store_execute(query);
  }
}

/* The order of this id, from where the last one was found on: both lists have an order of ids. */
static ledger_order *seek(ledger_order *orders, size_t count, const char *order_id, size_t *at) {
  for (size_t steps = 0; steps < count; steps++) {
    if (strcmp(orders[*at].order_id, order_id) == 0) {
      return &orders[*at];
    }
    *at = (*at + count - 1) % count;
  }
  return NULL;
}

void ledger__lines_read(store_transaction *transaction, ledger_order *orders, size_t count) {
  mesh_arena *arena = store_arena(transaction);
  const char **ids = mesh_arena_alloc(arena, (count + 1) * sizeof *ids);
  size_t wanted = 0;
  size_t at = 0;
  for (size_t i = 0; i < count; i++) {
    if (orders[i].line_count == 0) {
      ids[wanted++] = orders[i].order_id;
    }
  }
  if (wanted == 0) {
    return;
  }
  store_query *query = store_query_start(transaction, &select_lines);
  store_bind_texts(query, ids, wanted);
  while (store_query_next(query)) {
    ledger_order *order = seek(orders, count, store_column_text(query, 0), &at);
    if (order->lines == NULL) {
      order->lines =
          mesh_arena_alloc(arena, (size_t)store_column_int(query, 4) * sizeof *order->lines);
    }
    order->lines[order->line_count++] = (ledger_line){.item_id = store_column_text(query, 1),
                                                      .quantity = store_column_int(query, 2),
                                                      .price_cents = store_column_int(query, 3)};
  }
}

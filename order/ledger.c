/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger.h"

static const store_statement insert_order = {
    "INSERT INTO orders (order_id, product_id, quantity, price_cents, status, created_at_unix_ms,"
    " failure_reason) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (order_id) DO NOTHING",
    "INSERT", "orders"};

#define ORDER_COLUMNS \
  "order_id, product_id, quantity, price_cents, status, created_at_unix_ms, failure_reason"

static const store_statement select_order = {
    "SELECT " ORDER_COLUMNS " FROM orders WHERE order_id = ?", "SELECT", "orders"};

static const store_statement select_orders = {
    "SELECT " ORDER_COLUMNS " FROM orders WHERE order_id < ? ORDER BY order_id DESC LIMIT ?",
    "SELECT", "orders"};

/* The position in the list comes back with each order that is there. */
static const store_statement select_statuses = {
    "SELECT wanted.key, orders.status FROM json_each(?) AS wanted"
    " JOIN orders ON orders.order_id = wanted.value",
    "SELECT", "orders"};

/* Behind every id there is, for the first page of the latest. */
static const char last_of_all[] = "~";

bool ledger_insert(store_transaction *transaction, const ledger_order *order) {
  store_query *query = store_query_start(transaction, &insert_order);
  store_bind_text(query, order->order_id);
  store_bind_text(query, order->product_id);
  store_bind_int(query, order->quantity);
  store_bind_int(query, order->price_cents);
  store_bind_int(query, order->status);
  store_bind_int(query, order->created_at_unix_ms);
  store_bind_text(query, order->failure_reason);
  return store_execute(query) == 1;
}

static ledger_order read_order(store_query *query) {
  return (ledger_order){.order_id = store_column_text(query, 0),
                        .product_id = store_column_text(query, 1),
                        .quantity = store_column_int(query, 2),
                        .price_cents = store_column_int(query, 3),
                        .status = (ledger_status)store_column_int(query, 4),
                        .created_at_unix_ms = store_column_int(query, 5),
                        .failure_reason = store_column_text(query, 6)};
}

bool ledger_find(store_transaction *transaction, ledger_order *order) {
  store_query *query = store_query_start(transaction, &select_order);
  store_bind_text(query, order->order_id);
  bool is_found = store_query_next(query);
  if (is_found) {
    *order = read_order(query);
  }
  store_query_end(query);
  return is_found;
}

void ledger_list(store_transaction *transaction, ledger_page *page) {
  page->orders = mesh_arena_alloc(store_arena(transaction), page->size * sizeof *page->orders);
  store_query *query = store_query_start(transaction, &select_orders);
  store_bind_text(query, page->after[0] != '\0' ? page->after : last_of_all);
  store_bind_int(query, (int64_t)page->size + 1);
  while (store_query_next(query)) {
    if (page->count == page->size) {
      page->has_more = true;
      store_query_end(query);
      break;
    }
    page->orders[page->count++] = read_order(query);
  }
}

void ledger_look_up(store_transaction *transaction, ledger_lookup *lookup) {
  lookup->statuses =
      mesh_arena_alloc(store_arena(transaction), lookup->count * sizeof *lookup->statuses);
  store_query *query = store_query_start(transaction, &select_statuses);
  store_bind_texts(query, lookup->order_ids, lookup->count);
  while (store_query_next(query)) {
    lookup->statuses[store_column_int(query, 0)] = (ledger_status)store_column_int(query, 1);
  }
}

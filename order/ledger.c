/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger.h"

#include <string.h>

#include "ledger_lines.h"

static const store_statement insert_order = {
    "INSERT INTO orders (order_id, product_id, quantity, price_cents, status, created_at_unix_ms,"
    " failure_reason) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (order_id) DO NOTHING",
    "INSERT", "orders"};

static const store_statement insert_paid_order = {
    "INSERT INTO orders (order_id, product_id, quantity, price_cents, status, created_at_unix_ms,"
    " failure_reason, user_id, payment_method, amount_cents, shipping_address)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (order_id) DO NOTHING",
    "INSERT", "orders"};

static const store_statement confirm_order = {
    "UPDATE orders SET status = 1, price_cents = ? WHERE order_id = ? AND status = 3", "UPDATE",
    "orders"};

static const store_statement give_up_order = {
    "UPDATE orders SET status = 4, failure_reason = ? WHERE order_id = ? AND status = 3", "UPDATE",
    "orders"};

static const store_statement fail_order = {
    "UPDATE orders SET status = 2, failure_reason = coalesce(failure_reason, ?)"
    " WHERE order_id = ? AND status > 2",
    "UPDATE", "orders"};

#define ORDER_COLUMNS                                                        \
  "order_id, product_id, quantity, price_cents, status, created_at_unix_ms," \
  " failure_reason, user_id, payment_method, amount_cents, user_id IS NOT NULL"

static const store_statement select_order = {
    "SELECT " ORDER_COLUMNS " FROM orders WHERE order_id = ?", "SELECT", "orders"};

static const store_statement select_orders = {
    "SELECT " ORDER_COLUMNS " FROM orders WHERE order_id < ? ORDER BY order_id DESC LIMIT ?",
    "SELECT", "orders"};

static const store_statement select_open_orders = {
    "SELECT " ORDER_COLUMNS " FROM orders WHERE order_id > ? AND status > 2 ORDER BY order_id"
    " LIMIT ?",
    "SELECT", "orders"};

/* The position in the list comes back with each order that is there. */
static const store_statement select_statuses = {
    "SELECT wanted.key, orders.status FROM json_each(?) AS wanted"
    " JOIN orders ON orders.order_id = wanted.value",
    "SELECT", "orders"};

/* Behind every id there is, for the first page of the latest. */
static const char last_of_all[] = "~";

static void bind_order(store_query *query, const ledger_order *order) {
  int64_t quantity = 0;
  for (size_t i = 0; i < order->line_count; i++) {
    quantity += order->lines[i].quantity;
  }
  bool is_one = order->line_count == 1;
  store_bind_text(query, order->order_id);
  store_bind_text(query, is_one ? order->lines[0].item_id : "");
  store_bind_int(query, quantity);
  store_bind_int(query, is_one ? order->lines[0].price_cents : 0);
  store_bind_int(query, order->status);
  store_bind_int(query, order->created_at_unix_ms);
  store_bind_text(query, order->failure_reason);
}

bool ledger_insert(store_transaction *transaction, const ledger_order *order) {
  bool is_paid = order->user_id != NULL;
  store_query *query = store_query_start(transaction, is_paid ? &insert_paid_order : &insert_order);
  bind_order(query, order);
  if (is_paid) {
    store_bind_text(query, order->user_id);
    store_bind_text(query, order->payment_method);
    store_bind_int(query, order->amount_cents);
    store_bind_text(query, order->shipping_address);
  }
  bool is_new = store_execute(query) == 1;
  if (is_new && order->line_count > 1) {
    ledger__lines_insert(transaction, order);
  }
  return is_new;
}

bool ledger_confirm(store_transaction *transaction, const ledger_order *order) {
  bool is_one = order->line_count == 1;
  store_query *query = store_query_start(transaction, &confirm_order);
  store_bind_int(query, is_one ? order->lines[0].price_cents : 0);
  store_bind_text(query, order->order_id);
  if (store_execute(query) != 1) {
    return false;
  }
  if (!is_one) {
    ledger__lines_set_prices(transaction, order);
  }
  return true;
}

static void set_reason(store_transaction *transaction, const store_statement *statement,
                       const ledger_order *order) {
  store_query *query = store_query_start(transaction, statement);
  store_bind_text(query, order->failure_reason);
  store_bind_text(query, order->order_id);
  store_execute(query);
}

void ledger_give_up(store_transaction *transaction, const ledger_order *order) {
  set_reason(transaction, &give_up_order, order);
}

void ledger_fail(store_transaction *transaction, const ledger_order *order) {
  set_reason(transaction, &fail_order, order);
}

/* An order without lines is one of several items, whose lines are elsewhere. */
static ledger_order read_order(store_transaction *transaction, store_query *query) {
  ledger_order order = {.order_id = store_column_text(query, 0),
                        .status = (ledger_status)store_column_int(query, 4),
                        .created_at_unix_ms = store_column_int(query, 5),
                        .failure_reason = store_column_text(query, 6)};
  const char *product_id = store_column_text(query, 1);
  if (product_id[0] != '\0') {
    order.lines = mesh_arena_alloc(store_arena(transaction), sizeof *order.lines);
    order.line_count = 1;
    order.lines[0] = (ledger_line){.item_id = product_id,
                                   .quantity = store_column_int(query, 2),
                                   .price_cents = store_column_int(query, 3)};
  }
  if (store_column_int(query, 10) != 0) {
    order.user_id = store_column_text(query, 7);
    order.payment_method = store_column_text(query, 8);
    order.amount_cents = store_column_int(query, 9);
  }
  return order;
}

bool ledger_find(store_transaction *transaction, ledger_order *order) {
  store_query *query = store_query_start(transaction, &select_order);
  store_bind_text(query, order->order_id);
  bool is_found = store_query_next(query);
  if (is_found) {
    *order = read_order(transaction, query);
  }
  store_query_end(query);
  if (is_found) {
    ledger__lines_read(transaction, order, 1);
  }
  return is_found;
}

static void read_page(store_transaction *transaction, const store_statement *statement,
                      ledger_page *page) {
  page->orders = mesh_arena_alloc(store_arena(transaction), page->size * sizeof *page->orders);
  store_query *query = store_query_start(transaction, statement);
  store_bind_text(query, page->after);
  store_bind_int(query, (int64_t)page->size + 1);
  while (store_query_next(query)) {
    if (page->count == page->size) {
      page->has_more = true;
      store_query_end(query);
      break;
    }
    page->orders[page->count++] = read_order(transaction, query);
  }
  ledger__lines_read(transaction, page->orders, page->count);
}

void ledger_list(store_transaction *transaction, ledger_page *page) {
  page->after = page->after[0] != '\0' ? page->after : last_of_all;
  read_page(transaction, &select_orders, page);
}

void ledger_list_open(store_transaction *transaction, ledger_page *page) {
  read_page(transaction, &select_open_orders, page);
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

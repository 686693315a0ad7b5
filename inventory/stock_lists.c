/* SPDX-License-Identifier: Apache-2.0 */
#include "stock.h"

static const store_statement select_items = {
    "SELECT product_id, name, available, reserved, price_cents FROM items"
    " WHERE product_id > ? ORDER BY product_id LIMIT ?",
    "SELECT", "items"};

#define SELECT_RESERVATIONS                                                              \
  "SELECT order_id, product_id, quantity, state, price_cents, created_at_unix_ms, owner" \
  " FROM reservations WHERE (order_id, product_id) > (?1, ?2) AND "
#define IN_ORDER " ORDER BY order_id, product_id LIMIT ?3"

/* A statement for each way to filter, so that each has an index to go by. All take the same
 * parameters: order and product that the page comes behind, limit, state, order. */
static const store_statement select_all = {SELECT_RESERVATIONS "(?4 = 0 AND ?5 = '')" IN_ORDER,
                                           "SELECT", "reservations"};

static const store_statement select_committed = {
    SELECT_RESERVATIONS "state = ?4 AND ?5 = ''" IN_ORDER, "SELECT", "reservations"};

static const store_statement select_not_committed = {
    SELECT_RESERVATIONS "state = ?4 AND state <> 2 AND ?5 = ''" IN_ORDER, "SELECT", "reservations"};

static const store_statement select_of_order = {SELECT_RESERVATIONS
                                                "(?4 = 0 OR state = ?4) AND order_id = ?5" IN_ORDER,
                                                "SELECT", "reservations"};

stock_item *stock_list_items(store_transaction *transaction, store_list *list) {
  stock_item *items = mesh_arena_alloc(store_arena(transaction), list->size * sizeof *items);
  store_query *query = store_query_start(transaction, &select_items);
  store_bind_text(query, list->after[0]);
  store_bind_int(query, store_list_limit(list));
  while (store_list_next(list, query)) {
    items[list->count - 1] = (stock_item){.product_id = store_column_text(query, 0),
                                          .name = store_column_text(query, 1),
                                          .available = store_column_int(query, 2),
                                          .reserved = store_column_int(query, 3),
                                          .price_cents = store_column_int(query, 4)};
  }
  return items;
}

static const store_statement *choose(stock_state state, const char *order_id) {
  if (order_id[0] != '\0') {
    return &select_of_order;
  }
  switch (state) {
  case STOCK_ANY:
    return &select_all;
  case STOCK_COMMITTED:
    return &select_committed;
  default:
    return &select_not_committed;
  }
}

static stock_reservation read_reservation(store_query *query) {
  return (stock_reservation){.order_id = store_column_text(query, 0),
                             .product_id = store_column_text(query, 1),
                             .quantity = store_column_int(query, 2),
                             .state = (stock_state)store_column_int(query, 3),
                             .price_cents = store_column_int(query, 4),
                             .created_at_unix_ms = store_column_int(query, 5),
                             .owner = store_column_text(query, 6)};
}

stock_reservation *stock_list_reservations(store_transaction *transaction, stock_state state,
                                           const char *order_id, store_list *list) {
  stock_reservation *rows = mesh_arena_alloc(store_arena(transaction), list->size * sizeof *rows);
  store_query *query = store_query_start(transaction, choose(state, order_id));
  store_bind_text(query, list->after[0]);
  store_bind_text(query, list->after[1]);
  store_bind_int(query, store_list_limit(list));
  store_bind_int(query, state);
  store_bind_text(query, order_id);
  while (store_list_next(list, query)) {
    rows[list->count - 1] = read_reservation(query);
  }
  return rows;
}

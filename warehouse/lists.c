/* SPDX-License-Identifier: Apache-2.0 */
#include "shelves.h"

static const store_statement select_stock = {
    "SELECT item_id, location, available, reserved FROM stock"
    " WHERE (item_id, location) > (?1, ?2) AND ?4 = '' ORDER BY item_id, location LIMIT ?3",
    "SELECT", "stock"};

static const store_statement select_stock_of_item = {
    "SELECT item_id, location, available, reserved FROM stock"
    " WHERE (item_id, location) > (?1, ?2) AND item_id = ?4 ORDER BY item_id, location LIMIT ?3",
    "SELECT", "stock"};

#define SELECT_RESERVATIONS                                                             \
  "SELECT order_id, item_id, location, quantity, state, created_at_unix_ms FROM orders" \
  " JOIN reservations USING (order_id)"                                                 \
  " WHERE order_id >= ?1 AND (order_id, item_id, location) > (?1, ?2, ?3) AND "
#define IN_ORDER " ORDER BY order_id, item_id, location LIMIT ?4"

/* A statement for each way to filter, so that each has an index to go by. All take the same
 * parameters: the row that the page comes behind, limit, state, order. */
static const store_statement select_all = {SELECT_RESERVATIONS "(?5 = 0 AND ?6 = '')" IN_ORDER,
                                           "SELECT", "reservations"};

static const store_statement select_committed = {
    SELECT_RESERVATIONS "state = ?5 AND ?6 = ''" IN_ORDER, "SELECT", "reservations"};

static const store_statement select_not_committed = {
    SELECT_RESERVATIONS "state = ?5 AND state <> 2 AND ?6 = ''" IN_ORDER, "SELECT", "reservations"};

static const store_statement select_of_order = {SELECT_RESERVATIONS
                                                "(?5 = 0 OR state = ?5) AND order_id = ?6" IN_ORDER,
                                                "SELECT", "reservations"};

shelves_stock *shelves_list_stock(store_transaction *transaction, const char *item_id,
                                  store_list *list) {
  shelves_stock *stock = mesh_arena_alloc(store_arena(transaction), list->size * sizeof *stock);
  store_query *query =
      store_query_start(transaction, item_id[0] == '\0' ? &select_stock : &select_stock_of_item);
  store_bind_text(query, list->after[0]);
  store_bind_text(query, list->after[1]);
  store_bind_int(query, store_list_limit(list));
  store_bind_text(query, item_id);
  while (store_list_next(list, query)) {
    stock[list->count - 1] = (shelves_stock){.item_id = store_column_text(query, 0),
                                             .location = store_column_text(query, 1),
                                             .available = store_column_int(query, 2),
                                             .reserved = store_column_int(query, 3)};
  }
  return stock;
}

static const store_statement *choose(shelves_state state, const char *order_id) {
  if (order_id[0] != '\0') {
    return &select_of_order;
  }
  switch (state) {
  case SHELVES_ANY:
    return &select_all;
  case SHELVES_COMMITTED:
    return &select_committed;
  default:
    return &select_not_committed;
  }
}

shelves_reservation *shelves_list_reservations(store_transaction *transaction, shelves_state state,
                                               const char *order_id, store_list *list) {
  shelves_reservation *rows = mesh_arena_alloc(store_arena(transaction), list->size * sizeof *rows);
  store_query *query = store_query_start(transaction, choose(state, order_id));
  for (size_t i = 0; i < STORE_LIST_KEYS; i++) {
    store_bind_text(query, list->after[i]);
  }
  store_bind_int(query, store_list_limit(list));
  store_bind_int(query, state);
  store_bind_text(query, order_id);
  while (store_list_next(list, query)) {
    rows[list->count - 1] =
        (shelves_reservation){.order_id = store_column_text(query, 0),
                              .item_id = store_column_text(query, 1),
                              .location = store_column_text(query, 2),
                              .quantity = store_column_int(query, 3),
                              .state = (shelves_state)store_column_int(query, 4),
                              .created_at_unix_ms = store_column_int(query, 5)};
  }
  return rows;
}

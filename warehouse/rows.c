/* SPDX-License-Identifier: Apache-2.0 */
#include "rows.h"

#define OF_ITEM_AND_LOCATION " WHERE item_id = ?2 AND location = ?3"

const store_statement rows_take = {
    "UPDATE stock SET available = available - ?1, reserved = reserved + ?1" OF_ITEM_AND_LOCATION,
    "UPDATE", "stock"};

const store_statement rows_put_back = {
    "UPDATE stock SET available = available + ?1, reserved = reserved - ?1" OF_ITEM_AND_LOCATION,
    "UPDATE", "stock"};

const store_statement rows_hand_out = {
    "UPDATE stock SET reserved = reserved - ?1" OF_ITEM_AND_LOCATION, "UPDATE", "stock"};

const store_statement rows_add = {
    "UPDATE stock SET available = available + ?1" OF_ITEM_AND_LOCATION, "UPDATE", "stock"};

static const store_statement insert_order = {
    "INSERT INTO orders (order_id, state, created_at_unix_ms, reason) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (order_id) DO NOTHING",
    "INSERT", "orders"};

static const store_statement select_order = {
    "SELECT state, created_at_unix_ms FROM orders WHERE order_id = ?", "SELECT", "orders"};

static const store_statement select_reservations = {
    "SELECT item_id, location, quantity FROM reservations WHERE order_id = ?"
    " ORDER BY item_id, location",
    "SELECT", "reservations"};

void rows_move(store_transaction *transaction, const store_statement *how, int64_t quantity,
               const char *item_id, const char *location) {
  store_query *query = store_query_start(transaction, how);
  store_bind_int(query, quantity);
  store_bind_text(query, item_id);
  store_bind_text(query, location);
  store_execute(query);
}

bool rows_insert_order(store_transaction *transaction, const shelves_order *order,
                       shelves_state state) {
  store_query *query = store_query_start(transaction, &insert_order);
  store_bind_text(query, order->order_id);
  store_bind_int(query, state);
  store_bind_int(query, order->now_unix_ms);
  store_bind_text(query, order->reason);
  return store_execute(query) == 1;
}

shelves_state rows_find_order(store_transaction *transaction, const char *order_id,
                              int64_t *out_created_at_unix_ms) {
  shelves_state state = SHELVES_ANY;
  *out_created_at_unix_ms = 0;
  store_query *query = store_query_start(transaction, &select_order);
  store_bind_text(query, order_id);
  if (store_query_next(query)) {
    state = (shelves_state)store_column_int(query, 0);
    *out_created_at_unix_ms = store_column_int(query, 1);
  }
  store_query_end(query);
  return state;
}

shelves_reservation *rows_read_reservations(store_transaction *transaction,
                                            const shelves_reservation *like) {
  shelves_reservation *first = NULL;
  shelves_reservation **end = &first;
  store_query *query = store_query_start(transaction, &select_reservations);
  store_bind_text(query, like->order_id);
  while (store_query_next(query)) {
    shelves_reservation *row = mesh_arena_alloc(store_arena(transaction), sizeof *row);
    *row = *like;
    row->item_id = store_column_text(query, 0);
    row->location = store_column_text(query, 1);
    row->quantity = store_column_int(query, 2);
    *end = row;
    end = &row->next;
  }
  return first;
}

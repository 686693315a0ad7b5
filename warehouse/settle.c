/* SPDX-License-Identifier: Apache-2.0 */
/* Orders that are given back, and deliveries. */
#include "rows.h"

static const store_statement release_order = {
    "UPDATE orders SET state = 3, reason = ? WHERE order_id = ? AND state = 1", "UPDATE", "orders"};

static const store_statement select_stock = {
    "SELECT available, reserved FROM stock WHERE item_id = ? AND location = ?", "SELECT", "stock"};

/* What an int32 of the API can still count. */
static const int64_t stock_max = INT32_MAX;

/* ---- release ---- */

static bool give_back(store_transaction *transaction, const shelves_order *order) {
  store_query *query = store_query_start(transaction, &release_order);
  store_bind_text(query, order->reason);
  store_bind_text(query, order->order_id);
  return store_execute(query) == 1;
}

static void put_back(store_transaction *transaction, shelves_order *order) {
  const shelves_reservation like = {.order_id = order->order_id, .state = SHELVES_RELEASED};
  order->reservations = rows_read_reservations(transaction, &like);
  for (const shelves_reservation *row = order->reservations; row != NULL; row = row->next) {
    rows_move(transaction, &rows_put_back, row->quantity, row->item_id, row->location);
    order->released += row->quantity;
  }
}

/*
 * When there is nothing to release yet, that there never will be is written down: the Reserve that
 * this call undoes may still be on its way, and must find the door shut.
 */
mesh_status shelves_release(store_transaction *transaction, shelves_order *order) {
  if (give_back(transaction, order)) {
    put_back(transaction, order);
    return mesh_status_ok();
  }
  int64_t created_at_unix_ms = 0;
  order->is_repeated = !rows_insert_order(transaction, order, SHELVES_RELEASED);
  if (order->is_repeated &&
      rows_find_order(transaction, order->order_id, &created_at_unix_ms) == SHELVES_COMMITTED) {
    order->problem.failure = SHELVES_GONE;
    return mesh_status_error(GRPC_STATUS_FAILED_PRECONDITION, "the order's reservations are final");
  }
  return mesh_status_ok();
}

/* ---- add ---- */

static bool find_stock(store_transaction *transaction, shelves_delivery *delivery) {
  store_query *query = store_query_start(transaction, &select_stock);
  store_bind_text(query, delivery->item_id);
  store_bind_text(query, delivery->location);
  bool is_found = store_query_next(query);
  if (is_found) {
    delivery->stock = (shelves_stock){.item_id = delivery->item_id,
                                      .location = delivery->location,
                                      .available = store_column_int(query, 0),
                                      .reserved = store_column_int(query, 1)};
  }
  store_query_end(query);
  return is_found;
}

mesh_status shelves_add(store_transaction *transaction, shelves_delivery *delivery) {
  delivery->problem.item_id = delivery->item_id;
  if (!find_stock(transaction, delivery)) {
    delivery->problem.failure = SHELVES_NO_ITEM;
    return mesh_status_error(GRPC_STATUS_NOT_FOUND, "the warehouse does not keep '%s' there",
                             delivery->item_id);
  }
  shelves_stock *stock = &delivery->stock;
  if (stock->available + stock->reserved > stock_max - delivery->quantity) {
    delivery->problem.failure = SHELVES_TOO_MUCH;
    return mesh_status_error(GRPC_STATUS_OUT_OF_RANGE,
                             "there would be more of '%s' than can be counted", delivery->item_id);
  }
  rows_move(transaction, &rows_add, delivery->quantity, delivery->item_id, delivery->location);
  stock->available += delivery->quantity;
  return mesh_status_ok();
}

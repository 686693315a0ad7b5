/* SPDX-License-Identifier: Apache-2.0 */
#include "stock.h"

#include <string.h>

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

static const store_statement commit_reservations = {
    "UPDATE reservations SET state = 2"
    " WHERE state = 1 AND order_id IN (SELECT value FROM json_each(?))"
    " AND (? = 0 OR product_id NOT IN (SELECT product_id FROM items WHERE is_backed = 1))"
    " RETURNING order_id, product_id, quantity, EXISTS (SELECT 1 FROM reservations AS lost"
    " WHERE lost.order_id = reservations.order_id AND lost.state = 3 AND lost.quantity > 0)",
    "UPDATE", "reservations"};

static const store_statement select_backed = {
    "SELECT DISTINCT order_id FROM reservations JOIN items USING (product_id)"
    " WHERE state = 1 AND is_backed = 1 AND order_id IN (SELECT value FROM json_each(?))",
    "SELECT", "reservations"};

static const store_statement take_off_reserved = {
    "UPDATE items SET reserved = reserved - ? WHERE product_id = ?", "UPDATE", "items"};

static const store_statement select_refused = {
    "SELECT value FROM json_each(?) WHERE NOT EXISTS"
    " (SELECT 1 FROM reservations WHERE order_id = value AND state = 2) OR EXISTS"
    " (SELECT 1 FROM reservations WHERE order_id = value AND state = 3 AND quantity > 0)",
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

/* Sold pieces of one product. A shop has few products and a batch many orders, so a list will do.
 */
typedef struct sold_sum {
  struct sold_sum *next;
  const char *product_id;
  int64_t quantity;
} sold_sum;

static void add_sold(store_transaction *transaction, sold_sum **sums, const char *product_id,
                     int64_t quantity) {
  sold_sum *sum = *sums;
  while (sum != NULL && strcmp(sum->product_id, product_id) != 0) {
    sum = sum->next;
  }
  if (sum == NULL) {
    sum = mesh_arena_alloc(store_arena(transaction), sizeof *sum);
    *sum = (sold_sum){.next = *sums, .product_id = product_id};
    *sums = sum;
  }
  sum->quantity += quantity;
}

static void find_refused(store_transaction *transaction, stock_settlement *settlement) {
  settlement->refused_ids = mesh_arena_alloc(
      store_arena(transaction), settlement->order_count * sizeof *settlement->refused_ids);
  store_query *query = store_query_start(transaction, &select_refused);
  store_bind_texts(query, settlement->order_ids, settlement->order_count);
  while (store_query_next(query)) {
    settlement->refused_ids[settlement->refused_count++] = store_column_text(query, 0);
  }
}

/* Commits what is held. @return how many orders that were, but for those that lost a part; a
 * repeated id counts once. */
static size_t commit_held(store_transaction *transaction, stock_settlement *settlement) {
  sold_sum *sums = NULL;
  size_t orders = 0;
  const char *last_order = "";
  store_query *query = store_query_start(transaction, &commit_reservations);
  store_bind_texts(query, settlement->order_ids, settlement->order_count);
  store_bind_int(query, settlement->leaves_backed);
  while (store_query_next(query)) {
    const char *order_id = store_column_text(query, 0);
    bool is_whole = store_column_int(query, 3) == 0;
    orders += is_whole && strcmp(order_id, last_order) != 0; /* an order's rows are neighbours */
    last_order = order_id;
    add_sold(transaction, &sums, store_column_text(query, 1), store_column_int(query, 2));
    settlement->committed++;
  }
  for (const sold_sum *sum = sums; sum != NULL; sum = sum->next) {
    query = store_query_start(transaction, &take_off_reserved);
    store_bind_int(query, sum->quantity);
    store_bind_text(query, sum->product_id);
    store_execute(query);
  }
  return orders;
}

/* Orders of which the warehouse has pieces. */
static void find_backed(store_transaction *transaction, stock_settlement *settlement) {
  settlement->backed_ids = mesh_arena_alloc(
      store_arena(transaction), settlement->order_count * sizeof *settlement->backed_ids);
  store_query *query = store_query_start(transaction, &select_backed);
  store_bind_texts(query, settlement->order_ids, settlement->order_count);
  while (store_query_next(query)) {
    settlement->backed_ids[settlement->backed_count++] = store_column_text(query, 0);
  }
}

mesh_status stock_commit(store_transaction *transaction, stock_settlement *settlement) {
  if (!settlement->is_done_elsewhere && !settlement->leaves_backed) {
    find_backed(transaction, settlement);
    if (settlement->backed_count > 0) {
      return mesh_status_error(GRPC_STATUS_ABORTED, "the warehouse goes first");
    }
  }
  if (commit_held(transaction, settlement) < settlement->order_count) {
    find_refused(transaction, settlement);
  }
  return mesh_status_ok();
}

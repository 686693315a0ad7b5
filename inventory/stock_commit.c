/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reservations of orders become final: all there is of the orders is read once, the rest is decided
 * here, and what changes is changed for all of them at once.
 */
#include "stock.h"

#include <stdlib.h>
#include <string.h>

static const store_statement select_rows = {
    "SELECT order_id, product_id, quantity, state, coalesce(is_backed, 0)"
    " FROM reservations LEFT JOIN items USING (product_id)"
    " WHERE order_id IN (SELECT value FROM json_each(?)) ORDER BY order_id, product_id",
    "SELECT", "reservations"};

#define COMMIT_HELD                   \
  "UPDATE reservations SET state = 2" \
  " WHERE state = 1 AND order_id IN (SELECT value FROM json_each(?))"

static const store_statement commit_all = {COMMIT_HELD, "UPDATE", "reservations"};

static const store_statement commit_not_backed = {
    COMMIT_HELD " AND product_id NOT IN (SELECT product_id FROM items WHERE is_backed = 1)",
    "UPDATE", "reservations"};

static const store_statement take_off_reserved = {
    "UPDATE items SET reserved = reserved - ? WHERE product_id = ?", "UPDATE", "items"};

/* What there is of an order. */
typedef struct known_order {
  const char *order_id;
  bool has_sold; /* pieces that are sold, or will be now */
  bool has_lost; /* pieces that were released */
} known_order;

/* Sold pieces of one product. A shop has few products and a batch many orders, so a list will do.
 */
typedef struct sold_sum {
  struct sold_sum *next;
  const char *product_id;
  int64_t quantity;
} sold_sum;

typedef struct commit_plan {
  store_transaction *transaction;
  stock_settlement *settlement;
  known_order *orders; /* by id */
  size_t order_count;
  sold_sum *sums;
} commit_plan;

static void *allocate(const commit_plan *plan, size_t count, size_t size) {
  return mesh_arena_alloc(store_arena(plan->transaction), count * size);
}

static known_order *know(commit_plan *plan, const char *order_id) {
  known_order *last = plan->order_count == 0 ? NULL : &plan->orders[plan->order_count - 1];
  if (last != NULL && strcmp(last->order_id, order_id) == 0) {
    return last;
  }
  plan->orders[plan->order_count] = (known_order){.order_id = order_id};
  return &plan->orders[plan->order_count++];
}

static void sell(commit_plan *plan, const char *product_id, int64_t quantity) {
  sold_sum *sum = plan->sums;
  while (sum != NULL && strcmp(sum->product_id, product_id) != 0) {
    sum = sum->next;
  }
  if (sum == NULL) {
    sum = allocate(plan, 1, sizeof *sum);
    *sum = (sold_sum){.next = plan->sums, .product_id = product_id};
    plan->sums = sum;
  }
  sum->quantity += quantity;
  plan->settlement->committed++;
}

static void wait_for_warehouse(stock_settlement *settlement, const char *order_id) {
  size_t count = settlement->backed_count;
  if (count == 0 || settlement->backed_ids[count - 1] != order_id) {
    settlement->backed_ids[settlement->backed_count++] = order_id;
  }
}

static void plan_held(commit_plan *plan, known_order *order, store_query *row) {
  stock_settlement *settlement = plan->settlement;
  bool is_backed = store_column_int(row, 4) != 0;
  if (is_backed && settlement->leaves_backed) {
    return;
  }
  if (is_backed && !settlement->is_done_elsewhere) {
    wait_for_warehouse(settlement, order->order_id);
    return;
  }
  order->has_sold = true;
  sell(plan, store_column_text(row, 1), store_column_int(row, 2));
}

static void plan_row(commit_plan *plan, store_query *row) {
  known_order *order = know(plan, store_column_text(row, 0));
  switch ((stock_state)store_column_int(row, 3)) {
  case STOCK_HELD:
    plan_held(plan, order, row);
    break;
  case STOCK_COMMITTED:
    order->has_sold = true;
    break;
  default:
    order->has_lost |= store_column_int(row, 2) > 0;
    break;
  }
}

static void read_rows(commit_plan *plan) {
  const stock_settlement *settlement = plan->settlement;
  store_query *query = store_query_start(plan->transaction, &select_rows);
  store_bind_texts(query, settlement->order_ids, settlement->order_count);
  while (store_query_next(query)) {
    plan_row(plan, query);
  }
}

static void carry_out(const commit_plan *plan) {
  const stock_settlement *settlement = plan->settlement;
  if (settlement->committed == 0) {
    return;
  }
  store_query *query = store_query_start(
      plan->transaction, settlement->leaves_backed ? &commit_not_backed : &commit_all);
  store_bind_texts(query, settlement->order_ids, settlement->order_count);
  store_execute(query);
  for (const sold_sum *sum = plan->sums; sum != NULL; sum = sum->next) {
    query = store_query_start(plan->transaction, &take_off_reserved);
    store_bind_int(query, sum->quantity);
    store_bind_text(query, sum->product_id);
    store_execute(query);
  }
}

static int compare_ids(const void *key, const void *item) {
  return strcmp(key, ((const known_order *)item)->order_id);
}

static void find_refused(const commit_plan *plan) {
  stock_settlement *settlement = plan->settlement;
  settlement->refused_ids =
      allocate(plan, settlement->order_count, sizeof *settlement->refused_ids);
  for (size_t i = 0; i < settlement->order_count; i++) {
    const char *order_id = settlement->order_ids[i];
    const known_order *order =
        bsearch(order_id, plan->orders, plan->order_count, sizeof *plan->orders, compare_ids);
    if (order == NULL || !order->has_sold || order->has_lost) {
      settlement->refused_ids[settlement->refused_count++] = order_id;
    }
  }
}

mesh_status stock_commit(store_transaction *transaction, stock_settlement *settlement) {
  commit_plan plan = {.transaction = transaction, .settlement = settlement};
  settlement->backed_count = settlement->refused_count = 0;
  settlement->committed = 0;
  settlement->backed_ids = allocate(&plan, settlement->order_count, sizeof *settlement->backed_ids);
  plan.orders = allocate(&plan, settlement->order_count, sizeof *plan.orders);
  read_rows(&plan);
  if (settlement->backed_count > 0) {
    return mesh_status_error(GRPC_STATUS_ABORTED, "the warehouse goes first");
  }
  carry_out(&plan);
  find_refused(&plan);
  return mesh_status_ok();
}

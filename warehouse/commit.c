/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Orders become final: all there is of them is read once, the rest is decided here, and what
 * changes is changed for all of them at once.
 */
#include <stdlib.h>
#include <string.h>

#include "rows.h"

static const store_statement select_rows = {
    "SELECT order_id, state, item_id, location, quantity"
    " FROM orders LEFT JOIN reservations USING (order_id)"
    " WHERE order_id IN (SELECT value FROM json_each(?)) ORDER BY order_id",
    "SELECT", "orders"};

static const store_statement commit_held = {
    "UPDATE orders SET state = 2"
    " WHERE state = 1 AND order_id IN (SELECT value FROM json_each(?))",
    "UPDATE", "orders"};

/* Pieces that leave one place. A warehouse has few places for the items it keeps and a batch many
 * orders, so a list will do. */
typedef struct handed_out {
  struct handed_out *next;
  const char *item_id;
  const char *location;
  int64_t quantity;
} handed_out;

typedef struct commit_plan {
  store_transaction *transaction;
  shelves_settlement *settlement;
  const char **final_ids; /* of orders that are committed, or will be now; in their order */
  size_t final_count;
  handed_out *leaving;
} commit_plan;

static void *allocate(const commit_plan *plan, size_t count, size_t size) {
  return mesh_arena_alloc(store_arena(plan->transaction), count * size);
}

/* False when the order's rows before this one have told so already. */
static bool note_final(commit_plan *plan, const char *order_id) {
  size_t count = plan->final_count;
  if (count > 0 && strcmp(plan->final_ids[count - 1], order_id) == 0) {
    return false;
  }
  plan->final_ids[plan->final_count++] = order_id;
  return true;
}

static void hand_out(commit_plan *plan, const char *item_id, const char *location,
                     int64_t quantity) {
  handed_out *pieces = plan->leaving;
  while (pieces != NULL &&
         (strcmp(pieces->item_id, item_id) != 0 || strcmp(pieces->location, location) != 0)) {
    pieces = pieces->next;
  }
  if (pieces == NULL) {
    pieces = allocate(plan, 1, sizeof *pieces);
    *pieces = (handed_out){.next = plan->leaving, .item_id = item_id, .location = location};
    plan->leaving = pieces;
  }
  pieces->quantity += quantity;
}

static void plan_row(commit_plan *plan, store_query *row) {
  shelves_state state = (shelves_state)store_column_int(row, 1);
  int64_t quantity = store_column_int(row, 4);
  if (state != SHELVES_HELD && state != SHELVES_COMMITTED) {
    return;
  }
  bool is_first = note_final(plan, store_column_text(row, 0));
  if (state == SHELVES_HELD) {
    plan->settlement->committed += is_first;
    if (quantity > 0) {
      hand_out(plan, store_column_text(row, 2), store_column_text(row, 3), quantity);
    }
  }
}

static void read_rows(commit_plan *plan) {
  const shelves_settlement *settlement = plan->settlement;
  store_query *query = store_query_start(plan->transaction, &select_rows);
  store_bind_texts(query, settlement->order_ids, settlement->order_count);
  while (store_query_next(query)) {
    plan_row(plan, query);
  }
}

static void carry_out(const commit_plan *plan) {
  const shelves_settlement *settlement = plan->settlement;
  if (settlement->committed == 0) {
    return;
  }
  store_query *query = store_query_start(plan->transaction, &commit_held);
  store_bind_texts(query, settlement->order_ids, settlement->order_count);
  store_execute(query);
  for (const handed_out *pieces = plan->leaving; pieces != NULL; pieces = pieces->next) {
    rows_move(plan->transaction, &rows_hand_out, pieces->quantity, pieces->item_id,
              pieces->location);
  }
}

static int compare_ids(const void *key, const void *item) {
  return strcmp(key, *(const char *const *)item);
}

static void find_refused(const commit_plan *plan) {
  shelves_settlement *settlement = plan->settlement;
  settlement->refused_ids =
      allocate(plan, settlement->order_count, sizeof *settlement->refused_ids);
  for (size_t i = 0; i < settlement->order_count; i++) {
    const char *order_id = settlement->order_ids[i];
    if (bsearch(order_id, plan->final_ids, plan->final_count, sizeof *plan->final_ids,
                compare_ids) == NULL) {
      settlement->refused_ids[settlement->refused_count++] = order_id;
    }
  }
}

mesh_status shelves_commit(store_transaction *transaction, shelves_settlement *settlement) {
  commit_plan plan = {.transaction = transaction, .settlement = settlement};
  settlement->committed = settlement->refused_count = 0;
  plan.final_ids = allocate(&plan, settlement->order_count, sizeof *plan.final_ids);
  read_rows(&plan);
  carry_out(&plan);
  find_refused(&plan);
  return mesh_status_ok();
}

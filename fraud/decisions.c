/* SPDX-License-Identifier: Apache-2.0 */
#include "decisions.h"

#include <string.h>

/* Order ids begin with the time, so decisions are appended to their tree. */
static const char first[] = "CREATE TABLE decisions ("
                            "  order_id TEXT PRIMARY KEY,"
                            "  user_id TEXT NOT NULL,"
                            "  payment_method TEXT NOT NULL,"
                            "  amount_cents INTEGER NOT NULL CHECK (amount_cents > 0),"
                            "  is_fraudulent INTEGER NOT NULL,"
                            "  is_forced INTEGER NOT NULL,"
                            "  created_at_unix_ms INTEGER NOT NULL"
                            ") STRICT, WITHOUT ROWID;";

const char *const fraud_migrations[] = {first};
const size_t fraud_migration_count = sizeof fraud_migrations / sizeof *fraud_migrations;

#define COLUMNS                                                                \
  "order_id, user_id, payment_method, amount_cents, is_fraudulent, is_forced," \
  " created_at_unix_ms"

static const store_statement insert_decision = {"INSERT INTO decisions (" COLUMNS
                                                ") VALUES (?, ?, ?, ?, ?, ?, ?)"
                                                " ON CONFLICT (order_id) DO NOTHING",
                                                "INSERT", "decisions"};

static const store_statement select_decision = {
    "SELECT " COLUMNS " FROM decisions WHERE order_id = ?", "SELECT", "decisions"};

static const store_statement select_decisions = {
    "SELECT " COLUMNS " FROM decisions WHERE order_id > ? ORDER BY order_id LIMIT ?", "SELECT",
    "decisions"};

static fraud_decision read_decision(store_query *query) {
  return (fraud_decision){.order_id = store_column_text(query, 0),
                          .user_id = store_column_text(query, 1),
                          .payment_method = store_column_text(query, 2),
                          .amount_cents = store_column_int(query, 3),
                          .is_fraudulent = store_column_int(query, 4) != 0,
                          .is_forced = store_column_int(query, 5) != 0,
                          .created_at_unix_ms = store_column_int(query, 6)};
}

static bool insert(store_transaction *transaction, const fraud_decision *decision) {
  store_query *query = store_query_start(transaction, &insert_decision);
  store_bind_text(query, decision->order_id);
  store_bind_text(query, decision->user_id);
  store_bind_text(query, decision->payment_method);
  store_bind_int(query, decision->amount_cents);
  store_bind_int(query, decision->is_fraudulent);
  store_bind_int(query, decision->is_forced);
  store_bind_int(query, decision->created_at_unix_ms);
  return store_execute(query) == 1;
}

static bool is_same_payment(const fraud_decision *a, const fraud_decision *b) {
  return a->amount_cents == b->amount_cents && strcmp(a->user_id, b->user_id) == 0 &&
         strcmp(a->payment_method, b->payment_method) == 0;
}

fraud_keeping fraud_decisions_keep(store_transaction *transaction, fraud_decision *decision) {
  if (insert(transaction, decision)) {
    return FRAUD_KEPT;
  }
  fraud_decision asked = *decision;
  store_query *query = store_query_start(transaction, &select_decision);
  store_bind_text(query, asked.order_id);
  if (store_query_next(query)) {
    *decision = read_decision(query);
  }
  store_query_end(query);
  return is_same_payment(&asked, decision) ? FRAUD_KEPT_BEFORE : FRAUD_JUDGED_OTHERWISE;
}

fraud_decision *fraud_decisions_list(store_transaction *transaction, store_list *list) {
  fraud_decision *decisions =
      mesh_arena_alloc(store_arena(transaction), list->size * sizeof *decisions);
  store_query *query = store_query_start(transaction, &select_decisions);
  store_bind_text(query, list->after[0]);
  store_bind_int(query, store_list_limit(list));
  while (store_list_next(list, query)) {
    decisions[list->count - 1] = read_decision(query);
  }
  return decisions;
}

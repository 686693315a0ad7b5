/* SPDX-License-Identifier: Apache-2.0 */
#include "book.h"

#include <string.h>

#define COLUMNS \
  "order_id, user_id, payment_method, amount_cents, status, reason, category, created_at_unix_ms"

static const store_statement select_payment = {
    "SELECT " COLUMNS " FROM payments WHERE order_id = ?", "SELECT", "payments"};

static const store_statement insert_payment = {"INSERT INTO payments (" COLUMNS
                                               ") VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
                                               " ON CONFLICT (order_id) DO NOTHING",
                                               "INSERT", "payments"};

static const store_statement void_payment = {
    "UPDATE payments SET status = 3, reason = ? WHERE order_id = ? AND status = 1", "UPDATE",
    "payments"};

static book_payment read_row(store_query *query) {
  return (book_payment){.order_id = store_column_text(query, 0),
                        .user_id = store_column_text(query, 1),
                        .payment_method = store_column_text(query, 2),
                        .amount_cents = store_column_int(query, 3),
                        .status = (book_status)store_column_int(query, 4),
                        .reason = store_column_text(query, 5),
                        .category = store_column_text(query, 6),
                        .created_at_unix_ms = store_column_int(query, 7)};
}

bool book_find(store_transaction *transaction, const char *order_id, book_payment *out_payment) {
  store_query *query = store_query_start(transaction, &select_payment);
  store_bind_text(query, order_id);
  bool is_found = store_query_next(query);
  if (is_found) {
    *out_payment = read_row(query);
  }
  store_query_end(query);
  return is_found;
}

static bool insert(store_transaction *transaction, const book_payment *payment) {
  store_query *query = store_query_start(transaction, &insert_payment);
  store_bind_text(query, payment->order_id);
  store_bind_text(query, payment->user_id);
  store_bind_text(query, payment->payment_method);
  store_bind_int(query, payment->amount_cents);
  store_bind_int(query, payment->status);
  store_bind_text(query, payment->reason);
  store_bind_text(query, payment->category);
  store_bind_int(query, payment->created_at_unix_ms);
  return store_execute(query) == 1;
}

bool book_write(store_transaction *transaction, book_payment *payment) {
  if (insert(transaction, payment)) {
    return true;
  }
  book_find(transaction, payment->order_id, payment);
  return false;
}

bool book_void(store_transaction *transaction, book_payment *payment) {
  store_query *query = store_query_start(transaction, &void_payment);
  store_bind_text(query, payment->reason);
  store_bind_text(query, payment->order_id);
  bool is_changed = store_execute(query) == 1;
  if (!is_changed) {
    payment->user_id = "";
    payment->payment_method = "";
    payment->category = "";
    payment->status = BOOK_VOIDED;
    is_changed = insert(transaction, payment);
  }
  book_find(transaction, payment->order_id, payment);
  return is_changed;
}

bool book_is_same(const book_payment *a, const book_payment *b) {
  return a->amount_cents == b->amount_cents && strcmp(a->order_id, b->order_id) == 0 &&
         strcmp(a->user_id, b->user_id) == 0 && strcmp(a->payment_method, b->payment_method) == 0;
}

static const store_statement select_payments = {"SELECT " COLUMNS
                                                " FROM payments WHERE order_id > ?1 AND ?2 = 0"
                                                " ORDER BY order_id LIMIT ?3",
                                                "SELECT", "payments"};

static const store_statement select_payments_of_status = {
    "SELECT " COLUMNS " FROM payments WHERE order_id > ?1 AND status = ?2"
    " ORDER BY order_id LIMIT ?3",
    "SELECT", "payments"};

book_payment *book_list(store_transaction *transaction, book_status status, store_list *list) {
  book_payment *payments =
      mesh_arena_alloc(store_arena(transaction), list->size * sizeof *payments);
  store_query *query = store_query_start(
      transaction, status == BOOK_ANY ? &select_payments : &select_payments_of_status);
  store_bind_text(query, list->after[0]);
  store_bind_int(query, status);
  store_bind_int(query, store_list_limit(list));
  while (store_list_next(list, query)) {
    payments[list->count - 1] = read_row(query);
  }
  return payments;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "books.h"

#include <stdio.h>
#include <string.h>

#include "../../support/cmocka_headers.h"

sqlite3 *books_open(const char *inventory_folder, const char *order_folder) {
  char path[256];
  sqlite3 *books = NULL;
  snprintf(path, sizeof path, "%s/inventory.db", inventory_folder);
  assert_int_equal(sqlite3_open(path, &books), SQLITE_OK);
  sqlite3_busy_timeout(books, 5000);
  snprintf(path, sizeof path, "ATTACH '%s/orders.db' AS orders_db", order_folder);
  assert_int_equal(sqlite3_exec(books, path, NULL, NULL, NULL), SQLITE_OK);
  return books;
}

long long books_ask(sqlite3 *books, const char *sql) {
  sqlite3_stmt *statement = NULL;
  if (sqlite3_prepare_v2(books, sql, -1, &statement, NULL) != SQLITE_OK ||
      sqlite3_step(statement) != SQLITE_ROW) {
    fail_msg("%s: %s", sql, sqlite3_errmsg(books));
  }
  long long number = sqlite3_column_int64(statement, 0);
  sqlite3_finalize(statement);
  return number;
}

/* What may not be there, with what it would mean. */
static const struct {
  const char *meaning;
  const char *sql;
} violations[] = {
    {"stock is reserved for nothing", "SELECT count(*) FROM reservations WHERE state = 1"},
    {"items think that something is reserved", "SELECT coalesce(sum(reserved), 0) FROM items"},
    {"stock was sold without an order",
     "SELECT count(*) FROM reservations AS r WHERE state = 2 AND NOT EXISTS"
     " (SELECT 1 FROM orders_db.orders AS o WHERE o.order_id = r.order_id AND o.status = 1"
     "  AND o.product_id = r.product_id AND o.quantity = r.quantity)"},
    {"an order stands without its stock",
     "SELECT count(*) FROM orders_db.orders AS o WHERE status = 1 AND NOT EXISTS"
     " (SELECT 1 FROM reservations AS r WHERE r.order_id = o.order_id AND r.state = 2"
     "  AND r.product_id = o.product_id AND r.quantity = o.quantity)"},
    {"a failed order has stock",
     "SELECT count(*) FROM orders_db.orders AS o JOIN reservations AS r USING (order_id)"
     " WHERE o.status = 2 AND r.state <> 3"},
};

static void check_product(sqlite3 *books, const customers *buyers, int product) {
  static const int initial[CUSTOMERS_PRODUCTS] = {100, 75, 50, 200};
  char sql[512];
  snprintf(sql, sizeof sql,
           "SELECT available + reserved + coalesce((SELECT sum(quantity) FROM reservations"
           " WHERE product_id = '%s' AND state = 2), 0) FROM items WHERE product_id = '%s'",
           customers_products[product], customers_products[product]);
  long long there = books_ask(books, sql);
  long long expected = initial[product] + customers_delivered(buyers, product);
  if (there != expected) {
    fail_msg("%s: %lld pieces in the books, %lld there should be", customers_products[product],
             there, expected);
  }
}

static void check_sale(sqlite3_stmt *find, const customers_sale *sale) {
  sqlite3_bind_text(find, 1, sale->order_id, -1, SQLITE_STATIC);
  if (sqlite3_step(find) != SQLITE_ROW) {
    fail_msg("order %s was acknowledged and is not there", sale->order_id);
  }
  assert_string_equal((const char *)sqlite3_column_text(find, 0),
                      customers_products[sale->product]);
  assert_int_equal(sqlite3_column_int(find, 1), sale->quantity);
  assert_int_equal(sqlite3_column_int(find, 2), 1);
  sqlite3_reset(find);
}

void books_check(sqlite3 *books, const customers *buyers) {
  for (size_t i = 0; i < sizeof violations / sizeof violations[0]; i++) {
    long long count = books_ask(books, violations[i].sql);
    if (count != 0) {
      fail_msg("%s: %lld times", violations[i].meaning, count);
    }
  }
  for (int product = 0; product < CUSTOMERS_PRODUCTS; product++) {
    check_product(books, buyers, product);
  }
  int count = 0;
  const customers_sale *sales = customers_sales(buyers, &count);
  sqlite3_stmt *find = NULL;
  assert_int_equal(sqlite3_prepare_v2(books,
                                      "SELECT product_id, quantity, status FROM orders_db.orders"
                                      " WHERE order_id = ?",
                                      -1, &find, NULL),
                   SQLITE_OK);
  for (int i = 0; i < count; i++) {
    check_sale(find, &sales[i]);
  }
  sqlite3_finalize(find);
  /* Every purchase was acknowledged in the end, so more orders than that were ordered twice. */
  assert_int_equal(books_ask(books, "SELECT count(*) FROM orders_db.orders WHERE status = 1"),
                   count);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "audit.h"

#include "cmocka_headers.h"

#include <stdio.h>
#include <string.h>

static void run(sqlite3 *books, const char *sql) {
  if (sqlite3_exec(books, sql, NULL, NULL, NULL) != SQLITE_OK) {
    fail_msg("%s: %s", sql, sqlite3_errmsg(books));
  }
}

/* Every line of every order, and what the warehouse has of an order's item. */
static const char views[] =
    "CREATE TEMP VIEW lines AS"
    "  SELECT order_id, product_id AS item_id, quantity FROM orders.orders WHERE product_id <> ''"
    "  UNION ALL SELECT order_id, item_id, quantity FROM orders.order_items;"
    "CREATE TEMP VIEW taken AS"
    "  SELECT order_id, item_id, sum(quantity) AS quantity, state"
    "  FROM warehouse.reservations JOIN warehouse.orders USING (order_id) GROUP BY 1, 2;";

sqlite3 *audit_open(const char *folder) {
  static const struct {
    const char *program;
    const char *name;
  } files[] = {{"inventory-service", "inventory"},
               {"warehouse-service", "warehouse"},
               {"payment-service", "payments"},
               {"order-service", "orders"}};
  sqlite3 *books = NULL;
  assert_int_equal(sqlite3_open(":memory:", &books), SQLITE_OK);
  sqlite3_busy_timeout(books, 5000);
  for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
    char sql[512];
    snprintf(sql, sizeof(sql), "ATTACH '%s/%s/%s.db' AS %s", folder, files[i].program,
             files[i].name, files[i].name);
    run(books, sql);
  }
  run(books, views);
  return books;
}

static long long ask(sqlite3 *books, const char *sql) {
  sqlite3_stmt *statement = NULL;
  if (sqlite3_prepare_v2(books, sql, -1, &statement, NULL) != SQLITE_OK ||
      sqlite3_step(statement) != SQLITE_ROW) {
    fail_msg("%s: %s", sql, sqlite3_errmsg(books));
  }
  long long number = sqlite3_column_int64(statement, 0);
  sqlite3_finalize(statement);
  return number;
}

/* What may not be there, with what it would mean. States of reservations: 1 held, 2 sold, 3
 * released; of orders: 1 confirmed, 2 failed, then open ones; of payments: 1 authorized, 2
 * declined, 3 voided.
 */
typedef struct violation {
  const char *meaning;
  const char *sql;
} violation;

static const violation unsettled[] = {
    {"orders are open", "SELECT count(*) FROM orders.orders WHERE status > 2"},
    {"stock is held", "SELECT count(*) FROM inventory.reservations WHERE state = 1"},
    {"the warehouse holds something", "SELECT count(*) FROM warehouse.orders WHERE state = 1"},
};

static const violation violations[] = {
    {"items think that something is reserved", "SELECT sum(reserved) FROM inventory.items"},
    {"the warehouse thinks that something is reserved",
     "SELECT sum(reserved) FROM warehouse.stock"},
    {"stock was sold without an order",
     "SELECT count(*) FROM inventory.reservations AS r WHERE state = 2 AND NOT EXISTS"
     " (SELECT 1 FROM orders.orders AS o JOIN lines USING (order_id)"
     "  WHERE o.order_id = r.order_id AND o.status = 1 AND item_id = r.product_id"
     "  AND lines.quantity = r.quantity)"},
    {"an order stands without its stock",
     "SELECT count(*) FROM orders.orders AS o JOIN lines AS l USING (order_id) WHERE o.status = 1"
     " AND NOT EXISTS (SELECT 1 FROM inventory.reservations AS r WHERE r.order_id = o.order_id"
     "  AND r.state = 2 AND r.product_id = l.item_id AND r.quantity = l.quantity)"},
    {"an order stands without its pieces of the warehouse",
     "SELECT count(*) FROM orders.orders AS o JOIN lines AS l USING (order_id)"
     " WHERE o.status = 1 AND l.item_id IN ('sku001', 'sku002')"
     " AND NOT EXISTS (SELECT 1 FROM taken AS t WHERE t.order_id = o.order_id AND t.state = 2"
     "  AND t.item_id = l.item_id AND t.quantity = l.quantity)"},
    {"pieces left the warehouse without an order",
     "SELECT count(*) FROM taken AS t WHERE state = 2 AND NOT EXISTS"
     " (SELECT 1 FROM orders.orders AS o JOIN lines AS l USING (order_id)"
     "  WHERE o.order_id = t.order_id AND o.status = 1 AND l.item_id = t.item_id"
     "  AND l.quantity = t.quantity)"},
    {"a failed order has stock",
     "SELECT count(*) FROM orders.orders AS o JOIN inventory.reservations AS r USING (order_id)"
     " WHERE o.status = 2 AND r.state <> 3"},
    {"a failed order has pieces of the warehouse",
     "SELECT count(*) FROM orders.orders AS o JOIN warehouse.orders AS w USING (order_id)"
     " WHERE o.status = 2 AND w.state <> 3"},
    {"a payment is authorized for no order",
     "SELECT count(*) FROM payments.payments AS p WHERE p.status = 1 AND NOT EXISTS"
     " (SELECT 1 FROM orders.orders AS o WHERE o.order_id = p.order_id AND o.status = 1"
     "  AND o.amount_cents = p.amount_cents)"},
    {"an order stands without its payment",
     "SELECT count(*) FROM orders.orders AS o WHERE o.status = 1 AND o.amount_cents IS NOT NULL"
     " AND NOT EXISTS (SELECT 1 FROM payments.payments AS p WHERE p.order_id = o.order_id"
     "  AND p.status = 1)"},
    {"an order failed and does not say why",
     "SELECT count(*) FROM orders.orders WHERE status = 2 AND coalesce(failure_reason, '') = ''"},
};

bool audit_is_settled(sqlite3 *books) {
  for (size_t i = 0; i < sizeof(unsettled) / sizeof(unsettled[0]); i++) {
    if (ask(books, unsettled[i].sql) != 0) {
      return false;
    }
  }
  return true;
}

static void check_none(sqlite3 *books, const violation *list, size_t count) {
  for (size_t i = 0; i < count; i++) {
    long long found = ask(books, list[i].sql);
    if (found != 0) {
      fail_msg("%s: %lld times", list[i].meaning, found);
    }
  }
}

static void check_pieces(const char *where, const char *item_id, long long there,
                         long long expected) {
  if (there != expected) {
    fail_msg("%s: %lld pieces of %s in the books, %lld there should be", where, there, item_id,
             expected);
  }
}

static void check_item(sqlite3 *books, int item, long long inventory, long long warehouse) {
  char sql[512];
  const char *id = shoppers_items[item];
  snprintf(sql, sizeof(sql),
           "SELECT available + reserved + coalesce((SELECT sum(quantity) FROM"
           " inventory.reservations WHERE product_id = '%s' AND state = 2), 0)"
           " FROM inventory.items WHERE product_id = '%s'",
           id, id);
  check_pieces("inventory", id, ask(books, sql), inventory);
  if (item < SHOPPERS_BACKED) {
    snprintf(sql, sizeof(sql),
             "SELECT sum(available + reserved) + coalesce((SELECT sum(quantity) FROM taken"
             " WHERE item_id = '%s' AND state = 2), 0) FROM warehouse.stock WHERE item_id = '%s'",
             id, id);
    check_pieces("warehouse", id, ask(books, sql), warehouse);
  }
}

static void check_sale(sqlite3_stmt *find, const shoppers_sale *sale) {
  sqlite3_bind_text(find, 1, sale->order_id, -1, SQLITE_STATIC);
  if (sqlite3_step(find) != SQLITE_ROW || sqlite3_column_type(find, 0) == SQLITE_NULL) {
    fail_msg("order %s was acknowledged and is not there", sale->order_id);
  }
  assert_int_equal(sqlite3_column_int(find, 0), 1);
  assert_int_equal(sqlite3_column_int(find, 1), sale->is_paid);
  assert_string_equal((const char *)sqlite3_column_text(find, 2), sale->lines);
  sqlite3_reset(find);
}

static void check_sales(sqlite3 *books, const shoppers *buyers) {
  sqlite3_stmt *find = NULL;
  assert_int_equal(
      sqlite3_prepare_v2(books,
                         "SELECT status, amount_cents IS NOT NULL, (SELECT group_concat(line) FROM"
                         " (SELECT item_id || ':' || quantity AS line FROM lines"
                         "  WHERE order_id = ?1 ORDER BY item_id))"
                         " FROM orders.orders WHERE order_id = ?1",
                         -1, &find, NULL),
      SQLITE_OK);
  for (int i = 0; i < buyers->sale_count; i++) {
    check_sale(find, &buyers->sales[i]);
  }
  sqlite3_finalize(find);
  /* Every purchase was acknowledged in the end, so more orders than that were ordered twice. */
  assert_int_equal(ask(books, "SELECT count(*) FROM orders.orders WHERE status = 1"),
                   buyers->sale_count);
}

void audit_check(sqlite3 *books, const shoppers *buyers, const audit_stock *first) {
  check_none(books, unsettled, sizeof(unsettled) / sizeof(unsettled[0]));
  check_none(books, violations, sizeof(violations) / sizeof(violations[0]));
  for (int item = 0; item < SHOPPERS_ITEMS; item++) {
    int delivered = buyers->delivered[item];
    check_item(books, item, first->inventory[item] + delivered,
               item < SHOPPERS_BACKED ? first->warehouse[item] + delivered : 0);
  }
  check_sales(books, buyers);
}

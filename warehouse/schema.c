/* SPDX-License-Identifier: Apache-2.0 */
#include "schema.h"

#include <stdio.h>

/*
 * An order is one row, with as many reservations as it took to find its pieces; its state is that
 * of all of them. Order ids begin with the time, so both are appended to their trees. Few orders
 * are not committed, so their index is small.
 */
static const char tables[] = "CREATE TABLE stock ("
                             "  item_id TEXT NOT NULL,"
                             "  location TEXT NOT NULL,"
                             "  available INTEGER NOT NULL CHECK (available >= 0),"
                             "  reserved INTEGER NOT NULL DEFAULT 0 CHECK (reserved >= 0),"
                             "  PRIMARY KEY (item_id, location)"
                             ") STRICT, WITHOUT ROWID;"
                             "CREATE TABLE orders ("
                             "  order_id TEXT PRIMARY KEY,"
                             "  state INTEGER NOT NULL,"
                             "  created_at_unix_ms INTEGER NOT NULL,"
                             "  reason TEXT"
                             ") STRICT, WITHOUT ROWID;"
                             "CREATE INDEX orders_not_committed ON orders (state) WHERE state <> 2;"
                             "CREATE TABLE reservations ("
                             "  order_id TEXT NOT NULL,"
                             "  item_id TEXT NOT NULL,"
                             "  location TEXT NOT NULL,"
                             "  quantity INTEGER NOT NULL CHECK (quantity > 0),"
                             "  PRIMARY KEY (order_id, item_id, location)"
                             ") STRICT, WITHOUT ROWID;";

static const char first_stock[] = "INSERT INTO stock (item_id, location, available) VALUES"
                                  "  ('sku001', 'Warehouse-A', %lld),"
                                  "  ('sku001', 'Warehouse-B', 40),"
                                  "  ('sku002', 'Warehouse-A', 30);";

void warehouse_schema_init(warehouse_schema *self, int64_t availability) {
  snprintf(self->first_stock, sizeof self->first_stock, first_stock, (long long)availability);
  self->migrations[0] = tables;
  self->migrations[1] = self->first_stock;
}

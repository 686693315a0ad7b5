/* SPDX-License-Identifier: Apache-2.0 */
#include "schema.h"

#include <stdio.h>

/* Order ids begin with the time, so reservations are appended to their tree. Few are not committed,
 * so their index is small. Step 1 also brings the first products: they come with the file, once. */
static const char first[] =
    "CREATE TABLE items ("
    "  product_id TEXT PRIMARY KEY,"
    "  name TEXT NOT NULL,"
    "  available INTEGER NOT NULL CHECK (available >= 0),"
    "  reserved INTEGER NOT NULL DEFAULT 0 CHECK (reserved >= 0),"
    "  price_cents INTEGER NOT NULL CHECK (price_cents >= 0)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE reservations ("
    "  order_id TEXT NOT NULL,"
    "  product_id TEXT NOT NULL,"
    "  quantity INTEGER NOT NULL CHECK (quantity >= 0),"
    "  state INTEGER NOT NULL,"
    "  price_cents INTEGER NOT NULL,"
    "  created_at_unix_ms INTEGER NOT NULL,"
    "  reason TEXT,"
    "  PRIMARY KEY (order_id, product_id)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX reservations_not_committed ON reservations (state) WHERE state <> 2;"
    "INSERT INTO items (product_id, name, available, price_cents) VALUES"
    "  ('demo-product', 'Demo Product', 100, 2999),"
    "  ('laptop-001', 'Business Laptop', 50, 99999),"
    "  ('phone-001', 'Smartphone Pro', 200, 69999),"
    "  ('headphones-001', 'Wireless Headphones', 75, 14999);";

/* Step 2: products whose pieces are in the warehouse. The first stock of sku001 is the operator's
 * to choose, when the step is taken. */
static const char second[] =
    "ALTER TABLE items ADD COLUMN is_backed INTEGER NOT NULL DEFAULT 0;"
    "INSERT INTO items (product_id, name, available, price_cents, is_backed) VALUES"
    "  ('sku001', 'test inventory', %lld, 4999, 1),"
    "  ('sku002', 'second test inventory', 30, 2499, 1);";

/* Step 3: owners. What is held, and has an id as the order service makes them, has been its own so
 * far. */
static const char third[] =
    "ALTER TABLE reservations ADD COLUMN owner TEXT NOT NULL DEFAULT '';"
    "UPDATE reservations SET owner = 'order-service' WHERE state = 1 AND state <> 2"
    " AND order_id LIKE '________-____-7___-____-____________'"
    " AND substr(order_id, 20, 1) IN ('8', '9', 'a', 'b');";

void inventory_schema_init(inventory_schema *self, int64_t sku001_stock) {
  snprintf(self->second, sizeof self->second, second, (long long)sku001_stock);
  self->migrations[0] = first;
  self->migrations[1] = self->second;
  self->migrations[2] = third;
}

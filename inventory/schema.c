/* SPDX-License-Identifier: Apache-2.0 */
#include "schema.h"

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

const char *const inventory_migrations[] = {first};
const size_t inventory_migration_count = sizeof inventory_migrations / sizeof *inventory_migrations;

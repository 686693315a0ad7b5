/* SPDX-License-Identifier: Apache-2.0 */
#include "schema.h"

/* Ids begin with the time, so orders are appended to the one tree there is. */
static const char first[] = "CREATE TABLE orders ("
                            "  order_id TEXT PRIMARY KEY,"
                            "  product_id TEXT NOT NULL,"
                            "  quantity INTEGER NOT NULL CHECK (quantity > 0),"
                            "  price_cents INTEGER NOT NULL CHECK (price_cents >= 0),"
                            "  status INTEGER NOT NULL,"
                            "  created_at_unix_ms INTEGER NOT NULL,"
                            "  failure_reason TEXT"
                            ") STRICT, WITHOUT ROWID;";

/*
 * Orders that are paid, and of several items. An order of one item has it in its row; of several,
 * the row has no product and the sum of the quantities. Few orders are open, so their index is
 * small. Keys are numbered in the order they came, so that the old ones are at the front.
 */
static const char second[] = "ALTER TABLE orders ADD COLUMN user_id TEXT;"
                             "ALTER TABLE orders ADD COLUMN payment_method TEXT;"
                             "ALTER TABLE orders ADD COLUMN amount_cents INTEGER;"
                             "ALTER TABLE orders ADD COLUMN shipping_address TEXT;"
                             "CREATE INDEX orders_open ON orders (order_id) WHERE status > 2;"
                             "CREATE TABLE order_items ("
                             "  order_id TEXT NOT NULL,"
                             "  position INTEGER NOT NULL,"
                             "  item_id TEXT NOT NULL,"
                             "  quantity INTEGER NOT NULL CHECK (quantity > 0),"
                             "  price_cents INTEGER NOT NULL CHECK (price_cents >= 0),"
                             "  PRIMARY KEY (order_id, position)"
                             ") STRICT, WITHOUT ROWID;"
                             "CREATE TABLE order_keys ("
                             "  number INTEGER PRIMARY KEY,"
                             "  key TEXT NOT NULL UNIQUE,"
                             "  request BLOB NOT NULL,"
                             "  order_id TEXT NOT NULL,"
                             "  kept_at_unix_ms INTEGER NOT NULL"
                             ") STRICT;";

const char *const order_migrations[] = {first, second};
const size_t order_migration_count = sizeof order_migrations / sizeof *order_migrations;

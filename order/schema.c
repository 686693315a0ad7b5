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

const char *const order_migrations[] = {first};
const size_t order_migration_count = sizeof order_migrations / sizeof *order_migrations;

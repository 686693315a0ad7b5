/* SPDX-License-Identifier: Apache-2.0 */
#include "schema.h"

/* Order ids begin with the time, so payments are appended to their tree. Most are AUTHORIZED, so
 * the index of the others is small. Without an amount there is only a Void that came first. */
static const char first[] =
    "CREATE TABLE payments ("
    "  order_id TEXT PRIMARY KEY,"
    "  user_id TEXT NOT NULL,"
    "  payment_method TEXT NOT NULL,"
    "  amount_cents INTEGER NOT NULL CHECK (amount_cents > 0 OR (amount_cents = 0 AND status = 3)),"
    "  status INTEGER NOT NULL,"
    "  reason TEXT NOT NULL,"
    "  category TEXT NOT NULL,"
    "  created_at_unix_ms INTEGER NOT NULL"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX payments_not_authorized ON payments (status) WHERE status <> 1;";

const char *const payment_migrations[] = {first};
const size_t payment_migration_count = sizeof payment_migrations / sizeof *payment_migrations;

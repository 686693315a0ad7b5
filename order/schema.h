/* SPDX-License-Identifier: Apache-2.0 */
/* The schema of orders.db, step by step; steps that were released stay as they are. */
#ifndef ORDER_SCHEMA_H
#define ORDER_SCHEMA_H

#include <stddef.h>

extern const char *const order_migrations[];
extern const size_t order_migration_count;

#endif

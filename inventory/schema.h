/* SPDX-License-Identifier: Apache-2.0 */
/* The schema of inventory.db, step by step; steps that were released stay as they are. */
#ifndef INVENTORY_SCHEMA_H
#define INVENTORY_SCHEMA_H

#include <stddef.h>

extern const char *const inventory_migrations[];
extern const size_t inventory_migration_count;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The schema of inventory.db, step by step; steps that were released stay as they are. */
#ifndef INVENTORY_SCHEMA_H
#define INVENTORY_SCHEMA_H

#include <stdint.h>

enum { INVENTORY_MIGRATION_COUNT = 3 };

/* The steps; must outlive the store. */
typedef struct inventory_schema {
  const char *migrations[INVENTORY_MIGRATION_COUNT];
  char second[512];
} inventory_schema;

/* `sku001_stock`: the pieces of sku001 that a new database, or one that does not have it yet, gets.
 */
void inventory_schema_init(inventory_schema *self, int64_t sku001_stock);

#endif

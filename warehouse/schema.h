/* SPDX-License-Identifier: Apache-2.0 */
/* The schema of warehouse.db, step by step; steps that were released stay as they are, but for the
 * first stock of sku001, which the operator chooses. */
#ifndef WAREHOUSE_SCHEMA_H
#define WAREHOUSE_SCHEMA_H

#include <stddef.h>
#include <stdint.h>

enum { WAREHOUSE_MIGRATIONS = 2 };

typedef struct warehouse_schema {
  char first_stock[512];
  const char *migrations[WAREHOUSE_MIGRATIONS];
} warehouse_schema;

void warehouse_schema_init(warehouse_schema *self, int64_t availability);

#endif

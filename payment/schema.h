/* SPDX-License-Identifier: Apache-2.0 */
/* The schema of payments.db, step by step; steps that were released stay as they are. */
#ifndef PAYMENT_SCHEMA_H
#define PAYMENT_SCHEMA_H

#include <stddef.h>

extern const char *const payment_migrations[];
extern const size_t payment_migration_count;

#endif

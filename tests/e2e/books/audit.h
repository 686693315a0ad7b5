/* SPDX-License-Identifier: Apache-2.0 */
/* Audits the databases of the services, as files, with nothing of the services' code. */
#ifndef AUDIT_H
#define AUDIT_H

#include <sqlite3.h>

#include "shoppers.h"

/* All of them in one connection, below `folder`. Close with sqlite3_close. */
sqlite3 *audit_open(const char *folder);

/* Whether nothing is open: no order is PENDING or being undone, and nothing is held for one. */
bool audit_is_settled(sqlite3 *books);

/* What the shop opened with, of each item, in the inventory and in the warehouse. */
typedef struct audit_stock {
  int inventory[SHOPPERS_ITEMS];
  int warehouse[SHOPPERS_BACKED];
} audit_stock;

/* Fails the test unless everything adds up. */
void audit_check(sqlite3 *books, const shoppers *buyers, const audit_stock *first);

#endif

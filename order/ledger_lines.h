/* SPDX-License-Identifier: Apache-2.0 */
/* The lines of orders of several items, which have a table of their own. For ledger.c. */
#ifndef ORDER_LEDGER_LINES_H
#define ORDER_LEDGER_LINES_H

#include "ledger.h"

void ledger__lines_insert(store_transaction *transaction, const ledger_order *order);
void ledger__lines_set_prices(store_transaction *transaction, const ledger_order *order);

/* Reads the lines of those orders that have none yet. */
void ledger__lines_read(store_transaction *transaction, ledger_order *orders, size_t count);

#endif

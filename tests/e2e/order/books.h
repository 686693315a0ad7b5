/* SPDX-License-Identifier: Apache-2.0 */
/* Audits the databases of both services, as files, with nothing of the services' code. */
#ifndef BOOKS_H
#define BOOKS_H

#include <sqlite3.h>

#include "customers.h"

/* Both databases in one connection: the tables of inventory.db as they are, those of orders.db
 * behind "orders_db.". Close with sqlite3_close. */
sqlite3 *books_open(const char *inventory_folder, const char *order_folder);

/* The first column of the first row. */
long long books_ask(sqlite3 *books, const char *sql);

/* Fails the test unless everything adds up. */
void books_check(sqlite3 *books, const customers *buyers);

#endif

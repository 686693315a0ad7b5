/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The orders on disk: what runs within a transaction of the store, on its threads. Knows neither
 * calls nor messages.
 *
 * An order is written once and never changes: CONFIRMED by the call that created it, or FAILED by
 * whoever gave it up. The first one to write wins, and that is what fences a slow call off: once an
 * order has been given up, it cannot be confirmed any more.
 */
#ifndef ORDER_LEDGER_H
#define ORDER_LEDGER_H

#include <store/transaction.h>

/* As in shop.order.v1.OrderStatus, and in the file. */
typedef enum ledger_status {
  LEDGER_UNKNOWN = 0, /* there is no such order */
  LEDGER_CONFIRMED = 1,
  LEDGER_FAILED = 2,
} ledger_status;

typedef struct ledger_order {
  const char *order_id;
  const char *product_id;
  int64_t quantity;
  int64_t price_cents;
  ledger_status status;
  int64_t created_at_unix_ms;
  const char *failure_reason; /* may be NULL */
} ledger_order;

/* Writes the order unless one of its id is there. @return whether it was written. */
bool ledger_insert(store_transaction *transaction, const ledger_order *order);

/* Finds order->order_id and fills in the rest. */
bool ledger_find(store_transaction *transaction, ledger_order *order);

/* A page, the latest first; one order more than `size` is looked for to know whether there is more.
 */
typedef struct ledger_page {
  const char *after; /* the last id of the page before, or "" */
  size_t size;
  ledger_order *orders; /* out */
  size_t count;         /* out */
  bool has_more;        /* out */
} ledger_page;
void ledger_list(store_transaction *transaction, ledger_page *page);

/* How each of these orders stands, LEDGER_UNKNOWN for those that are not there. */
typedef struct ledger_lookup {
  const char *const *order_ids;
  size_t count;
  ledger_status *statuses; /* out, as many */
} ledger_lookup;
void ledger_look_up(store_transaction *transaction, ledger_lookup *lookup);

#endif

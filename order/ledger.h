/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The orders on disk: what runs within a transaction of the store, on its threads. Knows neither
 * calls nor messages.
 *
 * An order that is not paid is written once and never changes: CONFIRMED by the call that created
 * it, or FAILED by whoever gave it up. One that is paid is written as PENDING before anything is
 * done for it, and leaves that state once: CONFIRMED, or UNDOING, which turns into FAILED when all
 * is undone. Either way the first one to write wins, and that is what fences a slow call off: once
 * an order has been given up, it cannot be confirmed any more.
 */
#ifndef ORDER_LEDGER_H
#define ORDER_LEDGER_H

#include <store/transaction.h>

/* As in the file, and but for UNDOING as in shop.order.v1.OrderStatus. */
typedef enum ledger_status {
  LEDGER_UNKNOWN = 0, /* there is no such order */
  LEDGER_CONFIRMED = 1,
  LEDGER_FAILED = 2,
  LEDGER_PENDING = 3, /* being worked at */
  LEDGER_UNDOING = 4, /* given up; what was done for it may still have to be undone */
} ledger_status;

typedef struct ledger_line {
  const char *item_id;
  int64_t quantity;
  int64_t price_cents;
} ledger_line;

typedef struct ledger_order {
  const char *order_id;
  ledger_line *lines;
  size_t line_count; /* at least 1 */
  ledger_status status;
  int64_t created_at_unix_ms;
  const char *failure_reason; /* may be NULL */
  /* Of orders that are paid; NULL for the others. */
  const char *user_id;
  const char *payment_method;
  int64_t amount_cents;
  const char *shipping_address; /* is written, and not read: nobody here asks for it */
} ledger_order;

/* Writes the order unless one of its id is there. @return whether it was written. */
bool ledger_insert(store_transaction *transaction, const ledger_order *order);

/* A PENDING order stands, with the prices of its lines. @return false when it is not PENDING any
 * more, and nothing has changed. */
bool ledger_confirm(store_transaction *transaction, const ledger_order *order);

/* A PENDING order will not come about, for order->failure_reason. Others are left as they are. */
void ledger_give_up(store_transaction *transaction, const ledger_order *order);

/* The same, and everything is undone: PENDING or UNDOING becomes FAILED. A reason that is there
 * already stays. */
void ledger_fail(store_transaction *transaction, const ledger_order *order);

/* Finds order->order_id and fills in the rest. */
bool ledger_find(store_transaction *transaction, ledger_order *order);

/* A page; one order more than `size` is looked for to know whether there is more. */
typedef struct ledger_page {
  const char *after; /* the last id of the page before, or "" */
  size_t size;
  ledger_order *orders; /* out */
  size_t count;         /* out */
  bool has_more;        /* out */
} ledger_page;

/* All orders, the latest first. */
void ledger_list(store_transaction *transaction, ledger_page *page);

/* PENDING and UNDOING ones, the oldest first. */
void ledger_list_open(store_transaction *transaction, ledger_page *page);

/* How each of these orders stands, LEDGER_UNKNOWN for those that are not there. */
typedef struct ledger_lookup {
  const char *const *order_ids;
  size_t count;
  ledger_status *statuses; /* out, as many */
} ledger_lookup;
void ledger_look_up(store_transaction *transaction, ledger_lookup *lookup);

/* An idempotency key of PlaceOrder, and the order it stands for. */
typedef struct ledger_key {
  const char *key;
  mesh_bytes request;   /* what has to be the same for the call to be the same */
  const char *order_id; /* out of ledger_key_find */
  bool is_other;        /* out: it came with another request */
} ledger_key;
bool ledger_key_find(store_transaction *transaction, ledger_key *key);

/* From now on the key stands for this order. */
void ledger_key_keep(store_transaction *transaction, const ledger_key *key, int64_t now_unix_ms);

/* Forgets keys that were kept before then: some, the oldest first. @return whether there may be
 * more. */
bool ledger_keys_expire(store_transaction *transaction, int64_t before_unix_ms);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Settling undoes the orders that are open and that nobody is working at any more: their payments
 * are voided, their stock is released, and they are FAILED then. It looks at every PENDING and
 * UNDOING order of the store, page by page, those of a page at once. One settling at a time.
 *
 * Threads: its loop.
 */
#ifndef ORDER_SETTLE_H
#define ORDER_SETTLE_H

#include "round.h"

typedef struct order_settle_options {
  store *store; /* must outlive the settling, as the three below */
  mesh_client *inventory;
  mesh_client *payment;
  mesh_loop *loop;
  uint32_t run; /* of order ids */
  /* Called once for each start, not from within it. */
  void (*on_done)(order_outcome outcome, void *data);
  void *data;
} order_settle_options;

/* The caller's memory; zeroed but for the options before the first start. */
typedef struct order_settle {
  order_settle_options options;
  const mesh_context *context;     /* of the page under way, or NULL */
  char after[ORDER_ID_LENGTH + 1]; /* where the next page starts */
  order_outcome outcome;
  bool has_old_keys; /* out: more than could be forgotten at once */
  bool is_cancelled;
} order_settle;

void order_settle_start(order_settle *self);

/* Cancels what is under way, if anything; on_done is called all the same. There is no start after
 * it. */
void order_settle_cancel(order_settle *self);

/* Whether an open order is to be undone now; otherwise its call may still be at work. Pure, for
 * tests. */
bool order_settle_is_due(const char *order_id, ledger_status status, uint32_t run,
                         int64_t now_unix_ms);

#endif

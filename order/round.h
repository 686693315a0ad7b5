/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A round looks at every reservation that the inventory holds for us, page by page, looks its order
 * up, and has it committed or released. A round at a time. Orders that are PENDING or being undone
 * are not its business: they are settled from the order's side (settle.h).
 *
 * Threads: its loop.
 */
#ifndef ORDER_ROUND_H
#define ORDER_ROUND_H

#include <mesh/client.h>
#include <store/store.h>

#include "ledger.h"
#include "order_id.h"

/* How a look at what is open ended; the greater one counts when there are two. */
typedef enum order_outcome {
  ORDER_ALL_SETTLED,
  ORDER_HAS_COMING, /* calls may still be at work on some */
  ORDER_HAS_REST,   /* someone did not answer: what is left has to be tried again */
} order_outcome;

typedef struct order_round_options {
  store *store; /* must outlive the round, as the two below */
  mesh_client *inventory;
  mesh_loop *loop;
  uint32_t run; /* of order ids */
  /* Called once for each start, not from within it. */
  void (*on_done)(order_outcome outcome, void *data);
  void *data;
} order_round_options;

enum { ORDER_ROUND_TOKEN_MAX = 1024 };

/* The caller's memory; zeroed but for the options before the first start. */
typedef struct order_round {
  order_round_options options;
  const mesh_context *context;       /* of the page under way, or NULL */
  char token[ORDER_ROUND_TOKEN_MAX]; /* where the next page starts */
  order_outcome outcome;
  bool is_cancelled;
} order_round;

void order_round_start(order_round *self);

/* Cancels what is under way, if anything; on_done is called all the same. There is no start after
 * it. */
void order_round_cancel(order_round *self);

/* What to do about a reservation that is held. Pure, for tests. */
typedef enum order_round_action {
  ORDER_ROUND_LEAVE, /* someone else's, who has to see to it */
  ORDER_ROUND_AWAIT, /* its call may still be at work */
  ORDER_ROUND_COMMIT,
  ORDER_ROUND_GIVE_UP, /* write the order down as FAILED, then release */
  ORDER_ROUND_RELEASE,
} order_round_action;
order_round_action order_round_decide(const char *order_id, ledger_status status, uint32_t run,
                                      int64_t now_unix_ms);

enum {
  ORDER_CREATE_TIMEOUT_MS = 5000, /* what an order may take */
  ORDER_GIVE_UP_AFTER_MS = 10000, /* from when on it is not coming any more */
};

#endif

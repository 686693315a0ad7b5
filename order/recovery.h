/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The recovery settles reservations. It lists what the inventory holds, looks each order up, and
 * has the reservations of orders that stand committed and the others released. It is how
 * reservations become final every day, and how the stock of orders that a crash cut short comes
 * back: one way for both, so that the second is not a path that nobody walks.
 *
 * An order that is not there may still be coming: one of this run, while it is younger than a call
 * can be. Any other is given up, by writing it down as FAILED before its stock is released; a call
 * that was only slow finds that when it wants to confirm.
 *
 * Threads: its loop, but for order_recovery_wake.
 */
#ifndef ORDER_RECOVERY_H
#define ORDER_RECOVERY_H

#include <mesh/client.h>
#include <store/store.h>

#include "ledger.h"

typedef struct order_recovery order_recovery;

typedef struct order_recovery_options {
  store *store; /* must outlive the recovery, as the two below */
  mesh_client *inventory;
  mesh_loop *loop;
  uint32_t run; /* of order ids */
} order_recovery_options;

enum {
  ORDER_CREATE_TIMEOUT_MS = 5000, /* what an order may take */
  ORDER_GIVE_UP_AFTER_MS = 10000, /* from when on it is not coming any more */
};

/* The first round starts with the loop. */
order_recovery *order_recovery_new(const order_recovery_options *options);

/* No round may be under way. NULL does nothing. */
void order_recovery_destroy(order_recovery *self);

/* There are reservations to settle. From any thread. */
void order_recovery_wake(order_recovery *self);

/* Starts no more rounds, cancels the one under way, and has `on_stopped(data)` called, on the loop,
 * when nothing is under way any more. Once. */
void order_recovery_stop(order_recovery *self, void (*on_stopped)(void *data), void *data);

/* What to do about a reservation that is held. Pure, for tests. */
typedef enum order_recovery_action {
  ORDER_RECOVERY_LEAVE,
  ORDER_RECOVERY_COMMIT,
  ORDER_RECOVERY_GIVE_UP, /* write the order down as FAILED, then release */
  ORDER_RECOVERY_RELEASE,
} order_recovery_action;
order_recovery_action order_recovery_decide(const char *order_id, ledger_status status,
                                            uint32_t run, int64_t now_unix_ms);

#endif

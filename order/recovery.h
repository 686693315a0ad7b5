/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The recovery sees to what calls leave. Reservations of orders that came about are committed in
 * batches, once a second. What nobody tells it about, because the one who should have has died or
 * does not know how a call ended, it finds: in its own store, the orders that are open (settle.h),
 * and in the inventory, everything that is held (round.h); both at once. It looks at the start,
 * whenever it is woken, and every 30 s in any case. When a service does not answer it waits longer
 * each time, up to 8 s, and says so once.
 *
 * An order that is not there may still be coming: one of this run, while it is younger than a call
 * can be. Any other is given up, by writing it down as FAILED before its stock is released; a call
 * that was only slow finds that when it wants to confirm.
 *
 * Threads: its loop, but for order_recovery_confirmed and order_recovery_wake.
 */
#ifndef ORDER_RECOVERY_H
#define ORDER_RECOVERY_H

#include <mesh/client.h>
#include <store/store.h>

typedef struct order_recovery order_recovery;

typedef struct order_recovery_options {
  store *store; /* must outlive the recovery, as the three below */
  mesh_client *inventory;
  mesh_client *payment;
  mesh_loop *loop;
  uint32_t run; /* of order ids */
} order_recovery_options;

/* The first round starts with the loop. */
order_recovery *order_recovery_new(const order_recovery_options *options);

/* Nothing may be under way. NULL does nothing. */
void order_recovery_destroy(order_recovery *self);

/* This order stands: its stock is sold. From any thread. */
void order_recovery_confirmed(order_recovery *self, const char *order_id);

/* A call could not undo what it did, or may not have: there is something to look for, now or when
 * it surely is over. From any thread. */
void order_recovery_wake(order_recovery *self);

/* Starts nothing more, cancels what is under way, and has `on_stopped(data)` called, on the loop,
 * when nothing is under way any more. Once. */
void order_recovery_stop(order_recovery *self, void (*on_stopped)(void *data), void *data);

#endif

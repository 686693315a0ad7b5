/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls under way with an idempotency key: of those with the same key one is worked at, and the
 * others wait, in the order they came, until it has its answer. So the second of two calls that are
 * the same never sees what the first one does half way, such as the stock that it has just taken.
 *
 * Ownership: a flight's memory is the caller's, from order_flights_board to order_flights_leave.
 * Threads: any loop's; a flight's functions are called on the loop it was boarded on.
 */
#ifndef ORDER_FLIGHTS_H
#define ORDER_FLIGHTS_H

#include <mesh/loop.h>

typedef struct order_flights order_flights;

typedef struct order_flight {
  const char *method; /* the same key of another method is another key */
  const char *key;
  mesh_loop *loop;
  void (*go)(void *data); /* called once, when it is this flight's turn */
  void *data;
  struct order_flight *next;  /* of another key */
  struct order_flight *queue; /* those that wait for this one, in their order */
} order_flight;

order_flights *order_flights_new(void);

/* NULL does nothing. No flight may be under way. */
void order_flights_destroy(order_flights *self);

/* Calls flight->go, from within when nobody has the key. */
void order_flights_board(order_flights *self, order_flight *flight);

/* Lets the next one go. */
void order_flights_leave(order_flights *self, order_flight *flight);

#endif

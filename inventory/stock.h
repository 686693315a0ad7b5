/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The stock's bookkeeping: what runs within a transaction of the store, on its threads. Knows
 * neither calls nor messages.
 *
 * The books: for each product, available + reserved + what was committed = all that was ever there.
 */
#ifndef INVENTORY_STOCK_H
#define INVENTORY_STOCK_H

#include <store/list.h>

/* As in shop.inventory.v1.ReservationState, and in the file. */
typedef enum stock_state {
  STOCK_ANY = 0,
  STOCK_HELD = 1,
  STOCK_COMMITTED = 2,
  STOCK_RELEASED = 3,
} stock_state;

/* Why an operation failed, besides the store. */
typedef enum stock_failure {
  STOCK_FINE,
  STOCK_NO_PRODUCT,
  STOCK_TOO_LITTLE,      /* less than asked for */
  STOCK_TOO_MUCH,        /* more than can be counted */
  STOCK_OTHER_REQUEST,   /* the order has another quantity reserved, or others in the warehouse */
  STOCK_GIVEN_BACK,      /* the order's reservation was released */
  STOCK_SOLD,            /* the order's reservation was committed */
  STOCK_OWNED,           /* the order is its owner's to release */
  STOCK_ELSEWHERE_FIRST, /* no failure yet: it has to be done in the warehouse before */
} stock_failure;

typedef struct stock_item {
  const char *product_id;
  const char *name;
  int64_t available;
  int64_t reserved;
  int64_t price_cents;
  bool is_backed; /* the pieces are in the warehouse, which has to agree */
} stock_item;

typedef struct stock_reservation {
  const char *order_id;
  const char *product_id;
  int64_t quantity;
  stock_state state;
  int64_t price_cents;
  int64_t created_at_unix_ms;
  const char *owner; /* who sees to it, or "" */
} stock_reservation;

/* One product's item or reservation: what is asked, and what came of it. */
typedef struct stock_change {
  const char *product_id;
  const char *order_id;
  const char *owner; /* may be NULL: nobody */
  const char *reason;
  int64_t quantity;
  int64_t now_unix_ms;
  bool is_done_elsewhere;        /* of backed products: the warehouse does not hold this one */
  bool is_anybodys;              /* a release that may come from anybody */
  bool keeps_others;             /* what else the order has there is not known to be released */
  stock_item item;               /* out: as it is afterwards */
  stock_reservation reservation; /* out */
  const char *order_owner;       /* out: of what the order has reserved so far, or "" */
  bool is_new;                   /* out: the pieces were taken by this */
  int64_t backed_before; /* out: backed products that the order had already, if this is one */
  stock_failure failure; /* out */
} stock_change;

mesh_status stock_get(store_transaction *transaction, stock_change *change);
mesh_status stock_reserve(store_transaction *transaction, stock_change *change);
mesh_status stock_release(store_transaction *transaction, stock_change *change);
mesh_status stock_add(store_transaction *transaction, stock_change *change);

/* Several products of one order: all of them change, or none. */
typedef struct stock_order {
  stock_change *changes;
  size_t count;
  stock_change *failed; /* out: which one could not be changed */
} stock_order;

mesh_status stock_reserve_order(store_transaction *transaction, stock_order *order);

/* Products that the shop does not have are passed over: their failure is STOCK_NO_PRODUCT. */
mesh_status stock_release_order(store_transaction *transaction, stock_order *order);

/* Reservations of orders become final. */
typedef struct stock_settlement {
  const char *const *order_ids;
  size_t order_count;
  bool is_done_elsewhere;  /* the warehouse has committed the backed ones */
  bool leaves_backed;      /* it could not: only the others become final */
  const char **backed_ids; /* out: orders that the warehouse has to commit before; then nothing has
                              happened, and the status is not OK */
  size_t backed_count;
  int64_t committed;        /* out: reservations that became final */
  const char **refused_ids; /* out: orders that have none committed, or lost one */
  size_t refused_count;
} stock_settlement;

mesh_status stock_commit(store_transaction *transaction, stock_settlement *settlement);

/* Pages, in the arena; an empty order means all. */
stock_item *stock_list_items(store_transaction *transaction, store_list *list);
stock_reservation *stock_list_reservations(store_transaction *transaction, stock_state state,
                                           const char *order_id, store_list *list);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The stock's bookkeeping: what runs within a transaction of the store, on its threads. Knows
 * neither calls nor messages.
 *
 * The books: for each product, available + reserved + what was committed = all that was ever there.
 */
#ifndef INVENTORY_STOCK_H
#define INVENTORY_STOCK_H

#include <store/transaction.h>

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
  STOCK_TOO_LITTLE,    /* less than asked for */
  STOCK_TOO_MUCH,      /* more than can be counted */
  STOCK_OTHER_REQUEST, /* the order has another quantity reserved */
  STOCK_GIVEN_BACK,    /* the order's reservation was released */
  STOCK_SOLD,          /* the order's reservation was committed */
} stock_failure;

typedef struct stock_item {
  const char *product_id;
  const char *name;
  int64_t available;
  int64_t reserved;
  int64_t price_cents;
} stock_item;

typedef struct stock_reservation {
  const char *order_id;
  const char *product_id;
  int64_t quantity;
  stock_state state;
  int64_t price_cents;
  int64_t created_at_unix_ms;
} stock_reservation;

/* One product's item or reservation: what is asked, and what came of it. */
typedef struct stock_change {
  const char *product_id;
  const char *order_id;
  const char *reason;
  int64_t quantity;
  int64_t now_unix_ms;
  stock_item item;               /* out: as it is afterwards */
  stock_reservation reservation; /* out */
  stock_failure failure;         /* out */
} stock_change;

mesh_status stock_get(store_transaction *transaction, stock_change *change);
mesh_status stock_reserve(store_transaction *transaction, stock_change *change);
mesh_status stock_release(store_transaction *transaction, stock_change *change);
mesh_status stock_add(store_transaction *transaction, stock_change *change);

/* Reservations of orders become final. */
typedef struct stock_settlement {
  const char *const *order_ids;
  size_t order_count;
  int64_t committed;        /* out: reservations that became final */
  const char **refused_ids; /* out: orders with no reservation to commit and none committed */
  size_t refused_count;
} stock_settlement;

mesh_status stock_commit(store_transaction *transaction, stock_settlement *settlement);

/* A page of a list; one row more than `size` is read to know whether there is another page. */
typedef struct stock_page {
  const char *after;       /* of items: the last id of the page before, or "" */
  const char *after_order; /* of reservations: the order and product of the last one, or "" */
  const char *after_product;
  stock_state state;    /* of reservations: STOCK_ANY for all */
  const char *order_id; /* of reservations: "" for all */
  size_t size;
  stock_item *items; /* out, one of the two */
  stock_reservation *reservations;
  size_t count;  /* out */
  bool has_more; /* out */
} stock_page;

mesh_status stock_list_items(store_transaction *transaction, stock_page *page);
mesh_status stock_list_reservations(store_transaction *transaction, stock_page *page);

#endif

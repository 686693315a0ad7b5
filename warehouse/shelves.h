/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The warehouse's bookkeeping: what runs within a transaction of the store, on its threads. Knows
 * neither calls nor messages.
 *
 * The books: for each item and location, available + reserved + what was committed = all that was
 * ever there. An order is reserved as a whole: its state is that of all its reservations.
 */
#ifndef WAREHOUSE_SHELVES_H
#define WAREHOUSE_SHELVES_H

#include <store/list.h>

/* As in shop.warehouse.v1.ReservationState, and in the file. */
typedef enum shelves_state {
  SHELVES_ANY = 0,
  SHELVES_HELD = 1,
  SHELVES_COMMITTED = 2,
  SHELVES_RELEASED = 3,
} shelves_state;

/* Why an operation failed, besides the store. */
typedef enum shelves_failure {
  SHELVES_FINE,
  SHELVES_NO_ITEM,       /* the item is not kept here, or not at this location */
  SHELVES_TOO_LITTLE,    /* less than asked for */
  SHELVES_TOO_MUCH,      /* more than can be counted */
  SHELVES_OTHER_REQUEST, /* the order has other items reserved */
  SHELVES_GIVEN_BACK,    /* the order was released */
  SHELVES_GONE,          /* the order was committed */
} shelves_failure;

/* An item at a location. */
typedef struct shelves_stock {
  const char *item_id;
  const char *location;
  int64_t available;
  int64_t reserved;
} shelves_stock;

typedef struct shelves_reservation {
  struct shelves_reservation *next; /* of an order, by item and location */
  const char *order_id;
  const char *item_id;
  const char *location;
  int64_t quantity;
  shelves_state state;
  int64_t created_at_unix_ms;
} shelves_reservation;

typedef struct shelves_item {
  const char *item_id;
  int64_t quantity;
} shelves_item;

/* What is wrong, and with what. */
typedef struct shelves_problem {
  shelves_failure failure;
  const char *item_id;
  int64_t available; /* of an item of which there is too little: at all locations */
} shelves_problem;

/* An order: what is asked, and what came of it. */
typedef struct shelves_order {
  const char *order_id;
  const shelves_item *items; /* to reserve, each once */
  size_t item_count;
  const char *reason; /* to release; "" for none */
  int64_t now_unix_ms;
  shelves_reservation *reservations; /* out */
  bool is_repeated;                  /* out: what is asked was done before */
  int64_t released;                  /* out: pieces that are back */
  shelves_problem problem;           /* out */
} shelves_order;

/* All of the items, or none: a failure leaves nothing behind once it has ended the operation. */
mesh_status shelves_reserve(store_transaction *transaction, shelves_order *order);
mesh_status shelves_release(store_transaction *transaction, shelves_order *order);

/* Orders become final. */
typedef struct shelves_settlement {
  const char *const *order_ids;
  size_t order_count;
  size_t committed;         /* out: orders that became final */
  const char **refused_ids; /* out: orders that are not committed now */
  size_t refused_count;
} shelves_settlement;

mesh_status shelves_commit(store_transaction *transaction, shelves_settlement *settlement);

/* A delivery. */
typedef struct shelves_delivery {
  const char *item_id;
  const char *location;
  int64_t quantity;
  shelves_stock stock;     /* out: as it is afterwards */
  shelves_problem problem; /* out */
} shelves_delivery;

mesh_status shelves_add(store_transaction *transaction, shelves_delivery *delivery);

/* Pages; an empty item or order means all. In the arena. */
shelves_stock *shelves_list_stock(store_transaction *transaction, const char *item_id,
                                  store_list *list);
shelves_reservation *shelves_list_reservations(store_transaction *transaction, shelves_state state,
                                               const char *order_id, store_list *list);

#endif

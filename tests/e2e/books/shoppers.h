/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shoppers who never give up: each, on a thread of its own, buys one thing after another through
 * the gateway, every purchase with a key of its own, and tries again with the same key until it is
 * told that it has its order, or why it cannot have it. When something has run out, it has some
 * delivered first.
 */
#ifndef SHOPPERS_H
#define SHOPPERS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

enum { SHOPPERS = 10, SHOPPERS_ITEMS = 4, SHOPPERS_SALES_MAX = 100000 };

/* The items that are bought; of the first two the warehouse has the pieces. */
extern const char *const shoppers_items[SHOPPERS_ITEMS];
enum { SHOPPERS_BACKED = 2 };

/* How purchases ended. */
typedef enum shoppers_outcome {
  SHOPPERS_BOUGHT,
  SHOPPERS_DECLINED,
  SHOPPERS_UNKNOWN_ITEM,
  SHOPPERS_OUT_OF_STOCK, /* something was delivered then */
  SHOPPERS_OUTCOMES,
} shoppers_outcome;

/* An order that was acknowledged. */
typedef struct shoppers_sale {
  char order_id[64];
  char lines[128]; /* "demo-product:2,sku001:1", by item */
  bool is_paid;
} shoppers_sale;

typedef struct shoppers {
  int port; /* of the gateway */
  unsigned seed;
  atomic_bool is_closed;
  pthread_t threads[SHOPPERS];
  atomic_int next_number;
  pthread_mutex_t lock; /* guards what follows */
  shoppers_sale *sales;
  int sale_count;
  int outcomes[SHOPPERS_OUTCOMES];
  int retries;
  int delivered[SHOPPERS_ITEMS];
  char wrong_answer[512]; /* one that none of this is; "" without one */
} shoppers;

void shoppers_start(shoppers *self, int port, unsigned seed);

/* Lets everyone finish the purchase under way, and waits for that. */
void shoppers_close(shoppers *self);

void shoppers_clean_up(shoppers *self);

#endif

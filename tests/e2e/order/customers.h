/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Customers who never give up: each buys one thing after another, every purchase with a key of its
 * own, and tries again with the same key until it is told that it has its order. When a product has
 * run out, it has some delivered first.
 */
#ifndef CUSTOMERS_H
#define CUSTOMERS_H

#include <mesh/client.h>

enum { CUSTOMERS_PRODUCTS = 4, CUSTOMERS_SALES_MAX = 200000 };

extern const char *const customers_products[CUSTOMERS_PRODUCTS];

/* An order that was acknowledged. */
typedef struct customers_sale {
  char order_id[40];
  int product;
  int quantity;
} customers_sale;

typedef struct customers customers;

/* Starts `count` of them; the clients outlive them. */
customers *customers_new(mesh_loop *loop, mesh_client *orders, mesh_client *inventory, int count,
                         unsigned seed);
void customers_destroy(customers *self);

/* Lets everyone finish the purchase under way, and start no other. */
void customers_close(customers *self);

/* True when nobody is buying any more. */
bool customers_have_left(const customers *self);

const customers_sale *customers_sales(const customers *self, int *out_count);

/* Pieces of a product that were delivered. */
int customers_delivered(const customers *self, int product);

/* How often a call was answered with something else than an order, and was tried again. */
int customers_retries(const customers *self);

#endif

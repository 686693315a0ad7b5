/* SPDX-License-Identifier: Apache-2.0 */
#include "customers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../support/cmocka_headers.h"
#include "../../support/text.h"
#include "shop/inventory/v1/inventory.mesh.h"
#include "shop/order/v1/order.mesh.h"

enum { ATTEMPT_TIMEOUT_MS = 2000, RETRY_MS = 30, DELIVERY = 40 };

const char *const customers_products[CUSTOMERS_PRODUCTS] = {"demo-product", "headphones-001",
                                                            "laptop-001", "phone-001"};

typedef struct customer {
  customers *all;
  int number;
  int purchase;
  int delivery;
  int product;
  int quantity;
  bool is_delivering;
  mesh_timer timer;
} customer;

struct customers {
  mesh_loop *loop;
  mesh_client *orders;
  mesh_client *inventory;
  unsigned seed;
  bool is_closed;
  int count;
  int left;
  int retries;
  int delivered[CUSTOMERS_PRODUCTS];
  customers_sale *sales;
  int sale_count;
  customer customers[];
};

static void attempt(customer *self);

static void attempt_later(void *data) {
  attempt(data);
}

static void try_again(customer *self) {
  self->all->retries++;
  mesh_timer_start(self->all->loop, &self->timer, RETRY_MS, attempt_later, self);
}

static void buy_next(customer *self) {
  customers *all = self->all;
  if (all->is_closed) {
    all->left++;
    return;
  }
  self->purchase++;
  self->product = rand_r(&all->seed) % CUSTOMERS_PRODUCTS;
  self->quantity = 1 + rand_r(&all->seed) % 3;
  attempt(self);
}

static void on_order(const mesh_status *status, const Shop__Order__V1__Order *order, void *data) {
  customer *self = data;
  customers *all = self->all;
  if (status->code == GRPC_STATUS_FAILED_PRECONDITION) {
    self->is_delivering = true;
    self->delivery++;
    attempt(self);
    return;
  }
  if (!mesh_status_is_ok(status)) {
    try_again(self);
    return;
  }
  assert_true(all->sale_count < CUSTOMERS_SALES_MAX);
  assert_string_equal(order->product_id, customers_products[self->product]);
  assert_int_equal(order->quantity, self->quantity);
  customers_sale *sale = &all->sales[all->sale_count++];
  snprintf(sale->order_id, sizeof sale->order_id, "%s", order->order_id);
  sale->product = self->product;
  sale->quantity = self->quantity;
  buy_next(self);
}

static void buy(customer *self, const mesh_context *context) {
  char key[32];
  snprintf(key, sizeof key, "c%d-%d", self->number, self->purchase);
  Shop__Order__V1__CreateOrderRequest request = SHOP__ORDER__V1__CREATE_ORDER_REQUEST__INIT;
  request.product_id = shop_text(customers_products[self->product]);
  request.quantity = self->quantity;
  request.idempotency_key = key;
  shop_order_v1_create_order(self->all->orders, context, &request, on_order, self);
}

static void on_delivered(const mesh_status *status, const Shop__Inventory__V1__Item *item,
                         void *data) {
  (void)item;
  customer *self = data;
  if (!mesh_status_is_ok(status)) {
    try_again(self);
    return;
  }
  self->all->delivered[self->product] += DELIVERY;
  self->is_delivering = false;
  attempt(self);
}

static void deliver(customer *self, const mesh_context *context) {
  char key[32];
  snprintf(key, sizeof key, "d%d-%d", self->number, self->delivery);
  Shop__Inventory__V1__AddRequest request = SHOP__INVENTORY__V1__ADD_REQUEST__INIT;
  request.product_id = shop_text(customers_products[self->product]);
  request.quantity = DELIVERY;
  request.idempotency_key = key;
  shop_inventory_v1_add(self->all->inventory, context, &request, on_delivered, self);
}

static void attempt(customer *self) {
  mesh_context *context = mesh_context_new(self->all->loop, NULL, ATTEMPT_TIMEOUT_MS);
  if (self->is_delivering) {
    deliver(self, context);
  } else {
    buy(self, context);
  }
  mesh_context_release(context);
}

customers *customers_new(mesh_loop *loop, mesh_client *orders, mesh_client *inventory, int count,
                         unsigned seed) {
  customers *self = calloc(1, sizeof *self + (size_t)count * sizeof self->customers[0]);
  assert_non_null(self);
  self->sales = calloc(CUSTOMERS_SALES_MAX, sizeof *self->sales);
  assert_non_null(self->sales);
  self->loop = loop;
  self->orders = orders;
  self->inventory = inventory;
  self->count = count;
  self->seed = seed;
  for (int i = 0; i < count; i++) {
    self->customers[i].all = self;
    self->customers[i].number = i;
    buy_next(&self->customers[i]);
  }
  return self;
}

void customers_destroy(customers *self) {
  if (self != NULL) {
    free(self->sales);
    free(self);
  }
}

void customers_close(customers *self) {
  self->is_closed = true;
}

bool customers_have_left(const customers *self) {
  return self->left == self->count;
}

const customers_sale *customers_sales(const customers *self, int *out_count) {
  *out_count = self->sale_count;
  return self->sales;
}

int customers_delivered(const customers *self, int product) {
  return self->delivered[product];
}

int customers_retries(const customers *self) {
  return self->retries;
}

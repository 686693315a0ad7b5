/* SPDX-License-Identifier: Apache-2.0 */
/* Orders that are paid, as a client of the gateway places them. */
#ifndef TESTS_E2E_PAID_H
#define TESTS_E2E_PAID_H

#include "http.h"
#include "shop.h"

/* A shop whose fraud service finds nothing fraudulent unless it is told to. */
void paid_shop_start(shop *self);

/* POST /api/order with these items, JSON like [{"item_id":"sku001","quantity":1}]; `outcome` is the
 * baggage "fraud.outcome", or NULL; `key` an Idempotency-Key, or NULL. */
http_answer paid_place(const shop *self, const char *items, const char *outcome, const char *key);

#define PAID_SKU001 "[{\"item_id\":\"sku001\",\"quantity\":1}]"

/* Pieces of a product: what its stock says, for one that can be ordered now, or "$.reserved". */
int paid_stock(const shop *self, const char *product_id, const char *path);

/* Orders until one is taken: behind a service's restart its callers connect again only in a moment.
 */
void paid_wait_taken(shop *self);

/* Waits until the order is FAILED: everything is undone then. */
void paid_wait_failed(const shop *self, const char *order_id);

#endif

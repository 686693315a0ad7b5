/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The book of payments: what runs within a transaction of the store, on its threads. Knows neither
 * calls nor messages.
 *
 * An order has one line. It is written once, AUTHORIZED or DECLINED, or VOIDED without a payment
 * when a Void came first; all that can follow is that an AUTHORIZED one becomes VOIDED.
 */
#ifndef PAYMENT_BOOK_H
#define PAYMENT_BOOK_H

#include <store/list.h>

/* As in shop.payment.v1.PaymentStatus, and in the file. */
typedef enum book_status {
  BOOK_ANY = 0,
  BOOK_AUTHORIZED = 1,
  BOOK_DECLINED = 2,
  BOOK_VOIDED = 3,
} book_status;

typedef struct book_payment {
  const char *order_id;
  const char *user_id; /* "" in a Void that came first, and so are the next two nothing */
  const char *payment_method;
  int64_t amount_cents;
  book_status status;
  const char *reason;   /* why it was declined or voided; "" otherwise */
  const char *category; /* what kind of reason a declined one has; "" otherwise */
  int64_t created_at_unix_ms;
} book_payment;

/* The payment of an order. False when there is none. */
bool book_find(store_transaction *transaction, const char *order_id, book_payment *out_payment);

/* Writes a new line. False when the order has one: `payment` becomes that. */
bool book_write(store_transaction *transaction, book_payment *payment);

/* Voids the order's payment, if it is AUTHORIZED; writes a line when there is none. What the line
 * is then is in `payment`, of which the order, the reason and the time have to be there. False when
 * nothing was left to do. */
bool book_void(store_transaction *transaction, book_payment *payment);

/* Whether they say the same: order, user, method and amount. */
bool book_is_same(const book_payment *a, const book_payment *b);

/* A page of the payments with this status, in the arena. */
book_payment *book_list(store_transaction *transaction, book_status status, store_list *list);

#endif

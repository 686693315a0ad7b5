/* SPDX-License-Identifier: Apache-2.0 */
/* A payment service of a few lines: it keeps the promises of its interface in memory, and does what
 * a test tells it to. On the loop of its server. */
#ifndef TESTS_SUPPORT_PAYMENT_STAND_IN_H
#define TESTS_SUPPORT_PAYMENT_STAND_IN_H

#include "shop/payment/v1/payment.mesh.h"

enum { PAYMENTS_MAX = 512 };

typedef struct stand_in_payment {
  char order_id[64];
  Shop__Payment__V1__PaymentStatus status;
  double amount;
} stand_in_payment;

typedef struct payment_stand_in {
  stand_in_payment payments[PAYMENTS_MAX];
  int payment_count;
  /* What to do instead: decline, fail (after the work when `fails_late`), or not answer. */
  bool declines;
  grpc_status_code authorize_code;
  bool fails_late;
  bool hangs;
  mesh_call *hanging; /* for the test to end */
  bool void_hangs;
  mesh_call *hanging_void; /* the same */
  grpc_status_code void_code;
  int authorizes;
  int voids;
} payment_stand_in;

mesh_service payment_stand_in_bind(payment_stand_in *self);

/* How many payments are in this state. */
int payment_stand_in_count(const payment_stand_in *self, Shop__Payment__V1__PaymentStatus status);

#endif

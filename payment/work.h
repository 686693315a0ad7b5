/* SPDX-License-Identifier: Apache-2.0 */
/* The service's inside, and what its handlers share. Each work is in its call's arena. */
#ifndef PAYMENT_WORK_H
#define PAYMENT_WORK_H

#include <store/tally.h>
#include <store/work.h>

#include "book.h"
#include "payment.h"
#include "shop/payment/v1/payment.mesh.h"

typedef enum payment_count { PAYMENT_AUTHORIZED, PAYMENT_DECLINED, PAYMENT_VOIDED } payment_count;

struct payment_service {
  store *store;
  store_tally tally;
  mesh_client *fraud;
  int64_t fraud_timeout_ms;
};

typedef struct payment_work {
  store_work base;
  payment_service *self;
  book_payment payment; /* what is asked, and what came of it */
  /* Of an authorization: the step under way, and what was found about the order at first. */
  otlp_span *step;
  const mesh_context *step_context;
  book_payment earlier;
  bool is_known;
  bool is_changed; /* of a Void: there was something to void */
  /* Of a list. */
  book_status status;
  store_list list;
  book_payment *payments;
} payment_work;

payment_work *payment_work_start(mesh_call *call, payment_service *self, const char *span_name);

/* Ends span and call with a payment. */
void payment_work_reply(payment_work *work, const book_payment *payment);

Shop__Payment__V1__Payment *payment_message(mesh_arena *arena, const book_payment *payment);

/* The handlers. */
void payment_authorize(mesh_call *call, const Shop__Payment__V1__AuthorizeRequest *request,
                       void *self);
void payment_void(mesh_call *call, const Shop__Payment__V1__VoidRequest *request, void *self);
void payment_get(mesh_call *call, const Shop__Payment__V1__GetPaymentRequest *request, void *self);
void payment_list(mesh_call *call, const Shop__Payment__V1__ListPaymentsRequest *request,
                  void *self);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "payment_stand_in.h"

#include <stdio.h>
#include <string.h>

#include "cmocka_headers.h"

#define AUTHORIZED SHOP__PAYMENT__V1__PAYMENT_STATUS__PAYMENT_STATUS_AUTHORIZED
#define DECLINED SHOP__PAYMENT__V1__PAYMENT_STATUS__PAYMENT_STATUS_DECLINED
#define VOIDED SHOP__PAYMENT__V1__PAYMENT_STATUS__PAYMENT_STATUS_VOIDED

static stand_in_payment *find(payment_stand_in *self, const char *order_id) {
  for (int i = 0; i < self->payment_count; i++) {
    if (strcmp(self->payments[i].order_id, order_id) == 0) {
      return &self->payments[i];
    }
  }
  return NULL;
}

static stand_in_payment *find_or_add(payment_stand_in *self, const char *order_id,
                                     Shop__Payment__V1__PaymentStatus status) {
  stand_in_payment *payment = find(self, order_id);
  if (payment == NULL) {
    assert_true(self->payment_count < PAYMENTS_MAX);
    payment = &self->payments[self->payment_count++];
    snprintf(payment->order_id, sizeof payment->order_id, "%s", order_id);
    payment->status = status;
  }
  return payment;
}

static void reply(mesh_call *call, const stand_in_payment *payment) {
  Shop__Payment__V1__Payment message = SHOP__PAYMENT__V1__PAYMENT__INIT;
  message.order_id = (char *)payment->order_id;
  message.status = payment->status;
  message.amount = payment->amount;
  mesh_call_reply(call, &message.base);
}

static void authorize(mesh_call *call, const Shop__Payment__V1__AuthorizeRequest *request,
                      void *data) {
  payment_stand_in *self = data;
  self->authorizes++;
  if (self->hangs) {
    self->hanging = call;
    return;
  }
  if (self->authorize_code != GRPC_STATUS_OK && !self->fails_late) {
    mesh_call_fail(call, self->authorize_code, "no answer");
    return;
  }
  stand_in_payment *payment =
      find_or_add(self, request->order_id, self->declines ? DECLINED : AUTHORIZED);
  payment->amount = request->amount;
  if (self->authorize_code != GRPC_STATUS_OK) {
    mesh_call_fail(call, self->authorize_code, "no answer");
  } else if (payment->status == VOIDED) {
    mesh_call_fail(call, GRPC_STATUS_ABORTED, "the payment was voided");
  } else if (payment->status == DECLINED) {
    mesh_call_add_error_info(call, "PAYMENT_DECLINED", "payment.shop");
    mesh_call_add_error_info_metadata(call, "category", "fraud");
    mesh_call_fail(call, GRPC_STATUS_FAILED_PRECONDITION, "the payment was declined");
  } else {
    reply(call, payment);
  }
}

static void void_payment(mesh_call *call, const Shop__Payment__V1__VoidRequest *request,
                         void *data) {
  payment_stand_in *self = data;
  self->voids++;
  if (self->void_hangs) {
    self->hanging_void = call;
    return;
  }
  if (self->void_code != GRPC_STATUS_OK) {
    mesh_call_fail(call, self->void_code, "no answer");
    return;
  }
  stand_in_payment *payment = find_or_add(self, request->order_id, VOIDED);
  if (payment->status == AUTHORIZED) {
    payment->status = VOIDED;
  }
  reply(call, payment);
}

mesh_service payment_stand_in_bind(payment_stand_in *self) {
  static const shop_payment_v1_payment_service handlers = {.authorize = authorize,
                                                           .void_ = void_payment};
  return shop_payment_v1_payment_service_bind(&handlers, self);
}

int payment_stand_in_count(const payment_stand_in *self, Shop__Payment__V1__PaymentStatus status) {
  int count = 0;
  for (int i = 0; i < self->payment_count; i++) {
    count += self->payments[i].status == status;
  }
  return count;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "work.h"

#include <store/check.h>

payment_work *payment_work_start(mesh_call *call, payment_service *self, const char *span_name) {
  payment_work *work = mesh_arena_alloc(mesh_call_arena(call), sizeof *work);
  store_work_start(&work->base, call, self->store, span_name);
  work->base.domain = "payment.shop";
  work->self = self;
  return work;
}

Shop__Payment__V1__Payment *payment_message(mesh_arena *arena, const book_payment *payment) {
  Shop__Payment__V1__Payment *message = mesh_arena_alloc(arena, sizeof *message);
  shop__payment__v1__payment__init(message);
  message->order_id = (char *)payment->order_id;
  message->user_id = (char *)payment->user_id;
  message->payment_method = (char *)payment->payment_method;
  message->amount = store_dollars(payment->amount_cents);
  message->status = (Shop__Payment__V1__PaymentStatus)payment->status;
  message->reason = (char *)payment->reason;
  message->category = (char *)payment->category;
  message->created_at = store_timestamp(arena, payment->created_at_unix_ms);
  return message;
}

void payment_work_reply(payment_work *work, const book_payment *payment) {
  static const char *const names[] = {
      [BOOK_AUTHORIZED] = "AUTHORIZED", [BOOK_DECLINED] = "DECLINED", [BOOK_VOIDED] = "VOIDED"};
  otlp_span_set_string(work->base.span, "payment.status", names[payment->status]);
  Shop__Payment__V1__Payment *reply = payment_message(mesh_call_arena(work->base.call), payment);
  store_work_reply(&work->base, &reply->base);
}

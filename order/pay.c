/* SPDX-License-Identifier: Apache-2.0 */
/* The step order_to_payment_authorization. */
#include "errors.h"
#include "messages.h"
#include "saga.h"
#include "shop/payment/v1/payment.mesh.h"

/* Whether it is known not to be paid: a refusal, or ABORTED, of an Authorize that finds its payment
 * voided; and with a reason, which the payment service gives. A bare code may be of someone in
 * between, who has thrown the answer away; that, and anything else, may have gone through. */
static bool is_not_paid(const mesh_status *status, const order_error *error) {
  return (order_error_is_refusal(status->code) || status->code == GRPC_STATUS_ABORTED) &&
         error->reason[0] != '\0';
}

static void on_declined(order_saga *saga, otlp_span *handling, const mesh_status *status,
                        const order_error *error) {
  const char *reason = error->reason[0] != '\0' ? error->reason : NULL;
  saga->category = error->category;
  otlp_span_set_string(handling, "payment.status", "DECLINED");
  store_span_fail(handling, reason, status);
  order_saga_fail(saga, status, reason);
}

static void on_authorized(const mesh_status *status, const Shop__Payment__V1__Payment *payment,
                          void *data) {
  (void)payment;
  order_saga *saga = data;
  otlp_span *handling = NULL;
  mesh_context_start_span(saga->step_context, "payment_response_handling", &handling);
  order_error error = order_error_read(mesh_call_arena(saga->call), status);
  saga->may_be_paid = !is_not_paid(status, &error);
  if (status->code == GRPC_STATUS_FAILED_PRECONDITION) {
    on_declined(saga, handling, status, &error);
    return;
  }
  if (!mesh_status_is_ok(status)) {
    store_span_fail(handling, NULL, status);
    order_saga_fail(saga, status, NULL);
    return;
  }
  otlp_span_set_string(handling, "payment.status", "AUTHORIZED");
  otlp_span_end(handling);
  order_saga_end_step(saga, "payment.authorized", NULL, 0);
  order_saga_next(saga);
}

void order_step_pay(order_saga *saga) {
  const ledger_order *order = &saga->order;
  order_saga_start_step(saga, "order_to_payment_authorization");
  const otlp_attribute attributes[] = {
      otlp_attribute_string("order.order_id", saga->id),
      otlp_attribute_double("order.amount", store_dollars(order->amount_cents)),
  };
  otlp_span_set_attributes(saga->step, attributes, 2);
  Shop__Payment__V1__AuthorizeRequest request = SHOP__PAYMENT__V1__AUTHORIZE_REQUEST__INIT;
  request.order_id = saga->id;
  request.user_id = (char *)order->user_id;
  request.payment_method = (char *)order->payment_method;
  request.amount = store_dollars(order->amount_cents);
  shop_payment_v1_authorize(saga->self->payment, saga->step_context, &request, on_authorized, saga);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The step order_to_payment_authorization. */
#include "errors.h"
#include "messages.h"
#include "saga.h"
#include "shop/payment/v1/payment.mesh.h"

/* What is known not to be paid. INVALID_ARGUMENT and FAILED_PRECONDITION are refusals, and an
 * Authorize that finds its payment voided is ABORTED; anything else may have gone through. */
static bool is_not_paid(grpc_status_code code) {
  return order_error_is_refusal(code) || code == GRPC_STATUS_ABORTED;
}

static void on_declined(order_saga *saga, otlp_span *handling, const mesh_status *status) {
  order_error error = order_error_read(mesh_call_arena(saga->call), status);
  const char *reason = error.reason[0] != '\0' ? error.reason : NULL;
  saga->category = error.category;
  saga->may_be_paid = !is_not_paid(status->code);
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
  if (status->code == GRPC_STATUS_FAILED_PRECONDITION) {
    on_declined(saga, handling, status);
    return;
  }
  if (!mesh_status_is_ok(status)) {
    saga->may_be_paid = !is_not_paid(status->code);
    store_span_fail(handling, NULL, status);
    order_saga_fail(saga, status, NULL);
    return;
  }
  saga->may_be_paid = true;
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

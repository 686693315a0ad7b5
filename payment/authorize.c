/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Authorize, step by step: validate_payment_details, fraud_detection_service_call, process_payment.
 * Each step starts the next one from its continuation.
 *
 * Nothing is written before the fraud service has answered: when it does not, the call fails, the
 * order has no payment, and the same call may come again. What is written is one line. If a Void,
 * or the same call on another connection, wrote the order's line meanwhile, that line decides.
 */
#include <mesh/log.h>

#include "check.h"
#include "shop/fraud/v1/fraud.mesh.h"
#include "work.h"

static void start_step(payment_work *work, const char *name) {
  work->step_context = mesh_context_start_span(work->base.context, name, &work->step);
}

static void end_step(payment_work *work) {
  otlp_span_end(work->step);
  work->step = NULL;
}

/* Ends the step under way and all of it. */
static void fail(payment_work *work, const char *reason, const mesh_status *status) {
  work->base.reason = reason;
  store_span_fail(work->step, reason, status);
  store_work_fail(&work->base, status);
}

/* ---- how it ends ---- */

static void decline(payment_work *work, const book_payment *payment) {
  mesh_status status = mesh_status_error(GRPC_STATUS_FAILED_PRECONDITION,
                                         "the payment was declined: %s", payment->reason);
  otlp_span_set_string(work->base.span, "payment.status", "DECLINED");
  store_span_fail(work->step, "PAYMENT_DECLINED", &status);
  store_span_fail(work->base.span, "PAYMENT_DECLINED", &status);
  mesh_call *call = work->base.call;
  mesh_call_add_error_info(call, "PAYMENT_DECLINED", work->base.domain);
  mesh_call_add_error_info_metadata(call, "category", payment->category);
  mesh_call_fail(call, status.code, "%s", status.message);
}

/* Answers with the line that the order has. */
static void answer(payment_work *work, const book_payment *line) {
  mesh_status status;
  switch (line->status) {
  case BOOK_VOIDED:
    status = mesh_status_error(GRPC_STATUS_ABORTED, "the order's payment was voided");
    fail(work, "PAYMENT_VOIDED", &status);
    return;
  case BOOK_DECLINED:
    decline(work, line);
    return;
  default:
    end_step(work);
    payment_work_reply(work, line);
  }
}

/* The same with a line that was there before, which may be of another payment. A voided one need
 * not have been a payment. */
static void answer_again(payment_work *work, const book_payment *line) {
  otlp_span_add_event(work->base.span, otlp_string_from("payment.repeated"), 0, NULL, 0);
  if (line->status != BOOK_VOIDED && !book_is_same(line, &work->payment)) {
    mesh_status status = mesh_status_error(GRPC_STATUS_ALREADY_EXISTS,
                                           "the order is paid with another amount, user or method");
    fail(work, "PAID_OTHERWISE", &status);
    return;
  }
  answer(work, line);
}

/* ---- process_payment ---- */

static mesh_status run_write(store_transaction *transaction, void *data) {
  payment_work *work = data;
  work->earlier = work->payment;
  work->is_known = !book_write(transaction, &work->earlier);
  return mesh_status_ok();
}

static void note_new_line(const payment_work *work) {
  bool is_declined = work->payment.status == BOOK_DECLINED;
  const otlp_attribute field = otlp_attribute_string("order_id", work->payment.order_id);
  store_tally_add(&work->self->tally, is_declined ? PAYMENT_DECLINED : PAYMENT_AUTHORIZED, 1);
  mesh_log(MESH_LOG_INFO, work->base.context,
           is_declined ? "payment declined" : "payment authorized", &field, 1);
}

static void on_written(const store_result *result, void *data) {
  payment_work *work = data;
  if (!mesh_status_is_ok(&result->status)) {
    fail(work, NULL, &result->status);
  } else if (work->is_known) {
    answer_again(work, &work->earlier);
  } else {
    note_new_line(work);
    answer(work, &work->payment);
  }
}

static void process_payment(payment_work *work, bool is_fraudulent) {
  start_step(work, "process_payment");
  work->payment.status = is_fraudulent ? BOOK_DECLINED : BOOK_AUTHORIZED;
  work->payment.reason = is_fraudulent ? "the fraud check failed" : "";
  work->payment.category = is_fraudulent ? "fraud" : "";
  store_operation operation = {
      .run = run_write, .done = on_written, .data = work, .checks_first = true};
  store_write(work->self->store, work->step_context, &operation);
}

/* ---- fraud_detection_service_call ---- */

static void on_judged(const mesh_status *status, const Shop__Fraud__V1__Decision *decision,
                      void *data) {
  payment_work *work = data;
  if (!mesh_status_is_ok(status)) {
    store_span_fail(work->step, NULL, status);
    store_span_fail(work->base.span, NULL, status);
    store_stop_retries(work->base.call); /* our client has tried again; each caller would again */
    mesh_call_fail_with(work->base.call, status);
    return;
  }
  const char *outcome = decision->is_fraudulent ? "failed" : "passed";
  otlp_span_set_string(work->step, "fraud_check", outcome);
  otlp_span_set_string(work->base.span, "fraud_check", outcome);
  end_step(work);
  process_payment(work, decision->is_fraudulent);
}

static void call_fraud_service(payment_work *work) {
  start_step(work, "fraud_detection_service_call");
  const book_payment *payment = &work->payment;
  Shop__Fraud__V1__CheckRequest request = SHOP__FRAUD__V1__CHECK_REQUEST__INIT;
  request.order_id = (char *)payment->order_id;
  request.user_id = (char *)payment->user_id;
  request.payment_method = (char *)payment->payment_method;
  request.amount = store_dollars(payment->amount_cents);
  const mesh_context *bounded =
      mesh_context_with_timeout(work->step_context, work->self->fraud_timeout_ms);
  shop_fraud_v1_check(work->self->fraud, bounded, &request, on_judged, work);
}

/* ---- validate_payment_details ---- */

static mesh_status run_look_up(store_transaction *transaction, void *data) {
  payment_work *work = data;
  work->is_known = book_find(transaction, work->payment.order_id, &work->earlier);
  return mesh_status_ok();
}

static void on_looked_up(const store_result *result, void *data) {
  payment_work *work = data;
  if (!mesh_status_is_ok(&result->status)) {
    fail(work, NULL, &result->status);
  } else if (work->is_known) {
    answer_again(work, &work->earlier);
  } else {
    end_step(work);
    call_fraud_service(work);
  }
}

static void describe(otlp_span *span, const Shop__Payment__V1__AuthorizeRequest *request) {
  const otlp_attribute attributes[] = {
      otlp_attribute_string("payment.order_id", request->order_id),
      otlp_attribute_string("payment.user_id", request->user_id),
      otlp_attribute_string("payment.payment_method", request->payment_method),
      otlp_attribute_double("payment.amount", request->amount),
  };
  otlp_span_set_attributes(span, attributes, sizeof attributes / sizeof *attributes);
}

void payment_authorize(mesh_call *call, const Shop__Payment__V1__AuthorizeRequest *request,
                       void *self) {
  payment_work *work = payment_work_start(call, self, "authorize_payment");
  start_step(work, "validate_payment_details");
  store_field_problem problem = payment_check_authorize(request);
  if (problem.field != NULL) {
    mesh_status status =
        mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT, "%s %s", problem.field, problem.text);
    store_span_fail(work->step, "INVALID_FIELD", &status);
    store_work_refuse(&work->base, &problem);
    return;
  }
  describe(work->base.span, request);
  work->payment = (book_payment){.order_id = request->order_id,
                                 .user_id = request->user_id,
                                 .payment_method = request->payment_method,
                                 .amount_cents = store_cents(request->amount),
                                 .created_at_unix_ms = store_now_unix_ms()};
  store_operation operation = {.run = run_look_up, .done = on_looked_up, .data = work};
  store_look_up(work->self->store, work->step_context, &operation);
}

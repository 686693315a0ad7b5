/* SPDX-License-Identifier: Apache-2.0 */
/* Void, GetPayment and ListPayments. */
#include <mesh/log.h>

#include "check.h"
#include "work.h"

/* ---- Void ---- */

static mesh_status run_void(store_transaction *transaction, void *data) {
  payment_work *work = data;
  work->is_changed = book_void(transaction, &work->payment);
  return mesh_status_ok();
}

static void on_voided(const store_result *result, void *data) {
  payment_work *work = data;
  if (!store_work_succeeded(&work->base, result)) {
    return;
  }
  if (work->is_changed) {
    const otlp_attribute field = otlp_attribute_string("order_id", work->payment.order_id);
    store_tally_add(&work->self->tally, PAYMENT_VOIDED, 1);
    mesh_log(MESH_LOG_INFO, work->base.context, "payment voided", &field, 1);
  }
  payment_work_reply(work, &work->payment);
}

void payment_void(mesh_call *call, const Shop__Payment__V1__VoidRequest *request, void *self) {
  payment_work *work = payment_work_start(call, self, "void_payment");
  store_field_problem problem = payment_check_void(request);
  if (store_work_refuse(&work->base, &problem)) {
    return;
  }
  otlp_span_set_string(work->base.span, "payment.order_id", request->order_id);
  work->payment = (book_payment){.order_id = request->order_id,
                                 .reason = request->reason,
                                 .created_at_unix_ms = store_now_unix_ms()};
  store_work_write(&work->base, run_void, on_voided, work);
}

/* ---- GetPayment ---- */

static mesh_status run_get(store_transaction *transaction, void *data) {
  payment_work *work = data;
  if (book_find(transaction, work->payment.order_id, &work->payment)) {
    return mesh_status_ok();
  }
  work->base.reason = "PAYMENT_NOT_FOUND";
  return mesh_status_error(GRPC_STATUS_NOT_FOUND, "there is no payment of order '%s'",
                           work->payment.order_id);
}

static void on_payment(const store_result *result, void *data) {
  payment_work *work = data;
  if (result->status.code == GRPC_STATUS_NOT_FOUND) {
    mesh_call_add_resource_info(work->base.call, "shop.payment.v1.Payment", work->payment.order_id,
                                "The order has no payment.");
  }
  if (store_work_succeeded(&work->base, result)) {
    payment_work_reply(work, &work->payment);
  }
}

void payment_get(mesh_call *call, const Shop__Payment__V1__GetPaymentRequest *request, void *self) {
  payment_work *work = payment_work_start(call, self, "get_payment");
  store_field_problem problem = payment_check_get(request);
  if (store_work_refuse(&work->base, &problem)) {
    return;
  }
  otlp_span_set_string(work->base.span, "payment.order_id", request->order_id);
  work->payment.order_id = request->order_id;
  store_work_look_up(&work->base, run_get, on_payment, work);
}

/* ---- ListPayments ---- */

static mesh_status run_list(store_transaction *transaction, void *data) {
  payment_work *work = data;
  work->payments = book_list(transaction, work->status, &work->list);
  return mesh_status_ok();
}

static void on_listed(const store_result *result, void *data) {
  payment_work *work = data;
  if (!store_work_succeeded(&work->base, result)) {
    return;
  }
  mesh_arena *arena = mesh_call_arena(work->base.call);
  size_t count = work->list.count;
  Shop__Payment__V1__ListPaymentsResponse reply = SHOP__PAYMENT__V1__LIST_PAYMENTS_RESPONSE__INIT;
  reply.n_payments = count;
  reply.payments = mesh_arena_alloc(arena, count * sizeof *reply.payments);
  for (size_t i = 0; i < count; i++) {
    reply.payments[i] = payment_message(arena, &work->payments[i]);
  }
  const char *last[] = {count > 0 ? work->payments[count - 1].order_id : ""};
  reply.next_page_token = store_list_token(&work->list, arena, last);
  otlp_span_set_int(work->base.span, "payment.payments", (int64_t)count);
  store_work_reply(&work->base, &reply.base);
}

void payment_list(mesh_call *call, const Shop__Payment__V1__ListPaymentsRequest *request,
                  void *self) {
  payment_work *work = payment_work_start(call, self, "list_payments");
  mesh_arena *arena = mesh_call_arena(call);
  store_field_problem problem = payment_check_list(request);
  store_list_request page = {request->page_size, request->page_token};
  work->status = (book_status)request->status;
  work->list = (store_list){.scope = mesh_arena_printf(arena, "payments/%d", (int)work->status),
                            .key_count = 1};
  store_list_open(&work->list, arena, &page, &problem);
  if (!store_work_refuse(&work->base, &problem)) {
    store_work_read(&work->base, run_list, on_listed, work);
  }
}

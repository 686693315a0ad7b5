/* SPDX-License-Identifier: Apache-2.0 */
#include <mesh/log.h>
#include <store/check.h>
#include <store/work.h>

#include "decisions.h"
#include "service.h"

enum { PAYMENT_METHOD_MAX = 64 }; /* bytes */

/* A call under way, in its arena. */
typedef struct fraud_work {
  store_work base;
  fraud_service *self;
  fraud_decision decision;
  fraud_keeping keeping;
  store_list list;
  fraud_decision *decisions;
} fraud_work;

static fraud_work *start(mesh_call *call, fraud_service *self, const char *span_name) {
  fraud_work *work = mesh_arena_alloc(mesh_call_arena(call), sizeof *work);
  store_work_start(&work->base, call, self->store, span_name);
  work->base.domain = "fraud.shop";
  work->self = self;
  return work;
}

static Shop__Fraud__V1__Decision *decision_message(mesh_arena *arena,
                                                   const fraud_decision *decision) {
  Shop__Fraud__V1__Decision *message = mesh_arena_alloc(arena, sizeof *message);
  shop__fraud__v1__decision__init(message);
  message->order_id = (char *)decision->order_id;
  message->user_id = (char *)decision->user_id;
  message->payment_method = (char *)decision->payment_method;
  message->amount = store_dollars(decision->amount_cents);
  message->is_fraudulent = decision->is_fraudulent;
  message->is_forced = decision->is_forced;
  message->created_at = store_timestamp(arena, decision->created_at_unix_ms);
  return message;
}

/* ---- Check ---- */

static mesh_status run_check(store_transaction *transaction, void *data) {
  fraud_work *work = data;
  otlp_span *span = store_step_start(transaction, "analyze_transaction");
  work->keeping = fraud_decisions_keep(transaction, &work->decision);
  if (work->keeping == FRAUD_JUDGED_OTHERWISE) {
    work->base.reason = "JUDGED_OTHERWISE";
    return mesh_status_error(GRPC_STATUS_ALREADY_EXISTS,
                             "the order was judged for another amount, user or method");
  }
  otlp_span_set_bool(span, "fraud.is_fraudulent", work->decision.is_fraudulent);
  store_step_end(transaction);
  return mesh_status_ok();
}

static void note_decision(const fraud_work *work, const char *outcome) {
  store_tally *tally = &work->self->tally;
  store_tally_add(tally, work->decision.is_fraudulent ? FRAUD_FAILED : FRAUD_PASSED, 1);
  if (work->decision.is_forced) {
    store_tally_add(tally, FRAUD_FORCED, 1);
  }
  const otlp_attribute fields[] = {
      otlp_attribute_string("order_id", work->decision.order_id),
      otlp_attribute_string("fraud_check", outcome),
      otlp_attribute_bool("is_forced", work->decision.is_forced),
  };
  mesh_log(MESH_LOG_INFO, work->base.context, "payment judged", fields, 3);
}

static void on_checked(const store_result *result, void *data) {
  fraud_work *work = data;
  if (!store_work_succeeded(&work->base, result)) {
    return;
  }
  const fraud_decision *decision = &work->decision;
  const char *outcome = decision->is_fraudulent ? "failed" : "passed";
  otlp_span_set_bool(work->base.span, "fraud.is_fraudulent", decision->is_fraudulent);
  otlp_span_set_bool(work->base.span, "fraud.is_forced", decision->is_forced);
  otlp_span_set_string(work->base.span, "fraud_check", outcome);
  if (work->keeping == FRAUD_KEPT) {
    note_decision(work, outcome);
  }
  Shop__Fraud__V1__Decision *reply = decision_message(mesh_call_arena(work->base.call), decision);
  store_work_reply(&work->base, &reply->base);
}

static store_field_problem check(const Shop__Fraud__V1__CheckRequest *request) {
  store_field_problem problem = {NULL, NULL};
  store_check_text(&problem, "order_id", request->order_id, STORE_KEY_MAX);
  store_check_text(&problem, "user_id", request->user_id, STORE_KEY_MAX);
  store_check_text(&problem, "payment_method", request->payment_method, PAYMENT_METHOD_MAX);
  store_check_amount(&problem, "amount", request->amount);
  return problem;
}

static void describe(otlp_span *span, const Shop__Fraud__V1__CheckRequest *request) {
  const otlp_attribute attributes[] = {
      otlp_attribute_string("fraud.order_id", request->order_id),
      otlp_attribute_string("fraud.user_id", request->user_id),
      otlp_attribute_string("fraud.payment_method", request->payment_method),
      otlp_attribute_double("fraud.amount", request->amount),
  };
  otlp_span_set_attributes(span, attributes, sizeof attributes / sizeof *attributes);
}

/* The dice are thrown here, and what they say is of use only if the order was not judged before. */
void fraud_check(mesh_call *call, const Shop__Fraud__V1__CheckRequest *request, void *self) {
  fraud_service *service = self;
  fraud_work *work = start(call, service, "check_fraud");
  store_field_problem problem = check(request);
  if (store_work_refuse(&work->base, &problem)) {
    return;
  }
  describe(work->base.span, request);
  fraud_verdict verdict =
      fraud_judge(&service->rules, mesh_context_trace(work->base.context)->baggage);
  work->decision = (fraud_decision){.order_id = request->order_id,
                                    .user_id = request->user_id,
                                    .payment_method = request->payment_method,
                                    .amount_cents = store_cents(request->amount),
                                    .is_fraudulent = verdict.is_fraudulent,
                                    .is_forced = verdict.is_forced,
                                    .created_at_unix_ms = store_now_unix_ms()};
  work->base.checks_first = true;
  store_work_write(&work->base, run_check, on_checked, work);
}

/* ---- ListDecisions ---- */

static mesh_status run_list(store_transaction *transaction, void *data) {
  fraud_work *work = data;
  work->decisions = fraud_decisions_list(transaction, &work->list);
  return mesh_status_ok();
}

static void on_listed(const store_result *result, void *data) {
  fraud_work *work = data;
  if (!store_work_succeeded(&work->base, result)) {
    return;
  }
  mesh_arena *arena = mesh_call_arena(work->base.call);
  size_t count = work->list.count;
  Shop__Fraud__V1__ListDecisionsResponse reply = SHOP__FRAUD__V1__LIST_DECISIONS_RESPONSE__INIT;
  reply.n_decisions = count;
  reply.decisions = mesh_arena_alloc(arena, count * sizeof *reply.decisions);
  for (size_t i = 0; i < count; i++) {
    reply.decisions[i] = decision_message(arena, &work->decisions[i]);
  }
  const char *last[] = {count > 0 ? work->decisions[count - 1].order_id : ""};
  reply.next_page_token = store_list_token(&work->list, arena, last);
  otlp_span_set_int(work->base.span, "fraud.decisions", (int64_t)count);
  store_work_reply(&work->base, &reply.base);
}

void fraud_list_decisions(mesh_call *call, const Shop__Fraud__V1__ListDecisionsRequest *request,
                          void *self) {
  fraud_work *work = start(call, self, "list_decisions");
  store_field_problem problem = {NULL, NULL};
  store_list_request page = {request->page_size, request->page_token};
  work->list = (store_list){.scope = "decisions", .key_count = 1};
  store_list_open(&work->list, mesh_call_arena(call), &page, &problem);
  if (!store_work_refuse(&work->base, &problem)) {
    store_work_read(&work->base, run_list, on_listed, work);
  }
}

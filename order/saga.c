/* SPDX-License-Identifier: Apache-2.0 */
#include "saga.h"

#include "round.h"

order_saga *order_saga_start(mesh_call *call, order_service *self, const order_kind *kind) {
  order_saga *saga = mesh_arena_alloc(mesh_call_arena(call), sizeof *saga);
  saga->self = self;
  saga->call = call;
  saga->kind = kind;
  saga->category = "";
  const mesh_context *bounded =
      mesh_context_with_timeout(mesh_call_context(call), ORDER_CREATE_TIMEOUT_MS);
  saga->context = mesh_context_start_span(bounded, "create_order", &saga->span);
  return saga;
}

void order_saga_name(order_saga *saga, int64_t now_unix_ms) {
  order_id_write((uint64_t)now_unix_ms, order_random(), saga->self->run, saga->id);
  saga->order.order_id = saga->id;
  saga->order.created_at_unix_ms = now_unix_ms;
}

/* ---- steps ---- */

void order_saga_start_step(order_saga *saga, const char *name) {
  saga->step_context = mesh_context_start_span(saga->context, name, &saga->step);
}

void order_saga_end_step(order_saga *saga, const char *event, const otlp_attribute *attributes,
                         size_t count) {
  otlp_span_add_event(saga->step, otlp_string_from(event), 0, attributes, count);
  otlp_span_end(saga->step);
  saga->step = NULL;
}

void order_saga_next(order_saga *saga) {
  order_step *step = saga->kind->steps[saga->next_step];
  if (step == NULL) {
    saga->kind->reply(saga);
    return;
  }
  saga->next_step++;
  step(saga);
}

/* ---- calls with the same key ---- */

void order_saga_board(order_saga *saga, void (*go)(void *saga)) {
  if (saga->once.key == NULL) {
    go(saga);
    return;
  }
  saga->has_boarded = true;
  saga->flight = (order_flight){.method = saga->once.method,
                                .key = saga->once.key,
                                .loop = mesh_context_loop(saga->context),
                                .go = go,
                                .data = saga};
  order_flights_board(saga->self->flights, &saga->flight);
}

/* Before the call's end, with which the saga goes. */
static void leave(order_saga *saga) {
  if (saga->has_boarded) {
    saga->has_boarded = false;
    order_flights_leave(saga->self->flights, &saga->flight);
  }
}

/* ---- ends ---- */

/* The status is the callback's; the failure outlives it. */
static void remember(order_saga *saga, const mesh_status *status) {
  mesh_arena *arena = mesh_call_arena(saga->call);
  saga->failure = *status;
  saga->failure.message = mesh_arena_strdup(arena, status->message);
  if (status->details != NULL) {
    saga->failure.details = mesh_arena_copy(arena, status->details, status->details_size);
  }
}

void order_saga_fail(order_saga *saga, const mesh_status *failure, const char *reason) {
  remember(saga, failure);
  saga->reason = reason;
  store_span_fail(saga->step, reason, failure);
  saga->step = NULL;
  order_saga_undo(saga);
}

bool order_saga_is_unanswered(const order_saga *saga) {
  grpc_status_code code = saga->failure.code;
  return saga->reason == NULL &&
         (code == GRPC_STATUS_UNAVAILABLE || code == GRPC_STATUS_DEADLINE_EXCEEDED ||
          code == GRPC_STATUS_RESOURCE_EXHAUSTED || code == GRPC_STATUS_CANCELLED ||
          code == GRPC_STATUS_ABORTED);
}

const char *order_saga_explain(const order_saga *saga) {
  if (order_saga_is_unanswered(saga)) {
    return "a service that the order needs is not available";
  }
  bool is_refusal = saga->reason != NULL || saga->failure.code == GRPC_STATUS_INVALID_ARGUMENT;
  return is_refusal ? saga->failure.message : "the order could not be completed";
}

void order_saga_refuse(order_saga *saga) {
  store_span_fail(saga->span, saga->reason, &saga->failure);
  leave(saga);
  saga->kind->refuse(saga);
}

void order_saga_refuse_field(order_saga *saga, const store_field_problem *problem) {
  mesh_status status =
      mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT, "%s %s", problem->field, problem->text);
  store_span_fail(saga->step, "INVALID_FIELD", &status);
  leave(saga);
  store_fail_field(saga->call, saga->span, problem);
}

void order_saga_reply(order_saga *saga, const ProtobufCMessage *reply) {
  otlp_span_end(saga->span);
  leave(saga);
  mesh_call_reply(saga->call, reply);
}

void order_saga_reply_again(order_saga *saga, mesh_bytes reply) {
  otlp_span_add_event(saga->span, otlp_string_from("order.repeated"), 0, NULL, 0);
  otlp_span_end(saga->span);
  leave(saga);
  mesh_call_reply_bytes(saga->call, reply);
}

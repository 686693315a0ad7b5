/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CreateOrder: validate_order, check_inventory, reserve_inventory, persist_order.
 *
 * Two syncs are on the way: the inventory's, of the reservation, and ours, of the order. The order
 * is written once, when its stock is held already, so there is nothing to clean up when a request
 * is refused. What a crash in between leaves, a reservation without an order, the recovery finds.
 */
#include "check.h"
#include "messages.h"
#include "saga.h"

static order_step *const steps[] = {order_step_check_inventory, order_step_reserve,
                                    order_step_persist, NULL};

static void reply(order_saga *saga) {
  order_recovery_confirmed(saga->self->recovery, saga->id);
  Shop__Order__V1__Order *message = order_message(mesh_call_arena(saga->call), &saga->order);
  otlp_span_set_string(saga->span, "order.status", "CONFIRMED");
  otlp_span_set_double(saga->span, "order.total", message->total);
  order_saga_reply(saga, &message->base);
}

/* What the inventory said goes on to the client, details included; what this service said itself
 * has its details in the call. */
static void refuse(order_saga *saga) {
  if (saga->failure.details != NULL) {
    mesh_call_fail_with(saga->call, &saga->failure);
  } else {
    mesh_call_fail(saga->call, saga->failure.code, "%s", saga->failure.message);
  }
}

static const order_kind kind = {steps, reply, refuse};

/* ---- validate_order ---- */

static void on_validated(order_saga *saga) {
  const otlp_attribute attributes[] = {
      otlp_attribute_string("order.id", saga->id),
      otlp_attribute_string("product.id", saga->order.lines[0].item_id),
      otlp_attribute_int("order.quantity", saga->order.lines[0].quantity),
  };
  otlp_span_set_attributes(saga->span, attributes, 3);
  order_saga_end_step(saga, "order.validated", NULL, 0);
  order_saga_next(saga);
}

/* Whether the same call was answered before; if so, it is answered the same, and nothing happens.
 */
static void on_looked_up(const store_result *result, void *data) {
  order_saga *saga = data;
  if (result->repeat == STORE_KEY_TAKEN) {
    store_field_problem problem = {"idempotency_key", "came before with another request"};
    order_saga_refuse_field(saga, &problem);
  } else if (!mesh_status_is_ok(&result->status)) {
    order_saga_fail(saga, &result->status, NULL);
  } else if (result->repeat == STORE_REPEATED) {
    otlp_span_end(saga->step);
    order_saga_reply_again(saga, result->reply);
  } else {
    on_validated(saga);
  }
}

static void look_up(void *data) {
  order_saga *saga = data;
  if (saga->once.key == NULL) {
    on_validated(saga);
    return;
  }
  store_operation operation = {.done = on_looked_up, .data = saga, .once = saga->once};
  store_look_up(saga->self->store, saga->step_context, &operation);
}

static void fill_in(order_saga *saga, const Shop__Order__V1__CreateOrderRequest *request,
                    const char *key) {
  Shop__Order__V1__CreateOrderRequest unkeyed = *request;
  unkeyed.idempotency_key = (char *)protobuf_c_empty_string;
  saga->once = store_once_for(saga->call, key, &unkeyed.base);
  saga->order.lines = mesh_arena_alloc(mesh_call_arena(saga->call), sizeof *saga->order.lines);
  saga->order.line_count = 1;
  saga->order.lines[0] =
      (ledger_line){.item_id = request->product_id, .quantity = request->quantity};
  order_saga_name(saga, store_now_unix_ms());
}

void order_create(mesh_call *call, const Shop__Order__V1__CreateOrderRequest *request, void *self) {
  order_saga *saga = order_saga_start(call, self, &kind);
  order_saga_start_step(saga, "validate_order");
  store_field_problem problem = order_check_create(request);
  const char *key = store_idempotency_key(call, request->idempotency_key, &problem);
  if (problem.field != NULL) {
    order_saga_refuse_field(saga, &problem);
    return;
  }
  fill_in(saga, request, key);
  order_saga_board(saga, look_up);
}

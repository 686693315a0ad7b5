/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PlaceOrder: validate_order, record_order, inventory_service_call, order_to_payment_authorization,
 * persist_order.
 *
 * The order is on the disk as PENDING before anyone is asked for anything, so that whatever is done
 * for it has an owner who can undo it, also after a crash.
 */
#include "place.h"

#include <mesh/log.h>
#include <string.h>

#include "check.h"
#include "messages.h"

static order_step *const steps[] = {order_step_record, order_step_reserve_items, order_step_pay,
                                    order_step_confirm, NULL};

static const char domain[] = "order.shop";

/* The trace of the call; "" when it has none. */
static const char *trace_id_of(order_saga *saga) {
  const otlp_span_context *span = &mesh_context_trace(mesh_call_context(saga->call))->span;
  if (!otlp_span_context_is_valid(span)) {
    return "";
  }
  char *text = mesh_arena_alloc(mesh_call_arena(saga->call), OTLP_TRACE_ID_HEX_SIZE + 1);
  otlp_trace_id_to_hex(span->trace_id, text);
  return text;
}

/* ---- how it ends ---- */

static Shop__Order__V1__PlaceOrderResponse make_reply(order_saga *saga, const char *order_id) {
  Shop__Order__V1__PlaceOrderResponse message = SHOP__ORDER__V1__PLACE_ORDER_RESPONSE__INIT;
  message.message = mesh_arena_printf(mesh_call_arena(saga->call),
                                      "Order %s created and payment authorized", order_id);
  message.status = (char *)"success";
  message.trace_id = (char *)trace_id_of(saga);
  message.order_id = (char *)order_id;
  return message;
}

static void reply(order_saga *saga) {
  order_recovery_confirmed(saga->self->recovery, saga->id);
  const otlp_attribute fields[] = {otlp_attribute_string("order_id", saga->id),
                                   otlp_attribute_int("items", (int64_t)saga->order.line_count)};
  mesh_log(MESH_LOG_INFO, saga->context, "order confirmed", fields, 2);
  otlp_span_set_string(saga->span, "order.status", "CONFIRMED");
  Shop__Order__V1__PlaceOrderResponse message = make_reply(saga, saga->id);
  order_saga_reply(saga, &message.base);
}

void order_place_again(order_saga *saga, const ledger_order *earlier) {
  Shop__Order__V1__PlaceOrderResponse message = make_reply(saga, earlier->order_id);
  order_saga_reply_again(saga, store_pack(mesh_call_arena(saga->call), &message.base));
}

/* A refusal has a reason of the shop's; everything else is a failure of a machine. */
static void log_failure(order_saga *saga) {
  const char *reason =
      saga->reason != NULL ? saga->reason : mesh_status_code_name(saga->failure.code);
  const otlp_attribute fields[] = {otlp_attribute_string("order_id", saga->id),
                                   otlp_attribute_string("reason", reason),
                                   otlp_attribute_bool("undone", !saga->is_left),
                                   otlp_attribute_string("category", saga->category)};
  size_t count = saga->category[0] != '\0' ? 4 : 3;
  if (saga->reason != NULL) {
    mesh_log(MESH_LOG_INFO, saga->context, "order refused", fields, count);
  } else {
    mesh_log(MESH_LOG_WARN, saga->context, "order failed", fields, count);
  }
}

static void add_error_info(order_saga *saga, const char *reason) {
  mesh_call *call = saga->call;
  mesh_call_add_error_info(call, reason, domain);
  mesh_call_add_error_info_metadata(call, "status", "failure");
  mesh_call_add_error_info_metadata(call, "order_id", saga->id);
  mesh_call_add_error_info_metadata(call, "trace_id", trace_id_of(saga));
  if (saga->category[0] != '\0') {
    mesh_call_add_error_info_metadata(call, "category", saga->category);
  }
}

static void refuse(order_saga *saga) {
  log_failure(saga);
  const mesh_status *failure = &saga->failure;
  if (order_saga_is_unanswered(saga)) {
    add_error_info(saga, "SERVICE_UNAVAILABLE");
    grpc_status_code code =
        failure->code == GRPC_STATUS_DEADLINE_EXCEEDED ? failure->code : GRPC_STATUS_UNAVAILABLE;
    mesh_call_fail(saga->call, code, "%s; try again", order_saga_explain(saga));
  } else if (failure->code == GRPC_STATUS_INVALID_ARGUMENT) {
    mesh_call_fail_with(saga->call, failure);
  } else {
    add_error_info(saga, saga->reason != NULL ? saga->reason : "INTERNAL");
    mesh_call_fail(saga->call, failure->code, "%s", order_saga_explain(saga));
  }
}

static const order_kind kind = {steps, reply, refuse};

/* ---- validate_order ---- */

/* An item that comes twice is one line. */
static ledger_line *find_line(ledger_order *order, const char *item_id) {
  for (size_t i = 0; i < order->line_count; i++) {
    if (strcmp(order->lines[i].item_id, item_id) == 0) {
      return &order->lines[i];
    }
  }
  order->lines[order->line_count] = (ledger_line){.item_id = item_id};
  return &order->lines[order->line_count++];
}

static void fill_in(order_saga *saga, const Shop__Order__V1__PlaceOrderRequest *request,
                    const char *key) {
  Shop__Order__V1__PlaceOrderRequest unkeyed = *request;
  unkeyed.idempotency_key = (char *)protobuf_c_empty_string;
  saga->once = store_once_for(saga->call, key, &unkeyed.base);
  ledger_order *order = &saga->order;
  order->lines =
      mesh_arena_alloc(mesh_call_arena(saga->call), request->n_items * sizeof *order->lines);
  for (size_t i = 0; i < request->n_items; i++) {
    find_line(order, request->items[i]->item_id)->quantity += request->items[i]->quantity;
  }
  order->user_id = request->user_id;
  order->payment_method = request->payment_method;
  order->amount_cents = store_cents(request->amount);
  order->shipping_address = request->shipping_address;
  order_saga_name(saga, store_now_unix_ms());
}

static void describe(order_saga *saga) {
  const otlp_attribute attributes[] = {
      otlp_attribute_string("order.id", saga->id),
      otlp_attribute_string("order.order_id", saga->id),
      otlp_attribute_string("order.user_id", saga->order.user_id),
      otlp_attribute_string("order.payment_method", saga->order.payment_method),
      otlp_attribute_double("order.amount", store_dollars(saga->order.amount_cents)),
      otlp_attribute_int("order.items", (int64_t)saga->order.line_count),
  };
  otlp_span_set_attributes(saga->span, attributes, sizeof attributes / sizeof attributes[0]);
}

static void on_turn(void *data) {
  order_saga *saga = data;
  order_saga_end_step(saga, "order.validated", NULL, 0);
  order_saga_next(saga);
}

void order_place(mesh_call *call, const Shop__Order__V1__PlaceOrderRequest *request, void *self) {
  order_saga *saga = order_saga_start(call, self, &kind);
  order_saga_start_step(saga, "validate_order");
  store_field_problem problem = order_check_place(mesh_call_arena(call), request);
  const char *key = store_idempotency_key(call, request->idempotency_key, &problem);
  if (problem.field != NULL) {
    order_saga_refuse_field(saga, &problem);
    return;
  }
  fill_in(saga, request, key);
  describe(saga);
  order_saga_board(saga, on_turn);
}

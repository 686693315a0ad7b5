/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "ledger.h"
#include "messages.h"
#include "service.h"

#include <store/page.h>

/* A read under way, in its call's arena. */
typedef struct reading {
  mesh_call *call;
  otlp_span *span;
  const mesh_context *context; /* below the span */
  ledger_order order;
  ledger_page page;
} reading;

static const char list_scope[] = "orders";

static reading *start(mesh_call *call, const char *span_name) {
  reading *read = mesh_arena_alloc(mesh_call_arena(call), sizeof *read);
  read->call = call;
  read->context = mesh_context_start_span(mesh_call_context(call), span_name, &read->span);
  return read;
}

static void reply(reading *read, const ProtobufCMessage *message) {
  otlp_span_end(read->span);
  mesh_call_reply(read->call, message);
}

static void fail(reading *read, const mesh_status *status) {
  store_span_fail(read->span, NULL, status);
  mesh_call_fail(read->call, status->code, "%s", status->message);
}

static mesh_status run_get(store_transaction *transaction, void *data) {
  reading *read = data;
  if (ledger_find(transaction, &read->order)) {
    return mesh_status_ok();
  }
  return mesh_status_error(GRPC_STATUS_NOT_FOUND, "there is no order '%s'", read->order.order_id);
}

static void on_order(const store_result *result, void *data) {
  reading *read = data;
  if (!mesh_status_is_ok(&result->status)) {
    if (result->status.code == GRPC_STATUS_NOT_FOUND) {
      mesh_call_add_resource_info(read->call, "shop.order.v1.Order", read->order.order_id,
                                  "There is no order of this id.");
    }
    fail(read, &result->status);
    return;
  }
  reply(read, &order_message(mesh_call_arena(read->call), &read->order)->base);
}

void order_get(mesh_call *call, const Shop__Order__V1__GetOrderRequest *request, void *self) {
  reading *read = start(call, "get_order");
  store_field_problem problem = order_check_get(request);
  if (problem.field != NULL) {
    store_fail_field(call, read->span, &problem);
    return;
  }
  otlp_span_set_string(read->span, "order.id", request->order_id);
  read->order.order_id = request->order_id;
  store_operation operation = {.run = run_get, .done = on_order, .data = read};
  store_look_up(((order_service *)self)->store, read->context, &operation);
}

static mesh_status run_list(store_transaction *transaction, void *data) {
  reading *read = data;
  ledger_list(transaction, &read->page);
  return mesh_status_ok();
}

static void on_orders(const store_result *result, void *data) {
  reading *read = data;
  if (!mesh_status_is_ok(&result->status)) {
    fail(read, &result->status);
    return;
  }
  mesh_arena *arena = mesh_call_arena(read->call);
  const ledger_page *page = &read->page;
  Shop__Order__V1__ListOrdersResponse response = SHOP__ORDER__V1__LIST_ORDERS_RESPONSE__INIT;
  response.n_orders = page->count;
  response.orders = mesh_arena_alloc(arena, page->count * sizeof *response.orders);
  for (size_t i = 0; i < page->count; i++) {
    response.orders[i] = order_message(arena, &page->orders[i]);
  }
  if (page->has_more) {
    response.next_page_token =
        (char *)store_page_token(arena, list_scope, page->orders[page->count - 1].order_id);
  }
  otlp_span_set_int(read->span, "order.count", (int64_t)page->count);
  reply(read, &response.base);
}

void order_list(mesh_call *call, const Shop__Order__V1__ListOrdersRequest *request, void *self) {
  reading *read = start(call, "list_orders");
  store_field_problem problem = order_check_list(request);
  read->page.after = store_page_key(mesh_call_arena(call), list_scope, request->page_token);
  if (problem.field == NULL && read->page.after == NULL) {
    problem = (store_field_problem){"page_token", "is not a token of this list"};
  }
  if (problem.field != NULL) {
    store_fail_field(call, read->span, &problem);
    return;
  }
  read->page.size = (size_t)store_page_size(request->page_size);
  store_operation operation = {.run = run_list, .done = on_orders, .data = read};
  store_read(((order_service *)self)->store, read->context, &operation);
}

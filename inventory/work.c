/* SPDX-License-Identifier: Apache-2.0 */
#include "work.h"

/* The reasons of google.rpc.ErrorInfo, which programs may compare. */
static const char domain[] = "inventory.shop";
static const char *const reasons[] = {
    [STOCK_FINE] = NULL,
    [STOCK_NO_PRODUCT] = "PRODUCT_NOT_FOUND",
    [STOCK_TOO_LITTLE] = "INSUFFICIENT_STOCK",
    [STOCK_TOO_MUCH] = "STOCK_TOO_LARGE",
    [STOCK_OTHER_REQUEST] = "RESERVED_OTHERWISE",
    [STOCK_GIVEN_BACK] = "RESERVATION_RELEASED",
    [STOCK_SOLD] = "RESERVATION_COMMITTED",
    [STOCK_ELSEWHERE_FIRST] = NULL,
};

inventory_work *inventory_work_start(mesh_call *call, inventory_service *self,
                                     const char *span_name) {
  inventory_work *work = mesh_arena_alloc(mesh_call_arena(call), sizeof *work);
  work->self = self;
  work->call = call;
  work->context = mesh_context_start_span(mesh_call_context(call), span_name, &work->span);
  work->order = (stock_order){.changes = &work->change, .count = 1, .failed = &work->change};
  return work;
}

static store_operation operation(inventory_work *work, store_run_fn *run, store_done_fn *done) {
  return (store_operation){.run = run, .done = done, .data = work, .once = work->once};
}

void inventory_work_read(inventory_work *work, store_run_fn *run, store_done_fn *done) {
  store_operation read = operation(work, run, done);
  store_read(work->self->store, work->context, &read);
}

void inventory_work_write(inventory_work *work, store_run_fn *run, store_done_fn *done) {
  store_operation write = operation(work, run, done);
  store_write(work->self->store, work->context, &write);
}

void inventory_work_refuse(inventory_work *work, const store_field_problem *problem) {
  store_fail_field(work->call, work->span, problem);
}

static void add_details(inventory_work *work) {
  const stock_change *change = work->order.failed;
  if (reasons[change->failure] == NULL) {
    return;
  }
  mesh_call_add_error_info(work->call, reasons[change->failure], domain);
  if (change->failure == STOCK_NO_PRODUCT) {
    mesh_call_add_resource_info(work->call, "shop.inventory.v1.Item", change->product_id,
                                "The shop does not have this product.");
  }
  if (change->failure == STOCK_TOO_LITTLE) {
    const char *available = mesh_arena_printf(mesh_call_arena(work->call), "%lld are available.",
                                              (long long)change->item.available);
    mesh_call_add_precondition_violation(work->call, "STOCK", change->product_id, available);
  }
}

bool inventory_work_succeeded(inventory_work *work, const store_result *result) {
  if (result->repeat == STORE_KEY_TAKEN) {
    store_field_problem problem = {"idempotency_key", "came before with another request"};
    inventory_work_refuse(work, &problem);
    return false;
  }
  if (mesh_status_is_ok(&result->status)) {
    return true;
  }
  store_span_fail(work->span, reasons[work->order.failed->failure], &result->status);
  add_details(work);
  mesh_call_fail(work->call, result->status.code, "%s", result->status.message);
  return false;
}

void inventory_work_remember(inventory_work *work, const mesh_status *failure) {
  work->failure = mesh_status_ok();
  work->failure.code = failure->code;
  work->failure.message = mesh_arena_strdup(mesh_call_arena(work->call), failure->message);
}

void inventory_work_fail(inventory_work *work) {
  store_span_fail(work->span, work->reason, &work->failure);
  if (work->reason != NULL) {
    mesh_call_add_error_info(work->call, work->reason, domain);
  }
  mesh_call_add_trailing_metadata(work->call, "grpc-retry-pushback-ms", (mesh_bytes){"-1", 2});
  mesh_call_fail(work->call, work->failure.code, "%s", work->failure.message);
}

void inventory_work_reply(inventory_work *work, const ProtobufCMessage *reply) {
  otlp_span_end(work->span);
  mesh_call_reply(work->call, reply);
}

void inventory_work_reply_bytes(inventory_work *work, mesh_bytes reply) {
  otlp_span_end(work->span);
  mesh_call_reply_bytes(work->call, reply);
}

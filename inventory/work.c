/* SPDX-License-Identifier: Apache-2.0 */
#include "work.h"

/* The reasons of google.rpc.ErrorInfo, which programs may compare. */
static const char *const reasons[] = {
    [STOCK_FINE] = NULL,
    [STOCK_NO_PRODUCT] = "PRODUCT_NOT_FOUND",
    [STOCK_TOO_LITTLE] = "INSUFFICIENT_STOCK",
    [STOCK_TOO_MUCH] = "STOCK_TOO_LARGE",
    [STOCK_OTHER_REQUEST] = "RESERVED_OTHERWISE",
    [STOCK_GIVEN_BACK] = "RESERVATION_RELEASED",
    [STOCK_SOLD] = "RESERVATION_COMMITTED",
    [STOCK_OWNED] = "RESERVATION_OWNED",
    [STOCK_ELSEWHERE_FIRST] = NULL,
};

inventory_work *inventory_work_start(mesh_call *call, inventory_service *self,
                                     const char *span_name) {
  inventory_work *work = mesh_arena_alloc(mesh_call_arena(call), sizeof *work);
  store_work_start(&work->base, call, self->store, span_name);
  work->base.domain = "inventory.shop";
  work->self = self;
  work->order = (stock_order){.changes = &work->change, .count = 1, .failed = &work->change};
  return work;
}

static void add_details(inventory_work *work) {
  mesh_call *call = work->base.call;
  const stock_change *change = work->order.failed;
  work->base.reason = reasons[change->failure];
  if (change->failure == STOCK_NO_PRODUCT) {
    mesh_call_add_resource_info(call, "shop.inventory.v1.Item", change->product_id,
                                "The shop does not have this product.");
  }
  if (change->failure == STOCK_TOO_LITTLE) {
    const char *available = mesh_arena_printf(mesh_call_arena(call), "%lld are available.",
                                              (long long)change->item.available);
    mesh_call_add_precondition_violation(call, "STOCK", change->product_id, available);
  }
}

bool inventory_work_succeeded(inventory_work *work, const store_result *result) {
  if (result->is_refused) {
    add_details(work);
  }
  return store_work_succeeded(&work->base, result);
}

void inventory_work_remember(inventory_work *work, const mesh_status *failure) {
  work->failure = mesh_status_ok();
  work->failure.code = failure->code;
  work->failure.message = mesh_arena_strdup(mesh_call_arena(work->base.call), failure->message);
}

void inventory_work_fail(inventory_work *work) {
  store_stop_retries(work->base.call);
  store_work_fail(&work->base, &work->failure);
}

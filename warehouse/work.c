/* SPDX-License-Identifier: Apache-2.0 */
#include "work.h"

/* The reasons of google.rpc.ErrorInfo, which programs may compare. */
static const char *const reasons[] = {
    [SHELVES_FINE] = NULL,
    [SHELVES_NO_ITEM] = "ITEM_NOT_FOUND",
    [SHELVES_TOO_LITTLE] = "INSUFFICIENT_STOCK",
    [SHELVES_TOO_MUCH] = "STOCK_TOO_LARGE",
    [SHELVES_OTHER_REQUEST] = "RESERVED_OTHERWISE",
    [SHELVES_GIVEN_BACK] = "RESERVATION_RELEASED",
    [SHELVES_GONE] = "RESERVATION_COMMITTED",
};

warehouse_work *warehouse_work_start(mesh_call *call, warehouse_service *self,
                                     const char *span_name) {
  warehouse_work *work = mesh_arena_alloc(mesh_call_arena(call), sizeof *work);
  store_work_start(&work->base, call, self->store, span_name);
  work->base.domain = "warehouse.shop";
  work->self = self;
  return work;
}

void warehouse_work_explain(warehouse_work *work, const shelves_problem *problem) {
  work->problem = *problem;
  work->base.reason = reasons[problem->failure];
}

static void add_details(const warehouse_work *work) {
  mesh_call *call = work->base.call;
  const shelves_problem *problem = &work->problem;
  if (problem->failure == SHELVES_NO_ITEM) {
    mesh_call_add_resource_info(call, "shop.warehouse.v1.Stock", problem->item_id,
                                "The warehouse does not keep this item.");
  }
  if (problem->failure == SHELVES_TOO_LITTLE) {
    const char *available = mesh_arena_printf(mesh_call_arena(call), "%lld are available.",
                                              (long long)problem->available);
    mesh_call_add_precondition_violation(call, "STOCK", problem->item_id, available);
  }
}

bool warehouse_work_succeeded(warehouse_work *work, const store_result *result) {
  if (result->is_refused && work->base.reason != NULL) {
    add_details(work);
    store_tally_add(&work->self->tally, WAREHOUSE_REFUSED, 1);
  }
  return store_work_succeeded(&work->base, result);
}

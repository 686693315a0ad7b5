/* SPDX-License-Identifier: Apache-2.0 */
#include "hold.h"

#include "warehouse.h"

enum { GIVE_BACK_TIMEOUT_MS = 2000 };

/* ---- giving back what was held here ---- */

static void on_given_back(const store_result *result, void *data) {
  inventory_work *work = data;
  if (mesh_status_is_ok(&result->status)) {
    otlp_span_end(work->step);
  } else {
    store_span_fail(work->step, NULL, &result->status);
  }
  inventory_work_fail(work);
}

static mesh_status run_give_back(store_transaction *transaction, void *data) {
  inventory_work *work = data;
  for (size_t i = 0; i < work->order.count; i++) {
    work->order.changes[i].is_done_elsewhere = true;
    work->order.changes[i].keeps_others = true;
  }
  return stock_release_order(transaction, &work->order);
}

/* Leaves in the order what this call has taken, if that is anything. */
static bool keep_new(stock_order *order) {
  size_t kept = 0;
  for (size_t i = 0; i < order->count; i++) {
    if (order->changes[i].is_new) {
      order->changes[kept++] = order->changes[i];
    }
  }
  if (kept > 0) {
    order->count = kept;
  }
  return kept > 0;
}

static void give_back_here(inventory_work *work) {
  const mesh_context *context =
      mesh_context_start_span(work->base.context, "release_inventory", &work->step);
  otlp_span_set_string(work->step, "release.reason", work->failure.message);
  store_operation operation = {.run = run_give_back, .done = on_given_back, .data = work};
  store_write(work->self->store, context, &operation);
}

/* What the warehouse may hold still has its record here: the order stays held. */
static void on_released_there(inventory_work *work, const mesh_status *status) {
  if (mesh_status_is_ok(status)) {
    give_back_here(work);
  } else {
    inventory_work_fail(work);
  }
}

static void set_reason(inventory_work *work, const char *reason) {
  for (size_t i = 0; i < work->order.count; i++) {
    work->order.changes[i].reason = reason;
  }
}

static mesh_status refusal(const mesh_status *status) {
  return mesh_status_error(GRPC_STATUS_FAILED_PRECONDITION, "the warehouse refused: %s",
                           status->message);
}

/* Whether the warehouse may have got to know the order by this call: what it has of an order comes
 * of one call. */
static bool is_new_there(const stock_order *order) {
  for (size_t i = 0; i < order->count; i++) {
    if (order->changes[i].is_new && order->changes[i].item.is_backed) {
      return true;
    }
  }
  return false;
}

/* A caller that has gone may have called again, and have had its answer already: what this call has
 * taken may be what that one was promised. An owner sees to its orders itself. */
static bool is_left_to_owner(const inventory_work *work) {
  return work->caller_has_gone && work->order.changes[0].reservation.owner[0] != '\0';
}

/*
 * What calls before have taken is theirs, and may have been acknowledged. A call that has taken
 * nothing is a repetition: it leaves everything as it is, unless the warehouse says that it has
 * nothing of the order, so that there is nothing to repeat.
 */
static void give_back(inventory_work *work, grpc_status_code code, bool is_refused) {
  bool has_none = is_refused && code != GRPC_STATUS_ALREADY_EXISTS;
  if (!is_refused && is_left_to_owner(work)) {
    inventory_work_fail(work);
  } else if (!keep_new(&work->order) && !has_none) {
    inventory_work_fail(work);
  } else if (is_refused || !is_new_there(&work->order)) {
    give_back_here(work);
  } else {
    inventory_warehouse_release(work, on_released_there);
  }
}

/* From here on the call runs to its end, whatever becomes of its caller. */
static void on_held_there(inventory_work *work, const mesh_status *status) {
  if (mesh_status_is_ok(status)) {
    work->go_on(work);
    return;
  }
  bool has_refused = inventory_warehouse_has_refused(status->code);
  inventory_work_remember(work, status);
  work->caller_has_gone = mesh_context_is_cancelled(work->base.context);
  work->base.context = mesh_context_detached(work->base.context, GIVE_BACK_TIMEOUT_MS);
  set_reason(work, "the warehouse did not hold it");
  if (has_refused && status->code != GRPC_STATUS_ABORTED) {
    mesh_status refused = refusal(&work->failure);
    inventory_work_remember(work, &refused);
    work->base.reason = "WAREHOUSE_REFUSED";
  }
  /* The warehouse says why. A bare code may be of someone in between, who has thrown away the
   * answer of a Reserve that went well. */
  give_back(work, status->code, has_refused && status->details != NULL);
}

void inventory_hold_in_warehouse(inventory_work *work, void (*done)(inventory_work *work)) {
  work->go_on = done;
  inventory_warehouse_reserve(work, on_held_there);
}

/* ---- releasing ---- */

static void on_release_there(inventory_work *work, const mesh_status *status) {
  if (!mesh_status_is_ok(status)) {
    inventory_work_remember(work, status);
    inventory_work_fail(work);
    return;
  }
  for (size_t i = 0; i < work->order.count; i++) {
    work->order.changes[i].is_done_elsewhere = true;
  }
  store_work_write(&work->base, work->run, work->on_done, work);
}

static void on_release_here(const store_result *result, void *data) {
  inventory_work *work = data;
  if (result->is_refused && work->order.failed->failure == STOCK_ELSEWHERE_FIRST) {
    inventory_warehouse_release(work, on_release_there);
    return;
  }
  work->on_done(result, work);
}

void inventory_release_order(inventory_work *work, store_run_fn *run, store_done_fn *on_done) {
  work->run = run;
  work->on_done = on_done;
  store_work_write(&work->base, run, on_release_here, work);
}

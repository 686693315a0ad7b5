/* SPDX-License-Identifier: Apache-2.0 */
/* What concerns orders as wholes: ReserveItems, ReleaseItems, Commit. */
#include "check.h"
#include "hold.h"
#include "messages.h"
#include "warehouse.h"
#include "work.h"

/* ---- ReserveItems ---- */

static mesh_status run_reserve(store_transaction *transaction, void *data) {
  inventory_work *work = data;
  return stock_reserve_order(transaction, &work->order);
}

static Shop__Inventory__V1__Reservation **make_reservations(inventory_work *work, size_t *count) {
  mesh_arena *arena = mesh_call_arena(work->base.call);
  const stock_order *order = &work->order;
  Shop__Inventory__V1__Reservation **list = mesh_arena_alloc(arena, order->count * sizeof *list);
  *count = 0;
  for (size_t i = 0; i < order->count; i++) {
    const stock_change *change = &order->changes[i];
    if (change->failure == STOCK_FINE) {
      list[*count] = inventory_reservation_message(arena, &change->reservation);
      list[(*count)++]->remaining = (int32_t)change->item.available;
    }
  }
  return list;
}

static void reply_reserved(inventory_work *work) {
  Shop__Inventory__V1__ReserveItemsResponse reply =
      SHOP__INVENTORY__V1__RESERVE_ITEMS_RESPONSE__INIT;
  reply.reservations = make_reservations(work, &reply.n_reservations);
  store_work_reply(&work->base, &reply.base);
}

static void on_reserved(const store_result *result, void *data) {
  inventory_work *work = data;
  if (inventory_work_succeeded(work, result)) {
    inventory_hold_in_warehouse(work, reply_reserved);
  }
}

/* The changes, each a copy of work->change for a product of its own. */
static void list_changes(inventory_work *work, size_t count) {
  work->order.changes =
      mesh_arena_alloc(mesh_call_arena(work->base.call), count * sizeof(stock_change));
  work->order.count = count;
  work->order.failed = work->order.changes;
  for (size_t i = 0; i < count; i++) {
    work->order.changes[i] = work->change;
  }
}

void inventory_reserve_items(mesh_call *call,
                             const Shop__Inventory__V1__ReserveItemsRequest *request, void *self) {
  inventory_work *work = inventory_work_start(call, self, "check_availability");
  store_field_problem problem = inventory_check_reserve_items(request, mesh_call_arena(call));
  if (store_work_refuse(&work->base, &problem)) {
    return;
  }
  otlp_span_set_string(work->base.span, "order.id", request->order_id);
  otlp_span_set_int(work->base.span, "inventory.items", (int64_t)request->n_items);
  work->change = (stock_change){
      .order_id = request->order_id, .owner = request->owner, .now_unix_ms = store_now_unix_ms()};
  list_changes(work, request->n_items);
  for (size_t i = 0; i < request->n_items; i++) {
    work->order.changes[i].product_id = request->items[i]->product_id;
    work->order.changes[i].quantity = request->items[i]->quantity;
  }
  work->base.checks_first = request->n_items == 1; /* of several, a later one may fail */
  store_work_write(&work->base, run_reserve, on_reserved, work);
}

/* ---- ReleaseItems ---- */

static mesh_status run_release(store_transaction *transaction, void *data) {
  inventory_work *work = data;
  return stock_release_order(transaction, &work->order);
}

static void on_released(const store_result *result, void *data) {
  inventory_work *work = data;
  if (!inventory_work_succeeded(work, result)) {
    return;
  }
  Shop__Inventory__V1__ReleaseItemsResponse reply =
      SHOP__INVENTORY__V1__RELEASE_ITEMS_RESPONSE__INIT;
  reply.reservations = make_reservations(work, &reply.n_reservations);
  store_work_reply(&work->base, &reply.base);
}

void inventory_release_items(mesh_call *call,
                             const Shop__Inventory__V1__ReleaseItemsRequest *request, void *self) {
  inventory_work *work = inventory_work_start(call, self, "release_inventory");
  store_field_problem problem = inventory_check_release_items(request);
  if (store_work_refuse(&work->base, &problem)) {
    return;
  }
  otlp_span_set_string(work->base.span, "order.id", request->order_id);
  otlp_span_set_string(work->base.span, "release.reason", request->reason);
  work->change = (stock_change){
      .order_id = request->order_id, .reason = request->reason, .now_unix_ms = store_now_unix_ms()};
  list_changes(work, request->n_product_ids);
  for (size_t i = 0; i < request->n_product_ids; i++) {
    work->order.changes[i].product_id = request->product_ids[i];
  }
  inventory_release_order(work, run_release, on_released);
}

/* ---- Commit ---- */

static mesh_status run_commit(store_transaction *transaction, void *data) {
  inventory_work *work = data;
  return stock_commit(transaction, &work->settlement);
}

static void reply_committed(inventory_work *work) {
  const stock_settlement *settlement = &work->settlement;
  Shop__Inventory__V1__CommitResponse reply = SHOP__INVENTORY__V1__COMMIT_RESPONSE__INIT;
  reply.committed = (int32_t)settlement->committed;
  reply.n_refused_order_ids = settlement->refused_count;
  reply.refused_order_ids = (char **)settlement->refused_ids;
  otlp_span_set_int(work->base.span, "inventory.committed", settlement->committed);
  otlp_span_set_int(work->base.span, "inventory.refused", (int64_t)settlement->refused_count);
  store_work_reply(&work->base, &reply.base);
}

static void on_committed(const store_result *result, void *data);

/* What the warehouse could not commit stays held, and the caller will ask again; nothing else has
 * to wait for it. */
static void on_committed_there(inventory_work *work, const mesh_status *status) {
  work->settlement.is_done_elsewhere = mesh_status_is_ok(status);
  work->settlement.leaves_backed = !mesh_status_is_ok(status);
  inventory_work_remember(work, status);
  store_work_write(&work->base, run_commit, on_committed, work);
}

static void on_committed(const store_result *result, void *data) {
  inventory_work *work = data;
  const stock_settlement *settlement = &work->settlement;
  bool is_first = !settlement->is_done_elsewhere && !settlement->leaves_backed;
  if (is_first && result->is_refused && settlement->backed_count > 0) {
    inventory_warehouse_commit(work, on_committed_there);
  } else if (!inventory_work_succeeded(work, result)) {
    return;
  } else if (settlement->leaves_backed) {
    inventory_work_fail(work);
  } else {
    reply_committed(work);
  }
}

void inventory_commit(mesh_call *call, const Shop__Inventory__V1__CommitRequest *request,
                      void *self) {
  inventory_work *work = inventory_work_start(call, self, "commit_reservations");
  store_field_problem problem = inventory_check_commit(request);
  if (store_work_refuse(&work->base, &problem)) {
    return;
  }
  work->settlement.order_ids = (const char *const *)request->order_ids;
  work->settlement.order_count = request->n_order_ids;
  work->base.checks_first = true;
  store_work_write(&work->base, run_commit, on_committed, work);
}

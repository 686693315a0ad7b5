/* SPDX-License-Identifier: Apache-2.0 */
#include "warehouse.h"

#include <mesh/log.h>

#include "shop/warehouse/v1/warehouse.mesh.h"

enum { WAREHOUSE_TIMEOUT_MS = 4000 };

/* A call under way, in its work's arena. */
typedef struct warehouse_call {
  inventory_work *work;
  const mesh_context *context; /* below the step */
  inventory_warehouse_fn *done;
} warehouse_call;

bool inventory_warehouse_has_refused(grpc_status_code code) {
  return code == GRPC_STATUS_FAILED_PRECONDITION || code == GRPC_STATUS_NOT_FOUND ||
         code == GRPC_STATUS_INVALID_ARGUMENT || code == GRPC_STATUS_ALREADY_EXISTS ||
         code == GRPC_STATUS_ABORTED;
}

static warehouse_call *start_call(inventory_work *work, inventory_warehouse_fn *done) {
  warehouse_call *calling = mesh_arena_alloc(mesh_call_arena(work->base.call), sizeof *calling);
  calling->work = work;
  calling->done = done;
  const mesh_context *bounded = mesh_context_with_timeout(work->base.context, WAREHOUSE_TIMEOUT_MS);
  calling->context = mesh_context_start_span(bounded, "inventory_to_warehouse_call", &work->step);
  return calling;
}

static void end_call(warehouse_call *calling, const mesh_status *status) {
  inventory_work *work = calling->work;
  if (mesh_status_is_ok(status)) {
    otlp_span_end(work->step);
  } else {
    store_span_fail(work->step, NULL, status);
  }
  calling->done(work, status);
}

/* ---- reserve ---- */

static void on_reserved(const mesh_status *status,
                        const Shop__Warehouse__V1__ReserveResponse *reply, void *data) {
  warehouse_call *calling = data;
  otlp_span *handling = NULL;
  mesh_context_start_span(calling->context, "warehouse_response_handling", &handling);
  if (mesh_status_is_ok(status)) {
    otlp_span_set_int(handling, "warehouse.reservations", (int64_t)reply->n_reservations);
    otlp_span_end(handling);
  } else {
    store_span_fail(handling, NULL, status);
  }
  end_call(calling, status);
}

/* The backed products as the warehouse's items. */
static void list_items(inventory_work *work, Shop__Warehouse__V1__ReserveRequest *request) {
  mesh_arena *arena = mesh_call_arena(work->base.call);
  const stock_order *order = &work->order;
  request->items = mesh_arena_alloc(arena, order->count * sizeof *request->items);
  for (size_t i = 0; i < order->count; i++) {
    const stock_change *change = &order->changes[i];
    if (!change->item.is_backed) {
      continue;
    }
    Shop__Warehouse__V1__Item *item = mesh_arena_alloc(arena, sizeof *item);
    shop__warehouse__v1__item__init(item);
    item->item_id = (char *)change->product_id;
    item->quantity = (int32_t)change->quantity;
    request->items[request->n_items++] = item;
  }
}

void inventory_warehouse_reserve(inventory_work *work, inventory_warehouse_fn *done) {
  Shop__Warehouse__V1__ReserveRequest request = SHOP__WAREHOUSE__V1__RESERVE_REQUEST__INIT;
  request.order_id = (char *)work->order.changes[0].order_id;
  list_items(work, &request);
  if (request.n_items == 0) {
    mesh_status fine = mesh_status_ok();
    done(work, &fine);
    return;
  }
  warehouse_call *calling = start_call(work, done);
  otlp_span_set_string(work->step, "order.id", request.order_id);
  otlp_span_set_int(work->step, "warehouse.items", (int64_t)request.n_items);
  shop_warehouse_v1_reserve(work->self->warehouse, calling->context, &request, on_reserved,
                            calling);
}

/* ---- release ---- */

static void on_released(const mesh_status *status,
                        const Shop__Warehouse__V1__ReleaseResponse *reply, void *data) {
  warehouse_call *calling = data;
  if (mesh_status_is_ok(status)) {
    otlp_span_set_int(calling->work->step, "warehouse.released", reply->released);
  }
  end_call(calling, status);
}

void inventory_warehouse_release(inventory_work *work, inventory_warehouse_fn *done) {
  const stock_change *change = &work->order.changes[0];
  warehouse_call *calling = start_call(work, done);
  Shop__Warehouse__V1__ReleaseRequest request = SHOP__WAREHOUSE__V1__RELEASE_REQUEST__INIT;
  request.order_id = (char *)change->order_id;
  request.reason = (char *)(change->reason != NULL ? change->reason : "");
  shop_warehouse_v1_release(work->self->warehouse, calling->context, &request, on_released,
                            calling);
}

/* ---- commit ---- */

static void on_committed(const mesh_status *status,
                         const Shop__Warehouse__V1__CommitResponse *reply, void *data) {
  warehouse_call *calling = data;
  if (mesh_status_is_ok(status) && reply->n_refused_order_ids > 0) {
    const otlp_attribute fields[] = {
        otlp_attribute_int("orders", (int64_t)reply->n_refused_order_ids),
        otlp_attribute_string("order_id", reply->refused_order_ids[0])};
    mesh_log(MESH_LOG_ERROR, calling->context, "the warehouse has nothing for orders that stand",
             fields, 2);
  }
  end_call(calling, status);
}

void inventory_warehouse_commit(inventory_work *work, inventory_warehouse_fn *done) {
  warehouse_call *calling = start_call(work, done);
  Shop__Warehouse__V1__CommitRequest request = SHOP__WAREHOUSE__V1__COMMIT_REQUEST__INIT;
  request.order_ids = (char **)work->settlement.backed_ids;
  request.n_order_ids = work->settlement.backed_count;
  shop_warehouse_v1_commit(work->self->warehouse, calling->context, &request, on_committed,
                           calling);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* ListStock and Add. */
#include <mesh/log.h>

#include "check.h"
#include "work.h"

static Shop__Warehouse__V1__Stock *stock_message(mesh_arena *arena, const shelves_stock *stock) {
  Shop__Warehouse__V1__Stock *message = mesh_arena_alloc(arena, sizeof *message);
  shop__warehouse__v1__stock__init(message);
  message->item_id = (char *)stock->item_id;
  message->warehouse_location = (char *)stock->location;
  message->available_quantity = (int32_t)stock->available;
  message->reserved_quantity = (int32_t)stock->reserved;
  return message;
}

/* ---- ListStock ---- */

static mesh_status run_list(store_transaction *transaction, void *data) {
  warehouse_work *work = data;
  work->stock = shelves_list_stock(transaction, work->item_id, &work->list);
  return mesh_status_ok();
}

static void on_listed(const store_result *result, void *data) {
  warehouse_work *work = data;
  if (!warehouse_work_succeeded(work, result)) {
    return;
  }
  mesh_arena *arena = mesh_call_arena(work->base.call);
  size_t count = work->list.count;
  Shop__Warehouse__V1__ListStockResponse reply = SHOP__WAREHOUSE__V1__LIST_STOCK_RESPONSE__INIT;
  reply.n_stock = count;
  reply.stock = mesh_arena_alloc(arena, count * sizeof *reply.stock);
  for (size_t i = 0; i < count; i++) {
    reply.stock[i] = stock_message(arena, &work->stock[i]);
  }
  if (count > 0) {
    const char *keys[] = {work->stock[count - 1].item_id, work->stock[count - 1].location};
    reply.next_page_token = store_list_token(&work->list, arena, keys);
  }
  otlp_span_set_int(work->base.span, "inventory.locations", (int64_t)count);
  store_work_reply(&work->base, &reply.base);
}

void warehouse_list_stock(mesh_call *call, const Shop__Warehouse__V1__ListStockRequest *request,
                          void *self) {
  warehouse_work *work = warehouse_work_start(call, self, "list_stock");
  mesh_arena *arena = mesh_call_arena(call);
  store_field_problem problem = warehouse_check_list_stock(request);
  store_list_request page = {request->page_size, request->page_token};
  work->item_id = request->item_id;
  work->list =
      (store_list){.scope = mesh_arena_printf(arena, "stock/%s", request->item_id), .key_count = 2};
  store_list_open(&work->list, arena, &page, &problem);
  if (!store_work_refuse(&work->base, &problem)) {
    store_work_read(&work->base, run_list, on_listed, work);
  }
}

/* ---- Add ---- */

/* A repeated call is answered as the first time, so the reply is made with the change. */
static mesh_status run_add(store_transaction *transaction, void *data) {
  warehouse_work *work = data;
  mesh_arena *arena = store_arena(transaction);
  mesh_status status = shelves_add(transaction, &work->delivery);
  warehouse_work_explain(work, &work->delivery.problem);
  if (mesh_status_is_ok(&status)) {
    store_set_reply(transaction,
                    store_pack(arena, &stock_message(arena, &work->delivery.stock)->base));
  }
  return status;
}

static void log_delivery(const warehouse_work *work) {
  const shelves_delivery *delivery = &work->delivery;
  const otlp_attribute fields[] = {otlp_attribute_string("item_id", delivery->item_id),
                                   otlp_attribute_string("location", delivery->location),
                                   otlp_attribute_int("quantity", delivery->quantity)};
  mesh_log(MESH_LOG_INFO, work->base.context, "stock added", fields, 3);
}

static void on_added(const store_result *result, void *data) {
  warehouse_work *work = data;
  if (!warehouse_work_succeeded(work, result)) {
    return;
  }
  if (result->repeat == STORE_FIRST) {
    store_tally_add(&work->self->tally, WAREHOUSE_ADDED, 1);
    log_delivery(work);
  }
  store_work_reply_bytes(&work->base, result->reply);
}

void warehouse_add(mesh_call *call, const Shop__Warehouse__V1__AddRequest *request, void *self) {
  warehouse_work *work = warehouse_work_start(call, self, "add_stock");
  store_field_problem problem = warehouse_check_add(request);
  const char *key = store_idempotency_key(call, request->idempotency_key, &problem);
  if (store_work_refuse(&work->base, &problem)) {
    return;
  }
  Shop__Warehouse__V1__AddRequest unkeyed = *request;
  unkeyed.idempotency_key = (char *)protobuf_c_empty_string;
  work->base.once = store_once_for(call, key, &unkeyed.base);
  otlp_span_set_string(work->base.span, "inventory.item_id", request->item_id);
  otlp_span_set_int(work->base.span, "inventory.added", request->quantity);
  work->delivery = (shelves_delivery){.item_id = request->item_id,
                                      .location = request->warehouse_location,
                                      .quantity = request->quantity};
  store_work_write(&work->base, run_add, on_added, work);
}

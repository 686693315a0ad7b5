/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "messages.h"
#include "work.h"

static mesh_status run_get(store_transaction *transaction, void *data) {
  inventory_work *work = data;
  return stock_get(transaction, &work->change);
}

static void on_item(const store_result *result, void *data) {
  inventory_work *work = data;
  if (!inventory_work_succeeded(work, result)) {
    return;
  }
  otlp_span_set_int(work->base.span, "inventory.available", work->change.item.available);
  Shop__Inventory__V1__Item *item =
      inventory_item_message(mesh_call_arena(work->base.call), &work->change.item);
  store_work_reply(&work->base, &item->base);
}

void inventory_get_item(mesh_call *call, const Shop__Inventory__V1__GetItemRequest *request,
                        void *self) {
  inventory_work *work = inventory_work_start(call, self, "get_inventory_item");
  store_field_problem problem = inventory_check_product(request->product_id);
  if (store_work_refuse(&work->base, &problem)) {
    return;
  }
  otlp_span_set_string(work->base.span, "product.id", request->product_id);
  work->change.product_id = request->product_id;
  store_work_look_up(&work->base, run_get, on_item, work);
}

static mesh_status run_list(store_transaction *transaction, void *data) {
  inventory_work *work = data;
  work->items = stock_list_items(transaction, &work->list);
  return mesh_status_ok();
}

static void on_items(const store_result *result, void *data) {
  inventory_work *work = data;
  if (!inventory_work_succeeded(work, result)) {
    return;
  }
  mesh_arena *arena = mesh_call_arena(work->base.call);
  size_t count = work->list.count;
  Shop__Inventory__V1__ListItemsResponse reply = SHOP__INVENTORY__V1__LIST_ITEMS_RESPONSE__INIT;
  reply.n_items = count;
  reply.items = mesh_arena_alloc(arena, count * sizeof *reply.items);
  for (size_t i = 0; i < count; i++) {
    reply.items[i] = inventory_item_message(arena, &work->items[i]);
  }
  const char *last[] = {count > 0 ? work->items[count - 1].product_id : ""};
  reply.next_page_token = store_list_token(&work->list, arena, last);
  otlp_span_set_int(work->base.span, "inventory.items", (int64_t)count);
  store_work_reply(&work->base, &reply.base);
}

void inventory_list_items(mesh_call *call, const Shop__Inventory__V1__ListItemsRequest *request,
                          void *self) {
  inventory_work *work = inventory_work_start(call, self, "list_inventory_items");
  store_field_problem problem = {NULL, NULL};
  store_list_request page = {request->page_size, request->page_token};
  work->list = (store_list){.scope = "items", .key_count = 1};
  store_list_open(&work->list, mesh_call_arena(call), &page, &problem);
  if (!store_work_refuse(&work->base, &problem)) {
    store_work_read(&work->base, run_list, on_items, work);
  }
}

/* A repeated call is answered as the first time, so the reply is made with the change. */
static mesh_status run_add(store_transaction *transaction, void *data) {
  inventory_work *work = data;
  mesh_status status = stock_add(transaction, &work->change);
  if (mesh_status_is_ok(&status) && work->base.once.key != NULL) {
    mesh_arena *arena = store_arena(transaction);
    Shop__Inventory__V1__Item *item = inventory_item_message(arena, &work->change.item);
    store_set_reply(transaction, store_pack(arena, &item->base));
  }
  return status;
}

static void on_added(const store_result *result, void *data) {
  inventory_work *work = data;
  if (result->reply.data == NULL || !mesh_status_is_ok(&result->status)) {
    on_item(result, data);
    return;
  }
  store_work_reply_bytes(&work->base, result->reply);
}

void inventory_add(mesh_call *call, const Shop__Inventory__V1__AddRequest *request, void *self) {
  inventory_work *work = inventory_work_start(call, self, "add_inventory");
  store_field_problem problem = inventory_check_add(request);
  const char *key = store_idempotency_key(call, request->idempotency_key, &problem);
  if (store_work_refuse(&work->base, &problem)) {
    return;
  }
  Shop__Inventory__V1__AddRequest unkeyed = *request;
  unkeyed.idempotency_key = (char *)protobuf_c_empty_string;
  work->base.once = store_once_for(call, key, &unkeyed.base);
  otlp_span_set_string(work->base.span, "product.id", request->product_id);
  otlp_span_set_int(work->base.span, "inventory.added", request->quantity);
  work->change.product_id = request->product_id;
  work->change.quantity = request->quantity;
  store_work_write(&work->base, run_add, on_added, work);
}

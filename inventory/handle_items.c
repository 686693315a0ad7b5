/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "messages.h"
#include "work.h"

#include <store/page.h>

static mesh_status run_get(store_transaction *transaction, void *data) {
  inventory_work *work = data;
  return stock_get(transaction, &work->change);
}

static void on_item(const store_result *result, void *data) {
  inventory_work *work = data;
  if (!inventory_work_succeeded(work, result)) {
    return;
  }
  otlp_span_set_int(work->span, "inventory.available", work->change.item.available);
  Shop__Inventory__V1__Item *item =
      inventory_item_message(mesh_call_arena(work->call), &work->change.item);
  inventory_work_reply(work, &item->base);
}

void inventory_get_item(mesh_call *call, const Shop__Inventory__V1__GetItemRequest *request,
                        void *self) {
  inventory_work *work = inventory_work_start(call, self, "get_inventory_item");
  store_field_problem problem = inventory_check_product(request->product_id);
  if (problem.field != NULL) {
    inventory_work_refuse(work, &problem);
    return;
  }
  otlp_span_set_string(work->span, "product.id", request->product_id);
  work->change.product_id = request->product_id;
  inventory_work_read(work, run_get, on_item);
}

static mesh_status run_list(store_transaction *transaction, void *data) {
  inventory_work *work = data;
  return stock_list_items(transaction, &work->page);
}

static const char list_scope[] = "items";

static void on_items(const store_result *result, void *data) {
  inventory_work *work = data;
  if (!inventory_work_succeeded(work, result)) {
    return;
  }
  mesh_arena *arena = mesh_call_arena(work->call);
  const stock_page *page = &work->page;
  Shop__Inventory__V1__ListItemsResponse reply = SHOP__INVENTORY__V1__LIST_ITEMS_RESPONSE__INIT;
  reply.n_items = page->count;
  reply.items = mesh_arena_alloc(arena, page->count * sizeof *reply.items);
  for (size_t i = 0; i < page->count; i++) {
    reply.items[i] = inventory_item_message(arena, &page->items[i]);
  }
  if (page->has_more) {
    reply.next_page_token =
        (char *)store_page_token(arena, list_scope, page->items[page->count - 1].product_id);
  }
  otlp_span_set_int(work->span, "inventory.items", (int64_t)page->count);
  inventory_work_reply(work, &reply.base);
}

void inventory_list_items(mesh_call *call, const Shop__Inventory__V1__ListItemsRequest *request,
                          void *self) {
  inventory_work *work = inventory_work_start(call, self, "list_inventory_items");
  store_field_problem problem = inventory_check_list(request->page_size);
  work->page.after = store_page_key(mesh_call_arena(call), list_scope, request->page_token);
  if (problem.field == NULL && work->page.after == NULL) {
    problem = (store_field_problem){"page_token", "is not a token of this list"};
  }
  if (problem.field != NULL) {
    inventory_work_refuse(work, &problem);
    return;
  }
  work->page.size = (size_t)store_page_size(request->page_size);
  inventory_work_read(work, run_list, on_items);
}

/* A repeated call is answered as the first time, so the reply is made with the change. */
static mesh_status run_add(store_transaction *transaction, void *data) {
  inventory_work *work = data;
  mesh_status status = stock_add(transaction, &work->change);
  if (mesh_status_is_ok(&status) && work->once.key != NULL) {
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
  inventory_work_reply_bytes(work, result->reply);
}

void inventory_add(mesh_call *call, const Shop__Inventory__V1__AddRequest *request, void *self) {
  inventory_work *work = inventory_work_start(call, self, "add_inventory");
  store_field_problem problem = inventory_check_add(request);
  const char *key = store_idempotency_key(call, request->idempotency_key, &problem);
  if (problem.field != NULL) {
    inventory_work_refuse(work, &problem);
    return;
  }
  Shop__Inventory__V1__AddRequest unkeyed = *request;
  unkeyed.idempotency_key = (char *)protobuf_c_empty_string;
  work->once = store_once_for(call, key, &unkeyed.base);
  otlp_span_set_string(work->span, "product.id", request->product_id);
  otlp_span_set_int(work->span, "inventory.added", request->quantity);
  work->change.product_id = request->product_id;
  work->change.quantity = request->quantity;
  inventory_work_write(work, run_add, on_added);
}

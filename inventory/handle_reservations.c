/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "hold.h"
#include "messages.h"
#include "work.h"

static Shop__Inventory__V1__Reservation *make_reply(mesh_arena *arena, const stock_change *change) {
  Shop__Inventory__V1__Reservation *reply =
      inventory_reservation_message(arena, &change->reservation);
  reply->remaining = (int32_t)change->item.available;
  return reply;
}

/* A repeated call is answered as the first time, so the reply is made with the change. */
static void keep_reply(store_transaction *transaction, inventory_work *work) {
  if (work->base.once.key != NULL) {
    mesh_arena *arena = store_arena(transaction);
    store_set_reply(transaction, store_pack(arena, &make_reply(arena, &work->change)->base));
  }
}

/* What the warehouse will say is not known, so there is no reply to keep: the key does nothing
 * then, and order and product make the call idempotent. */
static mesh_status run_reserve(store_transaction *transaction, void *data) {
  inventory_work *work = data;
  mesh_status status = stock_reserve(transaction, &work->change);
  if (!mesh_status_is_ok(&status)) {
    return status;
  }
  if (work->base.once.key != NULL && work->change.item.is_backed) {
    work->change.failure = STOCK_ELSEWHERE_FIRST;
    return mesh_status_error(GRPC_STATUS_ABORTED, "the key cannot be used");
  }
  keep_reply(transaction, work);
  return status;
}

static mesh_status run_release(store_transaction *transaction, void *data) {
  inventory_work *work = data;
  mesh_status status = stock_release(transaction, &work->change);
  if (mesh_status_is_ok(&status)) {
    keep_reply(transaction, work);
  }
  return status;
}

static void reply_with_change(inventory_work *work) {
  otlp_span_set_int(work->base.span, "inventory.remaining", work->change.item.available);
  store_work_reply(&work->base, &make_reply(mesh_call_arena(work->base.call), &work->change)->base);
}

static void on_changed(const store_result *result, void *data) {
  inventory_work *work = data;
  if (!inventory_work_succeeded(work, result)) {
    return;
  }
  if (result->reply.data != NULL) {
    otlp_span_set_int(work->base.span, "inventory.remaining", work->change.item.available);
    store_work_reply_bytes(&work->base, result->reply);
    return;
  }
  reply_with_change(work);
}

static void on_reserved(const store_result *result, void *data) {
  inventory_work *work = data;
  if (result->is_refused && work->change.failure == STOCK_ELSEWHERE_FIRST) {
    work->base.once.key = NULL;
    work->change.failure = STOCK_FINE;
    work->change.reservation = (stock_reservation){0};
    store_work_write(&work->base, run_reserve, on_reserved, work);
    return;
  }
  if (!mesh_status_is_ok(&result->status) || !work->change.item.is_backed) {
    on_changed(result, data);
    return;
  }
  inventory_hold_in_warehouse(work, reply_with_change);
}

static void describe(inventory_work *work) {
  const otlp_attribute attributes[] = {
      otlp_attribute_string("product.id", work->change.product_id),
      otlp_attribute_string("order.id", work->change.order_id),
      otlp_attribute_int("order.quantity", work->change.quantity),
  };
  size_t count = work->change.quantity > 0 ? 3 : 2;
  otlp_span_set_attributes(work->base.span, attributes, count);
}

void inventory_reserve(mesh_call *call, const Shop__Inventory__V1__ReserveRequest *request,
                       void *self) {
  inventory_work *work = inventory_work_start(call, self, "reserve_inventory");
  store_field_problem problem = inventory_check_reserve(request);
  const char *key = store_idempotency_key(call, request->idempotency_key, &problem);
  if (store_work_refuse(&work->base, &problem)) {
    return;
  }
  Shop__Inventory__V1__ReserveRequest unkeyed = *request;
  unkeyed.idempotency_key = (char *)protobuf_c_empty_string;
  work->base.once = store_once_for(call, key, &unkeyed.base);
  work->change = (stock_change){.product_id = request->product_id,
                                .order_id = request->order_id,
                                .owner = request->owner,
                                .quantity = request->quantity,
                                .now_unix_ms = store_now_unix_ms()};
  describe(work);
  work->base.checks_first = key == NULL; /* whether a key can be used is seen behind the changes */
  store_work_write(&work->base, run_reserve, on_reserved, work);
}

void inventory_release(mesh_call *call, const Shop__Inventory__V1__ReleaseRequest *request,
                       void *self) {
  inventory_work *work = inventory_work_start(call, self, "release_inventory");
  store_field_problem problem = inventory_check_release(request);
  const char *key = store_idempotency_key(call, request->idempotency_key, &problem);
  if (store_work_refuse(&work->base, &problem)) {
    return;
  }
  Shop__Inventory__V1__ReleaseRequest unkeyed = *request;
  unkeyed.idempotency_key = (char *)protobuf_c_empty_string;
  work->base.once = store_once_for(call, key, &unkeyed.base);
  work->change = (stock_change){.product_id = request->product_id,
                                .order_id = request->order_id,
                                .reason = request->reason,
                                .is_anybodys = true,
                                .now_unix_ms = store_now_unix_ms()};
  describe(work);
  inventory_release_order(work, run_release, on_changed);
}

static mesh_status run_list(store_transaction *transaction, void *data) {
  inventory_work *work = data;
  work->reservations =
      stock_list_reservations(transaction, work->state, work->order_id, &work->list);
  return mesh_status_ok();
}

static void on_reservations(const store_result *result, void *data) {
  inventory_work *work = data;
  if (!inventory_work_succeeded(work, result)) {
    return;
  }
  mesh_arena *arena = mesh_call_arena(work->base.call);
  size_t count = work->list.count;
  Shop__Inventory__V1__ListReservationsResponse reply =
      SHOP__INVENTORY__V1__LIST_RESERVATIONS_RESPONSE__INIT;
  reply.n_reservations = count;
  reply.reservations = mesh_arena_alloc(arena, count * sizeof *reply.reservations);
  for (size_t i = 0; i < count; i++) {
    reply.reservations[i] = inventory_reservation_message(arena, &work->reservations[i]);
  }
  if (count > 0) {
    const stock_reservation *last = &work->reservations[count - 1];
    const char *keys[] = {last->order_id, last->product_id};
    reply.next_page_token = store_list_token(&work->list, arena, keys);
  }
  otlp_span_set_int(work->base.span, "inventory.reservations", (int64_t)count);
  store_work_reply(&work->base, &reply.base);
}

void inventory_list_reservations(mesh_call *call,
                                 const Shop__Inventory__V1__ListReservationsRequest *request,
                                 void *self) {
  inventory_work *work = inventory_work_start(call, self, "list_reservations");
  mesh_arena *arena = mesh_call_arena(call);
  store_field_problem problem = inventory_check_list_reservations(request);
  store_list_request page = {request->page_size, request->page_token};
  work->state = (stock_state)request->state;
  work->order_id = request->order_id;
  work->list = (store_list){
      .scope = mesh_arena_printf(arena, "reservations/%d/%s", (int)work->state, work->order_id),
      .key_count = 2};
  store_list_open(&work->list, arena, &page, &problem);
  if (!store_work_refuse(&work->base, &problem)) {
    store_work_read(&work->base, run_list, on_reservations, work);
  }
}

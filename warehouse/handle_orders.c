/* SPDX-License-Identifier: Apache-2.0 */
/* Reserve, Commit, Release and ListReservations. */
#include <mesh/log.h>

#include "check.h"
#include "work.h"

static Shop__Warehouse__V1__Reservation *
reservation_message(mesh_arena *arena, const shelves_reservation *reservation) {
  Shop__Warehouse__V1__Reservation *message = mesh_arena_alloc(arena, sizeof *message);
  shop__warehouse__v1__reservation__init(message);
  message->order_id = (char *)reservation->order_id;
  message->item_id = (char *)reservation->item_id;
  message->warehouse_location = (char *)reservation->location;
  message->quantity = (int32_t)reservation->quantity;
  message->state = (Shop__Warehouse__V1__ReservationState)reservation->state;
  message->created_at = store_timestamp(arena, reservation->created_at_unix_ms);
  return message;
}

/* An order changed; a repeated call changes nothing. */
static void note_change(const warehouse_work *work, warehouse_count count, const char *message,
                        const otlp_attribute *detail) {
  const otlp_attribute fields[] = {otlp_attribute_string("order_id", work->order.order_id),
                                   *detail};
  if (!work->order.is_repeated) {
    store_tally_add(&work->self->tally, count, 1);
    mesh_log(MESH_LOG_INFO, work->base.context, message, fields, 2);
  }
}

/* ---- Reserve ---- */

static mesh_status run_reserve(store_transaction *transaction, void *data) {
  warehouse_work *work = data;
  mesh_status status = shelves_reserve(transaction, &work->order);
  warehouse_work_explain(work, &work->order.problem);
  return status;
}

static size_t count_of(const shelves_reservation *reservations) {
  size_t count = 0;
  for (; reservations != NULL; reservations = reservations->next) {
    count++;
  }
  return count;
}

static void on_reserved(const store_result *result, void *data) {
  warehouse_work *work = data;
  if (!warehouse_work_succeeded(work, result)) {
    return;
  }
  mesh_arena *arena = mesh_call_arena(work->base.call);
  const shelves_order *order = &work->order;
  Shop__Warehouse__V1__ReserveResponse reply = SHOP__WAREHOUSE__V1__RESERVE_RESPONSE__INIT;
  size_t count = count_of(order->reservations);
  reply.reservations = mesh_arena_alloc(arena, count * sizeof *reply.reservations);
  for (const shelves_reservation *row = order->reservations; row != NULL; row = row->next) {
    reply.reservations[reply.n_reservations++] = reservation_message(arena, row);
  }
  otlp_span_set_int(work->base.span, "inventory.reservations", (int64_t)count);
  const otlp_attribute detail = otlp_attribute_int("reservations", (int64_t)count);
  note_change(work, WAREHOUSE_RESERVED, "items reserved", &detail);
  store_work_reply(&work->base, &reply.base);
}

static const shelves_item *items_of(mesh_arena *arena,
                                    const Shop__Warehouse__V1__ReserveRequest *request) {
  shelves_item *items = mesh_arena_alloc(arena, request->n_items * sizeof *items);
  for (size_t i = 0; i < request->n_items; i++) {
    items[i] = (shelves_item){request->items[i]->item_id, request->items[i]->quantity};
  }
  return items;
}

static void describe(otlp_span *span, const shelves_order *order) {
  otlp_span_set_string(span, "order.order_id", order->order_id);
  otlp_span_set_int(span, "inventory.items", (int64_t)order->item_count);
  if (order->item_count == 1) {
    otlp_span_set_string(span, "inventory.item_id", order->items[0].item_id);
    otlp_span_set_int(span, "inventory.requested_quantity", order->items[0].quantity);
  }
}

void warehouse_reserve(mesh_call *call, const Shop__Warehouse__V1__ReserveRequest *request,
                       void *self) {
  mesh_arena *arena = mesh_call_arena(call);
  warehouse_work *work = warehouse_work_start(call, self, "reserve_item");
  store_field_problem problem = warehouse_check_reserve(request, arena);
  if (store_work_refuse(&work->base, &problem)) {
    return;
  }
  work->order = (shelves_order){.order_id = request->order_id,
                                .items = items_of(arena, request),
                                .item_count = request->n_items,
                                .reason = "",
                                .now_unix_ms = store_now_unix_ms()};
  describe(work->base.span, &work->order);
  store_work_write(&work->base, run_reserve, on_reserved, work);
}

/* ---- Commit ---- */

static mesh_status run_commit(store_transaction *transaction, void *data) {
  warehouse_work *work = data;
  return shelves_commit(transaction, &work->settlement);
}

static void on_committed(const store_result *result, void *data) {
  warehouse_work *work = data;
  if (!warehouse_work_succeeded(work, result)) {
    return;
  }
  const shelves_settlement *settlement = &work->settlement;
  Shop__Warehouse__V1__CommitResponse reply = SHOP__WAREHOUSE__V1__COMMIT_RESPONSE__INIT;
  reply.committed = (int32_t)settlement->committed;
  reply.n_refused_order_ids = settlement->refused_count;
  reply.refused_order_ids = (char **)settlement->refused_ids;
  store_tally_add(&work->self->tally, WAREHOUSE_COMMITTED, settlement->committed);
  otlp_span_set_int(work->base.span, "inventory.committed", (int64_t)settlement->committed);
  otlp_span_set_int(work->base.span, "inventory.refused", (int64_t)settlement->refused_count);
  store_work_reply(&work->base, &reply.base);
}

void warehouse_commit(mesh_call *call, const Shop__Warehouse__V1__CommitRequest *request,
                      void *self) {
  warehouse_work *work = warehouse_work_start(call, self, "commit_reservations");
  store_field_problem problem = warehouse_check_commit(request);
  if (store_work_refuse(&work->base, &problem)) {
    return;
  }
  work->settlement.order_ids = (const char *const *)request->order_ids;
  work->settlement.order_count = request->n_order_ids;
  work->base.checks_first = true;
  store_work_write(&work->base, run_commit, on_committed, work);
}

/* ---- Release ---- */

static mesh_status run_release(store_transaction *transaction, void *data) {
  warehouse_work *work = data;
  mesh_status status = shelves_release(transaction, &work->order);
  warehouse_work_explain(work, &work->order.problem);
  return status;
}

static void on_released(const store_result *result, void *data) {
  warehouse_work *work = data;
  if (!warehouse_work_succeeded(work, result)) {
    return;
  }
  int64_t released = work->order.released;
  Shop__Warehouse__V1__ReleaseResponse reply = SHOP__WAREHOUSE__V1__RELEASE_RESPONSE__INIT;
  reply.released = (int32_t)released;
  otlp_span_set_int(work->base.span, "inventory.released", released);
  const otlp_attribute detail = otlp_attribute_int("released", released);
  note_change(work, WAREHOUSE_RELEASED, "items released", &detail);
  store_work_reply(&work->base, &reply.base);
}

void warehouse_release(mesh_call *call, const Shop__Warehouse__V1__ReleaseRequest *request,
                       void *self) {
  warehouse_work *work = warehouse_work_start(call, self, "release_items");
  store_field_problem problem = warehouse_check_release(request);
  if (store_work_refuse(&work->base, &problem)) {
    return;
  }
  otlp_span_set_string(work->base.span, "order.order_id", request->order_id);
  work->order = (shelves_order){
      .order_id = request->order_id, .reason = request->reason, .now_unix_ms = store_now_unix_ms()};
  store_work_write(&work->base, run_release, on_released, work);
}

/* ---- ListReservations ---- */

static mesh_status run_list(store_transaction *transaction, void *data) {
  warehouse_work *work = data;
  work->reservations =
      shelves_list_reservations(transaction, work->state, work->order_id, &work->list);
  return mesh_status_ok();
}

static void on_listed(const store_result *result, void *data) {
  warehouse_work *work = data;
  if (!warehouse_work_succeeded(work, result)) {
    return;
  }
  mesh_arena *arena = mesh_call_arena(work->base.call);
  size_t count = work->list.count;
  Shop__Warehouse__V1__ListReservationsResponse reply =
      SHOP__WAREHOUSE__V1__LIST_RESERVATIONS_RESPONSE__INIT;
  reply.n_reservations = count;
  reply.reservations = mesh_arena_alloc(arena, count * sizeof *reply.reservations);
  for (size_t i = 0; i < count; i++) {
    reply.reservations[i] = reservation_message(arena, &work->reservations[i]);
  }
  if (count > 0) {
    const shelves_reservation *last = &work->reservations[count - 1];
    const char *keys[] = {last->order_id, last->item_id, last->location};
    reply.next_page_token = store_list_token(&work->list, arena, keys);
  }
  otlp_span_set_int(work->base.span, "inventory.reservations", (int64_t)count);
  store_work_reply(&work->base, &reply.base);
}

void warehouse_list_reservations(mesh_call *call,
                                 const Shop__Warehouse__V1__ListReservationsRequest *request,
                                 void *self) {
  warehouse_work *work = warehouse_work_start(call, self, "list_reservations");
  mesh_arena *arena = mesh_call_arena(call);
  store_field_problem problem = warehouse_check_list_reservations(request);
  store_list_request page = {request->page_size, request->page_token};
  work->state = (shelves_state)request->state;
  work->order_id = request->order_id;
  work->list = (store_list){
      .scope = mesh_arena_printf(arena, "reservations/%d/%s", (int)work->state, work->order_id),
      .key_count = 3};
  store_list_open(&work->list, arena, &page, &problem);
  if (!store_work_refuse(&work->base, &problem)) {
    store_work_read(&work->base, run_list, on_listed, work);
  }
}

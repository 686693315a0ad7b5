/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CreateOrder, step by step: validate_order, check_inventory, reserve_inventory, persist_order.
 * Each step starts the next one from its continuation.
 *
 * Two syncs are on the way: the inventory's, of the reservation, and ours, of the order. The order
 * is written once, when its stock is held already, so there is nothing to clean up when a request
 * is refused. What a crash in between leaves, a reservation without an order, the recovery finds.
 * When the stock has to go back because of a failure here, this call tries it itself, once, in a
 * context that outlives the call's cancellation, and leaves the rest to the recovery too.
 */
#include "check.h"
#include "ledger.h"
#include "messages.h"
#include "order_id.h"
#include "round.h"
#include "service.h"
#include "shop/inventory/v1/inventory.mesh.h"

enum { GIVE_BACK_TIMEOUT_MS = 2000 };

typedef struct creation {
  order_service *self;
  mesh_call *call;
  const mesh_context *context; /* below create_order */
  otlp_span *span;             /* create_order */
  otlp_span *step;
  const mesh_context *step_context;
  char id[ORDER_ID_LENGTH + 1];
  ledger_order order;
  store_once once;
  /* While the stock goes back: how the call will end. */
  mesh_status failure;
  mesh_bytes earlier_reply;
} creation;

static void start_step(creation *creating, const char *name) {
  creating->step_context = mesh_context_start_span(creating->context, name, &creating->step);
}

/* Ends the step under way with an event of it. */
static void end_step(creation *creating, const char *event, const otlp_attribute *attributes,
                     size_t count) {
  otlp_span_add_event(creating->step, otlp_string_from(event), 0, attributes, count);
  otlp_span_end(creating->step);
  creating->step = NULL;
}

static void fail_spans(creation *creating, const char *type, const mesh_status *status) {
  store_span_fail(creating->step, type, status);
  store_span_fail(creating->span, type, status);
}

static void fail(creation *creating, const mesh_status *status) {
  fail_spans(creating, NULL, status);
  mesh_call_fail_with(creating->call, status);
}

static void refuse_field(creation *creating, const store_field_problem *problem) {
  mesh_status status =
      mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT, "%s %s", problem->field, problem->text);
  store_span_fail(creating->step, "INVALID_FIELD", &status);
  store_fail_field(creating->call, creating->span, problem);
}

static void reply_again(creation *creating, mesh_bytes reply) {
  otlp_span_add_event(creating->span, otlp_string_from("order.repeated"), 0, NULL, 0);
  otlp_span_end(creating->span);
  mesh_call_reply_bytes(creating->call, reply);
}

static void succeed(creation *creating) {
  order_recovery_confirmed(creating->self->recovery, creating->id);
  Shop__Order__V1__Order *reply = order_message(mesh_call_arena(creating->call), &creating->order);
  otlp_span_set_string(creating->span, "order.status", "CONFIRMED");
  otlp_span_set_double(creating->span, "order.total", reply->total);
  otlp_span_end(creating->span);
  shop_order_v1_create_order_reply(creating->call, reply);
}

/* ---- giving the stock back ---- */

static void finish_giving_back(creation *creating) {
  if (creating->earlier_reply.data != NULL) {
    reply_again(creating, creating->earlier_reply);
    return;
  }
  store_span_fail(creating->span, NULL, &creating->failure);
  mesh_call_fail_with(creating->call, &creating->failure);
}

static void on_released(const mesh_status *status,
                        const Shop__Inventory__V1__Reservation *reservation, void *data) {
  (void)reservation;
  creation *creating = data;
  if (mesh_status_is_ok(status)) {
    end_step(creating, "inventory.released", NULL, 0);
  } else {
    store_span_fail(creating->step, NULL, status);
  }
  finish_giving_back(creating);
}

static void release(creation *creating) {
  Shop__Inventory__V1__ReleaseRequest request = SHOP__INVENTORY__V1__RELEASE_REQUEST__INIT;
  request.product_id = (char *)creating->order.product_id;
  request.order_id = creating->id;
  request.reason = (char *)"the order was not completed";
  shop_inventory_v1_release(creating->self->inventory, creating->step_context, &request,
                            on_released, creating);
}

static mesh_status run_give_up(store_transaction *transaction, void *data) {
  creation *creating = data;
  if (!ledger_insert(transaction, &creating->order)) {
    ledger_find(transaction, &creating->order);
  }
  return mesh_status_ok();
}

/* Only what surely is not confirmed may lose its stock. */
static void on_given_up(const store_result *result, void *data) {
  creation *creating = data;
  if (!mesh_status_is_ok(&result->status)) {
    store_span_fail(creating->step, NULL, &result->status);
    finish_giving_back(creating);
    return;
  }
  if (creating->order.status == LEDGER_CONFIRMED) { /* the commit came through after all */
    otlp_span_end(creating->step);
    succeed(creating);
    return;
  }
  release(creating);
}

/* Starts a step that runs to its end whatever happens to the call. */
static void start_giving_back(creation *creating) {
  creating->context = mesh_context_detached(creating->context, GIVE_BACK_TIMEOUT_MS);
  order_recovery_wake(creating->self->recovery); /* in case this does not succeed */
  start_step(creating, "release_inventory");
}

/* The status is the callback's; the failure outlives it. */
static void remember(creation *creating, const mesh_status *status) {
  mesh_arena *arena = mesh_call_arena(creating->call);
  creating->failure = *status;
  creating->failure.message = mesh_arena_strdup(arena, status->message);
  if (status->details != NULL) {
    creating->failure.details = mesh_arena_copy(arena, status->details, status->details_size);
  }
}

/* The reservation may or may not be there, and the order is not written. */
static void give_back(creation *creating, const mesh_status *failure) {
  remember(creating, failure);
  store_span_fail(creating->step, NULL, failure);
  start_giving_back(creating);
  release(creating);
}

/* The order may have been written: a commit that failed is not known to have come to nothing. */
static void give_up(creation *creating, const mesh_status *failure) {
  remember(creating, failure);
  store_span_fail(creating->step, NULL, failure);
  creating->order.status = LEDGER_FAILED;
  creating->order.failure_reason = creating->failure.message;
  start_giving_back(creating);
  store_operation operation = {.run = run_give_up, .done = on_given_up, .data = creating};
  store_write(creating->self->store, creating->step_context, &operation);
}

/* ---- persist_order ---- */

static mesh_status run_persist(store_transaction *transaction, void *data) {
  creation *creating = data;
  if (!ledger_insert(transaction, &creating->order)) {
    return mesh_status_error(GRPC_STATUS_ABORTED, "the order took too long and was given up");
  }
  if (creating->once.key != NULL) {
    mesh_arena *arena = store_arena(transaction);
    store_set_reply(transaction, store_pack(arena, &order_message(arena, &creating->order)->base));
  }
  return mesh_status_ok();
}

/* The same call was faster, on another connection: its order is the one, and this stock is spare.
 */
static void yield_to_earlier(creation *creating, const store_result *result) {
  creating->earlier_reply = result->reply;
  end_step(creating, "order.repeated", NULL, 0);
  start_giving_back(creating);
  release(creating);
}

static void on_persisted(const store_result *result, void *data) {
  creation *creating = data;
  if (!mesh_status_is_ok(&result->status)) {
    give_up(creating, &result->status);
    return;
  }
  if (result->repeat == STORE_REPEATED) {
    yield_to_earlier(creating, result);
    return;
  }
  const otlp_attribute attributes[] = {otlp_attribute_string("order.id", creating->id)};
  end_step(creating, "order.persisted", attributes, 1);
  succeed(creating);
}

static void persist(creation *creating) {
  start_step(creating, "persist_order");
  creating->order.status = LEDGER_CONFIRMED;
  store_operation operation = {
      .run = run_persist, .done = on_persisted, .data = creating, .once = creating->once};
  store_write(creating->self->store, creating->step_context, &operation);
}

/* ---- reserve_inventory ---- */

/* What the inventory says when it has looked and reserved nothing; with any other failure it may
 * have. */
static bool is_refusal(grpc_status_code code) {
  return code == GRPC_STATUS_FAILED_PRECONDITION || code == GRPC_STATUS_NOT_FOUND ||
         code == GRPC_STATUS_INVALID_ARGUMENT || code == GRPC_STATUS_ALREADY_EXISTS;
}

static void on_reserved(const mesh_status *status,
                        const Shop__Inventory__V1__Reservation *reservation, void *data) {
  creation *creating = data;
  if (!mesh_status_is_ok(status)) {
    if (is_refusal(status->code)) {
      fail(creating, status);
    } else {
      give_back(creating, status);
    }
    return;
  }
  creating->order.price_cents = order_cents(reservation->unit_price);
  const otlp_attribute attributes[] = {
      otlp_attribute_int("order.quantity", creating->order.quantity),
      otlp_attribute_int("inventory.remaining", reservation->remaining),
  };
  end_step(creating, "inventory.reserved", attributes, 2);
  persist(creating);
}

static void reserve(creation *creating) {
  start_step(creating, "reserve_inventory");
  otlp_span_set_string(creating->step, "product.id", creating->order.product_id);
  otlp_span_set_int(creating->step, "order.quantity", creating->order.quantity);
  Shop__Inventory__V1__ReserveRequest request = SHOP__INVENTORY__V1__RESERVE_REQUEST__INIT;
  request.product_id = (char *)creating->order.product_id;
  request.quantity = (int32_t)creating->order.quantity;
  request.order_id = creating->id;
  shop_inventory_v1_reserve(creating->self->inventory, creating->step_context, &request,
                            on_reserved, creating);
}

/* ---- check_inventory ---- */

static void refuse_for_stock(creation *creating, int32_t available) {
  mesh_status status = mesh_status_error(
      GRPC_STATUS_FAILED_PRECONDITION, "only %d of '%s' are available, %lld are asked for",
      (int)available, creating->order.product_id, (long long)creating->order.quantity);
  fail_spans(creating, "INSUFFICIENT_STOCK", &status);
  mesh_call *call = creating->call;
  mesh_call_add_error_info(call, "INSUFFICIENT_STOCK", "order.shop");
  mesh_call_add_precondition_violation(
      call, "STOCK", creating->order.product_id,
      mesh_arena_printf(mesh_call_arena(call), "%d are available.", (int)available));
  mesh_call_fail(call, status.code, "%s", status.message);
}

static void on_item(const mesh_status *status, const Shop__Inventory__V1__Item *item, void *data) {
  creation *creating = data;
  if (!mesh_status_is_ok(status)) {
    fail(creating, status);
    return;
  }
  otlp_span_set_int(creating->step, "inventory.available", item->quantity);
  if (item->quantity < creating->order.quantity) {
    refuse_for_stock(creating, item->quantity);
    return;
  }
  const otlp_attribute attributes[] = {otlp_attribute_int("inventory.available", item->quantity)};
  end_step(creating, "inventory.checked", attributes, 1);
  reserve(creating);
}

static void check_inventory(creation *creating) {
  start_step(creating, "check_inventory");
  otlp_span_set_string(creating->step, "product.id", creating->order.product_id);
  Shop__Inventory__V1__GetItemRequest request = SHOP__INVENTORY__V1__GET_ITEM_REQUEST__INIT;
  request.product_id = (char *)creating->order.product_id;
  shop_inventory_v1_get_item(creating->self->inventory, creating->step_context, &request, on_item,
                             creating);
}

/* ---- validate_order ---- */

static void on_validated(creation *creating) {
  const otlp_attribute attributes[] = {
      otlp_attribute_string("order.id", creating->id),
      otlp_attribute_string("product.id", creating->order.product_id),
      otlp_attribute_int("order.quantity", creating->order.quantity),
  };
  otlp_span_set_attributes(creating->span, attributes, 3);
  end_step(creating, "order.validated", NULL, 0);
  check_inventory(creating);
}

/* Whether the same call was answered before; if so, it is answered the same, and nothing happens.
 */
static void on_looked_up(const store_result *result, void *data) {
  creation *creating = data;
  if (result->repeat == STORE_KEY_TAKEN) {
    store_field_problem problem = {"idempotency_key", "came before with another request"};
    refuse_field(creating, &problem);
  } else if (!mesh_status_is_ok(&result->status)) {
    fail(creating, &result->status);
  } else if (result->repeat == STORE_REPEATED) {
    otlp_span_end(creating->step);
    reply_again(creating, result->reply);
  } else {
    on_validated(creating);
  }
}

static void fill_in(creation *creating, const Shop__Order__V1__CreateOrderRequest *request,
                    const char *key) {
  Shop__Order__V1__CreateOrderRequest unkeyed = *request;
  unkeyed.idempotency_key = (char *)protobuf_c_empty_string;
  creating->once = store_once_for(creating->call, key, &unkeyed.base);
  int64_t now_unix_ms = store_now_unix_ms();
  order_id_write((uint64_t)now_unix_ms, order_random(), creating->self->run, creating->id);
  creating->order = (ledger_order){.order_id = creating->id,
                                   .product_id = request->product_id,
                                   .quantity = request->quantity,
                                   .created_at_unix_ms = now_unix_ms};
}

static void validate(creation *creating, const Shop__Order__V1__CreateOrderRequest *request) {
  start_step(creating, "validate_order");
  store_field_problem problem = order_check_create(request);
  const char *key = store_idempotency_key(creating->call, request->idempotency_key, &problem);
  if (problem.field != NULL) {
    refuse_field(creating, &problem);
    return;
  }
  fill_in(creating, request, key);
  if (key == NULL) {
    on_validated(creating);
    return;
  }
  store_operation look_up = {.done = on_looked_up, .data = creating, .once = creating->once};
  store_read(creating->self->store, creating->step_context, &look_up);
}

void order_create(mesh_call *call, const Shop__Order__V1__CreateOrderRequest *request, void *self) {
  creation *creating = mesh_arena_alloc(mesh_call_arena(call), sizeof *creating);
  creating->self = self;
  creating->call = call;
  const mesh_context *bounded =
      mesh_context_with_timeout(mesh_call_context(call), ORDER_CREATE_TIMEOUT_MS);
  creating->context = mesh_context_start_span(bounded, "create_order", &creating->span);
  validate(creating, request);
}

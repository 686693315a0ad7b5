/* SPDX-License-Identifier: Apache-2.0 */
/* The steps that ask the inventory: check_inventory and reserve_inventory for one product,
 * inventory_service_call for all items of an order. */
#include "errors.h"
#include "messages.h"
#include "saga.h"
#include "shop/inventory/v1/inventory.mesh.h"

/* ---- check_inventory ---- */

static void on_item(const mesh_status *status, const Shop__Inventory__V1__Item *item, void *data) {
  order_saga *saga = data;
  const ledger_line *line = &saga->order.lines[0];
  if (!mesh_status_is_ok(status)) {
    order_saga_fail(saga, status, NULL);
    return;
  }
  otlp_span_set_int(saga->step, "inventory.available", item->quantity);
  if (item->quantity < line->quantity) {
    mesh_call_add_error_info(saga->call, "INSUFFICIENT_STOCK", "order.shop");
    mesh_call_add_precondition_violation(
        saga->call, "STOCK", line->item_id,
        mesh_arena_printf(mesh_call_arena(saga->call), "%d are available.", (int)item->quantity));
    mesh_status shortage = mesh_status_error(
        GRPC_STATUS_FAILED_PRECONDITION, "only %d of '%s' are available, %lld are asked for",
        (int)item->quantity, line->item_id, (long long)line->quantity);
    order_saga_fail(saga, &shortage, "INSUFFICIENT_STOCK");
    return;
  }
  const otlp_attribute attributes[] = {otlp_attribute_int("inventory.available", item->quantity)};
  order_saga_end_step(saga, "inventory.checked", attributes, 1);
  order_saga_next(saga);
}

void order_step_check_inventory(order_saga *saga) {
  const char *product_id = saga->order.lines[0].item_id;
  order_saga_start_step(saga, "check_inventory");
  otlp_span_set_string(saga->step, "product.id", product_id);
  Shop__Inventory__V1__GetItemRequest request = SHOP__INVENTORY__V1__GET_ITEM_REQUEST__INIT;
  request.product_id = (char *)product_id;
  shop_inventory_v1_get_item(saga->self->inventory, saga->step_context, &request, on_item, saga);
}

/* ---- reserve_inventory ---- */

static void on_reserved(const mesh_status *status,
                        const Shop__Inventory__V1__Reservation *reservation, void *data) {
  order_saga *saga = data;
  if (!mesh_status_is_ok(status)) {
    saga->may_hold = !order_error_is_refusal(status->code);
    order_saga_fail(saga, status, NULL);
    return;
  }
  saga->may_hold = true;
  saga->order.lines[0].price_cents = store_cents(reservation->unit_price);
  const otlp_attribute attributes[] = {
      otlp_attribute_int("order.quantity", saga->order.lines[0].quantity),
      otlp_attribute_int("inventory.remaining", reservation->remaining),
  };
  order_saga_end_step(saga, "inventory.reserved", attributes, 2);
  order_saga_next(saga);
}

void order_step_reserve(order_saga *saga) {
  const ledger_line *line = &saga->order.lines[0];
  order_saga_start_step(saga, "reserve_inventory");
  otlp_span_set_string(saga->step, "product.id", line->item_id);
  otlp_span_set_int(saga->step, "order.quantity", line->quantity);
  Shop__Inventory__V1__ReserveRequest request = SHOP__INVENTORY__V1__RESERVE_REQUEST__INIT;
  request.product_id = (char *)line->item_id;
  request.quantity = (int32_t)line->quantity;
  request.order_id = saga->id;
  request.owner = (char *)ORDER_OWNER;
  shop_inventory_v1_reserve(saga->self->inventory, saga->step_context, &request, on_reserved, saga);
}

/* ---- inventory_service_call ---- */

/* What the inventory said, in the words of this service. */
static const char *reason_of(order_saga *saga, const mesh_status *status) {
  if (status->code == GRPC_STATUS_NOT_FOUND) {
    return "UNKNOWN_ITEM";
  }
  if (status->code != GRPC_STATUS_FAILED_PRECONDITION) {
    return NULL;
  }
  const char *reason = order_error_read(mesh_call_arena(saga->call), status).reason;
  return reason[0] != '\0' ? reason : NULL;
}

static void on_items_reserved(const mesh_status *status,
                              const Shop__Inventory__V1__ReserveItemsResponse *reply, void *data) {
  order_saga *saga = data;
  if (!mesh_status_is_ok(status)) {
    saga->may_hold = !order_error_is_refusal(status->code);
    order_saga_fail(saga, status, reason_of(saga, status));
    return;
  }
  saga->may_hold = true;
  if (reply->n_reservations != saga->order.line_count) {
    mesh_status odd = mesh_status_error(GRPC_STATUS_INTERNAL, "the inventory reserved %zu of %zu",
                                        reply->n_reservations, saga->order.line_count);
    order_saga_fail(saga, &odd, NULL);
    return;
  }
  for (size_t i = 0; i < reply->n_reservations; i++) {
    saga->order.lines[i].price_cents = store_cents(reply->reservations[i]->unit_price);
  }
  order_saga_end_step(saga, "inventory.reserved", NULL, 0);
  order_saga_next(saga);
}

static void list_items(order_saga *saga, Shop__Inventory__V1__ReserveItemsRequest *request) {
  mesh_arena *arena = mesh_call_arena(saga->call);
  size_t count = saga->order.line_count;
  Shop__Inventory__V1__ItemQuantity *items = mesh_arena_alloc(arena, count * sizeof *items);
  request->items = mesh_arena_alloc(arena, count * sizeof *request->items);
  request->n_items = count;
  for (size_t i = 0; i < count; i++) {
    shop__inventory__v1__item_quantity__init(&items[i]);
    items[i].product_id = (char *)saga->order.lines[i].item_id;
    items[i].quantity = (int32_t)saga->order.lines[i].quantity;
    request->items[i] = &items[i];
  }
}

void order_step_reserve_items(order_saga *saga) {
  order_saga_start_step(saga, "inventory_service_call");
  otlp_span_set_string(saga->step, "order.order_id", saga->id);
  otlp_span_set_int(saga->step, "order.items", (int64_t)saga->order.line_count);
  Shop__Inventory__V1__ReserveItemsRequest request =
      SHOP__INVENTORY__V1__RESERVE_ITEMS_REQUEST__INIT;
  request.order_id = saga->id;
  request.owner = (char *)ORDER_OWNER;
  list_items(saga, &request);
  shop_inventory_v1_reserve_items(saga->self->inventory, saga->step_context, &request,
                                  on_items_reserved, saga);
}

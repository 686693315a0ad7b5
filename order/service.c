/* SPDX-License-Identifier: Apache-2.0 */
#include "service.h"

#include <mesh/log.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "schema.h"

static const shop_order_v1_order_service handlers = {
    .create_order = order_create,
    .place_order = order_place,
    .get_order = order_get,
    .list_orders = order_list,
};

/* The kernel's, a few at a time. */
uint64_t order_random(void) {
  static _Thread_local uint64_t ahead[32]; /* 256 bytes: getrandom(2) gives them all, or fails */
  static _Thread_local size_t left;
  if (left == 0) {
    if (getrandom(ahead, sizeof ahead, 0) != sizeof ahead) {
      abort(); /* cannot happen for so few bytes, and ids must not repeat */
    }
    left = sizeof ahead / sizeof ahead[0];
  }
  return ahead[--left];
}

const mesh_context *order_untraced_context(mesh_loop *loop, int64_t timeout_ms) {
  otlp_context unsampled = {0}; /* what hangs below it is not sampled either */
  uint64_t random[] = {order_random() | 1, order_random()};
  memcpy(unsampled.span.trace_id, random, sizeof random);
  memcpy(unsampled.span.span_id, random, sizeof unsampled.span.span_id);
  return mesh_context_new(loop, &unsampled, timeout_ms);
}

void order_report_refused(const Shop__Inventory__V1__CommitResponse *reply) {
  if (reply->n_refused_order_ids > 0) {
    const otlp_attribute fields[] = {
        otlp_attribute_int("orders", (int64_t)reply->n_refused_order_ids),
        otlp_attribute_string("order_id", reply->refused_order_ids[0])};
    mesh_log(MESH_LOG_ERROR, NULL, "orders stand whose stock is gone", fields, 2);
  }
}

void order_release_items(mesh_client *inventory, const mesh_context *context,
                         const ledger_order *order, const char *reason,
                         order_released_fn *on_released, void *data) {
  Shop__Inventory__V1__ReleaseItemsRequest request =
      SHOP__INVENTORY__V1__RELEASE_ITEMS_REQUEST__INIT;
  request.order_id = (char *)order->order_id;
  request.reason = (char *)reason;
  request.n_product_ids = order->line_count;
  request.product_ids = mesh_arena_alloc(mesh_context_arena(context),
                                         order->line_count * sizeof *request.product_ids);
  for (size_t i = 0; i < order->line_count; i++) {
    request.product_ids[i] = (char *)order->lines[i].item_id;
  }
  shop_inventory_v1_release_items(inventory, context, &request, on_released, data);
}

static mesh_status open_store(order_service *self, const order_service_options *options) {
  store_options of_store = STORE_OPTIONS_INIT;
  of_store.folder = options->data_dir;
  of_store.name = "orders";
  of_store.migrations = order_migrations;
  of_store.migration_count = order_migration_count;
  of_store.tracer_provider = options->tracer_provider;
  return store_open(&of_store, &self->store);
}

mesh_status order_service_new(const order_service_options *options, order_service **out_service) {
  order_service *self = calloc(1, sizeof *self);
  if (self == NULL) {
    abort();
  }
  mesh_status status = open_store(self, options);
  if (!mesh_status_is_ok(&status)) {
    order_service_destroy(self);
    return status;
  }
  self->inventory = options->inventory;
  self->payment = options->payment;
  self->flights = order_flights_new();
  self->loop = options->loop;
  self->run = (uint32_t)order_random();
  order_recovery_options of_recovery = {.store = self->store,
                                        .inventory = options->inventory,
                                        .payment = options->payment,
                                        .loop = options->loop,
                                        .run = self->run};
  self->recovery = order_recovery_new(&of_recovery);
  *out_service = self;
  return status;
}

static void stop_loop(void *loop) {
  mesh_loop_stop(loop);
}

void order_service_destroy(order_service *self) {
  if (self == NULL) {
    return;
  }
  if (self->recovery != NULL) {
    order_recovery_stop(self->recovery, stop_loop, self->loop);
    mesh_loop_run(self->loop);
  }
  store_close(self->store);
  order_recovery_destroy(self->recovery);
  order_flights_destroy(self->flights);
  free(self);
}

mesh_service order_service_bind(order_service *self) {
  return shop_order_v1_order_service_bind(&handlers, self);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "service.h"

#include <stdlib.h>
#include <sys/random.h>

#include "schema.h"

static const shop_order_v1_order_service handlers = {
    .create_order = order_create,
    .get_order = order_get,
    .list_orders = order_list,
};

uint64_t order_random(void) {
  uint64_t random = 0;
  if (getrandom(&random, sizeof random, 0) != sizeof random) {
    abort(); /* cannot happen for so few bytes, and ids must not repeat */
  }
  return random;
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
  self->loop = options->loop;
  self->run = (uint32_t)order_random();
  order_recovery_options of_recovery = {.store = self->store,
                                        .inventory = options->inventory,
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
  free(self);
}

mesh_service order_service_bind(order_service *self) {
  return shop_order_v1_order_service_bind(&handlers, self);
}

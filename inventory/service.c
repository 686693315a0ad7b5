/* SPDX-License-Identifier: Apache-2.0 */
#include "inventory.h"

#include <stdlib.h>

#include "work.h"

static const shop_inventory_v1_inventory_service handlers = {
    .list_items = inventory_list_items,
    .get_item = inventory_get_item,
    .reserve = inventory_reserve,
    .reserve_items = inventory_reserve_items,
    .release_items = inventory_release_items,
    .commit = inventory_commit,
    .release = inventory_release,
    .add = inventory_add,
    .list_reservations = inventory_list_reservations,
};

mesh_status inventory_service_new(const inventory_service_options *options,
                                  inventory_service **out_service) {
  inventory_service *self = calloc(1, sizeof *self);
  if (self == NULL) {
    abort();
  }
  self->warehouse = options->warehouse;
  inventory_schema_init(&self->schema, options->sku001_stock);
  store_options of_store = STORE_OPTIONS_INIT;
  of_store.folder = options->data_dir;
  of_store.name = "inventory";
  of_store.migrations = self->schema.migrations;
  of_store.migration_count = INVENTORY_MIGRATION_COUNT;
  of_store.tracer_provider = options->tracer_provider;
  mesh_status status = store_open(&of_store, &self->store);
  if (!mesh_status_is_ok(&status)) {
    inventory_service_destroy(self);
    return status;
  }
  *out_service = self;
  return status;
}

void inventory_service_destroy(inventory_service *self) {
  if (self == NULL) {
    return;
  }
  store_close(self->store);
  free(self);
}

mesh_service inventory_service_bind(inventory_service *self) {
  return shop_inventory_v1_inventory_service_bind(&handlers, self);
}

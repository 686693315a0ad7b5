/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "work.h"

static const char *const counts[] = {
    [WAREHOUSE_RESERVED] = "reserved", [WAREHOUSE_REFUSED] = "refused",
    [WAREHOUSE_RELEASED] = "released", [WAREHOUSE_COMMITTED] = "committed",
    [WAREHOUSE_ADDED] = "added",       NULL};

static const shop_warehouse_v1_warehouse_service handlers = {
    .list_stock = warehouse_list_stock,
    .reserve = warehouse_reserve,
    .commit = warehouse_commit,
    .release = warehouse_release,
    .add = warehouse_add,
    .list_reservations = warehouse_list_reservations,
};

mesh_status warehouse_service_new(const warehouse_service_options *options,
                                  warehouse_service **out_service) {
  warehouse_service *self = calloc(1, sizeof *self);
  if (self == NULL) {
    abort();
  }
  self->tally.names = counts;
  warehouse_schema_init(&self->schema, options->availability);
  store_options of_store = STORE_OPTIONS_INIT;
  of_store.folder = options->data_dir;
  of_store.name = "warehouse";
  of_store.migrations = self->schema.migrations;
  of_store.migration_count = WAREHOUSE_MIGRATIONS;
  of_store.tracer_provider = options->tracer_provider;
  mesh_status status = store_open(&of_store, &self->store);
  if (!mesh_status_is_ok(&status)) {
    warehouse_service_destroy(self);
    return status;
  }
  *out_service = self;
  return status;
}

void warehouse_service_destroy(warehouse_service *self) {
  if (self == NULL) {
    return;
  }
  store_tally_log(&self->tally, self->store);
  store_close(self->store);
  free(self);
}

mesh_service warehouse_service_bind(warehouse_service *self) {
  return shop_warehouse_v1_warehouse_service_bind(&handlers, self);
}

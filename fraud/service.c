/* SPDX-License-Identifier: Apache-2.0 */
#include "service.h"

#include <stdlib.h>

#include "decisions.h"

static const char *const counts[] = {
    [FRAUD_PASSED] = "passed", [FRAUD_FAILED] = "failed", [FRAUD_FORCED] = "forced", NULL};

static const shop_fraud_v1_fraud_service handlers = {
    .check = fraud_check,
    .list_decisions = fraud_list_decisions,
};

mesh_status fraud_service_new(const fraud_service_options *options, fraud_service **out_service) {
  fraud_service *self = calloc(1, sizeof *self);
  if (self == NULL) {
    abort();
  }
  self->rules = options->rules;
  self->tally.names = counts;
  store_options of_store = STORE_OPTIONS_INIT;
  of_store.folder = options->data_dir;
  of_store.name = "fraud";
  of_store.migrations = fraud_migrations;
  of_store.migration_count = fraud_migration_count;
  of_store.tracer_provider = options->tracer_provider;
  mesh_status status = store_open(&of_store, &self->store);
  if (!mesh_status_is_ok(&status)) {
    fraud_service_destroy(self);
    return status;
  }
  *out_service = self;
  return status;
}

void fraud_service_destroy(fraud_service *self) {
  if (self == NULL) {
    return;
  }
  store_tally_log(&self->tally, self->store);
  store_close(self->store);
  free(self);
}

mesh_service fraud_service_bind(fraud_service *self) {
  return shop_fraud_v1_fraud_service_bind(&handlers, self);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "schema.h"
#include "work.h"

enum { FRAUD_TIMEOUT_MS = 2000 };

static const char *const counts[] = {[PAYMENT_AUTHORIZED] = "authorized",
                                     [PAYMENT_DECLINED] = "declined",
                                     [PAYMENT_VOIDED] = "voided",
                                     NULL};

static const shop_payment_v1_payment_service handlers = {
    .authorize = payment_authorize,
    .void_ = payment_void,
    .get_payment = payment_get,
    .list_payments = payment_list,
};

mesh_status payment_service_new(const payment_service_options *options,
                                payment_service **out_service) {
  payment_service *self = calloc(1, sizeof *self);
  if (self == NULL) {
    abort();
  }
  self->tally.names = counts;
  self->fraud = options->fraud;
  self->fraud_timeout_ms =
      options->fraud_timeout_ms != 0 ? options->fraud_timeout_ms : FRAUD_TIMEOUT_MS;
  store_options of_store = STORE_OPTIONS_INIT;
  of_store.folder = options->data_dir;
  of_store.name = "payments";
  of_store.migrations = payment_migrations;
  of_store.migration_count = payment_migration_count;
  of_store.tracer_provider = options->tracer_provider;
  mesh_status status = store_open(&of_store, &self->store);
  if (!mesh_status_is_ok(&status)) {
    payment_service_destroy(self);
    return status;
  }
  *out_service = self;
  return status;
}

void payment_service_destroy(payment_service *self) {
  if (self == NULL) {
    return;
  }
  store_tally_log(&self->tally, self->store);
  store_close(self->store);
  free(self);
}

mesh_service payment_service_bind(payment_service *self) {
  return shop_payment_v1_payment_service_bind(&handlers, self);
}

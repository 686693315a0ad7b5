/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The fraud service: shop.fraud.v1.FraudService on a store.
 *
 * Ownership: the service owns its store. Threads: made and destroyed on the main thread; everything
 * else happens on the loops of its calls.
 */
#ifndef FRAUD_FRAUD_H
#define FRAUD_FRAUD_H

#include <mesh/service.h>
#include <otlp/trace.h>

#include "verdict.h"

typedef struct fraud_service fraud_service;

typedef struct fraud_service_options {
  const char *data_dir;                  /* required: the folder of fraud.db */
  otlp_tracer_provider *tracer_provider; /* optional; must outlive the service */
  fraud_rules rules;                     /* required; copied */
} fraud_service_options;

/* Opens the store. Fails as store_open does. */
MESH_MUST_USE mesh_status fraud_service_new(const fraud_service_options *options,
                                            fraud_service **out_service);

/* Logs what it did, commits what is queued and closes the store. No call may be under way.
 * NULL does nothing. */
void fraud_service_destroy(fraud_service *self);

/* The service, for mesh_server_add. */
mesh_service fraud_service_bind(fraud_service *self);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The payment service: shop.payment.v1.PaymentService on a store.
 *
 * Ownership: the service owns its store. Threads: made and destroyed on the main thread; everything
 * else happens on the loops of its calls.
 */
#ifndef PAYMENT_PAYMENT_H
#define PAYMENT_PAYMENT_H

#include <mesh/client.h>
#include <otlp/trace.h>

typedef struct payment_service payment_service;

typedef struct payment_service_options {
  const char *data_dir;                  /* required: the folder of payments.db */
  mesh_client *fraud;                    /* required: of the fraud service; must outlive this */
  otlp_tracer_provider *tracer_provider; /* optional; must outlive the service */
  int64_t fraud_timeout_ms; /* optional, default 2000: how long the fraud service may take */
} payment_service_options;

/* Opens the store. Fails as store_open does. */
MESH_MUST_USE mesh_status payment_service_new(const payment_service_options *options,
                                              payment_service **out_service);

/* Logs what it did, commits what is queued and closes the store. No call may be under way. NULL
 * does nothing. */
void payment_service_destroy(payment_service *self);

/* The service, for mesh_server_add. */
mesh_service payment_service_bind(payment_service *self);

#endif

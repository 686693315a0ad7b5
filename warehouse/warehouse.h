/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The warehouse service: shop.warehouse.v1.WarehouseService on a store.
 *
 * Ownership: the service owns its store. Threads: made and destroyed on the main thread; everything
 * else happens on the loops of its calls.
 */
#ifndef WAREHOUSE_WAREHOUSE_H
#define WAREHOUSE_WAREHOUSE_H

#include <mesh/service.h>
#include <otlp/trace.h>
#include <stdint.h>

typedef struct warehouse_service warehouse_service;

enum { WAREHOUSE_AVAILABILITY_DEFAULT = 100, WAREHOUSE_AVAILABILITY_MAX = 1000000000 };

typedef struct warehouse_service_options {
  const char *data_dir;                  /* required: the folder of warehouse.db */
  otlp_tracer_provider *tracer_provider; /* optional; must outlive the service */
  int64_t availability; /* required: what a new file has of sku001 in Warehouse-A */
} warehouse_service_options;

/* Opens the store; a new one gets the first stock. Fails as store_open does. */
MESH_MUST_USE mesh_status warehouse_service_new(const warehouse_service_options *options,
                                                warehouse_service **out_service);

/* Logs what it did, commits what is queued and closes the store. No call may be under way. NULL
 * does nothing. */
void warehouse_service_destroy(warehouse_service *self);

/* The service, for mesh_server_add. */
mesh_service warehouse_service_bind(warehouse_service *self);

#endif

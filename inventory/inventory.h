/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inventory service: shop.inventory.v1.InventoryService on a store and a warehouse.
 *
 * Ownership: the service owns its store. Threads: made and destroyed on the main thread; everything
 * else happens on the loops of its calls.
 */
#ifndef INVENTORY_INVENTORY_H
#define INVENTORY_INVENTORY_H

#include <mesh/client.h>
#include <otlp/trace.h>

typedef struct inventory_service inventory_service;

typedef struct inventory_service_options {
  const char *data_dir;                  /* required: the folder of inventory.db */
  mesh_client *warehouse;                /* required; must outlive the service */
  int64_t sku001_stock;                  /* its pieces when the database is made */
  otlp_tracer_provider *tracer_provider; /* optional; must outlive the service */
} inventory_service_options;

/* Opens the store; a new one gets the shop's first products. Fails as store_open does. */
MESH_MUST_USE mesh_status inventory_service_new(const inventory_service_options *options,
                                                inventory_service **out_service);

/* Commits what is queued and closes the store. No call may be under way. NULL does nothing. */
void inventory_service_destroy(inventory_service *self);

/* The service, for mesh_server_add. */
mesh_service inventory_service_bind(inventory_service *self);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The service's inside, and what its handlers share. Each work is in its call's arena. */
#ifndef WAREHOUSE_WORK_H
#define WAREHOUSE_WORK_H

#include <store/tally.h>
#include <store/work.h>

#include "schema.h"
#include "shelves.h"
#include "shop/warehouse/v1/warehouse.mesh.h"
#include "warehouse.h"

typedef enum warehouse_count {
  WAREHOUSE_RESERVED,
  WAREHOUSE_REFUSED,
  WAREHOUSE_RELEASED,
  WAREHOUSE_COMMITTED,
  WAREHOUSE_ADDED,
} warehouse_count;

struct warehouse_service {
  store_tally tally;
  warehouse_schema schema;
  store *store;
};

typedef struct warehouse_work {
  store_work base;
  warehouse_service *self;
  /* What is asked and answered: one of these. */
  shelves_order order;
  shelves_settlement settlement;
  shelves_delivery delivery;
  shelves_problem problem; /* why the shelves refused it */
  /* Of a list. */
  store_list list;
  const char *item_id;
  const char *order_id;
  shelves_state state;
  shelves_stock *stock;
  shelves_reservation *reservations;
} warehouse_work;

warehouse_work *warehouse_work_start(mesh_call *call, warehouse_service *self,
                                     const char *span_name);

/* From a run function: why the shelves refused it, if they did. */
void warehouse_work_explain(warehouse_work *work, const shelves_problem *problem);

/* As store_work_succeeded, with the details of the problem. */
bool warehouse_work_succeeded(warehouse_work *work, const store_result *result);

/* The handlers, one file for each kind. */
void warehouse_reserve(mesh_call *call, const Shop__Warehouse__V1__ReserveRequest *request,
                       void *self);
void warehouse_commit(mesh_call *call, const Shop__Warehouse__V1__CommitRequest *request,
                      void *self);
void warehouse_release(mesh_call *call, const Shop__Warehouse__V1__ReleaseRequest *request,
                       void *self);
void warehouse_list_reservations(mesh_call *call,
                                 const Shop__Warehouse__V1__ListReservationsRequest *request,
                                 void *self);
void warehouse_list_stock(mesh_call *call, const Shop__Warehouse__V1__ListStockRequest *request,
                          void *self);
void warehouse_add(mesh_call *call, const Shop__Warehouse__V1__AddRequest *request, void *self);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The service's inside, and what its handlers share. Each work is in its call's arena and ends its
 * call. */
#ifndef INVENTORY_WORK_H
#define INVENTORY_WORK_H

#include <store/work.h>

#include "inventory.h"
#include "schema.h"
#include "shop/inventory/v1/inventory.mesh.h"
#include "stock.h"

struct inventory_service {
  store *store;
  mesh_client *warehouse;
  inventory_schema schema;
};

typedef struct inventory_work inventory_work;
struct inventory_work {
  store_work base;
  inventory_service *self;
  /* What is asked and answered: one of these. */
  stock_change change;
  stock_order order; /* of one product: `change` */
  stock_settlement settlement;
  store_list list;
  stock_state state;    /* of a list of reservations */
  const char *order_id; /* and that */
  stock_item *items;    /* what was listed, one of the two */
  stock_reservation *reservations;
  otlp_span *step;      /* of what is done elsewhere */
  mesh_status failure;  /* how the call will end, while what was done is undone */
  bool caller_has_gone; /* before the warehouse has answered */
  /* How it goes on when the warehouse has answered (hold.h). */
  void (*go_on)(inventory_work *work);
  store_run_fn *run;
  store_done_fn *on_done;
};

/* Starts the handler's span. */
inventory_work *inventory_work_start(mesh_call *call, inventory_service *self,
                                     const char *span_name);

/* As store_work_succeeded, with the details of the stock's failure. */
bool inventory_work_succeeded(inventory_work *work, const store_result *result);

/* Keeps a status of a callback for the end of the call. */
void inventory_work_remember(inventory_work *work, const mesh_status *failure);

/* Ends span and call with what was kept, and base.reason. The caller is told not to try again by
 * itself: what the call had done is undone, or will be. */
void inventory_work_fail(inventory_work *work);

/* The handlers, one file for each kind. */
void inventory_list_items(mesh_call *call, const Shop__Inventory__V1__ListItemsRequest *request,
                          void *self);
void inventory_get_item(mesh_call *call, const Shop__Inventory__V1__GetItemRequest *request,
                        void *self);
void inventory_add(mesh_call *call, const Shop__Inventory__V1__AddRequest *request, void *self);
void inventory_reserve(mesh_call *call, const Shop__Inventory__V1__ReserveRequest *request,
                       void *self);
void inventory_reserve_items(mesh_call *call,
                             const Shop__Inventory__V1__ReserveItemsRequest *request, void *self);
void inventory_release_items(mesh_call *call,
                             const Shop__Inventory__V1__ReleaseItemsRequest *request, void *self);
void inventory_release(mesh_call *call, const Shop__Inventory__V1__ReleaseRequest *request,
                       void *self);
void inventory_commit(mesh_call *call, const Shop__Inventory__V1__CommitRequest *request,
                      void *self);
void inventory_list_reservations(mesh_call *call,
                                 const Shop__Inventory__V1__ListReservationsRequest *request,
                                 void *self);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every handler of the service does around its own part: a span, an operation of the store, an
 * answer. Each work is in its call's arena and ends its call.
 */
#ifndef INVENTORY_WORK_H
#define INVENTORY_WORK_H

#include <store/handler.h>

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
  inventory_service *self;
  mesh_call *call;
  const mesh_context *context; /* below the span */
  otlp_span *span;
  store_once once;
  /* What is asked and answered: one of these. */
  stock_change change;
  stock_order order; /* of one product: `change` */
  stock_page page;
  stock_settlement settlement;
  otlp_span *step;     /* of what is done elsewhere */
  mesh_status failure; /* how the call will end, while what was done is undone */
  const char *reason;  /* of google.rpc.ErrorInfo for it; NULL for none */
  /* How it goes on when the warehouse has answered (hold.h). */
  void (*go_on)(inventory_work *work);
  store_run_fn *run;
  store_done_fn *on_done;
};

/* Starts the handler's span. */
inventory_work *inventory_work_start(mesh_call *call, inventory_service *self,
                                     const char *span_name);

/* Runs on the store; `done` gets the work as its data. */
void inventory_work_read(inventory_work *work, store_run_fn *run, store_done_fn *done);
void inventory_work_write(inventory_work *work, store_run_fn *run, store_done_fn *done);

/* Ends span and call with what the request has wrong. */
void inventory_work_refuse(inventory_work *work, const store_field_problem *problem);

/* Whether the operation went well; when not, span and call have ended with its failure. */
bool inventory_work_succeeded(inventory_work *work, const store_result *result);

/* Keeps a status of a callback for the end of the call. */
void inventory_work_remember(inventory_work *work, const mesh_status *failure);

/* Ends span and call with what was kept. The caller is told not to try again by itself: what the
 * call had done is undone, or will be. */
void inventory_work_fail(inventory_work *work);

/* Ends span and call with a reply. */
void inventory_work_reply(inventory_work *work, const ProtobufCMessage *reply);
void inventory_work_reply_bytes(inventory_work *work, mesh_bytes reply);

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

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the inventory asks the warehouse for: each is one call for a whole order, in a span
 * inventory_to_warehouse_call below the work's context.
 */
#ifndef INVENTORY_WAREHOUSE_H
#define INVENTORY_WAREHOUSE_H

#include "work.h"

/* The status is valid until it returns. */
typedef void inventory_warehouse_fn(inventory_work *work, const mesh_status *status);

/* Holds the products of work->order that the warehouse backs; without one `done` is called at once,
 * with OK. */
void inventory_warehouse_reserve(inventory_work *work, inventory_warehouse_fn *done);

/* Releases what the order of work->order holds. */
void inventory_warehouse_release(inventory_work *work, inventory_warehouse_fn *done);

/* Commits work->settlement.backed_ids. Those that the warehouse refuses are logged: they stand, and
 * it has nothing for them. */
void inventory_warehouse_commit(inventory_work *work, inventory_warehouse_fn *done);

/* Whether the warehouse has looked and holds nothing; with any other failure it may. */
bool inventory_warehouse_has_refused(grpc_status_code code);

#endif

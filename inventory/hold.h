/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stock of an order that is partly in the warehouse: held here first, then there; released there
 * first, then here. So what is HELD here is the durable record of what may have to be undone there.
 */
#ifndef INVENTORY_HOLD_H
#define INVENTORY_HOLD_H

#include "work.h"

/*
 * After work->order has been held here: holds it in the warehouse, too, and goes on with `done`.
 * When the warehouse refuses, the order is released here and the call ends with FAILED_PRECONDITION
 * and the reason WAREHOUSE_REFUSED. When it is not known what the warehouse did, the order is
 * released there and here, or, when that fails as well, stays held until its owner releases it; the
 * call ends with what the warehouse's call ended with. Only what this call has taken is released; a
 * repetition that the warehouse does not answer leaves what the first call holds.
 */
void inventory_hold_in_warehouse(inventory_work *work, void (*done)(inventory_work *work));

/*
 * Releases work->order with `run`, a run function of the store, and calls `on_done`, whose data is
 * the work. When `run` finds that the warehouse has to go first, it does, and `run` runs again.
 * When the warehouse cannot, the call ends with its failure.
 */
void inventory_release_order(inventory_work *work, store_run_fn *run, store_done_fn *on_done);

#endif

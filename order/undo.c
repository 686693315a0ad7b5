/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Undoing an order that failed: give_up_order, void_payment, release_inventory, record_failure, as
 * far as each may be needed.
 *
 * Whatever the steps did is undone here once; when someone does not answer, the order stays as
 * UNDOING, or its stock as HELD, and the recovery goes on with it.
 */
#include "round.h"
#include "saga.h"
#include "shop/inventory/v1/inventory.mesh.h"
#include "shop/payment/v1/payment.mesh.h"

enum { UNDO_STEP_TIMEOUT_MS = 2000 }; /* one that hangs leaves the others their time */

static const char why[] = "the order was not completed";

static void start_undoing(order_saga *saga, const char *name) {
  order_saga_start_step(saga, name);
  saga->step_context = mesh_context_with_timeout(saga->step_context, UNDO_STEP_TIMEOUT_MS);
  otlp_span_set_string(saga->step, "order.id", saga->id);
  otlp_span_set_string(saga->step, "undo.reason",
                       saga->reason != NULL ? saga->reason
                                            : mesh_status_code_name(saga->failure.code));
}

/* Ends the step, and notes when it has left something. */
static void end_undoing(order_saga *saga, const mesh_status *status, const char *event) {
  if (mesh_status_is_ok(status)) {
    order_saga_end_step(saga, event, NULL, 0);
    return;
  }
  saga->is_left = true;
  store_span_fail(saga->step, NULL, status);
  saga->step = NULL;
}

static void finish(order_saga *saga) {
  if (saga->is_left) {
    order_recovery_wake(saga->self->recovery);
  }
  order_saga_refuse(saga);
}

/* ---- record_failure ---- */

static mesh_status run_record(store_transaction *transaction, void *data) {
  order_saga *saga = data;
  if (saga->is_left) {
    ledger_give_up(transaction, &saga->order);
  } else {
    ledger_fail(transaction, &saga->order);
  }
  return mesh_status_ok();
}

static void on_recorded(const store_result *result, void *data) {
  order_saga *saga = data;
  end_undoing(saga, &result->status, "order.failed");
  finish(saga);
}

static void record(order_saga *saga) {
  if (!saga->is_recorded) {
    finish(saga);
    return;
  }
  saga->order.failure_reason = order_saga_explain(saga);
  start_undoing(saga, "record_failure");
  store_operation operation = {.run = run_record, .done = on_recorded, .data = saga};
  store_write(saga->self->store, saga->step_context, &operation);
}

/* ---- release_inventory ---- */

static void on_released(const mesh_status *status,
                        const Shop__Inventory__V1__ReleaseItemsResponse *reply, void *data) {
  (void)reply;
  order_saga *saga = data;
  end_undoing(saga, status, "inventory.released");
  record(saga);
}

static void release(order_saga *saga) {
  if (!saga->may_hold) {
    record(saga);
    return;
  }
  start_undoing(saga, "release_inventory");
  order_release_items(saga->self->inventory, saga->step_context, &saga->order, why, on_released,
                      saga);
}

/* ---- void_payment ---- */

static void on_voided(const mesh_status *status, const Shop__Payment__V1__Payment *payment,
                      void *data) {
  (void)payment;
  order_saga *saga = data;
  end_undoing(saga, status, "payment.voided");
  release(saga);
}

static void void_payment(order_saga *saga) {
  if (!saga->may_be_paid) {
    release(saga);
    return;
  }
  start_undoing(saga, "void_payment");
  Shop__Payment__V1__VoidRequest request = SHOP__PAYMENT__V1__VOID_REQUEST__INIT;
  request.order_id = saga->id;
  request.reason = (char *)why;
  shop_payment_v1_void(saga->self->payment, saga->step_context, &request, on_voided, saga);
}

/* ---- give_up_order ---- */

/* A commit that failed is not known to have come to nothing. */
static mesh_status run_give_up(store_transaction *transaction, void *data) {
  order_saga *saga = data;
  if (saga->is_recorded) {
    ledger_give_up(transaction, &saga->order);
    ledger_find(transaction, &saga->order);
  } else if (!ledger_insert(transaction, &saga->order)) {
    ledger_find(transaction, &saga->order);
  }
  return mesh_status_ok();
}

/* Only what surely is not confirmed may be undone. */
static void on_given_up(const store_result *result, void *data) {
  order_saga *saga = data;
  bool is_known = mesh_status_is_ok(&result->status);
  end_undoing(saga, &result->status, "order.given_up");
  if (!is_known) {
    finish(saga);
  } else if (saga->order.status == LEDGER_CONFIRMED) { /* the commit came through after all */
    saga->kind->reply(saga);
  } else {
    void_payment(saga);
  }
}

static void give_up(order_saga *saga) {
  saga->order.status = LEDGER_FAILED;
  saga->order.failure_reason = order_saga_explain(saga);
  start_undoing(saga, "give_up_order");
  store_operation operation = {.run = run_give_up, .done = on_given_up, .data = saga};
  store_write(saga->self->store, saga->step_context, &operation);
}

void order_saga_undo(order_saga *saga) {
  saga->context = mesh_context_detached(saga->context, MESH_NO_TIMEOUT);
  if (saga->may_stand) {
    give_up(saga);
  } else {
    void_payment(saga);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The steps that write the order down: persist_order at once, for orders that are not paid;
 * record_order and persist_order, for orders that are. */
#include "messages.h"
#include "order_id.h"
#include "place.h"
#include "saga.h"

static void on_persisted(const store_result *result, void *data) {
  order_saga *saga = data;
  if (!mesh_status_is_ok(&result->status)) {
    saga->may_stand = true;
    order_saga_fail(saga, &result->status, NULL);
    return;
  }
  if (result->repeat == STORE_REPEATED) { /* and nothing of this order was written */
    mesh_status meanwhile = mesh_status_error(
        GRPC_STATUS_ABORTED, "another call with the same idempotency key was answered meanwhile");
    order_saga_fail(saga, &meanwhile, NULL);
    return;
  }
  const otlp_attribute attributes[] = {otlp_attribute_string("order.id", saga->id)};
  order_saga_end_step(saga, "order.persisted", attributes, 1);
  order_saga_next(saga);
}

static mesh_status too_late(void) {
  return mesh_status_error(GRPC_STATUS_ABORTED, "the order took too long and was given up");
}

/* ---- at once ---- */

static mesh_status run_persist(store_transaction *transaction, void *data) {
  order_saga *saga = data;
  if (!ledger_insert(transaction, &saga->order)) {
    return too_late();
  }
  if (saga->once.key != NULL) {
    mesh_arena *arena = store_arena(transaction);
    store_set_reply(transaction, store_pack(arena, &order_message(arena, &saga->order)->base));
  }
  return mesh_status_ok();
}

void order_step_persist(order_saga *saga) {
  order_saga_start_step(saga, "persist_order");
  saga->order.status = LEDGER_CONFIRMED;
  store_operation operation = {.run = run_persist,
                               .done = on_persisted,
                               .data = saga,
                               .once = saga->once,
                               .checks_first = true};
  store_write(saga->self->store, saga->step_context, &operation);
}

/* ---- an order that was recorded ---- */

static mesh_status run_confirm(store_transaction *transaction, void *data) {
  order_saga *saga = data;
  return ledger_confirm(transaction, &saga->order) ? mesh_status_ok() : too_late();
}

void order_step_confirm(order_saga *saga) {
  order_saga_start_step(saga, "persist_order");
  saga->order.status = LEDGER_CONFIRMED;
  store_operation operation = {
      .run = run_confirm, .done = on_persisted, .data = saga, .checks_first = true};
  store_write(saga->self->store, saga->step_context, &operation);
}

/* ---- record_order ---- */

/* A recording under way, in its call's arena. */
typedef struct recording {
  order_saga *saga;
  ledger_key key;
  ledger_order earlier; /* the order that the key stands for; without an id there is none */
} recording;

/*
 * The key stands for an earlier order. One that stands is the answer. Any other does not use the
 * key up: one that is PENDING was left by a run that died, or by a call that could not end it, for
 * of the calls under way this is the only one with the key; writing that it was given up settles
 * that it will never stand.
 */
static bool take_key(store_transaction *transaction, recording *record) {
  record->earlier.order_id = record->key.order_id;
  if (!ledger_find(transaction, &record->earlier)) {
    return true;
  }
  if (record->earlier.status == LEDGER_PENDING) {
    ledger_order abandoned = {.order_id = record->earlier.order_id,
                              .failure_reason =
                                  "the service stopped before the order was complete"};
    ledger_give_up(transaction, &abandoned);
  }
  return record->earlier.status != LEDGER_CONFIRMED;
}

static mesh_status run_record(store_transaction *transaction, void *data) {
  recording *record = data;
  order_saga *saga = record->saga;
  if (record->key.key != NULL && ledger_key_find(transaction, &record->key)) {
    if (record->key.is_other || !take_key(transaction, record)) {
      return mesh_status_ok();
    }
  }
  if (!ledger_insert(transaction, &saga->order)) {
    return mesh_status_error(GRPC_STATUS_INTERNAL, "there is an order of this id already");
  }
  if (record->key.key != NULL) {
    record->key.order_id = saga->id;
    ledger_key_keep(transaction, &record->key, saga->order.created_at_unix_ms);
  }
  return mesh_status_ok();
}

static void on_recorded(const store_result *result, void *data) {
  recording *record = data;
  order_saga *saga = record->saga;
  if (!mesh_status_is_ok(&result->status)) {
    saga->is_recorded = true; /* perhaps: nothing was done for it, so the recovery has it easy */
    order_saga_fail(saga, &result->status, NULL);
  } else if (record->key.is_other) {
    store_field_problem problem = {"idempotency_key", "came before with another request"};
    order_saga_refuse_field(saga, &problem);
  } else if (record->earlier.status == LEDGER_CONFIRMED) {
    otlp_span_end(saga->step);
    order_place_again(saga, &record->earlier);
  } else {
    if (record->earlier.status == LEDGER_PENDING) {
      order_recovery_wake(saga->self->recovery);
    }
    saga->is_recorded = true;
    order_saga_end_step(saga, "order.recorded", NULL, 0);
    order_saga_next(saga);
  }
}

void order_step_record(order_saga *saga) {
  recording *record = mesh_arena_alloc(mesh_call_arena(saga->call), sizeof *record);
  record->saga = saga;
  record->key = (ledger_key){.key = saga->once.key, .request = saga->once.request};
  order_saga_start_step(saga, "record_order");
  saga->order.status = LEDGER_PENDING;
  /* With a key, an earlier order may be given up before this one is written. */
  store_operation operation = {.run = run_record,
                               .done = on_recorded,
                               .data = record,
                               .checks_first = record->key.key == NULL};
  store_write(saga->self->store, saga->step_context, &operation);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "engine.h"

#include <assert.h>

bool store_has_failed(const store_transaction *transaction) {
  return transaction->error.code != GRPC_STATUS_OK;
}

mesh_arena *store_arena(store_transaction *transaction) {
  return store__request_arena(transaction->request);
}

void store_set_reply(store_transaction *transaction, mesh_bytes reply) {
  transaction->request->result.reply = reply;
}

void store__transaction_fail(store_transaction *transaction, int sqlite_code) {
  if (store_has_failed(transaction)) {
    return;
  }
  transaction->error = store__error(sqlite_code, transaction->connection->file);
  transaction->error.message =
      mesh_arena_strdup(store_arena(transaction), transaction->error.message);
}

void store__transaction_will_write(store_transaction *transaction) {
  assert(transaction->can_write && "a read cannot write");
  if (transaction->has_written) {
    return;
  }
  transaction->has_written = true;
  transaction->changes_before = sqlite3_total_changes(transaction->connection->db);
  if (transaction->request->operation.checks_first) {
    return;
  }
  int code = store__connection_do(transaction->connection, STORE__SAVE);
  if (code != SQLITE_OK) {
    store__transaction_fail(transaction, code);
    return;
  }
  transaction->has_savepoint = true;
}

otlp_span *store_step_start(store_transaction *transaction, const char *name) {
  assert(transaction->step == NULL && "one step at a time");
  if (!transaction->connection->is_traced) {
    return NULL;
  }
  transaction->step = otlp_span_start(transaction->connection->tracer, transaction->request->trace,
                                      otlp_string_from(name), NULL);
  transaction->below = otlp_context_with_span(transaction->request->trace, transaction->step);
  return transaction->step;
}

void store_step_end(store_transaction *transaction) {
  otlp_span_end(transaction->step);
  transaction->step = NULL;
  transaction->below = *transaction->request->trace;
}

/* The run function left in the middle of a step: that is where it failed. */
static void fail_step(store_transaction *transaction, const mesh_status *status) {
  otlp_string message = otlp_string_from(status->message);
  otlp_span_record_exception(transaction->step,
                             otlp_string_from(mesh_status_code_name(status->code)), message);
  otlp_span_set_status(transaction->step, OTLP_STATUS_ERROR, message);
}

/* What cannot be undone alone goes with the whole transaction: nobody's answer stands then, which
 * the writer finds out. */
static mesh_status undo(store_transaction *transaction, const mesh_status *status) {
  store__connection *connection = transaction->connection;
  int code = store__connection_do(connection, STORE__SAVE_BACK);
  if (code == SQLITE_OK) {
    store__connection_do(connection, STORE__SAVE_END);
    return *status;
  }
  if (!sqlite3_get_autocommit(connection->db)) {
    store__connection_do(connection, STORE__ROLLBACK);
  }
  return store__error(code, connection->file);
}

static bool has_changed_rows(const store_transaction *transaction) {
  return transaction->has_written &&
         sqlite3_total_changes(transaction->connection->db) != transaction->changes_before;
}

/* What was written without a savepoint goes with the whole transaction, which the writer finds out.
 */
static mesh_status give_up_group(store_transaction *transaction, const mesh_status *status) {
  store__connection *connection = transaction->connection;
  if (!sqlite3_get_autocommit(connection->db)) {
    store__connection_do(connection, STORE__ROLLBACK);
  }
  return store_has_failed(transaction)
             ? *status
             : mesh_status_error(GRPC_STATUS_INTERNAL,
                                 "an operation on the store's file %s failed behind its checks",
                                 connection->file);
}

/* Keeps or undoes what the request wrote. */
static mesh_status settle(store_transaction *transaction, const mesh_status *status) {
  if (!transaction->has_savepoint) {
    bool is_lost = !mesh_status_is_ok(status) && has_changed_rows(transaction);
    return is_lost ? give_up_group(transaction, status) : *status;
  }
  if (!mesh_status_is_ok(status)) {
    return undo(transaction, status);
  }
  int code = store__connection_do(transaction->connection, STORE__SAVE_END);
  if (code == SQLITE_OK) {
    return *status;
  }
  mesh_status failure = store__error(code, transaction->connection->file);
  return undo(transaction, &failure);
}

static mesh_status run(store_transaction *transaction) {
  const store_operation *operation = &transaction->request->operation;
  if (store__now_ms() >= transaction->request->expires_at_ms) {
    return mesh_status_error(GRPC_STATUS_DEADLINE_EXCEEDED,
                             "the deadline passed before the store got to the operation");
  }
  if (operation->once.key != NULL && store__replies_find(transaction)) {
    return mesh_status_ok();
  }
  if (operation->run == NULL || store_has_failed(transaction)) {
    return mesh_status_ok();
  }
  transaction->has_run = true;
  mesh_status status = operation->run(transaction, operation->data);
  if (mesh_status_is_ok(&status) && operation->once.key != NULL && transaction->can_write) {
    store__queries_end(transaction);
    store__replies_keep(transaction);
  }
  return status;
}

void store__run_request(store__connection *connection, store__request *request, bool can_write) {
  store_transaction transaction = {.connection = connection,
                                   .request = request,
                                   .error = mesh_status_ok(),
                                   .below = *request->trace,
                                   .can_write = can_write};
  mesh_status status = run(&transaction);
  if (store_has_failed(&transaction)) {
    status = transaction.error;
  }
  store__queries_end(&transaction);
  mesh_status settled = settle(&transaction, &status);
  bool is_ok = mesh_status_is_ok(&settled);
  if (!is_ok) {
    fail_step(&transaction, &settled);
    store__request_fail(request, &settled);
    request->result.is_refused =
        transaction.has_run && !store_has_failed(&transaction) && settled.message == status.message;
  }
  store_step_end(&transaction);
  request->has_written = is_ok && transaction.has_written;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "store_harness.h"

#include <string.h>

enum { PATIENCE_MS = 20000 };

const char *const store_harness_migrations[1] = {
    "CREATE TABLE notes (number INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT"};

static const store_statement insert_note = {"INSERT INTO notes (text) VALUES (?) RETURNING number",
                                            "INSERT", "notes"};
static const store_statement count_notes = {"SELECT count(*) FROM notes", "SELECT", "notes"};

static void open_store(store_harness *self) {
  mesh_status status = store_open(&self->options, &self->store);
  if (!mesh_status_is_ok(&status)) {
    fail_msg("%s: %s", mesh_status_code_name(status.code), status.message);
  }
}

void store_harness_start(store_harness *self, const store_options *changes) {
  memset(self, 0, sizeof *self);
  self->folder = temp_folder_make();
  self->loop = mesh_loop_new();
  self->context = mesh_context_new(self->loop, NULL, MESH_NO_TIMEOUT);
  if (changes != NULL) {
    self->options = *changes;
  }
  self->options.folder = self->folder.path;
  self->options.name = "notes";
  self->options.migrations = store_harness_migrations;
  self->options.migration_count = 1;
  open_store(self);
}

void store_harness_stop(store_harness *self) {
  store_close(self->store);
  mesh_context_release(self->context);
  mesh_loop_destroy(self->loop);
  temp_folder_remove(&self->folder);
}

void store_harness_reopen(store_harness *self) {
  store_close(self->store);
  open_store(self);
}

mesh_status store_harness_insert(store_transaction *transaction, void *data) {
  store_harness_op *op = data;
  store_query *query = store_query_start(transaction, &insert_note);
  store_bind_text(query, op->text);
  while (store_query_next(query)) {
    op->number = store_column_int(query, 0);
  }
  const char *reply = mesh_arena_printf(store_arena(transaction), "%lld", (long long)op->number);
  store_set_reply(transaction, (mesh_bytes){reply, strlen(reply)});
  return mesh_status_ok();
}

mesh_status store_harness_count(store_transaction *transaction, void *data) {
  store_harness_op *op = data;
  store_query *query = store_query_start(transaction, &count_notes);
  if (store_query_next(query)) {
    op->number = store_column_int(query, 0);
  }
  return mesh_status_ok();
}

static void on_done(const store_result *result, void *data) {
  store_harness_op *op = data;
  op->answers++;
  op->code = result->status.code;
  op->is_refused = result->is_refused;
  snprintf(op->message, sizeof op->message, "%s", result->status.message);
  op->repeat = result->repeat;
  snprintf(op->reply, sizeof op->reply, "%.*s", (int)result->reply.size,
           result->reply.data != NULL ? (const char *)result->reply.data : "");
  if (--op->owner->waiting == 0) {
    mesh_loop_stop(op->owner->loop);
  }
}

static store_operation prepare(store_harness *self, store_harness_op *op) {
  self->waiting++;
  op->owner = self;
  store_operation operation = {
      .run = op->run != NULL ? op->run : store_harness_insert, .done = on_done, .data = op};
  operation.checks_first = op->checks_first;
  if (op->key != NULL) {
    operation.once.method = "Notes/Add";
    operation.once.key = op->key;
    operation.once.request = (mesh_bytes){op->text, op->text != NULL ? strlen(op->text) : 0};
  }
  return operation;
}

void store_harness_write(store_harness *self, store_harness_op *op) {
  store_operation operation = prepare(self, op);
  store_write(self->store, op->context != NULL ? op->context : self->context, &operation);
}

void store_harness_read(store_harness *self, store_harness_op *op) {
  store_operation operation = prepare(self, op);
  store_read(self->store, op->context != NULL ? op->context : self->context, &operation);
}

void store_harness_look_up(store_harness *self, store_harness_op *op) {
  store_operation operation = prepare(self, op);
  store_look_up(self->store, op->context != NULL ? op->context : self->context, &operation);
}

static void late(void *data) {
  store_harness *self = data;
  self->is_late = true;
  mesh_loop_stop(self->loop);
}

void store_harness_wait(store_harness *self) {
  mesh_timer patience = {0};
  mesh_timer_start(self->loop, &patience, PATIENCE_MS, late, self);
  while (self->waiting > 0 && !self->is_late) {
    mesh_loop_run(self->loop);
  }
  mesh_timer_stop(self->loop, &patience);
  assert_false(self->is_late);
}

int64_t store_harness_notes(store_harness *self) {
  store_harness_op op = {.run = store_harness_count};
  store_harness_read(self, &op);
  store_harness_wait(self);
  assert_int_equal(op.code, GRPC_STATUS_OK);
  return op.number;
}

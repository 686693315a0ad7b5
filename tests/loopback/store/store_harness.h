/* SPDX-License-Identifier: Apache-2.0 */
/* A store of notes in a folder of its own, and the loop that its answers come to. Every wait has an
 * end: a test that hangs fails after 20 s. */
#ifndef STORE_HARNESS_H
#define STORE_HARNESS_H

#include <otlp/exporters.h>
#include <otlp/sdk.h>
#include <store/store.h>

#include "../../support/cmocka_headers.h"
#include "../../support/temp_folder.h"

typedef struct store_harness {
  temp_folder folder;
  mesh_loop *loop;
  mesh_context *context; /* no deadline */
  store_options options; /* to open it with again */
  store *store;
  size_t waiting; /* operations that are not answered yet */
  bool is_late;
} store_harness;

/* The schema: notes (number INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE). */
extern const char *const store_harness_migrations[1];

/* Makes folder and loop and opens the store with `changes` (NULL: none) over the defaults. */
void store_harness_start(store_harness *self, const store_options *changes);
void store_harness_stop(store_harness *self);

/* Closes the store and opens it again, as another run of the program would. */
void store_harness_reopen(store_harness *self);

/* An operation and what it was answered. Set the first five, or zero. */
typedef struct store_harness_op {
  store_run_fn *run; /* NULL: insert a note of `text` */
  const char *text;
  const char *key;             /* idempotency */
  const mesh_context *context; /* NULL: the harness's */
  bool checks_first;
  store_harness *owner;
  int answers;
  grpc_status_code code;
  bool is_refused;
  char message[512];
  store_repeat repeat;
  char reply[64];
  int64_t number; /* for run functions to leave something */
} store_harness_op;

/* Starts an operation; its run function gets the op as its data. */
void store_harness_write(store_harness *self, store_harness_op *op);
void store_harness_read(store_harness *self, store_harness_op *op);
void store_harness_look_up(store_harness *self, store_harness_op *op);

/* Runs the loop until everything that was started is answered. */
void store_harness_wait(store_harness *self);

/* The run function that inserts op->text; the reply is the note's number in decimal. */
mesh_status store_harness_insert(store_transaction *transaction, void *op);

/* Counts the notes into op->number. */
mesh_status store_harness_count(store_transaction *transaction, void *op);

/* How many notes there are, by a read. */
int64_t store_harness_notes(store_harness *self);

#endif

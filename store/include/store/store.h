/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A service's store: an embedded database whose answers come as continuations, so that a loop never
 * waits for a disk, and so that a database behind a network can stand here one day.
 *
 * Writes are queued, run by one writer thread and committed in groups: an operation's continuation
 * is called when its transaction is on the disk, and not before. Each operation of a group succeeds
 * or fails for itself. Reads run on a thread and connection of their own; they see every write
 * whose continuation was called before, and never wait for one.
 *
 * Ownership: a store outlives the operations under way. An operation's data is the caller's, best
 * in the context's arena; the context is held until the continuation has returned.
 * Threads: store_write, store_read and store_look_up on the context's loop; run functions on the
 * store's threads, those of look-ups on the loop's own; continuations on the context's loop. Data
 * is handed over: from the call of store_write to the continuation only the run function may touch
 * it.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <mesh/context.h>
#include <store/transaction.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct store store;

/** Options of a store. Strings are copied but what is marked. */
typedef struct store_options {
  const char *folder; /* required; missing ones are made */
  const char *name;   /* required: NAME.db in the folder; db.namespace in spans */
  /**
   * Required: the schema in steps, each one or more SQL statements. The file remembers how many it
   * has seen (user_version); a step that was released is never changed. Must outlive the store.
   */
  const char *const *migrations;
  size_t migration_count;
  otlp_tracer_provider *tracer_provider; /* optional, for database spans; must outlive the store */
  size_t queue_limit;      /* optional, default 4096: operations waiting, of each kind; beyond it
                              RESOURCE_EXHAUSTED */
  size_t group_limit;      /* optional, default 512: operations in one transaction */
  int64_t busy_wait_ms;    /* optional, default 2000: for the lock of another process on the file */
  int64_t reply_keep_ms;   /* optional, default 24 h: for this long a repeated call is known */
  int64_t reply_max_count; /* optional, default 1,000,000: so many are known at most, the latest */
} store_options;

#define STORE_OPTIONS_INIT \
  { 0 }

/**
 * Opens the file, or makes it, and brings its schema up to date. Every failure names the file:
 * FAILED_PRECONDITION when it cannot be opened or was written by a newer version,
 * PERMISSION_DENIED when it cannot be written, UNAVAILABLE when another process has it,
 * RESOURCE_EXHAUSTED when the disk is full, DATA_LOSS when it is no database or damaged.
 * @param out_store NULL after a failure.
 */
MESH_MUST_USE mesh_status store_open(const store_options *options, store **out_store);

/**
 * Runs what is queued, commits, moves the log into the file, and closes. Waits for all that; the
 * continuations have been posted to their loops then. NULL does nothing. No operation may follow.
 */
void store_close(store *self);

/** Where an operation stands that is to have its effect once. */
typedef enum store_repeat {
  STORE_FIRST,     /* its key is new, or it has none */
  STORE_REPEATED,  /* the same request came before: nothing was done, `reply` is that of then */
  STORE_KEY_TAKEN, /* the key came before with another request: nothing was done; INVALID_ARGUMENT
                    */
} store_repeat;

/** How an operation ended. Valid until the continuation returns; `reply` as long as the context. */
typedef struct store_result {
  mesh_status status;
  bool is_refused; /* the status is what the run function returned; else a failure is the store's,
                      and what the run function found out may be nonsense */
  store_repeat repeat;
  mesh_bytes reply; /* what store_set_reply was given, now or at the first time */
} store_result;

/**
 * The operation's work, called at most once, on a thread of the store. Anything but OK undoes what
 * it wrote. A statement that failed makes the operation fail, whatever this returns.
 */
typedef mesh_status store_run_fn(store_transaction *transaction, void *data);

/** The continuation: called exactly once, on the context's loop, never from within the call that
 * gave the operation. */
typedef void store_done_fn(const store_result *result, void *data);

/**
 * Makes an operation idempotent: its reply is kept with its effect, in the same transaction, under
 * `method` and `key`. All of it is copied.
 */
typedef struct store_once {
  const char *method;
  const char *key;    /* NULL or empty: not idempotent */
  mesh_bytes request; /* what has to be the same for the call to be the same */
} store_once;

/** An operation. Copied. */
typedef struct store_operation {
  store_run_fn *run;   /* optional for a read with `once`, which is a look for a kept reply then */
  store_done_fn *done; /* required */
  void *data;
  store_once once; /* optional */
  /**
   * Optional: a promise that the run function, once it has changed a row, returns OK. It needs no
   * savepoint of its own then, which costs as much as a small write. When a statement fails all the
   * same (the disk is full, a constraint), the whole group fails with it.
   */
  bool checks_first;
} store_operation;

/**
 * Writes. The status of the result is, besides what the run function returns and what store_open
 * lists: RESOURCE_EXHAUSTED when the queue is full; DEADLINE_EXCEEDED when the context's deadline
 * passed while it waited; in both cases, and with any status of the run function, nothing has
 * happened. Statuses of the database itself (UNAVAILABLE, RESOURCE_EXHAUSTED, DATA_LOSS, INTERNAL)
 * mean that it is not known to have happened: a failed commit may come back after a crash.
 */
void store_write(store *self, const mesh_context *context, const store_operation *operation);

/** Reads; its run function cannot write. */
void store_read(store *self, const mesh_context *context, const store_operation *operation);

/**
 * Reads a few rows by their keys, on the loop's own thread: when the loop comes to rest, all
 * look-ups that were asked for run in one transaction. (While another thread reads, they go to it,
 * as with store_read.) For what is found in microseconds when its pages are in memory. A page that
 * is not there is read from the disk, and the loop waits for it; whatever reads many rows is for
 * store_read.
 */
void store_look_up(store *self, const mesh_context *context, const store_operation *operation);

/** Counters since the start. */
typedef struct store_stats {
  uint64_t writes;
  uint64_t groups;   /* transactions; writes / groups is how well the cost of a commit is shared */
  uint64_t reads;    /* look-ups included */
  uint64_t rejected; /* because a queue was full */
} store_stats;

/** From any thread. */
store_stats store_get_stats(const store *self);

#ifdef __cplusplus
}
#endif

#endif

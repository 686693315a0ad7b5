/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside the store: requests travel from a loop through a queue to a worker's thread, which runs
 * them on its connection, and back to their loops.
 */
#ifndef STORE_ENGINE_H
#define STORE_ENGINE_H

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <store/store.h>
#include <string.h>

/* ---- file.c ---- */

/* Makes the folders on the way to `path`, lastingly. */
mesh_status store__make_folders(const char *path);

/* Takes the lock file beside `path`, which ends with the process whatever ends it: one process, one
 * store. UNAVAILABLE when another one has it. */
mesh_status store__lock_file(const char *path, int *out_fd);

/* ---- error.c ---- */

/* The status of a failed SQLite call: what happened to which file. */
mesh_status store__error(int sqlite_code, const char *file);

/* "SQLITE_FULL" and so on, for db.response.status_code. Static. */
const char *store__error_name(int sqlite_code);

/* ---- connection.c: a database handle, its statements and what its spans have in common ---- */

enum { STORE__CACHE_SLOTS = 128 };

/* Statements that the store makes for itself, without spans. */
typedef enum store__control {
  STORE__BEGIN_READ,
  STORE__BEGIN_WRITE,
  STORE__COMMIT,
  STORE__ROLLBACK,
  STORE__SAVE,
  STORE__SAVE_BACK,
  STORE__SAVE_END,
  STORE__CONTROL_COUNT,
} store__control;

typedef struct store__connection {
  sqlite3 *db;
  const char *path; /* borrowed from the store */
  const char *file; /* the last part of path: what statuses that reach clients may name */
  const char *name;
  otlp_tracer *tracer;
  bool is_traced;
  sqlite3_stmt *control[STORE__CONTROL_COUNT];
  store_query *cache[STORE__CACHE_SLOTS]; /* by the address of the statement, open addressing */
  size_t cached_count;
} store__connection;

/* How a connection is opened. */
typedef struct store__connection_options {
  const char *path;
  const char *name;
  int64_t busy_wait_ms;
  otlp_tracer *tracer;
  bool is_reader;
} store__connection_options;

/* Opens the file and sets the connection up. To be closed on failure, too. */
mesh_status store__connection_open(store__connection *connection,
                                   const store__connection_options *options);

/* Takes what never was opened, too. */
void store__connection_close(store__connection *connection);

/* Runs a control statement. @return an SQLite code. */
int store__connection_do(store__connection *connection, store__control control);

/* Runs any SQL without parameters. */
mesh_status store__connection_execute(store__connection *connection, const char *sql);

/* ---- migrate.c ---- */

mesh_status store__migrate(store__connection *connection, const char *const *steps, size_t count);

/* ---- request.c: an operation on its way ---- */

typedef struct store__request {
  struct store__request *next;
  /* Set by the loop. */
  store_operation operation;
  const mesh_context *context; /* held */
  mesh_loop *loop;
  const otlp_context *trace; /* the context's */
  int64_t expires_at_ms;     /* CLOCK_MONOTONIC; INT64_MAX without a deadline */
  bool is_on_loop;           /* runs on the loop's own thread, and may use the context's arena */
  /* Set by the worker. */
  mesh_arena *arena; /* made when first used */
  store_result result;
  bool has_written;
} store__request;

/* Zeroed memory from the heap; out of memory ends the process. */
void *store__calloc(size_t size);

/* The request's arena. */
mesh_arena *store__request_arena(store__request *request);

/* Sets the status; its message is copied into the arena. */
void store__request_fail(store__request *request, const mesh_status *status);

/* Hands a list of requests back to their loops. Their memory is not the worker's from then on. */
void store__deliver(store__request *list);

/* Clocks: CLOCK_MONOTONIC, and the calendar's. */
int64_t store__now_ms(void);
otlp_unix_nanos store__now_unix_nanos(void);

/* ---- queue.c: requests waiting, bounded ---- */

typedef struct store__queue {
  pthread_mutex_t lock;
  pthread_cond_t arrived;
  store__request *first;
  store__request *last;
  size_t count;
  bool is_waiting;
  bool is_closed;
  size_t limit; /* constant */
} store__queue;

void store__queue_init(store__queue *queue, size_t limit);
void store__queue_clean_up(store__queue *queue);

typedef enum store__place {
  STORE__NO_PLACE, /* the queue is full or closed */
  STORE__FIRST,    /* it was empty: a taker that waits is to be woken */
  STORE__BEHIND,   /* whoever is first has that done */
} store__place;

store__place store__queue_push(store__queue *queue, store__request *request);

/* Wakes a taker that waits, if there is something to take. */
void store__queue_wake(store__queue *queue);

/* Waits for requests and takes up to `max` of them, oldest first. NULL once closed and empty. */
store__request *store__queue_take(store__queue *queue, size_t max);

/* Takes all there are, without waiting; NULL: none. */
store__request *store__queue_take_all(store__queue *queue);

/* No more requests; takers get what is left. */
void store__queue_close(store__queue *queue);

/* ---- transaction.c: what a run function sees ---- */

struct store_transaction {
  store__connection *connection;
  store__request *request;
  mesh_status error;  /* of the first statement that failed; its message lives in the arena */
  store_query *open;  /* queries under way */
  otlp_span *step;    /* the step under way */
  otlp_context below; /* what spans of statements hang below */
  bool can_write;
  bool has_run;     /* the run function was called */
  bool has_written; /* has begun to, but may have changed nothing */
  bool has_savepoint;
  int changes_before; /* of the connection, when it began to write */
};

/* Runs one request on the connection, within the transaction of its group; what it wrote is undone
 * when it fails. */
void store__run_request(store__connection *connection, store__request *request, bool can_write);

/* Notes the first failure of a statement. */
void store__transaction_fail(store_transaction *transaction, int sqlite_code);

/* Before the first write of a request: opens its savepoint. */
void store__transaction_will_write(store_transaction *transaction);

/* ---- statement.c ---- */

/* Ends every query that the run function left open. */
void store__queries_end(store_transaction *transaction);

void store__query_destroy(store_query *query);

/* ---- replies.c: the replies kept for repeated calls ---- */

mesh_status store__replies_create(store__connection *connection);

/* Looks for the request's key. True when the request is answered: repeated, or its key is taken. */
bool store__replies_find(store_transaction *transaction);

void store__replies_keep(store_transaction *transaction);

typedef struct store__replies_limits {
  int64_t keep_ms;
  int64_t max_count;
} store__replies_limits;

/* Forgets at most so many of those that are too old or too much, within the transaction of a group;
 * and tells whether there may be more. @return an SQLite code; failing is harmless unless it ended
 * the transaction. */
int store__replies_expire(store__connection *connection, const store__replies_limits *limits,
                          int64_t most, bool *out_has_more);

/* ---- writer.c, reader.c ---- */

typedef struct store__counters {
  atomic_uint_fast64_t writes;
  atomic_uint_fast64_t groups;
  atomic_uint_fast64_t reads;
  atomic_uint_fast64_t rejected;
} store__counters;

typedef struct store__worker {
  store__queue queue;
  pthread_mutex_t running; /* held by who runs requests on the connection */
  store__connection connection;
  pthread_t thread;
  bool is_started;
  size_t group_limit;
  store__replies_limits replies; /* the writer's */
  int64_t replies_due_ms;        /* the writer's: when to look for old ones again */
  store__counters *counters;
} store__worker;

/* Runs the requests on this thread and has their continuations posted. False, and nothing happens,
 * while another thread reads. */
bool store__read_here(store__worker *reader, store__request *group);

/* Thread functions; `data` is the worker. They return when the queue is closed and empty. */
void *store__writer_main(void *data);
void *store__reader_main(void *data);

#endif

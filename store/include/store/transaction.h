/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What a run function works with: statements, their parameters and rows, and the steps that show up
 * as spans.
 *
 * Errors stick: after a statement has failed the others of the transaction do nothing and give no
 * rows, and the operation fails with the first error. So nothing here needs checking on the way.
 *
 * Ownership: everything is the store's. Texts and bytes of rows are copied into the operation's
 * arena, which lives as long as the context of the operation.
 * Threads: within the run function only.
 */
#ifndef STORE_TRANSACTION_H
#define STORE_TRANSACTION_H

#include <mesh/arena.h>
#include <mesh/metadata.h>
#include <mesh/status.h>
#include <otlp/trace.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct store_transaction store_transaction;
typedef struct store_query store_query;

/**
 * A statement, `static const` where it is used: it is prepared once for each connection and known
 * by its address. Executing it makes a CLIENT span named "{operation} {collection}" (semantic
 * conventions, database spans).
 */
typedef struct store_statement {
  const char *sql;        /* with ? for parameters; db.query.text */
  const char *operation;  /* db.operation.name: "SELECT" */
  const char *collection; /* db.collection.name: the table */
} store_statement;

/** Starts a statement. Never NULL. One statement can be under way once at a time. */
store_query *store_query_start(store_transaction *transaction, const store_statement *statement);

/** Gives the next parameter, from the first on. The memory must stay until the query has ended.
 * NULL text is SQL's NULL. */
void store_bind_int(store_query *query, int64_t value);
void store_bind_text(store_query *query, const char *text);
void store_bind_blob(store_query *query, mesh_bytes bytes);

/** Gives a list as one parameter: a JSON array, for `IN (SELECT value FROM json_each(?))`. */
void store_bind_texts(store_query *query, const char *const *texts, size_t count);

/** Steps to the next row. False when there is none, or on failure; the query has ended then. */
bool store_query_next(store_query *query);

/** A column of the row, from 0. NULL gives 0, "" and no bytes. */
int64_t store_column_int(store_query *query, int column);
const char *store_column_text(store_query *query, int column);
mesh_bytes store_column_blob(store_query *query, int column);

/** Ends a query before its last row. Queries that are left open end with the run function. */
void store_query_end(store_query *query);

/** Runs a statement to its end. @return how many rows it inserted, updated or deleted. */
int64_t store_execute(store_query *query);

/** True once a statement has failed. */
bool store_has_failed(const store_transaction *transaction);

/**
 * Starts an INTERNAL span for a part of the work, below the operation's context; statements hang
 * below it until it ends. One at a time. @return the span, for attributes and events; may be NULL.
 */
otlp_span *store_step_start(store_transaction *transaction, const char *name);

/** Ends it. A step that is left open ends with the run function, as ERROR if that failed. */
void store_step_end(store_transaction *transaction);

/** The operation's arena, for results. */
mesh_arena *store_arena(store_transaction *transaction);

/** The reply for the continuation, kept for repeated calls if the operation has a key. Must stay:
 * best in the operation's arena. */
void store_set_reply(store_transaction *transaction, mesh_bytes reply);

#ifdef __cplusplus
}
#endif

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Replies kept for repeated calls. Rows are numbered in the order they came, so that the old ones
 * are at the front and forgetting them needs no index of its own.
 */
#include "engine.h"

#include <store/handler.h>

static const char schema[] = "CREATE TABLE IF NOT EXISTS store_replies ("
                             "  number INTEGER PRIMARY KEY,"
                             "  method TEXT NOT NULL,"
                             "  key TEXT NOT NULL,"
                             "  request BLOB NOT NULL,"
                             "  reply BLOB NOT NULL,"
                             "  kept_at_unix_ms INTEGER NOT NULL,"
                             "  UNIQUE (method, key)"
                             ") STRICT";

static const store_statement find_reply = {
    "SELECT request, reply FROM store_replies WHERE method = ? AND key = ?", "SELECT",
    "store_replies"};

static const store_statement keep_reply = {
    "INSERT INTO store_replies (method, key, request, reply, kept_at_unix_ms)"
    " VALUES (?, ?, ?, ?, ?)",
    "INSERT", "store_replies"};

/* Looks at the oldest only, whatever there is, so it takes the same short time every time. */
static const char expire_some[] =
    "DELETE FROM store_replies WHERE number IN"
    " (SELECT number FROM store_replies ORDER BY number LIMIT ?3)"
    " AND (kept_at_unix_ms < ?1 OR number <= (SELECT max(number) FROM store_replies) - ?2)";

mesh_status store__replies_create(store__connection *connection) {
  return store__connection_execute(connection, schema);
}

static bool same_bytes(mesh_bytes a, mesh_bytes b) {
  return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

bool store__replies_find(store_transaction *transaction) {
  const store_once *once = &transaction->request->operation.once;
  store_query *query = store_query_start(transaction, &find_reply);
  store_bind_text(query, once->method);
  store_bind_text(query, once->key);
  if (!store_query_next(query)) {
    return false;
  }
  store_result *result = &transaction->request->result;
  if (same_bytes(store_column_blob(query, 0), once->request)) {
    result->repeat = STORE_REPEATED;
    result->reply = store_column_blob(query, 1);
  } else {
    mesh_status taken = mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT,
                                          "the idempotency key came before with another request");
    result->repeat = STORE_KEY_TAKEN;
    store__request_fail(transaction->request, &taken);
  }
  store_query_end(query);
  return true;
}

void store__replies_keep(store_transaction *transaction) {
  const store__request *request = transaction->request;
  store_query *query = store_query_start(transaction, &keep_reply);
  store_bind_text(query, request->operation.once.method);
  store_bind_text(query, request->operation.once.key);
  store_bind_blob(query, request->operation.once.request);
  store_bind_blob(query, request->result.reply);
  store_bind_int(query, store_now_unix_ms());
  store_execute(query);
}

int store__replies_expire(store__connection *connection, const store__replies_limits *limits,
                          int64_t most, bool *out_has_more) {
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2(connection->db, expire_some, -1, &statement, NULL);
  if (code == SQLITE_OK) {
    sqlite3_bind_int64(statement, 1, store_now_unix_ms() - limits->keep_ms);
    sqlite3_bind_int64(statement, 2, limits->max_count);
    sqlite3_bind_int64(statement, 3, most);
    code = sqlite3_step(statement);
  }
  *out_has_more = code == SQLITE_DONE && sqlite3_changes64(connection->db) == most;
  sqlite3_finalize(statement);
  return code;
}

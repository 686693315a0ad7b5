/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Statements and their spans. A statement is prepared once for each connection and found again by
 * its address; what its spans say is made then, too.
 */
#include "engine.h"

#include <assert.h>

enum { QUERY_ATTRIBUTES = 5, SPAN_NAME_MAX = 96 };

struct store_query {
  const store_statement *statement;
  sqlite3_stmt *prepared; /* NULL: the statement could not be prepared, and the transaction knows */
  bool is_write;
  char span_name[SPAN_NAME_MAX];
  otlp_attribute attributes[QUERY_ATTRIBUTES];
  /* While under way. */
  store_transaction *transaction;
  store_query *next_open;
  otlp_span *span;
  bool has_started;
  int bound_count;
  int64_t changes;
};

static void describe(store_query *query, const char *name) {
  const store_statement *statement = query->statement;
  snprintf(query->span_name, sizeof query->span_name, "%s %s", statement->operation,
           statement->collection);
  query->attributes[0] = otlp_attribute_string("db.system.name", "sqlite");
  query->attributes[1] = otlp_attribute_string("db.namespace", name);
  query->attributes[2] = otlp_attribute_string("db.operation.name", statement->operation);
  query->attributes[3] = otlp_attribute_string("db.collection.name", statement->collection);
  query->attributes[4] = otlp_attribute_string("db.query.text", statement->sql);
}

static store_query *make_query(const store__connection *connection,
                               const store_statement *statement) {
  store_query *query = store__calloc(sizeof *query);
  query->statement = statement;
  describe(query, connection->name);
  return query;
}

/* Again, when it could not be prepared the last time: the disk or the memory may be there now. */
static void prepare(store_transaction *transaction, store_query *query) {
  int code = sqlite3_prepare_v3(transaction->connection->db, query->statement->sql, -1,
                                SQLITE_PREPARE_PERSISTENT, &query->prepared, NULL);
  if (code != SQLITE_OK) {
    store__transaction_fail(transaction, code);
  } else {
    query->is_write = !sqlite3_stmt_readonly(query->prepared);
  }
}

/* The slot of the statement, or the free one where it belongs. */
static store_query **find_slot(store__connection *connection, const store_statement *statement) {
  size_t at = ((uintptr_t)statement / sizeof *statement) % STORE__CACHE_SLOTS;
  while (connection->cache[at] != NULL && connection->cache[at]->statement != statement) {
    at = (at + 1) % STORE__CACHE_SLOTS;
  }
  return &connection->cache[at];
}

store_query *store_query_start(store_transaction *transaction, const store_statement *statement) {
  store_query **slot = find_slot(transaction->connection, statement);
  if (*slot == NULL) {
    assert(transaction->connection->cached_count < STORE__CACHE_SLOTS - 1);
    transaction->connection->cached_count++;
    *slot = make_query(transaction->connection, statement);
  }
  store_query *query = *slot;
  assert(query->transaction == NULL && "one statement can be under way once at a time");
  if (query->prepared == NULL) {
    prepare(transaction, query);
  }
  query->transaction = transaction;
  query->next_open = transaction->open;
  transaction->open = query;
  query->has_started = false;
  query->bound_count = 0;
  query->changes = 0;
  return query;
}

static void check_bind(store_query *query, int code) {
  if (code != SQLITE_OK && query->prepared != NULL) {
    store__transaction_fail(query->transaction, code);
  }
}

void store_bind_int(store_query *query, int64_t value) {
  check_bind(query, sqlite3_bind_int64(query->prepared, ++query->bound_count, value));
}

void store_bind_text(store_query *query, const char *text) {
  int index = ++query->bound_count;
  check_bind(query, sqlite3_bind_text(query->prepared, index, text, -1, SQLITE_STATIC));
}

void store_bind_blob(store_query *query, mesh_bytes bytes) {
  int index = ++query->bound_count;
  /* A NULL pointer would be SQL's NULL, and an empty blob is not that. */
  const void *data = bytes.data != NULL ? bytes.data : "";
  check_bind(query, sqlite3_bind_blob64(query->prepared, index, data, bytes.size, SQLITE_STATIC));
}

/* The room a text takes as a JSON string: keys have no control characters, so only quotes and
 * backslashes are escaped. */
static size_t quoted_size(const char *text) {
  size_t size = 2;
  for (; *text != '\0'; text++) {
    size += *text == '"' || *text == '\\' ? 2 : 1;
  }
  return size;
}

static char *quote(char *at, const char *text) {
  *at++ = '"';
  for (; *text != '\0'; text++) {
    if (*text == '"' || *text == '\\') {
      *at++ = '\\';
    }
    *at++ = *text;
  }
  *at++ = '"';
  return at;
}

void store_bind_texts(store_query *query, const char *const *texts, size_t count) {
  size_t size = 3;
  for (size_t i = 0; i < count; i++) {
    size += quoted_size(texts[i]) + 1;
  }
  char *json = mesh_arena_alloc(store_arena(query->transaction), size);
  char *at = json;
  *at++ = '[';
  for (size_t i = 0; i < count; i++) {
    if (i > 0) {
      *at++ = ',';
    }
    at = quote(at, texts[i]);
  }
  *at = ']';
  store_bind_text(query, json);
}

static void start_span(store_query *query) {
  const store_transaction *transaction = query->transaction;
  if (!transaction->connection->is_traced) {
    return;
  }
  otlp_span_options options = {.kind = OTLP_SPAN_KIND_CLIENT,
                               .attributes = query->attributes,
                               .attribute_count = QUERY_ATTRIBUTES};
  query->span = otlp_span_start(transaction->connection->tracer, &transaction->below,
                                otlp_string_from(query->span_name), &options);
}

static void fail_span(store_query *query, int code) {
  const char *name = store__error_name(code);
  otlp_span_set_string(query->span, "db.response.status_code", name);
  otlp_span_set_string(query->span, "error.type", name);
  otlp_span_set_status(query->span, OTLP_STATUS_ERROR,
                       otlp_string_from(sqlite3_errmsg(query->transaction->connection->db)));
}

static void unlink_open(store_query *query) {
  store_query **link = &query->transaction->open;
  while (*link != query) {
    link = &(*link)->next_open;
  }
  *link = query->next_open;
}

void store_query_end(store_query *query) {
  if (query->transaction == NULL) {
    return;
  }
  if (query->prepared != NULL) {
    sqlite3_reset(query->prepared);
    sqlite3_clear_bindings(query->prepared);
  }
  otlp_span_end(query->span);
  query->span = NULL;
  unlink_open(query);
  query->transaction = NULL;
}

static int step(store_query *query) {
  if (!query->has_started) {
    query->has_started = true;
    if (query->is_write) {
      store__transaction_will_write(query->transaction);
    }
    start_span(query);
  }
  return store_has_failed(query->transaction) ? SQLITE_ABORT : sqlite3_step(query->prepared);
}

bool store_query_next(store_query *query) {
  if (query->transaction == NULL) {
    return false;
  }
  if (store_has_failed(query->transaction)) {
    store_query_end(query);
    return false;
  }
  int code = step(query);
  if (code == SQLITE_ROW) {
    return true;
  }
  if (code == SQLITE_DONE) {
    query->changes = query->is_write ? sqlite3_changes64(query->transaction->connection->db) : 0;
  } else {
    fail_span(query, code);
    store__transaction_fail(query->transaction, code);
  }
  store_query_end(query);
  return false;
}

int64_t store_execute(store_query *query) {
  while (store_query_next(query)) {}
  return query->changes;
}

int64_t store_column_int(store_query *query, int column) {
  return sqlite3_column_int64(query->prepared, column);
}

const char *store_column_text(store_query *query, int column) {
  const unsigned char *text = sqlite3_column_text(query->prepared, column);
  size_t size = (size_t)sqlite3_column_bytes(query->prepared, column);
  return mesh_arena_copy(store_arena(query->transaction), text != NULL ? (const void *)text : "",
                         size);
}

mesh_bytes store_column_blob(store_query *query, int column) {
  const void *data = sqlite3_column_blob(query->prepared, column);
  size_t size = (size_t)sqlite3_column_bytes(query->prepared, column);
  void *copy = mesh_arena_copy(store_arena(query->transaction), data != NULL ? data : "", size);
  return (mesh_bytes){copy, size};
}

void store__queries_end(store_transaction *transaction) {
  while (transaction->open != NULL) {
    store_query_end(transaction->open);
  }
}

void store__query_destroy(store_query *query) {
  if (query == NULL) {
    return;
  }
  sqlite3_finalize(query->prepared);
  free(query);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "engine.h"

static const char *const control_sql[STORE__CONTROL_COUNT] = {
    [STORE__BEGIN_READ] = "BEGIN",
    [STORE__BEGIN_WRITE] = "BEGIN IMMEDIATE",
    [STORE__COMMIT] = "COMMIT",
    [STORE__ROLLBACK] = "ROLLBACK",
    [STORE__SAVE] = "SAVEPOINT operation",
    [STORE__SAVE_BACK] = "ROLLBACK TO operation",
    [STORE__SAVE_END] = "RELEASE operation",
};

/*
 * FULL in WAL mode syncs the log at every commit: what was acknowledged survives a power cut, not
 * only a kill. Savepoints keep their undo pages in memory. The log is folded into the file every
 * 1000 pages (4 MB); it keeps its size then, and syncing what does not grow costs less. A cache of
 * 512 KiB serves as fast as SQLite's 2 MB: what a commit has written is in the kernel's, too.
 */
static const char writer_setup[] = "PRAGMA synchronous = FULL;"
                                   "PRAGMA temp_store = MEMORY;"
                                   "PRAGMA cache_size = -512;"
                                   "PRAGMA wal_autocheckpoint = 1000;";

/* Every commit of the writer makes what a reader has in its cache old, so a large one is memory
 * that holds nothing. */
static const char reader_setup[] = "PRAGMA query_only = ON;"
                                   "PRAGMA cache_size = -256;";

static const char *last_part(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash != NULL ? slash + 1 : path;
}

mesh_status store__connection_execute(store__connection *connection, const char *sql) {
  int code = sqlite3_exec(connection->db, sql, NULL, NULL, NULL);
  if (code == SQLITE_OK) {
    return mesh_status_ok();
  }
  if ((code & 0xff) == SQLITE_ERROR) {
    return mesh_status_error(GRPC_STATUS_INTERNAL, "the store's file %s refuses its schema: %s",
                             connection->path, sqlite3_errmsg(connection->db));
  }
  return store__error(sqlite3_extended_errcode(connection->db), connection->path);
}

/* Where the log is impossible (a file system without shared memory), SQLite keeps to the old way
 * and does not call it an error. */
static int note_mode(void *is_wal, int count, char **values, char **names) {
  (void)names;
  if (count == 1 && values[0] != NULL && strcmp(values[0], "wal") == 0) {
    *(bool *)is_wal = true;
  }
  return 0;
}

static mesh_status set_up_writer(store__connection *connection) {
  bool is_wal = false;
  int code = sqlite3_exec(connection->db, "PRAGMA journal_mode = WAL", note_mode, &is_wal, NULL);
  if (code != SQLITE_OK) {
    return store__error(sqlite3_extended_errcode(connection->db), connection->path);
  }
  if (!is_wal) {
    return mesh_status_error(GRPC_STATUS_FAILED_PRECONDITION,
                             "the store's file %s is on a file system without a write-ahead log",
                             connection->path);
  }
  return store__connection_execute(connection, writer_setup);
}

static mesh_status prepare_control(store__connection *connection) {
  for (size_t i = 0; i < STORE__CONTROL_COUNT; i++) {
    int code = sqlite3_prepare_v3(connection->db, control_sql[i], -1, SQLITE_PREPARE_PERSISTENT,
                                  &connection->control[i], NULL);
    if (code != SQLITE_OK) {
      return store__error(code, connection->path);
    }
  }
  return mesh_status_ok();
}

mesh_status store__connection_open(store__connection *connection,
                                   const store__connection_options *options) {
  connection->path = options->path;
  connection->file = last_part(options->path);
  connection->name = options->name;
  connection->tracer = options->tracer;
  connection->is_traced = options->tracer != NULL && otlp_tracer_enabled(options->tracer);
  /* One thread for each connection, so SQLite needs no locks of its own. */
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  flags |= options->is_reader ? 0 : SQLITE_OPEN_CREATE;
  int code = sqlite3_open_v2(options->path, &connection->db, flags, NULL);
  if (code != SQLITE_OK) {
    return store__error(code, options->path);
  }
  if (sqlite3_db_readonly(connection->db, "main") == 1) {
    return store__error(SQLITE_READONLY, options->path);
  }
  sqlite3_busy_timeout(connection->db, (int)options->busy_wait_ms);
  mesh_status status = options->is_reader ? store__connection_execute(connection, reader_setup)
                                          : set_up_writer(connection);
  return mesh_status_is_ok(&status) ? prepare_control(connection) : status;
}

int store__connection_do(store__connection *connection, store__control control) {
  sqlite3_stmt *statement = connection->control[control];
  int code = sqlite3_step(statement);
  sqlite3_reset(statement);
  return code == SQLITE_DONE ? SQLITE_OK : code;
}

void store__connection_close(store__connection *connection) {
  for (size_t i = 0; i < STORE__CACHE_SLOTS; i++) {
    store__query_destroy(connection->cache[i]);
  }
  for (size_t i = 0; i < STORE__CONTROL_COUNT; i++) {
    sqlite3_finalize(connection->control[i]);
  }
  sqlite3_close(connection->db);
  *connection = (store__connection){0};
}

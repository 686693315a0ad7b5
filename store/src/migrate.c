/* SPDX-License-Identifier: Apache-2.0 */
#include "engine.h"

static mesh_status read_version(store__connection *connection, int64_t *out_version) {
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2(connection->db, "PRAGMA user_version", -1, &statement, NULL);
  if (code == SQLITE_OK) {
    code = sqlite3_step(statement);
  }
  if (code == SQLITE_ROW) {
    *out_version = sqlite3_column_int64(statement, 0);
  }
  sqlite3_finalize(statement);
  return code == SQLITE_ROW ? mesh_status_ok() : store__error(code, connection->path);
}

/* One step and its number, together or not at all. */
static mesh_status apply_step(store__connection *connection, const char *step, size_t number) {
  char set_version[64];
  snprintf(set_version, sizeof set_version, "PRAGMA user_version = %zu", number);
  const char *const parts[] = {"BEGIN IMMEDIATE", step, set_version, "COMMIT"};
  for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
    mesh_status status = store__connection_execute(connection, parts[i]);
    if (!mesh_status_is_ok(&status)) {
      sqlite3_exec(connection->db, "ROLLBACK", NULL, NULL, NULL);
      return status;
    }
  }
  return mesh_status_ok();
}

mesh_status store__migrate(store__connection *connection, const char *const *steps, size_t count) {
  int64_t version = 0;
  mesh_status status = read_version(connection, &version);
  if (!mesh_status_is_ok(&status)) {
    return status;
  }
  if (version < 0 || (uint64_t)version > count) {
    return mesh_status_error(GRPC_STATUS_FAILED_PRECONDITION,
                             "the store's file %s was written by a newer version: its schema is "
                             "number %lld, this program knows %zu",
                             connection->path, (long long)version, count);
  }
  for (size_t i = (size_t)version; i < count; i++) {
    status = apply_step(connection, steps[i], i + 1);
    if (!mesh_status_is_ok(&status)) {
      return status;
    }
  }
  return mesh_status_ok();
}

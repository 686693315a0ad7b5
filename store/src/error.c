/* SPDX-License-Identifier: Apache-2.0 */
#include "engine.h"

/* What a primary result code means to a caller (sqlite.org/rescode.html). */
typedef struct error_meaning {
  int sqlite_code;
  grpc_status_code code;
  const char *name;
  const char *text;
} error_meaning;

static const error_meaning meanings[] = {
    {SQLITE_BUSY, GRPC_STATUS_UNAVAILABLE, "SQLITE_BUSY", "is locked by another process"},
    {SQLITE_LOCKED, GRPC_STATUS_UNAVAILABLE, "SQLITE_LOCKED", "is locked"},
    {SQLITE_FULL, GRPC_STATUS_RESOURCE_EXHAUSTED, "SQLITE_FULL", "cannot grow: the disk is full"},
    {SQLITE_IOERR, GRPC_STATUS_UNAVAILABLE, "SQLITE_IOERR", "cannot be read or written"},
    {SQLITE_NOMEM, GRPC_STATUS_RESOURCE_EXHAUSTED, "SQLITE_NOMEM", "needs more memory"},
    {SQLITE_CORRUPT, GRPC_STATUS_DATA_LOSS, "SQLITE_CORRUPT", "is damaged"},
    {SQLITE_NOTADB, GRPC_STATUS_DATA_LOSS, "SQLITE_NOTADB", "is not a database"},
    {SQLITE_READONLY, GRPC_STATUS_PERMISSION_DENIED, "SQLITE_READONLY", "is read-only"},
    {SQLITE_PERM, GRPC_STATUS_PERMISSION_DENIED, "SQLITE_PERM", "may not be opened"},
    {SQLITE_CANTOPEN, GRPC_STATUS_FAILED_PRECONDITION, "SQLITE_CANTOPEN", "cannot be opened"},
    {SQLITE_CONSTRAINT, GRPC_STATUS_INTERNAL, "SQLITE_CONSTRAINT", "refuses a row"},
};

static const error_meaning other = {SQLITE_ERROR, GRPC_STATUS_INTERNAL, "SQLITE_ERROR",
                                    "refuses a statement"};

static const error_meaning *find_meaning(int sqlite_code) {
  for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++) {
    if (meanings[i].sqlite_code == (sqlite_code & 0xff)) {
      return &meanings[i];
    }
  }
  return &other;
}

mesh_status store__error(int sqlite_code, const char *file) {
  const error_meaning *meaning = find_meaning(sqlite_code);
  return mesh_status_error(meaning->code, "the store's file %s %s (%s, %d)", file, meaning->text,
                           meaning->name, sqlite_code);
}

const char *store__error_name(int sqlite_code) {
  return find_meaning(sqlite_code)->name;
}

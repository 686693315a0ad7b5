/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads. Those that wait together share one read transaction, which starts after the last of them
 * was queued: each sees all that was acknowledged before it was asked.
 */
#include "engine.h"

static uint64_t run_group(store__connection *connection, store__request *group) {
  uint64_t count = 0;
  int code = store__connection_do(connection, STORE__BEGIN_READ);
  for (store__request *request = group; request != NULL; request = request->next) {
    count++;
    if (code == SQLITE_OK) {
      store__run_request(connection, request, false);
      continue;
    }
    mesh_status status = store__error(code, connection->file);
    store__request_fail(request, &status);
  }
  if (!sqlite3_get_autocommit(connection->db)) {
    store__connection_do(connection, STORE__COMMIT);
  }
  return count;
}

void *store__reader_main(void *data) {
  store__worker *worker = data;
  store__request *group;
  while ((group = store__queue_take(&worker->queue, worker->group_limit)) != NULL) {
    uint64_t count = run_group(&worker->connection, group);
    atomic_fetch_add_explicit(&worker->counters->reads, count, memory_order_relaxed);
    store__deliver(group);
  }
  return NULL;
}

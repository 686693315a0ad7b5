/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads. Those that wait together share one read transaction, which starts after the last of them
 * was queued: each sees all that was acknowledged before it was asked.
 *
 * Look-ups use the same connection from the loops' threads, one at a time: what is found in memory
 * within microseconds is not worth the two hand-overs.
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

/* With the lock, which is given back. */
static void run_and_deliver(store__worker *worker, store__request *group) {
  uint64_t count = run_group(&worker->connection, group);
  pthread_mutex_unlock(&worker->running);
  atomic_fetch_add_explicit(&worker->counters->reads, count, memory_order_relaxed);
  store__deliver(group);
}

bool store__read_here(store__worker *reader, store__request *group) {
  if (pthread_mutex_trylock(&reader->running) != 0) {
    return false;
  }
  for (store__request *request = group; request != NULL; request = request->next) {
    request->is_on_loop = mesh_loop_is_current(request->loop);
  }
  run_and_deliver(reader, group);
  return true;
}

void *store__reader_main(void *data) {
  store__worker *worker = data;
  store__request *group;
  while ((group = store__queue_take(&worker->queue, worker->group_limit)) != NULL) {
    pthread_mutex_lock(&worker->running);
    run_and_deliver(worker, group);
  }
  return NULL;
}

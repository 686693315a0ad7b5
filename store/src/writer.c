/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Group commit. While one transaction is being synced the next operations queue up; they then share
 * the next sync. So there is no timer to tune: alone, an operation waits for nobody; in a crowd,
 * the sync is paid once for all.
 */
#include "engine.h"

enum { EXPIRE_EVERY_MS = 1000, EXPIRE_AT_LEAST = 64 };

static void fail_all(store__request *group, const mesh_status *status) {
  for (store__request *request = group; request != NULL; request = request->next) {
    store__request_fail(request, status);
  }
}

/* Everyone who wrote waited for this commit: each gets its span below its own step. */
static void trace_commit(store__connection *connection, const store__request *group,
                         otlp_unix_nanos started, const mesh_status *status) {
  char name[96];
  int64_t count = 0;
  snprintf(name, sizeof name, "COMMIT %s", connection->name);
  for (const store__request *request = group; request != NULL; request = request->next) {
    count += request->has_written;
  }
  const otlp_attribute attributes[] = {
      otlp_attribute_string("db.system.name", "sqlite"),
      otlp_attribute_string("db.namespace", connection->name),
      otlp_attribute_string("db.operation.name", "COMMIT"),
      otlp_attribute_int("store.group.size", count),
  };
  otlp_span_options options = {.kind = OTLP_SPAN_KIND_CLIENT,
                               .start_time = started,
                               .attributes = attributes,
                               .attribute_count = sizeof attributes / sizeof attributes[0]};
  otlp_unix_nanos ended = store__now_unix_nanos();
  for (const store__request *request = group; request != NULL; request = request->next) {
    if (!request->has_written) {
      continue;
    }
    otlp_span *span =
        otlp_span_start(connection->tracer, request->trace, otlp_string_from(name), &options);
    if (!mesh_status_is_ok(status)) {
      otlp_span_set_string(span, "error.type", mesh_status_code_name(status->code));
      otlp_span_set_status(span, OTLP_STATUS_ERROR, otlp_string_from(status->message));
    }
    otlp_span_end_at(span, ended);
  }
}

/* Runs the requests one by one. False when the database gave the whole transaction up. */
static bool run_all(store__connection *connection, store__request *group) {
  for (store__request *request = group; request != NULL; request = request->next) {
    store__run_request(connection, request, true);
    if (sqlite3_get_autocommit(connection->db)) {
      mesh_status status = request->result.status;
      fail_all(group, &status);
      return false;
    }
  }
  return true;
}

/* On failure nobody's answer stands, not even of those who only looked: they may have seen what is
 * gone now. */
static void commit(store__connection *connection, store__request *group) {
  otlp_unix_nanos started = store__now_unix_nanos();
  int code = store__connection_do(connection, STORE__COMMIT);
  mesh_status status = mesh_status_ok();
  if (code != SQLITE_OK) {
    status = store__error(code, connection->file);
    if (!sqlite3_get_autocommit(connection->db)) {
      store__connection_do(connection, STORE__ROLLBACK);
    }
  }
  if (connection->is_traced) {
    trace_commit(connection, group, started, &status);
  }
  if (!mesh_status_is_ok(&status)) {
    fail_all(group, &status);
  }
}

static uint64_t count_requests(const store__request *group) {
  uint64_t count = 0;
  for (; group != NULL; group = group->next) {
    count++;
  }
  return count;
}

/* Once a second, and with every group while there is more: twice what the group may have added, and
 * some, so that forgetting is faster than remembering. */
static int expire_replies(store__worker *worker, const store__request *group) {
  int64_t now_ms = store__now_ms();
  if (now_ms < worker->replies_due_ms) {
    return SQLITE_OK;
  }
  bool has_more = false;
  int64_t most = EXPIRE_AT_LEAST + 2 * (int64_t)count_requests(group);
  int code = store__replies_expire(&worker->connection, &worker->replies, most, &has_more);
  worker->replies_due_ms = has_more ? now_ms : now_ms + EXPIRE_EVERY_MS;
  return code;
}

static void run_group(store__worker *worker, store__request *group) {
  store__connection *connection = &worker->connection;
  int code = store__connection_do(connection, STORE__BEGIN_WRITE);
  if (code != SQLITE_OK) {
    mesh_status status = store__error(code, connection->file);
    fail_all(group, &status);
    return;
  }
  if (!run_all(connection, group)) {
    return;
  }
  code = expire_replies(worker, group);
  if (sqlite3_get_autocommit(connection->db)) {
    mesh_status status = store__error(code, connection->file);
    fail_all(group, &status);
    return;
  }
  commit(connection, group);
}

void *store__writer_main(void *data) {
  store__worker *worker = data;
  store__request *group;
  while ((group = store__queue_take(&worker->queue, worker->group_limit)) != NULL) {
    run_group(worker, group);
    atomic_fetch_add_explicit(&worker->counters->writes, count_requests(group),
                              memory_order_relaxed);
    atomic_fetch_add_explicit(&worker->counters->groups, 1, memory_order_relaxed);
    store__deliver(group);
  }
  return NULL;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "engine.h"

#include <unistd.h>

enum {
  QUEUE_LIMIT = 4096,
  GROUP_LIMIT = 512,
  BUSY_WAIT_MS = 2000,
  REPLY_KEEP_MS = 24 * 60 * 60 * 1000,
  REPLY_MAX_COUNT = 1000000,
};

struct store {
  char *path;
  char *name;
  int lock_fd;
  store__worker writer;
  store__worker reader;
  store__queue look_ups; /* nobody waits for them: the loop of the first runs all */
  store__counters counters;
};

static char *copy_text(const char *text) {
  size_t size = strlen(text) + 1;
  return memcpy(store__calloc(size), text, size);
}

static char *make_path(const char *folder, const char *name) {
  size_t size = strlen(folder) + strlen(name) + sizeof "/.db";
  char *path = store__calloc(size);
  snprintf(path, size, "%s/%s.db", folder, name);
  return path;
}

static int64_t or_default(int64_t value, int64_t fallback) {
  return value > 0 ? value : fallback;
}

static otlp_tracer *get_tracer(const store_options *options) {
  if (options->tracer_provider == NULL) {
    return NULL;
  }
  otlp_scope scope = {.name = otlp_string_from("meshwork.store")};
  return otlp_tracer_provider_get_tracer(options->tracer_provider, &scope);
}

static mesh_status open_connection(store *self, const store_options *options, bool is_reader) {
  store__connection_options how = {.path = self->path,
                                   .name = self->name,
                                   .busy_wait_ms = or_default(options->busy_wait_ms, BUSY_WAIT_MS),
                                   .tracer = get_tracer(options),
                                   .is_reader = is_reader};
  return store__connection_open(is_reader ? &self->reader.connection : &self->writer.connection,
                                &how);
}

static mesh_status open_files(store *self, const store_options *options) {
  mesh_status status = store__make_folders(self->path);
  if (mesh_status_is_ok(&status)) {
    status = store__lock_file(self->path, &self->lock_fd);
  }
  if (mesh_status_is_ok(&status)) {
    status = open_connection(self, options, false);
  }
  if (mesh_status_is_ok(&status)) {
    status =
        store__migrate(&self->writer.connection, options->migrations, options->migration_count);
  }
  if (mesh_status_is_ok(&status)) {
    status = store__replies_create(&self->writer.connection);
  }
  if (mesh_status_is_ok(&status)) {
    status = open_connection(self, options, true);
  }
  return status;
}

static void init_worker(store *self, store__worker *worker, const store_options *options) {
  store__queue_init(&worker->queue, (size_t)or_default((int64_t)options->queue_limit, QUEUE_LIMIT));
  worker->group_limit = (size_t)or_default((int64_t)options->group_limit, GROUP_LIMIT);
  worker->replies.keep_ms = or_default(options->reply_keep_ms, REPLY_KEEP_MS);
  worker->replies.max_count = or_default(options->reply_max_count, REPLY_MAX_COUNT);
  worker->counters = &self->counters;
  pthread_mutex_init(&worker->running, NULL);
}

static mesh_status start_worker(store__worker *worker, void *(*main)(void *), const char *name) {
  int error = pthread_create(&worker->thread, NULL, main, worker);
  if (error != 0) {
    return mesh_status_error(GRPC_STATUS_RESOURCE_EXHAUSTED, "cannot start a thread: %s",
                             strerror(error));
  }
  pthread_setname_np(worker->thread, name);
  worker->is_started = true;
  return mesh_status_ok();
}

static void stop_worker(store__worker *worker) {
  store__queue_close(&worker->queue);
  if (worker->is_started) {
    pthread_join(worker->thread, NULL);
  }
  store__connection_close(&worker->connection);
  pthread_mutex_destroy(&worker->running);
  store__queue_clean_up(&worker->queue);
}

/* SQLite would count every allocation of the process under a lock. Too late to say so, or said by
 * somebody else, does no harm. */
static void configure(void) {
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

mesh_status store_open(const store_options *options, store **out_store) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  *out_store = NULL;
  pthread_once(&once, configure);
  store *self = store__calloc(sizeof *self);
  self->path = make_path(options->folder, options->name);
  self->name = copy_text(options->name);
  self->lock_fd = -1;
  init_worker(self, &self->writer, options);
  init_worker(self, &self->reader, options);
  store__queue_init(&self->look_ups, self->reader.queue.limit);
  mesh_status status = open_files(self, options);
  if (mesh_status_is_ok(&status)) {
    status = start_worker(&self->writer, store__writer_main, "store-writer");
  }
  if (mesh_status_is_ok(&status)) {
    status = start_worker(&self->reader, store__reader_main, "store-reader");
  }
  if (!mesh_status_is_ok(&status)) {
    store_close(self);
    return status;
  }
  *out_store = self;
  return status;
}

/* The reader first: the last connection to close is the one that folds the log into the file. */
void store_close(store *self) {
  if (self == NULL) {
    return;
  }
  stop_worker(&self->reader);
  stop_worker(&self->writer);
  store__queue_clean_up(&self->look_ups);
  if (self->lock_fd >= 0) {
    close(self->lock_fd);
  }
  free(self->name);
  free(self->path);
  free(self);
}

static store__request *new_request(const mesh_context *context, const store_operation *operation) {
  mesh_arena *arena = mesh_context_arena(context);
  store__request *request = mesh_arena_alloc(arena, sizeof *request);
  request->operation = *operation;
  request->context = mesh_context_acquire(context);
  request->loop = mesh_context_loop(context);
  request->trace = mesh_context_trace(context);
  request->result.status = mesh_status_ok();
  int64_t remaining_ms = mesh_context_remaining_ms(context);
  request->expires_at_ms =
      remaining_ms == MESH_NO_TIMEOUT ? INT64_MAX : store__now_ms() + remaining_ms;
  store_once *once = &request->operation.once;
  if (once->key == NULL || once->key[0] == '\0') {
    once->key = NULL;
    return request;
  }
  once->method = mesh_arena_strdup(arena, once->method);
  once->key = mesh_arena_strdup(arena, once->key);
  once->request.data = mesh_arena_copy(arena, once->request.data, once->request.size);
  return request;
}

static void reject(store *self, store__request *request) {
  atomic_fetch_add_explicit(&self->counters.rejected, 1, memory_order_relaxed);
  mesh_status status = mesh_status_error(GRPC_STATUS_RESOURCE_EXHAUSTED,
                                         "too many operations wait for the store '%s'", self->name);
  store__request_fail(request, &status);
  request->next = NULL;
  store__deliver(request);
}

static void wake(void *queue) {
  store__queue_wake(queue);
}

/* The worker is woken when the loop has handed over all that a burst of calls wants of it: they
 * share a transaction then. */
static void submit(store *self, store__worker *worker, store__request *request) {
  mesh_loop *loop = request->loop;
  store__place place = store__queue_push(&worker->queue, request);
  if (place == STORE__NO_PLACE) {
    reject(self, request);
  } else if (!mesh_loop_is_current(loop)) {
    store__queue_wake(&worker->queue);
  } else if (place == STORE__FIRST) {
    mesh_loop_post_at_rest(loop, wake, &worker->queue);
  }
}

void store_write(store *self, const mesh_context *context, const store_operation *operation) {
  submit(self, &self->writer, new_request(context, operation));
}

void store_read(store *self, const mesh_context *context, const store_operation *operation) {
  submit(self, &self->reader, new_request(context, operation));
}

/* All that wait, in one transaction; on the reader's thread when it is at work anyway. */
static void run_look_ups(void *data) {
  store *self = data;
  store__request *group = store__queue_take_all(&self->look_ups);
  if (group == NULL || store__read_here(&self->reader, group)) {
    return;
  }
  while (group != NULL) {
    store__request *next = group->next;
    if (store__queue_push(&self->reader.queue, group) == STORE__NO_PLACE) {
      reject(self, group);
    }
    group = next;
  }
  store__queue_wake(&self->reader.queue);
}

void store_look_up(store *self, const mesh_context *context, const store_operation *operation) {
  store__request *request = new_request(context, operation);
  mesh_loop *loop = request->loop;
  if (!mesh_loop_is_current(loop)) {
    submit(self, &self->reader, request);
    return;
  }
  store__place place = store__queue_push(&self->look_ups, request);
  if (place == STORE__NO_PLACE) {
    reject(self, request);
  } else if (place == STORE__FIRST) {
    mesh_loop_post_at_rest(loop, run_look_ups, self);
  }
}

store_stats store_get_stats(const store *self) {
  store_stats stats = {
      .writes = atomic_load_explicit(&self->counters.writes, memory_order_relaxed),
      .groups = atomic_load_explicit(&self->counters.groups, memory_order_relaxed),
      .reads = atomic_load_explicit(&self->counters.reads, memory_order_relaxed),
      .rejected = atomic_load_explicit(&self->counters.rejected, memory_order_relaxed),
  };
  return stats;
}

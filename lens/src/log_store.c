/* SPDX-License-Identifier: Apache-2.0 */
#include "log_store.h"

#include "labels.h"
#include "schema.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* One record may take this part of the store. */
#define RECORD_SHARE 8

enum { FIELD_RECORD = 2, FIELD_TRACE_ID = 9 }; /* of ScopeLogs, and of LogRecord */

typedef struct log_record {
  struct log_record *newer;
  lens_label *scope; /* held */
  bool has_trace;
  uint8_t trace_id[LENS_TRACE_ID_SIZE];
  size_t size;
  uint8_t bytes[];
} log_record;

struct lens_log_store {
  size_t max_bytes;
  pthread_mutex_t lock; /* guards all below */
  lens_labels labels;
  log_record *oldest;
  log_record *newest;
  size_t record_memory;
  lens_log_stats stats;
};

lens_log_store *lens_log_store_new(size_t max_bytes) {
  lens_log_store *store = lens_alloc(sizeof(*store));
  store->max_bytes = max_bytes;
  pthread_mutex_init(&store->lock, NULL);
  lens_labels_init(&store->labels, lens_hash_seed());
  return store;
}

static size_t memory_of(const log_record *record) {
  return sizeof(*record) + record->size;
}

static void forget_oldest(lens_log_store *store) {
  log_record *record = store->oldest;
  store->oldest = record->newer;
  if (store->oldest == NULL) {
    store->newest = NULL;
  }
  store->record_memory -= memory_of(record);
  store->stats.records--;
  lens_labels_release(&store->labels, record->scope);
  free(record);
}

void lens_log_store_destroy(lens_log_store *store) {
  if (store == NULL) {
    return;
  }
  while (store->oldest != NULL) {
    forget_oldest(store);
  }
  lens_labels_clean_up(&store->labels);
  pthread_mutex_destroy(&store->lock);
  free(store);
}

/* What one request carries through the walk. */
typedef struct ingest_walk {
  lens_label_walk around;
  lens_log_store *store;
  lens_log_result result;
} ingest_walk;

static void copy_trace_id(log_record *record) {
  lens_cursor cursor = lens_cursor_of((lens_bytes){record->bytes, record->size});
  lens_field field;
  while (lens_cursor_next(&cursor, &field)) {
    if (field.number == FIELD_TRACE_ID && field.type == LENS_WIRE_BYTES &&
        field.bytes.size == LENS_TRACE_ID_SIZE) {
      memcpy(record->trace_id, field.bytes.data, LENS_TRACE_ID_SIZE);
      record->has_trace = !lens_bytes_is_zero(field.bytes);
    }
  }
}

static void take_record(void *self, lens_bytes bytes) {
  ingest_walk *walk = self;
  lens_log_store *store = walk->store;
  if (sizeof(log_record) + bytes.size > store->max_bytes / RECORD_SHARE) {
    walk->result.too_large++;
    return;
  }
  log_record *record = lens_alloc(sizeof(*record) + bytes.size);
  record->scope = lens_label_acquire(walk->around.scope);
  record->size = bytes.size;
  if (bytes.size > 0) {
    memcpy(record->bytes, bytes.data, bytes.size);
  }
  copy_trace_id(record);
  *(store->newest != NULL ? &store->newest->newer : &store->oldest) = record;
  store->newest = record;
  store->record_memory += memory_of(record);
  store->stats.records++;
  walk->result.kept++;
  while (store->record_memory + store->labels.memory > store->max_bytes && store->oldest != NULL) {
    store->stats.evicted++;
    forget_oldest(store);
  }
}

lens_log_result lens_log_store_ingest(lens_log_store *store, lens_bytes request) {
  ingest_walk walk = {.around = {.labels = &store->labels}, .store = store};
  lens_visitor visitor = {lens_labels_enter_resource, lens_labels_enter_scope, take_record, &walk};
  walk.result.is_malformed = !lens_schema_check(&lens_logs_data_rule, request);
  pthread_mutex_lock(&store->lock);
  if (!walk.result.is_malformed) {
    lens_otlp_walk(request, &visitor);
    lens_labels_leave(&walk.around);
  }
  store->stats.requests++;
  store->stats.requests_malformed += walk.result.is_malformed;
  store->stats.kept += walk.result.kept;
  store->stats.rejected += walk.result.too_large;
  pthread_mutex_unlock(&store->lock);
  return walk.result;
}

/* The record alone behind its scope and resource. */
static void write_record(lens_buffer *out, const log_record *record) {
  lens_bytes bytes = {record->bytes, record->size};
  const lens_origin *scope = &record->scope->origin;
  const lens_origin *resource = &record->scope->parent->origin;
  size_t scope_size = lens_origin_size(scope) + lens_field_size(bytes.size);
  lens_field_add_head(out, 1, lens_origin_size(resource) + lens_field_size(scope_size));
  lens_origin_add(out, resource);
  lens_field_add_head(out, 2, scope_size);
  lens_origin_add(out, scope);
  lens_field_add_bytes(out, FIELD_RECORD, bytes);
}

bool lens_log_store_trace(lens_log_store *store, const uint8_t id[LENS_TRACE_ID_SIZE],
                          lens_buffer *out) {
  bool is_found = false;
  pthread_mutex_lock(&store->lock);
  for (const log_record *record = store->oldest; record != NULL; record = record->newer) {
    if (record->has_trace && memcmp(record->trace_id, id, LENS_TRACE_ID_SIZE) == 0) {
      write_record(out, record);
      is_found = true;
    }
  }
  pthread_mutex_unlock(&store->lock);
  return is_found;
}

lens_log_stats lens_log_store_read_stats(lens_log_store *store) {
  pthread_mutex_lock(&store->lock);
  lens_log_stats stats = store->stats;
  stats.bytes = store->record_memory + store->labels.memory;
  pthread_mutex_unlock(&store->lock);
  return stats;
}

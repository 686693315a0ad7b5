/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps items for tests: each as one block of its message, its scope's and its resource's bytes. */
#include <otlp/exporters.h>

#include <pthread.h>
#include <stdlib.h>

typedef struct memory_exporter {
  otlp_exporter base;
  pthread_mutex_t lock;
  otlp_memory_item *items;
  size_t count;
  size_t capacity;
} memory_exporter;

static bool reserve_one(memory_exporter *memory) {
  if (memory->count < memory->capacity) {
    return true;
  }
  size_t capacity = memory->capacity > 0 ? 2 * memory->capacity : 64;
  otlp_memory_item *grown = realloc(memory->items, capacity * sizeof(*grown));
  if (grown == NULL) {
    return false;
  }
  memory->items = grown;
  memory->capacity = capacity;
  return true;
}

static otlp_bytes put(uint8_t **at, otlp_bytes bytes) {
  otlp_bytes copy = {*at, bytes.size};
  if (bytes.size > 0) {
    memcpy(*at, bytes.data, bytes.size);
  }
  *at += bytes.size;
  return copy;
}

static bool keep_item(memory_exporter *memory, otlp_bytes message, otlp_bytes scope,
                      otlp_bytes resource) {
  uint8_t *block = malloc(message.size + scope.size + resource.size + 1);
  if (block == NULL || !reserve_one(memory)) {
    free(block);
    return false;
  }
  otlp_memory_item *item = &memory->items[memory->count++];
  item->message = put(&block, message);
  item->scope = put(&block, scope);
  item->resource = put(&block, resource);
  return true;
}

static void keep_scope(memory_exporter *memory, const otlp_batch *batch,
                       const otlp_scope_items *scope, otlp_export_report *report) {
  for (size_t i = 0; i < scope->run_count; i++) {
    otlp_bytes run = scope->runs[i];
    otlp_bytes frame;
    otlp_bytes message;
    while (otlp_next_frame(&run, &frame, &message)) {
      if (keep_item(memory, message, scope->scope->header, batch->resource->header)) {
        report->exported++;
      } else {
        report->dropped[OTLP_DROP_NO_MEMORY]++;
      }
    }
  }
}

static otlp_result export_batch(otlp_exporter *self, const otlp_batch *batch, int64_t timeout_ms,
                                otlp_export_report *out_report) {
  (void)timeout_ms;
  memory_exporter *memory = (memory_exporter *)self;
  pthread_mutex_lock(&memory->lock);
  for (size_t i = 0; i < batch->scope_count; i++) {
    keep_scope(memory, batch, &batch->scopes[i], out_report);
  }
  pthread_mutex_unlock(&memory->lock);
  return out_report->exported == batch->item_count ? OTLP_OK : OTLP_FAILED;
}

static otlp_result shut_down(otlp_exporter *self, int64_t timeout_ms) {
  (void)self;
  (void)timeout_ms;
  return OTLP_OK;
}

static void forget(memory_exporter *memory) {
  for (size_t i = 0; i < memory->count; i++) {
    free((void *)memory->items[i].message.data); /* the block's start */
  }
  free(memory->items);
  memory->items = NULL;
  memory->count = 0;
  memory->capacity = 0;
}

static void destroy(otlp_exporter *self) {
  memory_exporter *memory = (memory_exporter *)self;
  forget(memory);
  pthread_mutex_destroy(&memory->lock);
  free(memory);
}

static const otlp_exporter_vtable vtable = {
    .name = "memory",
    .export_batch = export_batch,
    .shutdown = shut_down,
    .destroy = destroy,
};

otlp_exporter *otlp_memory_exporter_new(void) {
  memory_exporter *memory = calloc(1, sizeof(*memory));
  if (memory == NULL) {
    return NULL;
  }
  memory->base.vtable = &vtable;
  pthread_mutex_init(&memory->lock, NULL);
  return &memory->base;
}

size_t otlp_memory_exporter_count(otlp_exporter *self) {
  memory_exporter *memory = (memory_exporter *)self;
  pthread_mutex_lock(&memory->lock);
  size_t count = memory->count;
  pthread_mutex_unlock(&memory->lock);
  return count;
}

otlp_memory_item otlp_memory_exporter_get(otlp_exporter *self, size_t index) {
  memory_exporter *memory = (memory_exporter *)self;
  otlp_memory_item item = {{NULL, 0}, {NULL, 0}, {NULL, 0}};
  pthread_mutex_lock(&memory->lock);
  if (index < memory->count) {
    item = memory->items[index];
  }
  pthread_mutex_unlock(&memory->lock);
  return item;
}

void otlp_memory_exporter_reset(otlp_exporter *self) {
  memory_exporter *memory = (memory_exporter *)self;
  pthread_mutex_lock(&memory->lock);
  forget(memory);
  pthread_mutex_unlock(&memory->lock);
}

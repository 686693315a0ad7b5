/* SPDX-License-Identifier: Apache-2.0 */
#include "batch/frame_queue.h"

#include <assert.h>
#include <stdlib.h>

/* As many empty chunks are kept: what a full queue of ordinary items takes. */
enum { SPARE_MAX = 16 };

static otlp__frame_chunk *chunk_new(size_t capacity) {
  capacity -= capacity % sizeof(otlp__frame_entry);
  otlp__frame_chunk *chunk = malloc(sizeof(*chunk) + capacity);
  if (chunk != NULL) {
    *chunk = (otlp__frame_chunk){.capacity = capacity};
  }
  return chunk;
}

static size_t ordinary_capacity(void) {
  return OTLP__CHUNK_SIZE - sizeof(otlp__frame_chunk);
}

static size_t chunk_size(const otlp__frame_chunk *chunk) {
  return sizeof(*chunk) + chunk->capacity;
}

otlp__frame_entry *otlp__frame_chunk_entry(otlp__frame_chunk *chunk, size_t i) {
  return &chunk->bytes[chunk->capacity / sizeof(otlp__frame_entry) - 1 - i];
}

static bool has_room(const otlp__frame_chunk *chunk, size_t size) {
  return chunk->capacity - chunk->used >= size + (chunk->count + 1) * sizeof(otlp__frame_entry);
}

static void append(otlp__frame_chunk *chunk, otlp_bytes frame, const otlp_encoded_scope *scope) {
  memcpy((uint8_t *)chunk->bytes + chunk->used, frame.data, frame.size);
  *otlp__frame_chunk_entry(chunk, chunk->count) = (otlp__frame_entry){scope, frame.size};
  chunk->used += frame.size;
  chunk->count++;
}

otlp__frame_chunk *otlp__frame_chunk_of_one(otlp_bytes frame, const otlp_encoded_scope *scope) {
  otlp__frame_chunk *chunk = chunk_new(frame.size + 2 * sizeof(otlp__frame_entry));
  if (chunk != NULL) {
    append(chunk, frame, scope);
  }
  return chunk;
}

void otlp__frame_queue_init(otlp__frame_queue *self, size_t max_items, size_t max_bytes) {
  *self = (otlp__frame_queue){.max_items = max_items, .max_bytes = max_bytes};
}

static void free_chunks(otlp__frame_chunk *chunk) {
  while (chunk != NULL) {
    otlp__frame_chunk *next = chunk->next;
    free(chunk);
    chunk = next;
  }
}

void otlp__frame_queue_clean_up(otlp__frame_queue *self) {
  free_chunks(self->first);
  free_chunks(self->spare);
  *self = (otlp__frame_queue){0};
}

static bool refuse(otlp_drop_reason reason, otlp_drop_reason *out_reason) {
  *out_reason = reason;
  return false;
}

static void link_chunk(otlp__frame_queue *self, otlp__frame_chunk *chunk) {
  if (self->last != NULL) {
    self->last->next = chunk;
  } else {
    self->first = chunk;
  }
  self->last = chunk;
  self->bytes += chunk_size(chunk);
}

/* Makes the last chunk one with room, from the spare ones or from fresh memory. */
static bool add_chunk(otlp__frame_queue *self, otlp_drop_reason *out_reason) {
  if (OTLP__CHUNK_SIZE > self->max_bytes - self->bytes) {
    return refuse(OTLP_DROP_QUEUE_FULL, out_reason);
  }
  otlp__frame_chunk *chunk = self->spare;
  if (chunk != NULL) {
    self->spare = chunk->next;
    self->spare_count--;
    chunk->next = NULL;
  } else {
    chunk = chunk_new(ordinary_capacity());
  }
  if (chunk == NULL) {
    return refuse(OTLP_DROP_NO_MEMORY, out_reason);
  }
  link_chunk(self, chunk);
  return true;
}

bool otlp__frame_queue_push(otlp__frame_queue *self, otlp_bytes frame,
                            const otlp_encoded_scope *scope, otlp_drop_reason *out_reason) {
  assert(frame.size <= OTLP__LARGE_FRAME_SIZE);
  if (self->waiting >= self->max_items) {
    return refuse(OTLP_DROP_QUEUE_FULL, out_reason);
  }
  if ((self->last == NULL || !has_room(self->last, frame.size)) && !add_chunk(self, out_reason)) {
    return false;
  }
  append(self->last, frame, scope);
  self->waiting++;
  return true;
}

bool otlp__frame_queue_push_chunk(otlp__frame_queue *self, otlp__frame_chunk *chunk,
                                  otlp_drop_reason *out_reason) {
  if (chunk_size(chunk) > self->max_bytes) {
    return refuse(OTLP_DROP_TOO_LARGE, out_reason);
  }
  if (self->waiting >= self->max_items || chunk_size(chunk) > self->max_bytes - self->bytes) {
    return refuse(OTLP_DROP_QUEUE_FULL, out_reason);
  }
  link_chunk(self, chunk);
  self->waiting++;
  return true;
}

otlp__frame_chunk *otlp__frame_queue_take_chunks(otlp__frame_queue *self) {
  otlp__frame_chunk *taken = self->first;
  self->first = self->last = NULL;
  return taken;
}

void otlp__frame_queue_give_back(otlp__frame_queue *self, otlp__frame_chunk *chunk) {
  self->bytes -= chunk_size(chunk);
  bool ordinary = chunk_size(chunk) + sizeof(otlp__frame_entry) > OTLP__CHUNK_SIZE &&
                  chunk_size(chunk) <= OTLP__CHUNK_SIZE;
  if (!ordinary || self->spare_count >= SPARE_MAX) {
    free(chunk);
    return;
  }
  *chunk = (otlp__frame_chunk){.next = self->spare, .capacity = chunk->capacity};
  self->spare = chunk;
  self->spare_count++;
}

void otlp__frame_queue_trim(otlp__frame_queue *self) {
  if (self->spare != NULL) {
    free_chunks(self->spare->next);
    self->spare->next = NULL;
    self->spare_count = 1;
  }
}

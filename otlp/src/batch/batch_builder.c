/* SPDX-License-Identifier: Apache-2.0 */
#include "batch/batch_builder.h"

#include <stdlib.h>

enum { FIRST_KNOWN_CAPACITY = 8 };

bool otlp__batch_builder_init(otlp__batch_builder *self, size_t max_batch, otlp_signal signal) {
  *self = (otlp__batch_builder){.max_batch = max_batch, .signal = signal};
  self->pieces = calloc(max_batch, sizeof(*self->pieces));
  self->runs = calloc(max_batch, sizeof(*self->runs));
  return self->pieces != NULL && self->runs != NULL;
}

void otlp__batch_builder_clean_up(otlp__batch_builder *self) {
  while (self->first != NULL) {
    otlp__frame_chunk *next = self->first->next;
    free(self->first);
    self->first = next;
  }
  for (size_t i = 0; i < self->known_count; i++) {
    free(self->known[i].copy);
  }
  free(self->known);
  free(self->scopes);
  free(self->pieces);
  free(self->runs);
  free((uint8_t *)self->resource.header.data);
  *self = (otlp__batch_builder){0};
}

void otlp__batch_builder_set_resource(otlp__batch_builder *self,
                                      const otlp_encoded_resource *resource) {
  if (self->has_resource) {
    return;
  }
  size_t size = resource->header.size;
  uint8_t *copy = malloc(size + 1);
  if (copy == NULL) {
    return;
  }
  if (size > 0) {
    memcpy(copy, resource->header.data, size);
  }
  self->resource.header = (otlp_bytes){copy, size};
  self->has_resource = true;
}

void otlp__batch_builder_add(otlp__batch_builder *self, otlp__frame_chunk *chunks) {
  if (chunks == NULL) {
    return;
  }
  if (self->last != NULL) {
    self->last->next = chunks;
  } else {
    self->first = chunks;
  }
  if (self->current == NULL) {
    self->current = chunks;
    self->index = self->offset = 0;
  }
  while (chunks->next != NULL) {
    chunks = chunks->next;
  }
  self->last = chunks;
}

static otlp_encoded_scope *copy_scope(const otlp_encoded_scope *scope) {
  size_t size = scope->header.size;
  otlp_encoded_scope *copy = malloc(sizeof(*copy) + size + scope->name.length + 1);
  if (copy == NULL) {
    return NULL;
  }
  char *bytes = (char *)(copy + 1);
  if (size > 0) {
    memcpy(bytes, scope->header.data, size);
  }
  if (scope->name.length > 0) {
    memcpy(bytes + size, scope->name.data, scope->name.length);
  }
  copy->header = (otlp_bytes){(const uint8_t *)bytes, size};
  copy->name = (otlp_string){bytes + size, scope->name.length};
  return copy;
}

static bool make_room_for_scope(otlp__batch_builder *self) {
  if (self->known_count < self->known_capacity) {
    return true;
  }
  size_t capacity = self->known_capacity > 0 ? 2 * self->known_capacity : FIRST_KNOWN_CAPACITY;
  otlp__known_scope *known = realloc(self->known, capacity * sizeof(*known));
  self->known = known != NULL ? known : self->known;
  otlp_scope_items *scopes = realloc(self->scopes, capacity * sizeof(*scopes));
  self->scopes = scopes != NULL ? scopes : self->scopes;
  if (known == NULL || scopes == NULL) {
    return false;
  }
  self->known_capacity = capacity;
  return true;
}

/* The index of a scope, `known_count` when it is new and memory is short. Spans come in bursts of
 * one scope, so the search starts where the last one ended. */
static size_t find_scope(otlp__batch_builder *self, const otlp_encoded_scope *scope, size_t hint) {
  if (hint < self->known_count && self->known[hint].original == scope) {
    return hint;
  }
  for (size_t i = 0; i < self->known_count; i++) {
    if (self->known[i].original == scope) {
      return i;
    }
  }
  otlp_encoded_scope *copy = make_room_for_scope(self) ? copy_scope(scope) : NULL;
  if (copy == NULL) {
    return self->known_count;
  }
  self->known[self->known_count++] = (otlp__known_scope){.original = scope, .copy = copy};
  return self->known_count - 1;
}

static void add_frame(otlp__batch_builder *self, size_t scope, otlp_bytes frame) {
  otlp__known_scope *known = &self->known[scope];
  known->item_count++;
  known->byte_count += frame.size;
  otlp__piece *last = self->piece_count > 0 ? &self->pieces[self->piece_count - 1] : NULL;
  if (last != NULL && last->scope == scope && last->run.data + last->run.size == frame.data) {
    last->run.size += frame.size;
    return;
  }
  self->pieces[self->piece_count++] = (otlp__piece){scope, frame};
  known->run_count++;
}

/* Moves past the chunks whose items have all been taken. */
static void skip_finished_chunks(otlp__batch_builder *self) {
  while (self->current != NULL && self->index >= self->current->count) {
    self->current = self->current->next;
    self->index = self->offset = 0;
  }
}

static size_t collect(otlp__batch_builder *self, size_t *out_lost) {
  size_t taken = 0;
  size_t scope = 0;
  *out_lost = 0;
  for (skip_finished_chunks(self); self->current != NULL && taken + *out_lost < self->max_batch;
       skip_finished_chunks(self)) {
    otlp__frame_entry *entry = otlp__frame_chunk_entry(self->current, self->index);
    otlp_bytes frame = {(uint8_t *)self->current->bytes + self->offset, entry->size};
    self->index++;
    self->offset += entry->size;
    scope = find_scope(self, entry->scope, scope);
    if (scope < self->known_count && self->has_resource) {
      add_frame(self, scope, frame);
      taken++;
    } else {
      (*out_lost)++;
    }
  }
  return taken;
}

/* Sorts the pieces into one stretch of `runs` per scope. */
static size_t group_by_scope(otlp__batch_builder *self) {
  size_t first_run = 0;
  size_t count = 0;
  for (size_t i = 0; i < self->known_count; i++) {
    otlp__known_scope *known = &self->known[i];
    known->next_run = first_run;
    if (known->run_count > 0) {
      self->scopes[count++] = (otlp_scope_items){
          .scope = known->copy,
          .runs = self->runs + first_run,
          .run_count = known->run_count,
          .item_count = known->item_count,
          .byte_count = known->byte_count,
      };
    }
    first_run += known->run_count;
  }
  for (size_t i = 0; i < self->piece_count; i++) {
    self->runs[self->known[self->pieces[i].scope].next_run++] = self->pieces[i].run;
  }
  return count;
}

const otlp_batch *otlp__batch_builder_next(otlp__batch_builder *self, size_t *out_lost) {
  self->piece_count = 0;
  for (size_t i = 0; i < self->known_count; i++) {
    self->known[i].run_count = self->known[i].item_count = self->known[i].byte_count = 0;
  }
  self->batch = (otlp_batch){.resource = &self->resource, .signal = self->signal};
  self->batch.item_count = collect(self, out_lost);
  self->batch.scope_count = group_by_scope(self);
  self->batch.scopes = self->scopes;
  return &self->batch;
}

otlp__frame_chunk *otlp__batch_builder_pop_done(otlp__batch_builder *self) {
  skip_finished_chunks(self);
  otlp__frame_chunk *done = self->first;
  if (done == NULL || done == self->current) {
    return NULL;
  }
  self->first = done->next;
  if (self->first == NULL) {
    self->last = NULL;
  }
  return done;
}

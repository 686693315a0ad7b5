/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes batches of the chunks the worker has taken from the queue: groups items by scope, joins
 * neighbours into runs. No item is copied.
 *
 * Resource and scopes are copied, once each: an exporter that does not come back when it should may
 * still be reading them when the provider is gone.
 *
 * Threads: the worker's alone.
 */
#ifndef OTLP_BATCH_BATCH_BUILDER_H
#define OTLP_BATCH_BATCH_BUILDER_H

#include "batch/frame_queue.h"

/* Part of a batch: neighbouring frames of one scope. */
typedef struct otlp__piece {
  size_t scope; /* index into `known` */
  otlp_bytes run;
} otlp__piece;

/* A scope that was seen, and what the batch being built has of it. */
typedef struct otlp__known_scope {
  const otlp_encoded_scope *original; /* only its address counts */
  otlp_encoded_scope *copy;           /* with its bytes in the same block */
  size_t run_count;
  size_t item_count;
  size_t byte_count;
  size_t next_run; /* where its next run goes */
} otlp__known_scope;

typedef struct otlp__batch_builder {
  otlp_signal signal;
  size_t max_batch;
  otlp__frame_chunk *first; /* not yet given back, oldest first */
  otlp__frame_chunk *last;
  otlp__frame_chunk *current; /* in the list; NULL: all is in batches */
  size_t index;               /* of the next item in `current` */
  size_t offset;
  otlp_encoded_resource resource; /* a copy */
  bool has_resource;
  otlp__known_scope *known;
  size_t known_count;
  size_t known_capacity;
  otlp__piece *pieces; /* max_batch, as `runs` */
  size_t piece_count;
  otlp_bytes *runs;
  otlp_scope_items *scopes; /* known_capacity */
  otlp_batch batch;
} otlp__batch_builder;

/* False when memory is short; clean_up is due all the same. */
bool otlp__batch_builder_init(otlp__batch_builder *self, size_t max_batch, otlp_signal signal);
void otlp__batch_builder_clean_up(otlp__batch_builder *self);

/* Copies the resource, the first time. Until that has succeeded items are lost. */
void otlp__batch_builder_set_resource(otlp__batch_builder *self,
                                      const otlp_encoded_resource *resource);

/* Appends a list of chunks. */
void otlp__batch_builder_add(otlp__batch_builder *self, otlp__frame_chunk *chunks);

/*
 * The next batch, of at most `max_batch` items, valid until the next call. Empty when there are no
 * items. `out_lost` is how many more were gone over and dropped, for want of memory.
 */
const otlp_batch *otlp__batch_builder_next(otlp__batch_builder *self, size_t *out_lost);

/* Takes out the oldest chunk if all its items have been in batches; NULL otherwise. Call when the
 * last batch is no longer needed. */
otlp__frame_chunk *otlp__batch_builder_pop_done(otlp__batch_builder *self);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Encoded items waiting for export, in order, in chunks of memory.
 *
 * A chunk is filled from both ends: frames from the front, one after the other and so ready to be
 * sent as one run; from the back an entry per item. Producers fill the last chunk. The worker takes
 * all chunks at once, so that no chunk is ever used by both, and gives them back when their items
 * have been dealt with, to be filled again: in steady state nothing is allocated.
 *
 * Both the number of waiting items and the bytes of all chunks in use have a limit.
 *
 * Threads: not locked; the owner's lock is held around every call, save where it says otherwise.
 */
#ifndef OTLP_BATCH_FRAME_QUEUE_H
#define OTLP_BATCH_FRAME_QUEUE_H

#include <otlp/exporter.h>

enum {
  OTLP__CHUNK_SIZE = 64 * 1024,
  /* A frame larger than this gets a chunk of its own, filled outside the lock. */
  OTLP__LARGE_FRAME_SIZE = 8 * 1024,
};

typedef struct otlp__frame_entry {
  const otlp_encoded_scope *scope;
  size_t size; /* of the frame */
} otlp__frame_entry;

typedef struct otlp__frame_chunk {
  struct otlp__frame_chunk *next;
  size_t capacity; /* of `bytes`, a multiple of an entry's size */
  size_t used;     /* by frames */
  size_t count;    /* of items */
  otlp__frame_entry bytes[];
} otlp__frame_chunk;

/* The chunk's i-th entry. */
otlp__frame_entry *otlp__frame_chunk_entry(otlp__frame_chunk *chunk, size_t i);

/* A chunk with one item in it; NULL when memory is short. Needs no lock. */
otlp__frame_chunk *otlp__frame_chunk_of_one(otlp_bytes frame, const otlp_encoded_scope *scope);

typedef struct otlp__frame_queue {
  size_t max_items;
  size_t max_bytes;
  size_t waiting; /* items; the worker takes off what goes into a batch */
  size_t bytes;   /* of all chunks that hold items, the worker's too */
  otlp__frame_chunk *first;
  otlp__frame_chunk *last;
  otlp__frame_chunk *spare; /* empty chunks, last used first */
  size_t spare_count;
} otlp__frame_queue;

void otlp__frame_queue_init(otlp__frame_queue *self, size_t max_items, size_t max_bytes);
void otlp__frame_queue_clean_up(otlp__frame_queue *self);

/* Copies a frame of at most OTLP__LARGE_FRAME_SIZE in. False, and why, when it cannot. */
bool otlp__frame_queue_push(otlp__frame_queue *self, otlp_bytes frame,
                            const otlp_encoded_scope *scope, otlp_drop_reason *out_reason);

/* Takes a chunk of one item over. False, and why, when it cannot: it stays the caller's. */
bool otlp__frame_queue_push_chunk(otlp__frame_queue *self, otlp__frame_chunk *chunk,
                                  otlp_drop_reason *out_reason);

/* Hands all chunks over, oldest first; NULL when there are none. */
otlp__frame_chunk *otlp__frame_queue_take_chunks(otlp__frame_queue *self);

/* Gives a chunk back, once the worker is through with it. */
void otlp__frame_queue_give_back(otlp__frame_queue *self, otlp__frame_chunk *chunk);

/* Frees empty chunks, all but one. For quiet times. */
void otlp__frame_queue_trim(otlp__frame_queue *self);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Encoded spans waiting for export, in order, in chunks of memory.
 *
 * A chunk is filled from both ends: frames from the front, one after the other and so ready to be
 * sent as one run; from the back an entry per span. Producers fill the last chunk. The worker takes
 * all chunks at once, so that no chunk is ever used by both, and gives them back when their spans
 * have been dealt with, to be filled again: in steady state nothing is allocated.
 *
 * Both the number of waiting spans and the bytes of all chunks in use have a limit.
 *
 * Threads: not locked; the owner's lock is held around every call, save where it says otherwise.
 */
#ifndef OTLP_BATCH_SPAN_QUEUE_H
#define OTLP_BATCH_SPAN_QUEUE_H

#include <otlp/exporter.h>

enum {
  OTLP__CHUNK_SIZE = 64 * 1024,
  /* A frame larger than this gets a chunk of its own, filled outside the lock. */
  OTLP__LARGE_FRAME_SIZE = 8 * 1024,
};

typedef struct otlp__span_entry {
  const otlp_encoded_scope *scope;
  size_t size; /* of the frame */
} otlp__span_entry;

typedef struct otlp__span_chunk {
  struct otlp__span_chunk *next;
  size_t capacity; /* of `bytes`, a multiple of an entry's size */
  size_t used;     /* by frames */
  size_t count;    /* of spans */
  otlp__span_entry bytes[];
} otlp__span_chunk;

/* The chunk's i-th entry. */
otlp__span_entry *otlp__span_chunk_entry(otlp__span_chunk *chunk, size_t i);

/* A chunk with one span in it; NULL when memory is short. Needs no lock. */
otlp__span_chunk *otlp__span_chunk_of_one(otlp_bytes frame, const otlp_encoded_scope *scope);

typedef struct otlp__span_queue {
  size_t max_spans;
  size_t max_bytes;
  size_t waiting; /* spans; the worker takes off what goes into a batch */
  size_t bytes;   /* of all chunks that hold spans, the worker's too */
  otlp__span_chunk *first;
  otlp__span_chunk *last;
  otlp__span_chunk *spare; /* empty chunks, last used first */
  size_t spare_count;
} otlp__span_queue;

void otlp__span_queue_init(otlp__span_queue *self, size_t max_spans, size_t max_bytes);
void otlp__span_queue_clean_up(otlp__span_queue *self);

/* Copies a frame of at most OTLP__LARGE_FRAME_SIZE in. False, and why, when it cannot. */
bool otlp__span_queue_push(otlp__span_queue *self, otlp_bytes frame,
                           const otlp_encoded_scope *scope, otlp_drop_reason *out_reason);

/* Takes a chunk of one span over. False, and why, when it cannot: it stays the caller's. */
bool otlp__span_queue_push_chunk(otlp__span_queue *self, otlp__span_chunk *chunk,
                                 otlp_drop_reason *out_reason);

/* Hands all chunks over, oldest first; NULL when there are none. */
otlp__span_chunk *otlp__span_queue_take_chunks(otlp__span_queue *self);

/* Gives a chunk back, once the worker is through with it. */
void otlp__span_queue_give_back(otlp__span_queue *self, otlp__span_chunk *chunk);

/* Frees empty chunks, all but one. For quiet times. */
void otlp__span_queue_trim(otlp__span_queue *self);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One trace: the bytes of its spans in the order they came, and what the list of traces shows of
 * it. It is all on a tape, and gone when the segment it begins in is dropped.
 */
#ifndef LENS_TRACE_H
#define LENS_TRACE_H

#include "id_set.h"
#include "labels.h"

typedef struct lens_trace lens_trace;

typedef struct lens_span {
  struct lens_span *next;
  const lens_label *scope;
  size_t size;
  uint8_t bytes[]; /* a Span, with a status */
} lens_span;

struct lens_trace {
  lens_node node;              /* in the store's table of traces */
  const lens_segment *segment; /* of the tape, that it begins in */
  lens_trace *older;
  lens_trace *newer;
  uint8_t id[LENS_TRACE_ID_SIZE];
  lens_id_set keys; /* of its spans, to know what is sent again */
  lens_span *first;
  lens_span *last;
  /* The span that stands for the trace: the earliest without a parent, else the earliest. */
  const lens_span *root;
  uint64_t root_start_unix_nanos;
  bool has_root; /* `root` has no parent */
  uint64_t start_unix_nanos;
  uint64_t end_unix_nanos;
  size_t span_count;
  size_t error_count;
  size_t memory; /* bytes of the tape, its own included */
};

lens_trace *lens_trace_new(lens_tape *tape, const uint8_t id[LENS_TRACE_ID_SIZE]);

/* Bytes of memory that a span of this view takes. */
size_t lens_span_memory(lens_bytes bytes, const lens_span_view *view);

/* A span to be added. */
typedef struct lens_new_span {
  lens_bytes bytes; /* copied */
  const lens_span_view *view;
  const lens_label *scope; /* must outlive the trace */
  uint64_t key;            /* tells it from others of the trace */
} lens_new_span;

/* Adds a span, on the trace's tape. False when it is there already. */
bool lens_trace_add(lens_trace *trace, lens_tape *tape, const lens_new_span *span);

/* True when any of its spans is of this service. */
bool lens_trace_has_service(const lens_trace *trace, lens_bytes service);

/* Writes it as a TracesData: a ResourceSpans for each resource and in it a ScopeSpans for each
 * scope, in the order they were first seen, each with its spans in the order they came. */
void lens_trace_encode(const lens_trace *trace, lens_buffer *out);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The traces lens has, in memory that never grows beyond its bound: when it is full the oldest
 * traces, by the arrival of their first span, make room.
 *
 * Ownership: bytes passed in are copied. Threads: any; a lock inside is held for as long as one
 * request takes to copy, or one trace.
 */
#ifndef LENS_STORE_H
#define LENS_STORE_H

#include "log_store.h"
#include "otlp_walk.h"

typedef struct lens_store lens_store;

/* A store of at most `max_bytes`, which count what the store allocates. */
lens_store *lens_store_new(size_t max_bytes);
void lens_store_destroy(lens_store *store); /* NULL does nothing */

/* The log records it has, besides the traces: in a quarter as much memory more. Lives as long as
 * the store. */
lens_log_store *lens_store_logs(lens_store *store);

/* What became of the spans of one request. */
typedef struct lens_ingest_result {
  bool is_malformed; /* not an ExportTraceServiceRequest: nothing of it was kept */
  size_t kept;
  size_t duplicates;  /* there already, as when an exporter sends again what had arrived */
  size_t invalid_ids; /* rejected: a trace or span id is missing, zero or of a wrong size */
  size_t too_large;   /* rejected: a single trace may take an eighth of the store */
} lens_ingest_result;

/* Keeps the spans of an ExportTraceServiceRequest. */
lens_ingest_result lens_store_ingest(lens_store *store, lens_bytes request);

/* Writes a trace as TracesData. False when it is not here. */
bool lens_store_trace(lens_store *store, const uint8_t id[LENS_TRACE_ID_SIZE], lens_buffer *out);

/* One line of the list of traces. */
typedef struct lens_trace_summary {
  lens_bytes id;
  lens_bytes root_service;
  lens_bytes root_name;
  bool has_root; /* false: the root span has not come; the earliest one stands for it */
  uint64_t start_unix_nanos;
  uint64_t duration_nanos;
  size_t span_count;
  size_t error_count;
} lens_trace_summary;

/* Calls `visit` for the `limit` latest traces, latest first; with a `service` that is not empty,
 * only for those with a span of it. The summary is valid during the call, which must not use the
 * store. */
void lens_store_list(lens_store *store, size_t limit, lens_bytes service,
                     void (*visit)(void *self, const lens_trace_summary *summary), void *self);

/* Since the start, but for the first four. */
typedef struct lens_store_stats {
  size_t traces;
  size_t spans;
  size_t bytes;
  size_t max_bytes;
  uint64_t requests;
  uint64_t requests_malformed;
  uint64_t spans_kept;
  uint64_t spans_duplicate;
  uint64_t spans_rejected;
  uint64_t spans_evicted;
  uint64_t traces_evicted;
} lens_store_stats;

lens_store_stats lens_store_read_stats(lens_store *store);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The latest log records, in memory that never grows beyond its bound: the oldest make room.
 *
 * Ownership: bytes passed in are copied. Threads: any; a lock inside is held for as long as one
 * request takes to copy, or one look through the records.
 */
#ifndef LENS_LOG_STORE_H
#define LENS_LOG_STORE_H

#include "otlp_walk.h"

typedef struct lens_log_store lens_log_store;

/* A store of at most `max_bytes`, which count what the store allocates. */
lens_log_store *lens_log_store_new(size_t max_bytes);
void lens_log_store_destroy(lens_log_store *store); /* NULL does nothing */

/* What became of the records of one request. */
typedef struct lens_log_result {
  bool is_malformed; /* not an ExportLogsServiceRequest: nothing of it was kept */
  size_t kept;
  size_t too_large; /* rejected: a single record may take an eighth of the store */
} lens_log_result;

/* Keeps the records of an ExportLogsServiceRequest. */
lens_log_result lens_log_store_ingest(lens_log_store *store, lens_bytes request);

/* Writes the records of a trace as LogsData, in the order they came in. False when there are none.
 */
bool lens_log_store_trace(lens_log_store *store, const uint8_t id[LENS_TRACE_ID_SIZE],
                          lens_buffer *out);

/* Since the start, but for the first two. */
typedef struct lens_log_stats {
  size_t records;
  size_t bytes;
  uint64_t requests;
  uint64_t requests_malformed;
  uint64_t kept;
  uint64_t rejected;
  uint64_t evicted;
} lens_log_stats;

lens_log_stats lens_log_store_read_stats(lens_log_store *store);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cuts a batch into export requests (ExportTraceServiceRequest, ExportLogsServiceRequest) no larger
 * than a limit, and writes them. The items are encoded already; only the lengths around them are
 * computed.
 */
#ifndef OTLP_EXPORT_REQUEST_H
#define OTLP_EXPORT_REQUEST_H

#include <otlp/exporter.h>

/* A place between two items of a batch. All zero is its start. */
typedef struct otlp__batch_position {
  size_t scope;
  size_t run;
  size_t offset; /* bytes into the run */
} otlp__batch_position;

/* One request: the items from `begin` up to `end`. */
typedef struct otlp__request {
  otlp__batch_position begin;
  otlp__batch_position end;
  size_t size; /* of the message, in bytes */
  size_t item_count;
} otlp__request;

/*
 * The next request, of at most `limit` bytes and as many items as fit, starting at `position`,
 * which moves on to its end. Spans that even alone do not fit are skipped and counted in
 * `too_large`. False when the batch is done.
 */
bool otlp__request_next(const otlp_batch *batch, size_t limit, otlp__batch_position *position,
                        otlp__request *out_request, size_t *too_large);

/* Writes the message: exactly `request->size` bytes. */
void otlp__request_write(const otlp_batch *batch, const otlp__request *request, uint8_t *out);

#endif

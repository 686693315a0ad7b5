/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What became of the spans, or of the log records: counters, and the reasons why some were dropped.
 *
 * Every recorded span, and every emitted record, ends in exactly one of `exported`, `dropped[...]`
 * and `queue_size` (or is being exported right now), so the sums tell whether anything was lost,
 * and why.
 *
 * Ownership: plain values. Threads: a snapshot may be taken from any thread at any time; its
 * numbers are read one by one, not in one instant.
 */
#ifndef OTLP_STATS_H
#define OTLP_STATS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Why an item was lost. The first two names are the ones `error.type` takes in the semantic
 * conventions for SDK metrics (docs/otel/sdk-metrics.md). */
typedef enum otlp_drop_reason {
  OTLP_DROP_QUEUE_FULL,       /* the batch processor's queue was full */
  OTLP_DROP_ALREADY_SHUTDOWN, /* it came after the shutdown */
  OTLP_DROP_NO_MEMORY,        /* an allocation failed */
  OTLP_DROP_TOO_LARGE,        /* alone larger than the queue or the largest request */
  OTLP_DROP_EXPORT_REJECTED,  /* the receiver refused it, for good or in a partial success */
  OTLP_DROP_EXPORT_FAILED,    /* every attempt to send it failed */
  OTLP_DROP_EXPORT_TIMED_OUT, /* the export's time was up, or the shutdown's */
  OTLP_DROP_REASON_COUNT,
} otlp_drop_reason;

/** The reason as `error.type` has it: "queue_full", "already_shutdown", ...; never NULL. */
const char *otlp_drop_reason_name(otlp_drop_reason reason);

/** A snapshot of a provider. Counts are of spans, or of log records, unless they say otherwise, and
 * run from when the provider was made. */
typedef struct otlp_stats {
  uint64_t started;      /* spans begun, recording or not; records emitted */
  uint64_t not_recorded; /* of these: the sampler said DROP */
  uint64_t ended;        /* recording spans that ended; records emitted */
  uint64_t exported;     /* accepted by the exporters; with two exporters each counts twice */
  uint64_t dropped[OTLP_DROP_REASON_COUNT];
  uint64_t queue_size;     /* waiting now */
  uint64_t queue_capacity; /* sum over the processors that queue */
  uint64_t export_calls;   /* batches handed to exporters */
  uint64_t export_errors;  /* of these: the ones that did not come back OTLP_OK */
} otlp_stats;

/** The sum of `dropped`. */
static inline uint64_t otlp_stats_dropped(const otlp_stats *stats) {
  uint64_t sum = 0;
  for (int reason = 0; reason < OTLP_DROP_REASON_COUNT; reason++) {
    sum += stats->dropped[reason];
  }
  return sum;
}

#ifdef __cplusplus
}
#endif

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The batch processor: queues ended spans, or log records, and exports them from a thread of its
 * own (specification, trace/sdk.md and logs/sdk.md, "Batching processor").
 *
 * Ending a span, emitting a record, copies its bytes into the queue's memory under a lock that is
 * held for as long as that takes; it never waits for the exporter and does no I/O. A batch leaves
 * when enough items for one are waiting, or half of the queue's memory is in use, or the schedule
 * delay is over. What does not fit into the queue is dropped and counted. Dropping is logged when
 * it begins and, with the number lost, when it is over, from the worker thread.
 *
 * Shutdown and flush return within their timeout (and a fifth of a second, when an exporter does
 * not do what exporter.h asks of it), whatever the exporter does. A shutdown exports what is
 * queued; it gives up on the rest when time is up, or a batch could not be delivered.
 *
 * Threads: the worker blocks all signals; its stack has 256 KiB. Fork: the child has no worker.
 * There the processor takes no items (they count as dropped, already_shutdown), flush and shutdown
 * return OTLP_FAILED at once, and destroy frees nothing, since no lock can be trusted. A child that
 * traces makes its own provider (otlp_exporter.h on gRPC and fork).
 */
#ifndef OTLP_BATCH_PROCESSOR_H
#define OTLP_BATCH_PROCESSOR_H

#include <otlp/processor.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

/** Start from OTLP_BATCH_PROCESSOR_OPTIONS_INIT, for log records from
 * OTLP_BATCH_LOG_PROCESSOR_OPTIONS_INIT. A size or delay that makes no sense is corrected,
 * with a warning. */
typedef struct otlp_batch_processor_options {
  /** Items that may wait; default 2048. */
  uint32_t max_queue_size;
  /** Items in a batch, at most `max_queue_size`; default 512. */
  uint32_t max_export_batch_size;
  /** Between two exports when there are few items, in ms; default 5000, for log records
   * 1000. 0: export at once. */
  int64_t schedule_delay_ms;
  /** For the export of one batch, in ms; default 30000. OTLP_NO_TIMEOUT: no limit. */
  int64_t export_timeout_ms;
  /** Memory of queued items and of those being exported; default 16 MiB, at least 256 KiB. */
  size_t max_queue_bytes;
  /** What its provider gives it. */
  otlp_signal signal;
} otlp_batch_processor_options;

#define OTLP_BATCH_PROCESSOR_OPTIONS_INIT \
  { 2048, 512, 5000, 30000, (size_t)16 * 1024 * 1024, OTLP_SIGNAL_TRACES }

#define OTLP_BATCH_LOG_PROCESSOR_OPTIONS_INIT \
  { 2048, 512, 1000, 30000, (size_t)16 * 1024 * 1024, OTLP_SIGNAL_LOGS }

/** What OTEL_BSP_MAX_QUEUE_SIZE, _MAX_EXPORT_BATCH_SIZE, _SCHEDULE_DELAY and _EXPORT_TIMEOUT say
 * (for log records OTEL_BLRP_...), and the defaults. */
otlp_batch_processor_options otlp_batch_processor_options_from_environment(otlp_signal signal);

/**
 * Starts the worker thread.
 *
 * @param exporter taken over, also on failure. NULL (it could not be made) gives NULL.
 * @param options NULL means all defaults, for spans. Copied.
 * @return NULL when memory or threads are short.
 */
otlp_processor *otlp_batch_processor_new(otlp_exporter *exporter,
                                         const otlp_batch_processor_options *options);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the two sides of the batch processor share: batch_processor.c, which is called by the
 * program's threads, and batch_worker.c, which runs on the worker's.
 *
 * They meet at one lock. What they hand over are counts and chunks: `accepted` items were queued,
 * of these the first `settled` have been dealt with (exported or dropped). The queue is in order,
 * so a flush waits until `settled` reaches what `accepted` was when it came.
 *
 * Wake-ups: the worker looks at everything it waits for while it holds the lock, and goes to sleep
 * with `worker_waits` set. Whoever makes it runnable clears the flag, under the lock too, and
 * signals. So no signal is lost, and a burst of items signals once.
 *
 * Shutdown:
 *   1. Phase DRAINING: no more items; the worker exports what there is, until the shutdown's
 *      deadline at most, and leaves.
 *   2. When it has left, or at the deadline: phase STOPPING, and the exporter is shut down, which
 *      ends an export under way.
 *   3. The worker gets a moment to come back from it. If it does not, it is abandoned: its items
 *      count as dropped now, and the last of the two references, the worker's, frees everything
 *      should it ever return.
 */
#ifndef OTLP_BATCH_BATCH_PROCESSOR_INTERNAL_H
#define OTLP_BATCH_BATCH_PROCESSOR_INTERNAL_H

#include "batch/batch_builder.h"
#include "batch/frame_queue.h"
#include "export/episode.h"

#include <otlp/batch_processor.h>
#include <pthread.h>
#include <stdatomic.h>

typedef enum otlp__batch_phase {
  OTLP__RUNNING,
  OTLP__DRAINING,
  OTLP__STOPPING,
} otlp__batch_phase;

typedef struct otlp__batch_processor {
  otlp_processor base;
  otlp_batch_processor_options options;
  otlp_exporter *exporter;
  unsigned process_generation; /* of the process that has the worker */
  atomic_int references;       /* the owner's and the worker's */
  pthread_t thread;

  /* Counters, by anyone. */
  atomic_uint_fast64_t exported;
  atomic_uint_fast64_t dropped[OTLP_DROP_REASON_COUNT];
  atomic_uint_fast64_t refused[OTLP_DROP_REASON_COUNT]; /* of these: never queued */
  atomic_uint_fast64_t export_calls;
  atomic_uint_fast64_t export_errors;

  pthread_mutex_t lock;    /* guards this group */
  pthread_cond_t work;     /* the worker waits for it */
  pthread_cond_t progress; /* flush and shutdown wait for it */
  otlp__batch_phase phase;
  int64_t drain_deadline;
  otlp__frame_queue queue;
  const otlp_encoded_resource *resource; /* of the items queued */
  uint64_t accepted;
  uint64_t settled;
  uint64_t flush_up_to;
  uint64_t failed_batches;
  bool worker_waits;
  bool worker_done;
  bool abandoned;

  /* The worker's own. */
  otlp__batch_builder builder;
  otlp__episode overload;
  uint64_t refusals_seen[OTLP_DROP_REASON_COUNT];
} otlp__batch_processor;

/* The worker thread's function; `processor` comes with one reference. */
void *otlp__batch_worker_main(void *processor);

/* What is batched, for the log: "spans". */
const char *otlp__batch_items(const otlp__batch_processor *self);

/* Lock held. True when a batch's worth of items or of memory is waiting. */
bool otlp__batch_is_full(const otlp__batch_processor *self);

void otlp__batch_count_dropped(otlp__batch_processor *self, otlp_drop_reason reason,
                               uint64_t items);

/* Gives a reference back; the last one frees everything. */
void otlp__batch_processor_release(otlp__batch_processor *self);

#endif

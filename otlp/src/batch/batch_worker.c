/* SPDX-License-Identifier: Apache-2.0 */
#include "batch/batch_processor.h"
#include "export/deadline.h"

#include <otlp/log.h>

/* How often the worker looks after things when no schedule has it do so. */
enum { HOUSEKEEPING_MS = 5000 };

/* What the worker finds to do. */
typedef enum task {
  TASK_EXPORT,
  TASK_HOUSEKEEPING,
  TASK_LEAVE,
} task;

/* Lock held. True when a batch is to leave without waiting for the schedule. */
static bool is_export_due(const otlp__batch_processor *self) {
  return self->phase != OTLP__RUNNING || self->flush_up_to > self->settled ||
         otlp__batch_is_full(self);
}

/* Lock held, given up while waiting. `scheduled` is when export or housekeeping is due at last. */
static task wait_for_task(otlp__batch_processor *self, int64_t scheduled) {
  struct timespec time = otlp__timespec_of(scheduled);
  for (;;) {
    int64_t now = otlp__monotonic_now();
    bool has_items = self->queue.waiting > 0;
    bool drained = !has_items || now >= self->drain_deadline;
    if (self->phase == OTLP__STOPPING || (self->phase == OTLP__DRAINING && drained)) {
      return TASK_LEAVE;
    }
    if (has_items && (now >= scheduled || is_export_due(self))) {
      return TASK_EXPORT;
    }
    if (now >= scheduled) {
      return TASK_HOUSEKEEPING;
    }
    self->worker_waits = true;
    pthread_cond_timedwait(&self->work, &self->lock, &time);
    self->worker_waits = false;
  }
}

/* Lock held. The time the next export may take: its own, cut short by a shutdown. */
static int64_t export_time_ms(const otlp__batch_processor *self) {
  int64_t now = otlp__monotonic_now();
  int64_t deadline = otlp__deadline_after_ms(now, self->options.export_timeout_ms);
  if (self->phase != OTLP__RUNNING) {
    deadline = otlp__earlier(deadline, self->drain_deadline);
  }
  return deadline == OTLP__NEVER ? OTLP_NO_TIMEOUT : otlp__ms_until(now, deadline);
}

/* Makes the report add up, whatever the exporter wrote into it. */
static void complete_report(otlp_export_report *report, size_t item_count) {
  size_t told = report->exported;
  for (int reason = 0; reason < OTLP_DROP_REASON_COUNT; reason++) {
    told += report->dropped[reason];
  }
  if (told > item_count) {
    *report = (otlp_export_report){.exported = item_count};
  } else {
    report->dropped[OTLP_DROP_EXPORT_FAILED] += item_count - told;
  }
}

/* Builds and exports one batch; without the lock. */
static otlp_result export_batch(otlp__batch_processor *self, int64_t timeout_ms,
                                otlp_export_report *out_report) {
  size_t lost;
  const otlp_batch *batch = otlp__batch_builder_next(&self->builder, &lost);
  otlp_result result = lost > 0 ? OTLP_FAILED : OTLP_OK;
  *out_report = (otlp_export_report){0};
  if (batch->item_count > 0) {
    otlp_result exported =
        self->exporter->vtable->export_batch(self->exporter, batch, timeout_ms, out_report);
    result = otlp_result_worse(result, exported);
    complete_report(out_report, batch->item_count);
  }
  out_report->dropped[OTLP_DROP_NO_MEMORY] += lost;
  return result;
}

static void give_chunks_back(otlp__batch_processor *self) {
  otlp__frame_chunk *chunk = otlp__batch_builder_pop_done(&self->builder);
  while (chunk != NULL) {
    otlp__frame_queue_give_back(&self->queue, chunk);
    chunk = otlp__batch_builder_pop_done(&self->builder);
  }
}

/* Lock held. Books what became of a batch. */
static void settle(otlp__batch_processor *self, size_t item_count, otlp_result result,
                   const otlp_export_report *report) {
  if (self->abandoned) {
    return; /* these items have been booked as lost */
  }
  self->settled += item_count;
  atomic_fetch_add_explicit(&self->exported, report->exported, memory_order_relaxed);
  for (int reason = 0; reason < OTLP_DROP_REASON_COUNT; reason++) {
    otlp__batch_count_dropped(self, (otlp_drop_reason)reason, report->dropped[reason]);
  }
  atomic_fetch_add_explicit(&self->export_calls, 1, memory_order_relaxed);
  if (result != OTLP_OK) {
    self->failed_batches++;
    atomic_fetch_add_explicit(&self->export_errors, 1, memory_order_relaxed);
  }
  bool undelivered = report->dropped[OTLP_DROP_EXPORT_FAILED] > 0 ||
                     report->dropped[OTLP_DROP_EXPORT_TIMED_OUT] > 0;
  if (self->phase == OTLP__DRAINING && undelivered) {
    self->drain_deadline = 0; /* nor would the next one be */
  }
  pthread_cond_broadcast(&self->progress);
}

/* Lock held, given up while exporting. */
static void export_next(otlp__batch_processor *self) {
  size_t max_batch = self->options.max_export_batch_size;
  size_t item_count = self->queue.waiting < max_batch ? self->queue.waiting : max_batch;
  int64_t timeout_ms = export_time_ms(self);
  otlp__batch_builder_add(&self->builder, otlp__frame_queue_take_chunks(&self->queue));
  otlp__batch_builder_set_resource(&self->builder, self->resource);
  self->queue.waiting -= item_count;
  pthread_mutex_unlock(&self->lock);
  otlp_export_report report;
  otlp_result result = export_batch(self, timeout_ms, &report);
  pthread_mutex_lock(&self->lock);
  give_chunks_back(self);
  settle(self, item_count, result, &report);
}

/* Logs that items find no room, or do again; without the lock. */
static void watch_overload(otlp__batch_processor *self) {
  uint64_t refusals = 0;
  otlp_drop_reason why = OTLP_DROP_QUEUE_FULL;
  for (int reason = 0; reason < OTLP_DROP_REASON_COUNT; reason++) {
    uint64_t now = atomic_load_explicit(&self->refused[reason], memory_order_relaxed);
    uint64_t fresh = now - self->refusals_seen[reason];
    self->refusals_seen[reason] = now;
    if (reason != OTLP_DROP_ALREADY_SHUTDOWN && fresh > 0) {
      refusals += fresh;
      why = (otlp_drop_reason)reason;
    }
  }
  int64_t now = otlp__monotonic_now();
  uint64_t lost;
  if (refusals > 0 && otlp__episode_trouble(&self->overload, now, refusals)) {
    otlp_log(OTLP_LOG_WARN, "%s are being dropped before export: %s", otlp__batch_items(self),
             otlp_drop_reason_name(why));
  }
  if (refusals == 0 && otlp__episode_calm(&self->overload, now, &lost)) {
    otlp_log(OTLP_LOG_WARN, "no more %s are dropped before export; %llu were",
             otlp__batch_items(self), (unsigned long long)lost);
  }
}

/* Lock held. What no export will come for any more. */
static void drop_rest(otlp__batch_processor *self) {
  if (!self->abandoned) {
    otlp__batch_count_dropped(self, OTLP_DROP_EXPORT_TIMED_OUT, self->accepted - self->settled);
    self->settled = self->accepted;
  }
  self->queue.waiting = 0;
}

/* Without a delay items leave as they come (otlp__batch_is_full), not by the schedule. */
static int64_t next_schedule(const otlp__batch_processor *self) {
  int64_t delay_ms = self->options.schedule_delay_ms;
  return otlp__deadline_after_ms(otlp__monotonic_now(), delay_ms > 0 ? delay_ms : HOUSEKEEPING_MS);
}

void *otlp__batch_worker_main(void *processor) {
  otlp__batch_processor *self = processor;
  pthread_mutex_lock(&self->lock);
  for (;;) {
    task next = wait_for_task(self, next_schedule(self));
    if (next == TASK_LEAVE) {
      break;
    }
    if (next == TASK_EXPORT) {
      export_next(self);
    } else {
      otlp__frame_queue_trim(&self->queue);
    }
    pthread_mutex_unlock(&self->lock);
    watch_overload(self);
    pthread_mutex_lock(&self->lock);
  }
  drop_rest(self);
  self->worker_done = true;
  pthread_cond_broadcast(&self->progress);
  pthread_mutex_unlock(&self->lock);
  otlp__batch_processor_release(self);
  return NULL;
}

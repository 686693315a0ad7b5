/* SPDX-License-Identifier: Apache-2.0 */
#include "batch/batch_processor.h"

#include "env.h"
#include "export/deadline.h"
#include "export/gate.h"
#include "signal_facts.h"
#include "thread.h"

#include <assert.h>
#include <otlp/log.h>
#include <signal.h>
#include <stdlib.h>

enum {
  STACK_SIZE = 256 * 1024,
  MIN_QUEUE_BYTES = 4 * OTLP__CHUNK_SIZE,
  SMALLEST_ITEM = 16, /* its entry in the queue alone */
};

/* How long a worker may take to come back from an exporter that was told to give up. */
static const int64_t ABANDON_AFTER_NS = 200 * OTLP__NS_PER_MS;

/* Dropping is over when nothing was dropped for this long. */
static const int64_t SETTLE_NS = 5 * OTLP__NS_PER_S;

void otlp__batch_count_dropped(otlp__batch_processor *self, otlp_drop_reason reason,
                               uint64_t items) {
  atomic_fetch_add_explicit(&self->dropped[reason], items, memory_order_relaxed);
}

const char *otlp__batch_items(const otlp__batch_processor *self) {
  return otlp__signal_facts_of(self->options.signal)->items;
}

bool otlp__batch_is_full(const otlp__batch_processor *self) {
  return self->queue.waiting >= self->options.max_export_batch_size ||
         self->queue.bytes >= self->options.max_queue_bytes / 2 ||
         (self->queue.waiting > 0 && self->options.schedule_delay_ms == 0);
}

/* True in a child made by fork, where the worker does not exist and locks are in any state. */
static bool is_in_forked_child(const otlp__batch_processor *self) {
  return self->process_generation != otlp__process_generation();
}

/* Lock held. True when the caller is to signal `work`. */
static bool must_wake_worker(otlp__batch_processor *self) {
  bool wake = self->worker_waits;
  self->worker_waits = false;
  return wake;
}

/* Queues an item; false, and why, when it cannot. `large` is the item's own chunk, or NULL. */
static bool enqueue(otlp__batch_processor *self, const otlp_item *item, otlp__frame_chunk *large,
                    otlp_drop_reason *out_reason) {
  bool queued = false;
  bool wake = false;
  *out_reason = OTLP_DROP_ALREADY_SHUTDOWN;
  pthread_mutex_lock(&self->lock);
  if (self->phase == OTLP__RUNNING) {
    queued = large != NULL
                 ? otlp__frame_queue_push_chunk(&self->queue, large, out_reason)
                 : otlp__frame_queue_push(&self->queue, item->frame, item->scope, out_reason);
  }
  if (queued) {
    self->resource = item->resource;
    self->accepted++;
    wake = otlp__batch_is_full(self) && must_wake_worker(self);
  }
  pthread_mutex_unlock(&self->lock);
  if (wake) {
    pthread_cond_signal(&self->work);
  }
  return queued;
}

static void refuse(otlp__batch_processor *self, otlp_drop_reason reason) {
  otlp__batch_count_dropped(self, reason, 1);
  atomic_fetch_add_explicit(&self->refused[reason], 1, memory_order_relaxed);
}

static void batch_on_item(otlp_processor *base, const otlp_item *item) {
  otlp__batch_processor *self = (otlp__batch_processor *)base;
  assert(item->signal == self->options.signal);
  if (!otlp_item_is_exportable(item)) {
    return;
  }
  if (is_in_forked_child(self)) {
    refuse(self, OTLP_DROP_ALREADY_SHUTDOWN);
    return;
  }
  otlp__frame_chunk *large = NULL;
  if (item->frame.size > OTLP__LARGE_FRAME_SIZE) {
    large = otlp__frame_chunk_of_one(item->frame, item->scope);
    if (large == NULL) {
      refuse(self, OTLP_DROP_NO_MEMORY);
      return;
    }
  }
  otlp_drop_reason reason;
  if (!enqueue(self, item, large, &reason)) {
    refuse(self, reason);
    free(large);
  }
}

/* Lock held, given up while waiting. False when `deadline` came first. */
static bool wait_until_settled(otlp__batch_processor *self, uint64_t target, int64_t deadline) {
  struct timespec time = otlp__timespec_of(deadline);
  while (self->settled < target && otlp__monotonic_now() < deadline) {
    pthread_cond_timedwait(&self->progress, &self->lock, &time);
  }
  return self->settled >= target;
}

/* Lock held, given up while waiting. False when `deadline` came first. */
static bool wait_until_worker_left(otlp__batch_processor *self, int64_t deadline) {
  struct timespec time = otlp__timespec_of(deadline);
  while (!self->worker_done && otlp__monotonic_now() < deadline) {
    pthread_cond_timedwait(&self->progress, &self->lock, &time);
  }
  return self->worker_done;
}

static int64_t left_ms(int64_t deadline) {
  if (deadline == OTLP__NEVER) {
    return OTLP_NO_TIMEOUT;
  }
  return otlp__ms_until(otlp__monotonic_now(), deadline);
}

static otlp_result batch_force_flush(otlp_processor *base, int64_t timeout_ms) {
  otlp__batch_processor *self = (otlp__batch_processor *)base;
  if (is_in_forked_child(self)) {
    return OTLP_FAILED;
  }
  int64_t deadline = otlp__deadline_after_ms(otlp__monotonic_now(), timeout_ms);
  pthread_mutex_lock(&self->lock);
  bool running = self->phase == OTLP__RUNNING;
  uint64_t failures_before = self->failed_batches;
  bool settled = false;
  if (running) {
    self->flush_up_to = self->accepted;
    pthread_cond_signal(&self->work);
    settled = wait_until_settled(self, self->flush_up_to, deadline);
  }
  bool failed = !running || self->failed_batches != failures_before;
  pthread_mutex_unlock(&self->lock);
  if (!settled || failed) {
    return failed ? OTLP_FAILED : OTLP_TIMED_OUT;
  }
  bool can_flush = self->exporter->vtable->force_flush != NULL;
  return can_flush ? self->exporter->vtable->force_flush(self->exporter, left_ms(deadline))
                   : OTLP_OK;
}

/* Lock held. The worker is on its own; what it holds counts as lost. */
static void abandon_worker(otlp__batch_processor *self) {
  self->abandoned = true;
  otlp__batch_count_dropped(self, OTLP_DROP_EXPORT_TIMED_OUT, self->accepted - self->settled);
  self->settled = self->accepted;
  self->queue.waiting = 0;
}

/* Steps 2 and 3 of the shutdown. */
static otlp_result stop_exporter(otlp__batch_processor *self, int64_t deadline) {
  otlp_result result = self->exporter->vtable->shutdown(self->exporter, left_ms(deadline));
  int64_t patience = otlp__time_after(otlp__monotonic_now(), ABANDON_AFTER_NS);
  pthread_mutex_lock(&self->lock);
  if (!wait_until_worker_left(self, patience)) {
    abandon_worker(self);
  }
  bool abandoned = self->abandoned;
  pthread_mutex_unlock(&self->lock);
  if (abandoned) {
    otlp_log(OTLP_LOG_ERROR, "the exporter '%s' does not stop; it is left behind",
             self->exporter->vtable->name);
  }
  return result;
}

static otlp_result batch_shutdown(otlp_processor *base, int64_t timeout_ms) {
  otlp__batch_processor *self = (otlp__batch_processor *)base;
  if (is_in_forked_child(self)) {
    return OTLP_FAILED;
  }
  int64_t deadline = otlp__deadline_after_ms(otlp__monotonic_now(), timeout_ms);
  pthread_mutex_lock(&self->lock);
  if (self->phase != OTLP__RUNNING) {
    pthread_mutex_unlock(&self->lock);
    return OTLP_FAILED;
  }
  self->phase = OTLP__DRAINING;
  self->drain_deadline = deadline;
  uint64_t failures_before = self->failed_batches;
  pthread_cond_signal(&self->work);
  bool in_time = wait_until_worker_left(self, deadline);
  self->phase = OTLP__STOPPING;
  bool failed = self->failed_batches != failures_before;
  pthread_cond_signal(&self->work);
  pthread_mutex_unlock(&self->lock);
  otlp_result result = stop_exporter(self, deadline);
  if (failed) {
    return OTLP_FAILED;
  }
  return in_time ? result : OTLP_TIMED_OUT;
}

static void batch_add_stats(otlp_processor *base, otlp_stats *stats) {
  otlp__batch_processor *self = (otlp__batch_processor *)base;
  stats->exported += atomic_load(&self->exported);
  for (int reason = 0; reason < OTLP_DROP_REASON_COUNT; reason++) {
    stats->dropped[reason] += atomic_load(&self->dropped[reason]);
  }
  stats->export_calls += atomic_load(&self->export_calls);
  stats->export_errors += atomic_load(&self->export_errors);
  stats->queue_capacity += self->options.max_queue_size;
  if (!is_in_forked_child(self)) {
    pthread_mutex_lock(&self->lock);
    stats->queue_size += self->queue.waiting;
    pthread_mutex_unlock(&self->lock);
  }
}

void otlp__batch_processor_release(otlp__batch_processor *self) {
  if (atomic_fetch_sub(&self->references, 1) > 1) {
    return;
  }
  self->exporter->vtable->destroy(self->exporter);
  otlp__batch_builder_clean_up(&self->builder);
  otlp__frame_queue_clean_up(&self->queue);
  pthread_cond_destroy(&self->progress);
  pthread_cond_destroy(&self->work);
  pthread_mutex_destroy(&self->lock);
  free(self);
}

static void batch_destroy(otlp_processor *base) {
  otlp__batch_processor *self = (otlp__batch_processor *)base;
  if (is_in_forked_child(self)) {
    return;
  }
  batch_shutdown(base, 0);
  uint64_t late = atomic_load(&self->refused[OTLP_DROP_ALREADY_SHUTDOWN]);
  if (late > 0) {
    otlp_log(OTLP_LOG_WARN, "%llu %s came after the shutdown and were dropped",
             (unsigned long long)late, otlp__batch_items(self));
  }
  if (self->abandoned) { /* written by the shutdown, which was ours or before us */
    pthread_detach(self->thread);
  } else {
    pthread_join(self->thread, NULL);
  }
  otlp__batch_processor_release(self);
}

static const otlp_processor_vtable BATCH_PROCESSOR = {
    .name = "batch",
    .on_item = batch_on_item,
    .force_flush = batch_force_flush,
    .shutdown = batch_shutdown,
    .destroy = batch_destroy,
    .add_stats = batch_add_stats,
};

/* The worker takes no signals, so that the program's handlers run where it expects them. */
static bool start_worker(otlp__batch_processor *self) {
  pthread_attr_t attributes;
  sigset_t all;
  sigset_t before;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, STACK_SIZE);
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  atomic_store(&self->references, 2);
  int error = pthread_create(&self->thread, &attributes, otlp__batch_worker_main, self);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  pthread_attr_destroy(&attributes);
  if (error != 0) {
    atomic_store(&self->references, 1);
    otlp_log(OTLP_LOG_ERROR, "cannot start the export thread: error %d", error);
    return false;
  }
  pthread_setname_np(self->thread, "otlp-export");
  return true;
}

static otlp_batch_processor_options corrected(const otlp_batch_processor_options *given) {
  static const otlp_batch_processor_options DEFAULTS = OTLP_BATCH_PROCESSOR_OPTIONS_INIT;
  otlp_batch_processor_options options = given != NULL ? *given : DEFAULTS;
  if (options.max_queue_size == 0 || options.max_export_batch_size == 0 ||
      options.schedule_delay_ms < 0) {
    otlp_log(OTLP_LOG_WARN, "batch processor: sizes of 0 or a negative delay; using the defaults");
    otlp_signal signal = options.signal;
    options = DEFAULTS;
    options.signal = signal;
  }
  if (options.max_export_batch_size > options.max_queue_size) {
    otlp_log(OTLP_LOG_WARN, "batch processor: batches of %u from a queue of %u; now batches of %u",
             options.max_export_batch_size, options.max_queue_size, options.max_queue_size);
    options.max_export_batch_size = options.max_queue_size;
  }
  if (options.max_queue_bytes < MIN_QUEUE_BYTES) {
    options.max_queue_bytes = MIN_QUEUE_BYTES;
  }
  /* A batch never holds more than the queue's memory does: so large need the builder be. */
  if (options.max_export_batch_size > options.max_queue_bytes / SMALLEST_ITEM) {
    options.max_export_batch_size = (uint32_t)(options.max_queue_bytes / SMALLEST_ITEM);
  }
  return options;
}

otlp_processor *otlp_batch_processor_new(otlp_exporter *exporter,
                                         const otlp_batch_processor_options *options) {
  otlp__batch_processor *self = exporter != NULL ? calloc(1, sizeof(*self)) : NULL;
  if (self == NULL) {
    otlp_exporter_destroy(exporter);
    return NULL;
  }
  self->base.vtable = &BATCH_PROCESSOR;
  self->options = corrected(options);
  self->exporter = exporter;
  self->process_generation = otlp__process_generation();
  self->overload.settle_ns = SETTLE_NS;
  atomic_store(&self->references, 1);
  pthread_mutex_init(&self->lock, NULL);
  otlp__cond_init_monotonic(&self->work);
  otlp__cond_init_monotonic(&self->progress);
  otlp__frame_queue_init(&self->queue, self->options.max_queue_size, self->options.max_queue_bytes);
  if (!otlp__batch_builder_init(&self->builder, self->options.max_export_batch_size,
                                self->options.signal) ||
      !start_worker(self)) {
    otlp__batch_processor_release(self);
    return NULL;
  }
  return &self->base;
}

/* The variables of a signal's batch processor, in the order of its options. */
typedef struct variables {
  const char *max_queue_size;
  const char *max_export_batch_size;
  const char *schedule_delay;
  const char *export_timeout;
} variables;

#define VARIABLES(prefix)                                                                \
  {                                                                                      \
    prefix "_MAX_QUEUE_SIZE", prefix "_MAX_EXPORT_BATCH_SIZE", prefix "_SCHEDULE_DELAY", \
        prefix "_EXPORT_TIMEOUT"                                                         \
  }

otlp_batch_processor_options otlp_batch_processor_options_from_environment(otlp_signal signal) {
  static const variables names[OTLP__SIGNALS] = {VARIABLES("OTEL_BSP"), VARIABLES("OTEL_BLRP")};
  static const otlp_batch_processor_options defaults[OTLP__SIGNALS] = {
      OTLP_BATCH_PROCESSOR_OPTIONS_INIT, OTLP_BATCH_LOG_PROCESSOR_OPTIONS_INIT};
  const variables *own = &names[signal];
  otlp_batch_processor_options options = defaults[signal];
  options.max_queue_size =
      (uint32_t)otlp__env_integer(own->max_queue_size, 1, options.max_queue_size);
  options.max_export_batch_size =
      (uint32_t)otlp__env_integer(own->max_export_batch_size, 1, options.max_export_batch_size);
  options.schedule_delay_ms = otlp__env_integer(own->schedule_delay, 0, options.schedule_delay_ms);
  options.export_timeout_ms = otlp__env_timeout_ms(own->export_timeout, options.export_timeout_ms);
  return options;
}

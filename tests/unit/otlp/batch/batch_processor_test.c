/* SPDX-License-Identifier: Apache-2.0 */
/* The batch processor with exporters of every temper. No sockets; waits are on conditions. */
#include <otlp/batch_processor.h>

#include "../../../support/cmocka_headers.h"
#include "../../../support/log_capture.h"
#include "../../../support/otlp_frames.h"
#include "export/deadline.h"
#include "export/gate.h"

#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
  NEVER_MS = 3600 * 1000, /* a schedule that does not interfere */
  PATIENCE_MS = 20000,
};

/* What the exporter does with a batch. */
typedef enum temper {
  OBLIGING,
  FAILING,
  BLOCKING, /* until released, or shut down */
  STUCK,    /* until released, whatever it is told */
  LYING,    /* reports more than there was */
  SILENT,   /* reports nothing */
} temper;

/* Outlives the exporter, so that tests can look at it afterwards. */
typedef struct ledger {
  pthread_mutex_t lock;
  pthread_cond_t changed;
  temper temper;
  size_t batches;
  size_t spans;
  size_t largest_batch;
  unsigned seen[20000];
  bool mismatch; /* a batch that contradicts itself */
  bool released;
  bool shut_down;
  bool destroyed;
  bool signals_blocked;
  int64_t last_timeout_ms;
} ledger;

typedef struct stub_exporter {
  otlp_exporter base;
  ledger *ledger;
} stub_exporter;

static void count_span(ledger *book, otlp_bytes message) {
  otlp__reader fields = otlp__reader_of(message);
  otlp__field field;
  while (otlp__reader_next(&fields, &field)) {
    if (field.number == 15 && field.number_value < 20000) {
      book->seen[field.number_value]++;
    }
  }
  book->spans++;
}

static void count_batch(ledger *book, const otlp_batch *batch) {
  book->mismatch |=
      memcmp(batch->resource->header.data, test_resource_header, sizeof(test_resource_header)) != 0;
  size_t counted = 0;
  for (size_t i = 0; i < batch->scope_count; i++) {
    size_t in_scope = 0;
    for (size_t r = 0; r < batch->scopes[i].run_count; r++) {
      otlp_bytes run = batch->scopes[i].runs[r];
      otlp_bytes frame;
      otlp_bytes message;
      while (otlp_next_frame(&run, &frame, &message)) {
        count_span(book, message);
        in_scope++;
      }
    }
    book->mismatch |= in_scope != batch->scopes[i].item_count;
    counted += in_scope;
  }
  book->mismatch |= counted != batch->item_count;
}

static void block(ledger *book) {
  while (!book->released && !(book->temper == BLOCKING && book->shut_down)) {
    pthread_cond_wait(&book->changed, &book->lock);
  }
}

static otlp_result stub_export(otlp_exporter *self, const otlp_batch *batch, int64_t timeout_ms,
                               otlp_export_report *out_report) {
  ledger *book = ((stub_exporter *)self)->ledger;
  sigset_t blocked;
  pthread_sigmask(SIG_SETMASK, NULL, &blocked);
  pthread_mutex_lock(&book->lock);
  book->signals_blocked = sigismember(&blocked, SIGTERM) && sigismember(&blocked, SIGPROF);
  book->last_timeout_ms = timeout_ms;
  book->batches++;
  book->largest_batch =
      batch->item_count > book->largest_batch ? batch->item_count : book->largest_batch;
  pthread_cond_broadcast(&book->changed);
  if (book->temper == BLOCKING || book->temper == STUCK) {
    block(book);
  }
  otlp_result result = OTLP_OK;
  if (book->temper == FAILING || (book->temper == BLOCKING && !book->released)) {
    out_report->dropped[OTLP_DROP_EXPORT_FAILED] = batch->item_count;
    result = OTLP_FAILED;
  } else if (book->temper != SILENT) {
    out_report->exported = batch->item_count + (book->temper == LYING ? 7 : 0);
  }
  count_batch(book, batch);
  pthread_mutex_unlock(&book->lock);
  return result;
}

static otlp_result stub_shutdown(otlp_exporter *self, int64_t timeout_ms) {
  (void)timeout_ms;
  ledger *book = ((stub_exporter *)self)->ledger;
  pthread_mutex_lock(&book->lock);
  book->mismatch |= book->shut_down; /* a second time */
  book->shut_down = true;
  pthread_cond_broadcast(&book->changed);
  pthread_mutex_unlock(&book->lock);
  return OTLP_OK;
}

static void stub_destroy(otlp_exporter *self) {
  ledger *book = ((stub_exporter *)self)->ledger;
  pthread_mutex_lock(&book->lock);
  book->destroyed = true;
  pthread_cond_broadcast(&book->changed);
  pthread_mutex_unlock(&book->lock);
  free(self);
}

static const otlp_exporter_vtable STUB = {
    .name = "stub",
    .export_batch = stub_export,
    .shutdown = stub_shutdown,
    .destroy = stub_destroy,
};

static ledger stub;

static otlp_processor *processor_of(temper kind, otlp_batch_processor_options options) {
  stub = (ledger){.temper = kind};
  pthread_mutex_init(&stub.lock, NULL);
  otlp__cond_init_monotonic(&stub.changed);
  stub_exporter *exporter = calloc(1, sizeof(*exporter));
  exporter->base.vtable = &STUB;
  exporter->ledger = &stub;
  otlp_processor *processor = otlp_batch_processor_new(&exporter->base, &options);
  assert_non_null(processor);
  return processor;
}

static otlp_batch_processor_options lazy_options(void) {
  otlp_batch_processor_options options = OTLP_BATCH_PROCESSOR_OPTIONS_INIT;
  options.schedule_delay_ms = NEVER_MS;
  return options;
}

static void end_span(otlp_processor *processor, uint64_t number, size_t size) {
  uint8_t *frame = malloc(size + 6);
  size_t frame_size = test_write_frame(frame, number, size);
  otlp_item span = {
      .frame = {frame, frame_size},
      .message = {frame + frame_size - size, size},
      .resource = &test_resource,
      .scope = &test_scopes[number / 3 % 2],
      .context = {.trace_flags = OTLP_TRACE_FLAG_SAMPLED},
  };
  processor->vtable->on_item(processor, &span);
  free(frame);
}

static void end_spans(otlp_processor *processor, size_t first, size_t count) {
  for (size_t i = 0; i < count; i++) {
    end_span(processor, first + i, 100 + i % 50 * 2);
  }
}

static otlp_stats stats_of(otlp_processor *processor) {
  otlp_stats stats = {0};
  processor->vtable->add_stats(processor, &stats);
  return stats;
}

/* Waits until the exporter has been handed `batches`; fails after PATIENCE_MS. */
static void wait_for_batches(size_t batches) {
  int64_t deadline = otlp__deadline_after_ms(otlp__monotonic_now(), PATIENCE_MS);
  struct timespec limit = otlp__timespec_of(deadline);
  int error = 0;
  pthread_mutex_lock(&stub.lock);
  while (stub.batches < batches && error == 0) {
    error = pthread_cond_timedwait(&stub.changed, &stub.lock, &limit);
  }
  pthread_mutex_unlock(&stub.lock);
  assert_int_equal(error, 0);
}

static void release(void) {
  pthread_mutex_lock(&stub.lock);
  stub.released = true;
  pthread_cond_broadcast(&stub.changed);
  pthread_mutex_unlock(&stub.lock);
}

static void assert_each_seen_once(size_t first, size_t count) {
  assert_false(stub.mismatch);
  for (size_t i = 0; i < count; i++) {
    assert_int_equal(stub.seen[first + i], 1);
  }
}

static int64_t ms_since(int64_t start) {
  return (otlp__monotonic_now() - start) / OTLP__NS_PER_MS;
}

/* A full batch must leave at once, not when the schedule says so. */
static void test_full_batch_leaves_at_once(void **state) {
  (void)state;
  otlp_processor *processor = processor_of(OBLIGING, lazy_options());
  end_spans(processor, 0, 511);
  assert_int_equal(stats_of(processor).queue_size, 511);
  end_spans(processor, 511, 1);
  wait_for_batches(1);
  assert_int_equal(otlp_result_worse(OTLP_OK, processor->vtable->force_flush(processor, 5000)),
                   OTLP_OK);
  assert_int_equal(stub.spans, 512);
  assert_each_seen_once(0, 512);
  assert_int_equal(stats_of(processor).exported, 512);
  assert_true(stub.signals_blocked);
  otlp_processor_destroy(processor);
}

/* A few spans must leave when the schedule says so, without anyone asking. */
static void test_schedule(void **state) {
  (void)state;
  otlp_batch_processor_options options = lazy_options();
  options.schedule_delay_ms = 5;
  otlp_processor *processor = processor_of(OBLIGING, options);
  end_spans(processor, 0, 3);
  wait_for_batches(1);
  otlp_processor_destroy(processor);
  assert_int_equal(stub.spans, 3);
}

/* With a delay of 0 every span must leave by itself. */
static void test_no_delay(void **state) {
  (void)state;
  otlp_batch_processor_options options = lazy_options();
  options.schedule_delay_ms = 0;
  otlp_processor *processor = processor_of(OBLIGING, options);
  end_spans(processor, 0, 1);
  wait_for_batches(1);
  otlp_processor_destroy(processor);
}

static int64_t processor_time_ns(void) {
  struct timespec used;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return used.tv_sec * OTLP__NS_PER_S + used.tv_nsec;
}

/* A worker with nothing to do must sleep: with a delay of 0 it would otherwise take a whole core,
 * with one that is too long to be counted in nanoseconds as well. */
static void test_idle_worker_sleeps(void **state) {
  (void)state;
  static const int64_t delays_ms[] = {0, INT64_MAX};
  for (size_t i = 0; i < 2; i++) {
    otlp_batch_processor_options options = lazy_options();
    options.schedule_delay_ms = delays_ms[i];
    otlp_processor *processor = processor_of(OBLIGING, options);
    end_spans(processor, 0, 1);
    assert_int_equal(processor->vtable->force_flush(processor, PATIENCE_MS), OTLP_OK);
    int64_t before = processor_time_ns();
    nanosleep(&(struct timespec){.tv_nsec = 100 * OTLP__NS_PER_MS}, NULL);
    assert_true(processor_time_ns() - before < 50 * OTLP__NS_PER_MS);
    otlp_processor_destroy(processor);
  }
}

/* Spans that wait must leave in batches no larger than asked for, in order of scopes or not. */
static void test_batch_size_is_kept(void **state) {
  (void)state;
  otlp_batch_processor_options options = lazy_options();
  options.max_export_batch_size = 10;
  otlp_processor *processor = processor_of(BLOCKING, options);
  end_spans(processor, 0, 95);
  release();
  assert_int_equal(processor->vtable->force_flush(processor, PATIENCE_MS), OTLP_OK);
  assert_int_equal(stub.largest_batch, 10);
  assert_int_equal(stub.spans, 95);
  assert_each_seen_once(0, 95);
  otlp_processor_destroy(processor);
}

/* A flush must export what ended before it, and say so. */
static void test_flush(void **state) {
  (void)state;
  otlp_processor *processor = processor_of(OBLIGING, lazy_options());
  assert_int_equal(processor->vtable->force_flush(processor, PATIENCE_MS), OTLP_OK);
  assert_int_equal(stub.batches, 0); /* nothing to export, nothing exported */
  for (size_t i = 0; i < 200; i++) {
    end_span(processor, i, 100);
    assert_int_equal(processor->vtable->force_flush(processor, PATIENCE_MS), OTLP_OK);
    assert_int_equal(stub.spans, i + 1);
  }
  otlp_processor_destroy(processor);
}

/* A flush must tell when spans were lost on the way. */
static void test_flush_reports_failure(void **state) {
  (void)state;
  otlp_processor *processor = processor_of(FAILING, lazy_options());
  end_spans(processor, 0, 3);
  assert_int_equal(processor->vtable->force_flush(processor, PATIENCE_MS), OTLP_FAILED);
  otlp_stats stats = stats_of(processor);
  assert_int_equal(stats.dropped[OTLP_DROP_EXPORT_FAILED], 3);
  assert_int_equal(stats.export_calls, 1);
  assert_int_equal(stats.export_errors, 1);
  otlp_processor_destroy(processor);
}

/* A flush must come back in time though the exporter does not. */
static void test_flush_is_bounded(void **state) {
  (void)state;
  otlp_processor *processor = processor_of(BLOCKING, lazy_options());
  end_spans(processor, 0, 3);
  int64_t start = otlp__monotonic_now();
  assert_int_equal(processor->vtable->force_flush(processor, 50), OTLP_TIMED_OUT);
  assert_in_range(ms_since(start), 49, 2000);
  assert_int_equal(processor->vtable->force_flush(processor, 0), OTLP_TIMED_OUT);
  release();
  assert_int_equal(processor->vtable->force_flush(processor, PATIENCE_MS), OTLP_OK);
  otlp_processor_destroy(processor);
}

/* A full queue must drop and count, say so once, and take spans again once there is room. */
static void test_full_queue_drops(void **state) {
  (void)state;
  log_capture_start();
  otlp_batch_processor_options options = lazy_options();
  options.max_queue_size = 100;
  options.max_export_batch_size = 10;
  otlp_processor *processor = processor_of(BLOCKING, options);
  end_spans(processor, 0, 10);
  wait_for_batches(1); /* ten are with the exporter now */
  end_spans(processor, 10, 100);
  assert_int_equal(stats_of(processor).queue_size, 100);
  end_spans(processor, 110, 500);
  assert_int_equal(stats_of(processor).dropped[OTLP_DROP_QUEUE_FULL], 500);
  release();
  assert_int_equal(processor->vtable->force_flush(processor, PATIENCE_MS), OTLP_OK);
  assert_each_seen_once(0, 110);
  end_spans(processor, 700, 5);
  assert_int_equal(processor->vtable->force_flush(processor, PATIENCE_MS), OTLP_OK);
  assert_each_seen_once(700, 5);
  otlp_processor_destroy(processor);
  assert_int_equal(log_capture_count("queue_full"), 1);
  assert_int_equal(log_capture_count(""), 1);
}

/* Large spans must not take more memory than allowed, whatever the number of spans allowed. */
static void test_memory_is_bounded(void **state) {
  (void)state;
  otlp_batch_processor_options options = lazy_options();
  options.max_queue_bytes = 1024 * 1024;
  otlp_processor *processor = processor_of(BLOCKING, options);
  for (size_t i = 0; i < 30; i++) {
    end_span(processor, i, 100 * 1000);
  }
  end_span(processor, 99, 2 * 1000 * 1000);
  otlp_stats stats = stats_of(processor);
  assert_int_equal(stats.dropped[OTLP_DROP_QUEUE_FULL], 20);
  assert_int_equal(stats.dropped[OTLP_DROP_TOO_LARGE], 1);
  wait_for_batches(1); /* half of the memory in use: no need to wait for the schedule */
  release();
  assert_int_equal(processor->vtable->force_flush(processor, PATIENCE_MS), OTLP_OK);
  assert_each_seen_once(0, 10);
  otlp_processor_destroy(processor);
}

/* Spans that are recorded for other processors only must not reach the exporter. */
static void test_unsampled_spans_are_not_exported(void **state) {
  (void)state;
  otlp_processor *processor = processor_of(OBLIGING, lazy_options());
  otlp_item span = {.resource = &test_resource, .scope = &test_scopes[0]};
  processor->vtable->on_item(processor, &span);
  assert_int_equal(processor->vtable->force_flush(processor, PATIENCE_MS), OTLP_OK);
  assert_int_equal(stub.batches, 0);
  otlp_processor_destroy(processor);
}

/* A shutdown must export what is queued; spans that end later must be counted, and said once. */
static void test_shutdown_flushes(void **state) {
  (void)state;
  log_capture_start();
  otlp_processor *processor = processor_of(OBLIGING, lazy_options());
  end_spans(processor, 0, 1200);
  assert_int_equal(processor->vtable->shutdown(processor, PATIENCE_MS), OTLP_OK);
  assert_int_equal(stub.spans, 1200);
  assert_true(stub.shut_down);
  assert_int_equal(processor->vtable->shutdown(processor, PATIENCE_MS), OTLP_FAILED);
  assert_int_equal(processor->vtable->force_flush(processor, PATIENCE_MS), OTLP_FAILED);
  end_spans(processor, 1200, 5);
  assert_int_equal(stats_of(processor).dropped[OTLP_DROP_ALREADY_SHUTDOWN], 5);
  otlp_processor_destroy(processor);
  assert_true(stub.destroyed);
  assert_int_equal(log_capture_count("5 spans came after the shutdown"), 1);
}

/* A shutdown must be over in time though the exporter hangs; all its spans must be accounted for.
 */
static void test_shutdown_is_bounded(void **state) {
  (void)state;
  otlp_processor *processor = processor_of(BLOCKING, lazy_options());
  end_spans(processor, 0, 1200);
  wait_for_batches(1);
  int64_t start = otlp__monotonic_now();
  assert_int_not_equal(processor->vtable->shutdown(processor, 50), OTLP_OK);
  assert_in_range(ms_since(start), 49, 2000);
  assert_int_equal(stub.batches, 1);
  otlp_stats stats = stats_of(processor);
  assert_int_equal(otlp_stats_dropped(&stats), 1200);
  assert_int_equal(stats.queue_size, 0);
  otlp_processor_destroy(processor);
}

/* Not even an exporter that never comes back may hold up the program, or corrupt what follows. */
static void test_stuck_exporter_is_left_behind(void **state) {
  (void)state;
  log_capture_start();
  otlp_processor *processor = processor_of(STUCK, lazy_options());
  end_spans(processor, 0, 600);
  wait_for_batches(1);
  int64_t start = otlp__monotonic_now();
  assert_int_equal(processor->vtable->shutdown(processor, 20), OTLP_TIMED_OUT);
  otlp_stats stats = stats_of(processor);
  assert_int_equal(stats.dropped[OTLP_DROP_EXPORT_TIMED_OUT], 600);
  otlp_processor_destroy(processor);
  assert_in_range(ms_since(start), 19, 3000);
  assert_int_equal(log_capture_count("does not stop"), 1);
  assert_false(stub.destroyed);
  release(); /* it does come back: now the rest is freed */
  pthread_mutex_lock(&stub.lock);
  while (!stub.destroyed) {
    pthread_cond_wait(&stub.changed, &stub.lock);
  }
  pthread_mutex_unlock(&stub.lock);
  assert_each_seen_once(0, 512);
}

/* Lets the export under way fail, and all later ones, once the shutdown has begun. */
static void *fail_after_shutdown_began(void *processor) {
  while (stats_of(processor).dropped[OTLP_DROP_ALREADY_SHUTDOWN] == 0) {
    end_span(processor, 0, 100);
    usleep(100);
  }
  pthread_mutex_lock(&stub.lock);
  stub.temper = FAILING;
  stub.released = true;
  pthread_cond_broadcast(&stub.changed);
  pthread_mutex_unlock(&stub.lock);
  return NULL;
}

/* When the collector is gone at the end, waiting for each batch to find that out helps nobody. */
static void test_shutdown_gives_up_after_a_lost_batch(void **state) {
  (void)state;
  otlp_batch_processor_options options = lazy_options();
  options.max_export_batch_size = 100;
  otlp_processor *processor = processor_of(BLOCKING, options);
  end_spans(processor, 0, 1000);
  wait_for_batches(1);
  pthread_t thread;
  pthread_create(&thread, NULL, fail_after_shutdown_began, processor);
  assert_int_equal(processor->vtable->shutdown(processor, PATIENCE_MS), OTLP_FAILED);
  pthread_join(thread, NULL);
  assert_int_equal(stub.batches, 1);
  otlp_stats stats = stats_of(processor);
  assert_int_equal(stats.dropped[OTLP_DROP_EXPORT_FAILED], 100);
  assert_true(stats.dropped[OTLP_DROP_EXPORT_TIMED_OUT] >= 900);
  otlp_processor_destroy(processor);
}

/* The time an export is given must be the configured one, cut short by a shutdown. */
static void test_export_timeout_is_passed_on(void **state) {
  (void)state;
  otlp_batch_processor_options options = lazy_options();
  options.export_timeout_ms = 12345;
  otlp_processor *processor = processor_of(OBLIGING, options);
  end_spans(processor, 0, 1);
  assert_int_equal(processor->vtable->force_flush(processor, PATIENCE_MS), OTLP_OK);
  assert_int_equal(stub.last_timeout_ms, 12345);
  end_spans(processor, 1, 1);
  assert_int_equal(processor->vtable->shutdown(processor, 9000), OTLP_OK);
  assert_in_range(stub.last_timeout_ms, 5000, 9000);
  otlp_processor_destroy(processor);
  options.export_timeout_ms = OTLP_NO_TIMEOUT;
  processor = processor_of(OBLIGING, options);
  end_spans(processor, 0, 1);
  assert_int_equal(processor->vtable->shutdown(processor, OTLP_NO_TIMEOUT), OTLP_OK);
  assert_int_equal(stub.last_timeout_ms, OTLP_NO_TIMEOUT);
  otlp_processor_destroy(processor);
}

/* The counters must add up, whatever an exporter reports. */
static void test_reports_are_made_to_add_up(void **state) {
  (void)state;
  otlp_processor *processor = processor_of(LYING, lazy_options());
  end_spans(processor, 0, 10);
  processor->vtable->force_flush(processor, PATIENCE_MS);
  assert_int_equal(stats_of(processor).exported, 10);
  otlp_processor_destroy(processor);
  processor = processor_of(SILENT, lazy_options());
  end_spans(processor, 0, 10);
  processor->vtable->force_flush(processor, PATIENCE_MS);
  assert_int_equal(stats_of(processor).dropped[OTLP_DROP_EXPORT_FAILED], 10);
  otlp_processor_destroy(processor);
}

/* A forked child must neither hang nor export its parent's spans; the parent must not notice. */
static void test_fork(void **state) {
  (void)state;
  otlp_processor *processor = processor_of(OBLIGING, lazy_options());
  end_spans(processor, 0, 10);
  pid_t child = fork();
  if (child == 0) {
    alarm(20);
    end_spans(processor, 10, 10);
    otlp_stats stats = stats_of(processor);
    bool fine = stats.dropped[OTLP_DROP_ALREADY_SHUTDOWN] == 10 &&
                processor->vtable->force_flush(processor, OTLP_NO_TIMEOUT) == OTLP_FAILED &&
                processor->vtable->shutdown(processor, OTLP_NO_TIMEOUT) == OTLP_FAILED;
    otlp_processor_destroy(processor);
    _exit(fine ? 0 : 1);
  }
  int status;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFEXITED(status));
  assert_int_equal(WEXITSTATUS(status), 0);
  assert_int_equal(processor->vtable->shutdown(processor, PATIENCE_MS), OTLP_OK);
  assert_int_equal(stub.spans, 10);
  otlp_processor_destroy(processor);
}

enum { PRODUCERS = 4, SPANS_EACH = 4000 };

typedef struct producer {
  otlp_processor *processor;
  size_t first;
} producer;

static void *produce(void *user_data) {
  producer *self = user_data;
  for (size_t i = 0; i < SPANS_EACH; i++) {
    end_span(self->processor, self->first + i, i % 97 == 0 ? 9000 : 60 + i % 200 * 2);
    if (i % 500 == 0) {
      self->processor->vtable->force_flush(self->processor, PATIENCE_MS);
    }
  }
  return NULL;
}

/* With producers, flushes and exports at the same time no span may be lost, doubled or uncounted.
 */
static void test_many_threads(void **state) {
  (void)state;
  otlp_batch_processor_options options = lazy_options();
  options.max_queue_size = PRODUCERS * SPANS_EACH;
  options.max_export_batch_size = 64;
  options.max_queue_bytes = (size_t)64 * 1024 * 1024;
  otlp_processor *processor = processor_of(OBLIGING, options);
  pthread_t threads[PRODUCERS];
  producer producers[PRODUCERS];
  for (size_t i = 0; i < PRODUCERS; i++) {
    producers[i] = (producer){processor, i * SPANS_EACH};
    pthread_create(&threads[i], NULL, produce, &producers[i]);
  }
  for (size_t i = 0; i < PRODUCERS; i++) {
    pthread_join(threads[i], NULL);
  }
  assert_int_equal(processor->vtable->shutdown(processor, PATIENCE_MS), OTLP_OK);
  assert_int_equal(stats_of(processor).exported, PRODUCERS * SPANS_EACH);
  assert_each_seen_once(0, PRODUCERS * SPANS_EACH);
  assert_in_range(stub.largest_batch, 1, 64);
  otlp_processor_destroy(processor);
}

/* Options that make no sense must be corrected, not crash or hang. */
static void test_options_are_corrected(void **state) {
  (void)state;
  log_capture_start();
  otlp_batch_processor_options options = lazy_options();
  options.max_queue_size = 10;
  options.max_queue_bytes = 0;
  otlp_processor *processor = processor_of(OBLIGING, options);
  end_spans(processor, 0, 10);
  wait_for_batches(1);
  otlp_processor_destroy(processor);
  options.max_queue_size = 0;
  processor = processor_of(OBLIGING, options);
  assert_int_equal(stats_of(processor).queue_capacity, 2048);
  otlp_processor_destroy(processor);
  assert_int_equal(log_capture_count("batch processor"), 2);
  options.max_queue_size = options.max_export_batch_size = INT32_MAX; /* who wants no limit */
  otlp_processor_destroy(processor_of(OBLIGING, options));
}

/* The OTEL_BSP_ variables must be honoured, nonsense in them ignored. */
static void test_environment(void **state) {
  (void)state;
  log_capture_start();
  setenv("OTEL_BSP_MAX_QUEUE_SIZE", "1000", 1);
  setenv("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "100", 1);
  setenv("OTEL_BSP_SCHEDULE_DELAY", "250", 1);
  setenv("OTEL_BSP_EXPORT_TIMEOUT", "0", 1);
  otlp_batch_processor_options options =
      otlp_batch_processor_options_from_environment(OTLP_SIGNAL_TRACES);
  assert_int_equal(options.max_queue_size, 1000);
  assert_int_equal(options.max_export_batch_size, 100);
  assert_int_equal(options.schedule_delay_ms, 250);
  assert_int_equal(options.export_timeout_ms, OTLP_NO_TIMEOUT);
  setenv("OTEL_BSP_MAX_QUEUE_SIZE", "0", 1);
  setenv("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "many", 1);
  setenv("OTEL_BSP_SCHEDULE_DELAY", "-1", 1);
  setenv("OTEL_BSP_EXPORT_TIMEOUT", "", 1);
  options = otlp_batch_processor_options_from_environment(OTLP_SIGNAL_TRACES);
  assert_int_equal(options.max_queue_size, 2048);
  assert_int_equal(options.max_export_batch_size, 512);
  assert_int_equal(options.schedule_delay_ms, 5000);
  assert_int_equal(options.export_timeout_ms, 30000);
  assert_int_equal(log_capture_count("OTEL_BSP_"), 3);
}

/* The variables of log records must be theirs, and their defaults the specification's. */
static void test_environment_of_log_records(void **state) {
  (void)state;
  setenv("OTEL_BSP_MAX_QUEUE_SIZE", "7", 1);
  otlp_batch_processor_options options =
      otlp_batch_processor_options_from_environment(OTLP_SIGNAL_LOGS);
  assert_int_equal(options.signal, OTLP_SIGNAL_LOGS);
  assert_int_equal(options.max_queue_size, 2048);
  assert_int_equal(options.max_export_batch_size, 512);
  assert_int_equal(options.schedule_delay_ms, 1000);
  assert_int_equal(options.export_timeout_ms, 30000);
  setenv("OTEL_BLRP_MAX_QUEUE_SIZE", "1000", 1);
  setenv("OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", "100", 1);
  setenv("OTEL_BLRP_SCHEDULE_DELAY", "250", 1);
  setenv("OTEL_BLRP_EXPORT_TIMEOUT", "20", 1);
  options = otlp_batch_processor_options_from_environment(OTLP_SIGNAL_LOGS);
  assert_int_equal(options.max_queue_size, 1000);
  assert_int_equal(options.max_export_batch_size, 100);
  assert_int_equal(options.schedule_delay_ms, 250);
  assert_int_equal(options.export_timeout_ms, 20);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_full_batch_leaves_at_once),
      cmocka_unit_test(test_schedule),
      cmocka_unit_test(test_no_delay),
      cmocka_unit_test(test_idle_worker_sleeps),
      cmocka_unit_test(test_batch_size_is_kept),
      cmocka_unit_test(test_flush),
      cmocka_unit_test(test_flush_reports_failure),
      cmocka_unit_test(test_flush_is_bounded),
      cmocka_unit_test(test_environment_of_log_records),
      cmocka_unit_test(test_full_queue_drops),
      cmocka_unit_test(test_memory_is_bounded),
      cmocka_unit_test(test_unsampled_spans_are_not_exported),
      cmocka_unit_test(test_shutdown_flushes),
      cmocka_unit_test(test_shutdown_is_bounded),
      cmocka_unit_test(test_stuck_exporter_is_left_behind),
      cmocka_unit_test(test_shutdown_gives_up_after_a_lost_batch),
      cmocka_unit_test(test_export_timeout_is_passed_on),
      cmocka_unit_test(test_reports_are_made_to_add_up),
      cmocka_unit_test(test_fork),
      cmocka_unit_test(test_many_threads),
      cmocka_unit_test(test_options_are_corrected),
      cmocka_unit_test(test_environment),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

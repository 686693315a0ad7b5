/* SPDX-License-Identifier: Apache-2.0 */
/* Many threads at once; ThreadSanitizer is the judge of most of it. */
#include "tracing.h"

#include "thread.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { THREADS = 4, ROUNDS = 200 };

typedef struct job {
  tracing *tracing;
  otlp_span *span;
  int number;
} job;

static void run_on_threads(void *(*work)(void *), job *jobs) {
  pthread_t threads[THREADS];
  for (int i = 0; i < THREADS; i++) {
    assert_int_equal(pthread_create(&threads[i], NULL, work, &jobs[i]), 0);
  }
  for (int i = 0; i < THREADS; i++) {
    pthread_join(threads[i], NULL);
  }
}

static void *write_to_span(void *argument) {
  job *own = argument;
  char key[32];
  snprintf(key, sizeof(key), "thread.%d", own->number);
  for (int i = 0; i < ROUNDS; i++) {
    otlp_span_set_int(own->span, key, i);
    otlp_span_set_int(own->span, "shared", i);
    otlp_span_set_string(own->span, "shared.text", i % 2 == 0 ? "short" : "a longer value");
    otlp_span_add_event(own->span, S("event"), 0, NULL, 0);
    otlp_span_update_name(own->span, S(key));
    otlp_span_set_status(own->span, OTLP_STATUS_ERROR, S(key));
    otlp_span_get_context(own->span);
  }
  return NULL;
}

/* Several threads may write to one span; nothing is lost or torn. */
static void test_one_span_many_threads(void **state) {
  (void)state;
  tracing t = tracing_start(NULL);
  otlp_span *span = tracing_begin(&t, "shared");
  job jobs[THREADS];
  for (int i = 0; i < THREADS; i++) {
    jobs[i] = (job){&t, span, i};
  }
  run_on_threads(write_to_span, jobs);
  otlp_span_end(span);
  const proto_span *seen = tracing_span(&t, 0);
  assert_int_equal(seen->n_attributes, THREADS + 2);
  assert_int_equal(seen->n_events, 128);
  assert_int_equal(seen->dropped_events_count, THREADS * ROUNDS - 128);
  for (int i = 0; i < THREADS; i++) {
    char key[32];
    snprintf(key, sizeof(key), "thread.%d", i);
    assert_true(tracing_attribute(seen->attributes, seen->n_attributes, key)->int_value ==
                ROUNDS - 1);
  }
  tracing_stop(&t);
}

static void *make_spans(void *argument) {
  job *own = argument;
  for (int i = 0; i < ROUNDS; i++) {
    otlp_scope scope = {.name = S(i % 2 == 0 ? "even" : "odd")};
    otlp_tracer *tracer = otlp_tracer_provider_get_tracer(own->tracing->provider, &scope);
    otlp_span *span = otlp_span_start(tracer, NULL, S("span"), NULL);
    otlp_span_set_int(span, "i", i);
    otlp_span_end(span);
  }
  return NULL;
}

/* Many threads start and end spans of one provider; each span arrives once, with ids of its own. */
static void test_many_spans_many_threads(void **state) {
  (void)state;
  tracing t = tracing_start(NULL);
  job jobs[THREADS];
  for (int i = 0; i < THREADS; i++) {
    jobs[i] = (job){&t, NULL, i};
  }
  run_on_threads(make_spans, jobs);
  assert_int_equal(otlp_memory_exporter_count(t.memory), THREADS * ROUNDS);
  otlp_stats stats;
  otlp_tracer_provider_get_stats(t.provider, &stats);
  assert_int_equal(stats.started, THREADS * ROUNDS);
  assert_int_equal(stats.exported, THREADS * ROUNDS);
  tracing_stop(&t);
}

static void *end_span(void *argument) {
  otlp_span_end(((job *)argument)->span);
  return NULL;
}

/* A span may end on another thread than the one it started on: its memory changes hands. */
static void test_spans_end_on_other_threads(void **state) {
  (void)state;
  tracing t = tracing_start(NULL);
  for (int round = 0; round < 20; round++) {
    job jobs[THREADS];
    for (int i = 0; i < THREADS; i++) {
      jobs[i] = (job){&t, tracing_begin(&t, "span"), i};
    }
    run_on_threads(end_span, jobs);
  }
  assert_int_equal(otlp_memory_exporter_count(t.memory), 20 * THREADS);
  tracing_stop(&t);
}

static void *start_until_shut_down(void *argument) {
  job *own = argument;
  while (otlp_tracer_enabled(own->tracing->tracer)) {
    otlp_span_end(otlp_span_start(own->tracing->tracer, NULL, S("span"), NULL));
  }
  return NULL;
}

static void *shut_down(void *argument) {
  job *own = argument;
  if (own->number == 0) {
    otlp_tracer_provider_shutdown(own->tracing->provider, 1000);
    return NULL;
  }
  return start_until_shut_down(argument);
}

/* A shutdown while others start and end spans: every recorded span is exported or counted. */
static void test_shutdown_while_spans_end(void **state) {
  (void)state;
  tracing t = tracing_start(NULL);
  job jobs[THREADS];
  for (int i = 0; i < THREADS; i++) {
    jobs[i] = (job){&t, NULL, i};
  }
  run_on_threads(shut_down, jobs);
  otlp_stats stats;
  otlp_tracer_provider_get_stats(t.provider, &stats);
  assert_int_equal(stats.ended, stats.exported + otlp_stats_dropped(&stats));
  tracing_stop(&t);
}

static void *read_random(void *argument) {
  *(uint64_t *)argument = otlp__random();
  return NULL;
}

/* Two threads, or a parent and its child after fork, with the same seed would make the same ids. */
static void test_random_numbers_differ_by_thread_and_process(void **state) {
  (void)state;
  uint64_t here = otlp__random();
  uint64_t there = 0;
  pthread_t thread;
  assert_int_equal(pthread_create(&thread, NULL, read_random, &there), 0);
  pthread_join(thread, NULL);
  assert_true(here != there);
  int ends[2];
  assert_int_equal(pipe(ends), 0);
  pid_t child = fork();
  if (child == 0) {
    uint64_t number = otlp__random();
    _exit(write(ends[1], &number, sizeof(number)) == sizeof(number) ? 0 : 1);
  }
  uint64_t of_child = 0;
  uint64_t of_parent = otlp__random();
  assert_int_equal(read(ends[0], &of_child, sizeof(of_child)), sizeof(of_child));
  assert_true(of_child != of_parent);
  int status;
  waitpid(child, &status, 0);
  close(ends[0]);
  close(ends[1]);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_one_span_many_threads),
      cmocka_unit_test(test_many_spans_many_threads),
      cmocka_unit_test(test_spans_end_on_other_threads),
      cmocka_unit_test(test_shutdown_while_spans_end),
      cmocka_unit_test(test_random_numbers_differ_by_thread_and_process),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

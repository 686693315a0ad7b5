/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a span costs its caller, and how many a core makes and exports.
 *
 *     bench_span [rounds]
 *
 * Prints `name value unit` lines. Times are CPU time of the thread that makes the spans, the median
 * of the rounds; allocations are counted by wrapping malloc, and are that thread's. The rate is
 * spans exported to a null sink per second of CPU time of all threads together.
 */
#include <otlp/batch_processor.h>
#include <otlp/exporters.h>
#include <otlp/sdk.h>

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { SPANS_PER_ROUND = 100000, DEFAULT_ROUNDS = 21, MAX_ROUNDS = 1001 };

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);

static _Thread_local size_t allocations;

void *__wrap_malloc(size_t size) {
  allocations++;
  return __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size) {
  allocations++;
  return __real_calloc(count, size);
}

void *__wrap_realloc(void *block, size_t size) {
  allocations++;
  return __real_realloc(block, size);
}

static double cpu_ns(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* The span of the project's budget: five attributes, as a server span has them. */
static void five_attributes(otlp_tracer *tracer, const otlp_context *parent) {
  otlp_span *span = otlp_span_start(tracer, parent, otlp_string_from("GET /inventory/{id}"), NULL);
  otlp_span_set_string(span, "http.request.method", "GET");
  otlp_span_set_string(span, "url.path", "/inventory/widget-1");
  otlp_span_set_int(span, "http.response.status_code", 200);
  otlp_span_set_string(span, "server.address", "localhost");
  otlp_span_set_bool(span, "cache.hit", true);
  otlp_span_end(span);
}

/* The specification's benchmark for rates: ten attributes, 20 characters of key and of value. */
static void ten_attributes(otlp_tracer *tracer, const otlp_context *parent) {
  static const char *const keys[] = {
      "attribute.key.no.000", "attribute.key.no.001", "attribute.key.no.002",
      "attribute.key.no.003", "attribute.key.no.004", "attribute.key.no.005",
      "attribute.key.no.006", "attribute.key.no.007", "attribute.key.no.008",
      "attribute.key.no.009",
  };
  otlp_span *span = otlp_span_start(tracer, parent, otlp_string_from("span"), NULL);
  for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
    otlp_span_set_string(span, keys[i], "attribute.value.0000");
  }
  otlp_span_end(span);
}

/* The specification's base span: one integer and one event. */
static void base_span(otlp_tracer *tracer, const otlp_context *parent) {
  otlp_span *span = otlp_span_start(tracer, parent, otlp_string_from("base"), NULL);
  otlp_span_set_int(span, "n", 42);
  otlp_span_add_event(span, otlp_string_from("event"), 0, NULL, 0);
  otlp_span_end(span);
}

typedef void make_span_fn(otlp_tracer *tracer, const otlp_context *parent);

typedef struct benchmark {
  const char *name;
  make_span_fn *make;
  bool is_sampled;
} benchmark;

static const benchmark benchmarks[] = {
    {"span_5_attributes", five_attributes, true},
    {"span_unsampled", five_attributes, false},
    {"span_10_attributes", ten_attributes, true},
    {"span_base", base_span, true},
};

static int compare(const void *a, const void *b) {
  double difference = *(const double *)a - *(const double *)b;
  return (difference > 0) - (difference < 0);
}

static double median(double *values, int count) {
  qsort(values, (size_t)count, sizeof(*values), compare);
  return values[count / 2];
}

static otlp_tracer_provider *make_provider(bool is_sampled) {
  otlp_batch_processor_options batching = OTLP_BATCH_PROCESSOR_OPTIONS_INIT;
  batching.max_queue_size = 2 * SPANS_PER_ROUND; /* a drop would be cheaper than a span */
  batching.max_queue_bytes = (size_t)256 << 20;
  otlp_tracer_provider_options options = OTLP_TRACER_PROVIDER_OPTIONS_INIT;
  options.processors[0] = otlp_batch_processor_new(otlp_null_exporter_new(), &batching);
  options.processor_count = 1;
  options.sampler = is_sampled ? otlp_sampler_always_on() : otlp_sampler_always_off();
  return otlp_tracer_provider_new(&options);
}

static void run(const benchmark *chosen, int rounds) {
  otlp_tracer_provider *provider = make_provider(chosen->is_sampled);
  otlp_scope scope = {.name = otlp_string_from("bench")};
  otlp_tracer *tracer = otlp_tracer_provider_get_tracer(provider, &scope);
  double times[MAX_ROUNDS];
  size_t counted = 0;
  double process_start = 0;
  for (int round = -1; round < rounds; round++) { /* the first one warms up */
    if (round == 0) {
      process_start = cpu_ns(CLOCK_PROCESS_CPUTIME_ID);
    }
    size_t before = allocations;
    double start = cpu_ns(CLOCK_THREAD_CPUTIME_ID);
    for (int i = 0; i < SPANS_PER_ROUND; i++) {
      chosen->make(tracer, NULL);
    }
    if (round >= 0) {
      times[round] = (cpu_ns(CLOCK_THREAD_CPUTIME_ID) - start) / SPANS_PER_ROUND;
      counted += allocations - before;
    }
    otlp_tracer_provider_force_flush(provider, 10000);
  }
  double process_seconds = (cpu_ns(CLOCK_PROCESS_CPUTIME_ID) - process_start) / 1e9;
  otlp_stats stats;
  otlp_tracer_provider_get_stats(provider, &stats);
  double spans = (double)rounds * SPANS_PER_ROUND;
  printf("%s %.1f ns\n", chosen->name, median(times, rounds));
  printf("%s_allocations %.4f per span\n", chosen->name, (double)counted / spans);
  if (chosen->is_sampled) {
    printf("%s_rate %.0f spans/s/core, %llu dropped\n", chosen->name, spans / process_seconds,
           (unsigned long long)otlp_stats_dropped(&stats));
  }
  otlp_tracer_provider_destroy(provider);
}

int main(int argc, char **argv) {
  int rounds = argc > 1 ? atoi(argv[1]) : DEFAULT_ROUNDS;
  if (rounds < 1 || rounds > MAX_ROUNDS) {
    fprintf(stderr, "usage: %s [rounds, 1 to %d]\n", argv[0], MAX_ROUNDS);
    return 2;
  }
  for (size_t i = 0; i < sizeof(benchmarks) / sizeof(*benchmarks); i++) {
    run(&benchmarks[i], rounds);
  }
  return 0;
}

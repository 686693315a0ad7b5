/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a span or a log record costs its caller, and how many a core makes and exports.
 *
 *     bench_span [rounds]
 *
 * Prints `name value unit` lines. Times are CPU time of the thread that makes them, the median
 * of the rounds; allocations are counted by wrapping malloc, and are that thread's. The rate is
 * what is exported to a null sink per second of CPU time of all threads together.
 */
#include <otlp/batch_processor.h>
#include <otlp/exporters.h>
#include <otlp/sdk.h>

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ITEMS_PER_ROUND = 100000, DEFAULT_ROUNDS = 21, MAX_ROUNDS = 1001 };

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

/* What makes items: one of the two. */
typedef struct subject {
  otlp_tracer_provider *tracers;
  otlp_logger_provider *loggers;
  otlp_tracer *tracer;
  otlp_logger *logger;
} subject;

/* The span of the project's budget: five attributes, as a server span has them. */
static void five_attributes(const subject *with) {
  otlp_span *span =
      otlp_span_start(with->tracer, NULL, otlp_string_from("GET /inventory/{id}"), NULL);
  otlp_span_set_string(span, "http.request.method", "GET");
  otlp_span_set_string(span, "url.path", "/inventory/widget-1");
  otlp_span_set_int(span, "http.response.status_code", 200);
  otlp_span_set_string(span, "server.address", "localhost");
  otlp_span_set_bool(span, "cache.hit", true);
  otlp_span_end(span);
}

/* The specification's benchmark for rates: ten attributes, 20 characters of key and of value. */
static void ten_attributes(const subject *with) {
  static const char *const keys[] = {
      "attribute.key.no.000", "attribute.key.no.001", "attribute.key.no.002",
      "attribute.key.no.003", "attribute.key.no.004", "attribute.key.no.005",
      "attribute.key.no.006", "attribute.key.no.007", "attribute.key.no.008",
      "attribute.key.no.009",
  };
  otlp_span *span = otlp_span_start(with->tracer, NULL, otlp_string_from("span"), NULL);
  for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
    otlp_span_set_string(span, keys[i], "attribute.value.0000");
  }
  otlp_span_end(span);
}

/* The specification's base span: one integer and one event. */
static void base_span(const subject *with) {
  otlp_span *span = otlp_span_start(with->tracer, NULL, otlp_string_from("base"), NULL);
  otlp_span_set_int(span, "n", 42);
  otlp_span_add_event(span, otlp_string_from("event"), 0, NULL, 0);
  otlp_span_end(span);
}

/* A line of business as mesh_log emits it: two fields, in a span. */
static void log_record(const subject *with) {
  static const otlp_context context = {
      .span = {.trace_id = {1, 2, 3}, .span_id = {4, 5, 6}, .trace_flags = 1}};
  const otlp_attribute fields[] = {
      otlp_attribute_string("order_id", "0190c9ff2b6d7000"),
      otlp_attribute_int("items", 2),
  };
  otlp_log_record record = OTLP_LOG_RECORD_INIT;
  record.severity = OTLP_SEVERITY_INFO;
  record.severity_text = otlp_string_from("info");
  record.body = otlp_value_text(otlp_string_from("order confirmed"));
  record.attributes = fields;
  record.attribute_count = 2;
  otlp_logger_emit(with->logger, &context, &record);
}

typedef struct benchmark {
  const char *name;
  void (*make)(const subject *with);
  otlp_signal signal;
  bool is_exported;
} benchmark;

static const benchmark benchmarks[] = {
    {"span_5_attributes", five_attributes, OTLP_SIGNAL_TRACES, true},
    {"span_unsampled", five_attributes, OTLP_SIGNAL_TRACES, false},
    {"span_10_attributes", ten_attributes, OTLP_SIGNAL_TRACES, true},
    {"span_base", base_span, OTLP_SIGNAL_TRACES, true},
    {"log_record", log_record, OTLP_SIGNAL_LOGS, true},
    {"log_record_none", log_record, OTLP_SIGNAL_LOGS, false},
};

static int compare(const void *a, const void *b) {
  double difference = *(const double *)a - *(const double *)b;
  return (difference > 0) - (difference < 0);
}

static double median(double *values, int count) {
  qsort(values, (size_t)count, sizeof(*values), compare);
  return values[count / 2];
}

/* A drop would be cheaper than an item. */
static otlp_processor *make_processor(otlp_signal signal) {
  otlp_batch_processor_options batching = OTLP_BATCH_PROCESSOR_OPTIONS_INIT;
  batching.max_queue_size = 2 * ITEMS_PER_ROUND;
  batching.max_queue_bytes = (size_t)256 << 20;
  batching.signal = signal;
  return otlp_batch_processor_new(otlp_null_exporter_new(), &batching);
}

static subject make_subject(const benchmark *chosen) {
  const otlp_scope scope = {.name = otlp_string_from("bench")};
  subject made = {0};
  if (chosen->signal == OTLP_SIGNAL_TRACES) {
    otlp_tracer_provider_options options = OTLP_TRACER_PROVIDER_OPTIONS_INIT;
    options.processors[options.processor_count++] = make_processor(chosen->signal);
    options.sampler = chosen->is_exported ? otlp_sampler_always_on() : otlp_sampler_always_off();
    made.tracers = otlp_tracer_provider_new(&options);
    made.tracer = otlp_tracer_provider_get_tracer(made.tracers, &scope);
  } else if (chosen->is_exported) {
    otlp_logger_provider_options options = OTLP_LOGGER_PROVIDER_OPTIONS_INIT;
    options.processors[options.processor_count++] = make_processor(chosen->signal);
    made.loggers = otlp_logger_provider_new(&options);
    made.logger = otlp_logger_provider_get_logger(made.loggers, &scope);
  }
  return made;
}

static void flush(const subject *made) {
  otlp_tracer_provider_force_flush(made->tracers, 10000);
  otlp_logger_provider_force_flush(made->loggers, 10000);
}

static uint64_t count_dropped(const subject *made) {
  otlp_stats spans;
  otlp_stats records;
  otlp_tracer_provider_get_stats(made->tracers, &spans);
  otlp_logger_provider_get_stats(made->loggers, &records);
  return otlp_stats_dropped(&spans) + otlp_stats_dropped(&records);
}

static void run(const benchmark *chosen, int rounds) {
  subject made = make_subject(chosen);
  double times[MAX_ROUNDS];
  size_t counted = 0;
  double process_start = 0;
  for (int round = -1; round < rounds; round++) { /* the first one warms up */
    if (round == 0) {
      process_start = cpu_ns(CLOCK_PROCESS_CPUTIME_ID);
    }
    size_t before = allocations;
    double start = cpu_ns(CLOCK_THREAD_CPUTIME_ID);
    for (int i = 0; i < ITEMS_PER_ROUND; i++) {
      chosen->make(&made);
    }
    if (round >= 0) {
      times[round] = (cpu_ns(CLOCK_THREAD_CPUTIME_ID) - start) / ITEMS_PER_ROUND;
      counted += allocations - before;
    }
    flush(&made);
  }
  const char *what = chosen->signal == OTLP_SIGNAL_TRACES ? "span" : "record";
  double process_seconds = (cpu_ns(CLOCK_PROCESS_CPUTIME_ID) - process_start) / 1e9;
  double items = (double)rounds * ITEMS_PER_ROUND;
  printf("%s %.1f ns\n", chosen->name, median(times, rounds));
  printf("%s_allocations %.4f per %s\n", chosen->name, (double)counted / items, what);
  if (chosen->is_exported) {
    printf("%s_rate %.0f %ss/s/core, %llu dropped\n", chosen->name, items / process_seconds, what,
           (unsigned long long)count_dropped(&made));
  }
  otlp_tracer_provider_destroy(made.tracers);
  otlp_logger_provider_destroy(made.loggers);
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

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the export side costs: the processor's on_item, requests over OTLP/gRPC, and the whole at a
 * steady rate, to a sink in another process (specification, performance-benchmark.md).
 *
 *     bench_export [seconds per steady run]
 *
 * Prints `name value unit` lines.
 */
#include <otlp/batch_processor.h>
#include <otlp/exporters.h>
#include <otlp/otlp_exporter.h>
#include <otlp/sdk.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "sink.h"

enum {
  BURSTS = 400,
  BURST_SPANS = 400, /* of four threads less than a queue */
  FRAME_SIZE = 300,
  THREADS_MAX = 4,
  DEFAULT_SECONDS = 5,
};

static double seconds_of(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* A frame of FRAME_SIZE bytes: tag, two bytes of length, a message with one long name. */
static uint8_t frame[FRAME_SIZE];
static const otlp_encoded_resource resource = {{(const uint8_t *)"\x0a\x00", 2}};
static const otlp_encoded_scope scope = {{(const uint8_t *)"\x0a\x00", 2}, {"", 0}};

static void make_frame(void) {
  size_t message = FRAME_SIZE - 3;
  size_t name = message - 3;
  const uint8_t head[] = {0x12, (uint8_t)(message | 0x80), (uint8_t)(message >> 7),
                          0x2A, (uint8_t)(name | 0x80),    (uint8_t)(name >> 7)};
  memset(frame, 'n', sizeof(frame));
  memcpy(frame, head, sizeof(head));
}

typedef struct producer {
  otlp_processor *processor;
  double cpu_seconds;
} producer;

static void *produce(void *user_data) {
  producer *self = user_data;
  otlp_item span = {.frame = {frame, sizeof(frame)},
                    .message = {frame + 3, sizeof(frame) - 3},
                    .resource = &resource,
                    .scope = &scope,
                    .context = {.trace_flags = OTLP_TRACE_FLAG_SAMPLED}};
  for (int burst = 0; burst < BURSTS; burst++) {
    double start = seconds_of(CLOCK_THREAD_CPUTIME_ID);
    for (int i = 0; i < BURST_SPANS; i++) {
      self->processor->vtable->on_item(self->processor, &span);
    }
    self->cpu_seconds += seconds_of(CLOCK_THREAD_CPUTIME_ID) - start;
    self->processor->vtable->force_flush(self->processor, 1000);
  }
  return NULL;
}

static void bench_on_end(int threads) {
  otlp_processor *processor = otlp_batch_processor_new(otlp_null_exporter_new(), NULL);
  producer producers[THREADS_MAX] = {{NULL, 0}};
  pthread_t ids[THREADS_MAX];
  double cpu = 0;
  for (int i = 0; i < threads; i++) {
    producers[i].processor = processor;
    pthread_create(&ids[i], NULL, produce, &producers[i]);
  }
  for (int i = 0; i < threads; i++) {
    pthread_join(ids[i], NULL);
    cpu += producers[i].cpu_seconds;
  }
  otlp_stats stats = {0};
  processor->vtable->add_stats(processor, &stats);
  printf("on_end_%d_threads %.0f ns/span, %llu dropped\n", threads,
         cpu * 1e9 / (BURSTS * BURST_SPANS) / threads,
         (unsigned long long)otlp_stats_dropped(&stats));
  otlp_processor_destroy(processor);
}

static otlp_exporter *exporter_for(int port, otlp_compression compression) {
  char endpoint[64];
  snprintf(endpoint, sizeof(endpoint), "http://127.0.0.1:%d", port);
  otlp_exporter_options options = OTLP_EXPORTER_OPTIONS_INIT;
  options.endpoint = endpoint;
  options.compression = compression;
  return otlp_grpc_exporter_new(&options);
}

static void bench_requests(int port, const char *name, size_t spans, otlp_compression compression) {
  otlp_exporter *exporter = exporter_for(port, compression);
  uint8_t *bytes = malloc(spans * FRAME_SIZE);
  for (size_t i = 0; i < spans; i++) {
    memcpy(bytes + i * FRAME_SIZE, frame, FRAME_SIZE);
  }
  otlp_bytes run = {bytes, spans * FRAME_SIZE};
  otlp_scope_items scopes = {&scope, &run, 1, spans, run.size};
  otlp_batch batch = {&resource, &scopes, 1, spans, OTLP_SIGNAL_TRACES};
  otlp_export_report report = {0};
  exporter->vtable->export_batch(exporter, &batch, 10000, &report); /* connects */
  double cpu_start = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
  double start = seconds_of(CLOCK_MONOTONIC);
  int requests = 0;
  while (seconds_of(CLOCK_MONOTONIC) - start < 1.0) {
    exporter->vtable->export_batch(exporter, &batch, 10000, &report);
    requests++;
  }
  double took = seconds_of(CLOCK_MONOTONIC) - start;
  double cpu = seconds_of(CLOCK_PROCESS_CPUTIME_ID) - cpu_start;
  printf("%s %.0f requests/s, %.0f us CPU each, %.0f spans/s\n", name, requests / took,
         cpu * 1e6 / requests, requests * (double)spans / took);
  exporter->vtable->shutdown(exporter, 0);
  otlp_exporter_destroy(exporter);
  free(bytes);
}

/* The specification's base span: one integer and one event. */
static void make_span(otlp_tracer *tracer) {
  otlp_span *span = otlp_span_start(tracer, NULL, otlp_string_from("base"), NULL);
  otlp_span_set_int(span, "n", 42);
  otlp_span_add_event(span, otlp_string_from("event"), 0, NULL, 0);
  otlp_span_end(span);
}

static otlp_tracer_provider *provider_for(otlp_exporter *exporter) {
  otlp_tracer_provider_options options = OTLP_TRACER_PROVIDER_OPTIONS_INIT;
  options.processors[0] = otlp_batch_processor_new(exporter, NULL);
  options.processor_count = 1;
  return otlp_tracer_provider_new(&options);
}

static void bench_steady(int port, const char *name, int rate, int seconds,
                         otlp_compression compression) {
  enum { STEPS_PER_SECOND = 1000 };
  otlp_tracer_provider *provider = provider_for(exporter_for(port, compression));
  otlp_scope names = {.name = otlp_string_from("bench")};
  otlp_tracer *tracer = otlp_tracer_provider_get_tracer(provider, &names);
  struct timespec next;
  clock_gettime(CLOCK_MONOTONIC, &next);
  double cpu_start = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
  double start = seconds_of(CLOCK_MONOTONIC);
  for (int step = 0; step < seconds * STEPS_PER_SECOND; step++) {
    for (int i = 0; i < rate / STEPS_PER_SECOND; i++) {
      make_span(tracer);
    }
    next.tv_nsec += 1000000000 / STEPS_PER_SECOND;
    next.tv_sec += next.tv_nsec / 1000000000;
    next.tv_nsec %= 1000000000;
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
  }
  otlp_tracer_provider_force_flush(provider, 10000);
  double cpu = seconds_of(CLOCK_PROCESS_CPUTIME_ID) - cpu_start;
  double took = seconds_of(CLOCK_MONOTONIC) - start;
  otlp_stats stats;
  otlp_tracer_provider_get_stats(provider, &stats);
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  printf("%s %.2f %% of a core, %.2f us/span, %llu exported, %llu dropped, %ld KiB peak\n", name,
         100 * cpu / took, cpu * 1e6 / (double)stats.ended, (unsigned long long)stats.exported,
         (unsigned long long)otlp_stats_dropped(&stats), usage.ru_maxrss);
  otlp_tracer_provider_shutdown(provider, 1000);
  otlp_tracer_provider_destroy(provider);
}

int main(int argc, char **argv) {
  sink_main(argc, argv);
  int seconds = argc > 1 ? atoi(argv[1]) : DEFAULT_SECONDS;
  make_frame();
  sink receiver = sink_start();
  bench_steady(receiver.port, "steady_10k_grpc", 10000, seconds, OTLP_COMPRESSION_NONE);
  bench_steady(receiver.port, "steady_50k_grpc", 50000, seconds, OTLP_COMPRESSION_NONE);
  bench_steady(receiver.port, "steady_50k_grpc_gzip", 50000, seconds, OTLP_COMPRESSION_GZIP);
  bench_requests(receiver.port, "request_of_1_span", 1, OTLP_COMPRESSION_NONE);
  bench_requests(receiver.port, "request_of_512_spans", 512, OTLP_COMPRESSION_NONE);
  bench_requests(receiver.port, "request_of_512_spans_gzip", 512, OTLP_COMPRESSION_GZIP);
  sink_stop(&receiver);
  for (int threads = 1; threads <= THREADS_MAX; threads *= 2) {
    bench_on_end(threads);
  }
  return 0;
}

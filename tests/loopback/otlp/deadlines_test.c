/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Provider, batch processor and exporter together, against every state a collector can be in:
 * making spans stays cheap, flush and shutdown keep their deadlines, each span is accounted for,
 * and the log stays short.
 */
#include <otlp/batch_processor.h>
#include <otlp/otlp_exporter.h>
#include <otlp/sdk.h>

#include "../../support/cmocka_headers.h"
#include "../../support/log_capture.h"
#include "export/deadline.h"
#include "fake_collector.h"
#include "fake_http_collector.h"
#include "raw_server.h"

#include <grpc/grpc.h>

enum {
  SPANS = 5000, /* more than a queue */
  FLUSH_MS = 150,
  SHUTDOWN_MS = 200,
  SLACK_MS = 1500, /* for machines that are slow, or run sanitizers */
};

typedef otlp_exporter *exporter_constructor(const otlp_exporter_options *options);

static otlp_tracer_provider *provider_for(exporter_constructor *constructor, int port) {
  char endpoint[64];
  snprintf(endpoint, sizeof(endpoint), "http://127.0.0.1:%d", port);
  otlp_exporter_options exporter_options = OTLP_EXPORTER_OPTIONS_INIT;
  exporter_options.endpoint = endpoint;
  otlp_batch_processor_options batch_options = OTLP_BATCH_PROCESSOR_OPTIONS_INIT;
  batch_options.schedule_delay_ms = 10;
  otlp_tracer_provider_options options = OTLP_TRACER_PROVIDER_OPTIONS_INIT;
  options.processors[0] = otlp_batch_processor_new(constructor(&exporter_options), &batch_options);
  options.processor_count = 1;
  otlp_tracer_provider *provider = otlp_tracer_provider_new(&options);
  assert_non_null(provider);
  return provider;
}

static void make_spans(otlp_tracer_provider *provider, size_t count) {
  otlp_scope scope = {.name = otlp_string_from("test")};
  otlp_tracer *tracer = otlp_tracer_provider_get_tracer(provider, &scope);
  for (size_t i = 0; i < count; i++) {
    otlp_span_end(otlp_span_start(tracer, NULL, otlp_string_from("span"), NULL));
  }
}

static void assert_within(int64_t start, int64_t limit_ms) {
  assert_in_range((otlp__monotonic_now() - start) / OTLP__NS_PER_MS, 0, limit_ms + SLACK_MS);
}

static void assert_accounted_for(otlp_tracer_provider *provider, bool healthy) {
  otlp_stats stats;
  otlp_tracer_provider_get_stats(provider, &stats);
  assert_int_equal(stats.ended, SPANS);
  assert_int_equal(stats.queue_size, 0);
  assert_int_equal(stats.exported + otlp_stats_dropped(&stats), SPANS);
  if (!healthy) {
    assert_int_equal(stats.exported, 0);
  }
}

static void check(exporter_constructor *constructor, int port, bool healthy) {
  log_capture_start();
  otlp_tracer_provider *provider = provider_for(constructor, port);
  int64_t start = otlp__monotonic_now();
  make_spans(provider, SPANS);
  assert_within(start, 0);
  start = otlp__monotonic_now();
  otlp_result flushed = otlp_tracer_provider_force_flush(provider, FLUSH_MS);
  assert_within(start, FLUSH_MS);
  assert_true(healthy || flushed != OTLP_OK);
  start = otlp__monotonic_now();
  otlp_tracer_provider_shutdown(provider, SHUTDOWN_MS);
  assert_within(start, SHUTDOWN_MS);
  assert_accounted_for(provider, healthy);
  otlp_tracer_provider_destroy(provider);
  assert_in_range(log_capture_count(""), 0, 2); /* the collector, and the queue that was full */
}

static void check_raw(const char *answer, size_t size) {
  raw_server *server = raw_server_start(answer, size);
  check(otlp_grpc_exporter_new, raw_server_port(server), false);
  check(otlp_http_exporter_new, raw_server_port(server), false);
  raw_server_stop(server);
}

/* The normal case, to know that what the others show is not the test's doing. */
static void test_healthy(void **state) {
  (void)state;
  collector *grpc = collector_start(NULL);
  check(otlp_grpc_exporter_new, collector_port(grpc), true);
  collector_stop(grpc);
  http_collector *http = http_collector_start(NULL);
  check(otlp_http_exporter_new, http_collector_port(http), true);
  http_collector_stop(http);
}

/* Nobody listens. */
static void test_absent(void **state) {
  (void)state;
  check(otlp_grpc_exporter_new, unused_port(), false);
  check(otlp_http_exporter_new, unused_port(), false);
}

/* It accepts connections and never says a word. */
static void test_black_hole(void **state) {
  (void)state;
  check_raw(NULL, 0);
}

/* It is something else altogether. */
static void test_garbage(void **state) {
  (void)state;
  static const char BANNER[] = "SSH-2.0-OpenSSH_9.2\r\n";
  check_raw(BANNER, sizeof(BANNER) - 1);
}

/* It hangs up on every request. */
static void test_hangs_up(void **state) {
  (void)state;
  check_raw("", 0);
}

/* It takes the request and keeps it. */
static void test_holds_calls(void **state) {
  (void)state;
  const collector_reply hold = {.hold = true};
  collector_options options = {.replies = &hold, .reply_count = 1};
  collector *fake = collector_start(&options);
  check(otlp_grpc_exporter_new, collector_port(fake), false);
  collector_stop(fake);
}

/* It asks to be left alone for an hour. */
static void test_throttles(void **state) {
  (void)state;
  static const char IN_AN_HOUR[] =
      "\x08\x08\x1a\x31\x0a\x28type.googleapis.com/google.rpc.RetryInfo"
      "\x12\x05\x0a\x03\x08\x90\x1c";
  const collector_reply throttle = {
      .status = GRPC_STATUS_RESOURCE_EXHAUSTED,
      .details = {(const uint8_t *)IN_AN_HOUR, sizeof(IN_AN_HOUR) - 1}};
  collector_options options = {.replies = &throttle, .reply_count = 1};
  collector *grpc = collector_start(&options);
  check(otlp_grpc_exporter_new, collector_port(grpc), false);
  assert_int_equal(collector_calls(grpc), 1);
  collector_stop(grpc);
  const http_reply busy = {.status = 503, .retry_after = "3600"};
  http_collector_options http_options = {.replies = &busy, .reply_count = 1};
  http_collector *http = http_collector_start(&http_options);
  check(otlp_http_exporter_new, http_collector_port(http), false);
  assert_int_equal(http_collector_requests(http), 1);
  http_collector_stop(http);
}

/* It refuses every request. */
static void test_refuses(void **state) {
  (void)state;
  const collector_reply refuse = {.status = GRPC_STATUS_PERMISSION_DENIED};
  collector_options options = {.replies = &refuse, .reply_count = 1};
  collector *grpc = collector_start(&options);
  check(otlp_grpc_exporter_new, collector_port(grpc), false);
  collector_stop(grpc);
  const http_reply forbidden = {.status = 403};
  http_collector_options http_options = {.replies = &forbidden, .reply_count = 1};
  http_collector *http = http_collector_start(&http_options);
  check(otlp_http_exporter_new, http_collector_port(http), false);
  http_collector_stop(http);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_healthy),    cmocka_unit_test(test_absent),
      cmocka_unit_test(test_black_hole), cmocka_unit_test(test_garbage),
      cmocka_unit_test(test_hangs_up),   cmocka_unit_test(test_holds_calls),
      cmocka_unit_test(test_throttles),  cmocka_unit_test(test_refuses),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

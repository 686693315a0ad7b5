/* SPDX-License-Identifier: Apache-2.0 */
/* Log records from a logger to a collector, over both protocols, as the environment asks for it. */
#include <otlp/otlp_exporter.h>
#include <otlp/sdk.h>

#include "../../support/cmocka_headers.h"
#include "../../support/log_capture.h"
#include "fake_collector.h"
#include "fake_http_collector.h"

#include <stdio.h>
#include <stdlib.h>

#include <opentelemetry/proto/collector/logs/v1/logs_service.pb-c.h>

enum { PATIENCE_MS = 20000 };

typedef Opentelemetry__Proto__Collector__Logs__V1__ExportLogsServiceRequest proto_request;
typedef Opentelemetry__Proto__Logs__V1__LogRecord proto_record;

static const otlp_context in_a_span = {.span = {.trace_id = {0xab}, .span_id = {0xcd}}};

static int forget(void **state) {
  (void)state;
  clearenv();
  setenv("no_proxy", "*", 1);
  setenv("OTEL_TRACES_EXPORTER", "none", 1);
  setenv("OTEL_LOGS_EXPORTER", "otlp", 1);
  setenv("OTEL_BLRP_SCHEDULE_DELAY", "3600000", 1);
  log_capture_start();
  return 0;
}

static void set_endpoint(const char *variable, int port, const char *path) {
  char endpoint[64];
  snprintf(endpoint, sizeof(endpoint), "http://127.0.0.1:%d%s", port, path);
  setenv(variable, endpoint, 1);
}

static void emit(otlp_setup *sdk, size_t count) {
  otlp_logger *logger = otlp_logger_provider_get_logger(sdk->logger_provider, NULL);
  otlp_log_record record = OTLP_LOG_RECORD_INIT;
  record.severity = OTLP_SEVERITY_INFO;
  record.body = otlp_value_text(otlp_string_from("order confirmed"));
  for (size_t i = 0; i < count; i++) {
    otlp_logger_emit(logger, &in_a_span, &record);
  }
}

static void start(otlp_setup *out_sdk) {
  otlp_setup_options options = OTLP_SETUP_OPTIONS_INIT;
  options.service_name = otlp_string_from("shop");
  assert_int_equal(otlp_setup_from_environment(&options, out_sdk), OTLP_OK);
  assert_non_null(out_sdk->logger_provider);
}

/* Checks a request; gives the number of its records. */
static size_t check_request(otlp_bytes bytes) {
  proto_request *request =
      opentelemetry__proto__collector__logs__v1__export_logs_service_request__unpack(
          NULL, bytes.size, bytes.data);
  assert_non_null(request);
  assert_int_equal(request->n_resource_logs, 1);
  assert_true(request->resource_logs[0]->resource->n_attributes > 0);
  assert_int_equal(request->resource_logs[0]->n_scope_logs, 1);
  size_t count = request->resource_logs[0]->scope_logs[0]->n_log_records;
  const proto_record *record = request->resource_logs[0]->scope_logs[0]->log_records[0];
  assert_string_equal(record->body->string_value, "order confirmed");
  assert_int_equal(record->severity_number, 9);
  assert_memory_equal(record->trace_id.data, in_a_span.span.trace_id, OTLP_TRACE_ID_SIZE);
  assert_memory_equal(record->span_id.data, in_a_span.span.span_id, OTLP_SPAN_ID_SIZE);
  opentelemetry__proto__collector__logs__v1__export_logs_service_request__free_unpacked(request,
                                                                                        NULL);
  return count;
}

/* Log records would not reach a collector, or reach its service for spans. */
static void test_over_grpc(void **state) {
  (void)state;
  collector *fake = collector_start(NULL);
  otlp_setup sdk;
  set_endpoint("OTEL_EXPORTER_OTLP_ENDPOINT", collector_port(fake), "");
  setenv("OTEL_EXPORTER_OTLP_LOGS_HEADERS", "x-tenant=shop", 1);
  start(&sdk);
  emit(&sdk, 100);
  assert_int_equal(otlp_logger_provider_force_flush(sdk.logger_provider, PATIENCE_MS), OTLP_OK);
  assert_int_equal(collector_calls(fake), 1);
  static const char method[] = "/opentelemetry.proto.collector.logs.v1.LogsService/Export";
  otlp_bytes called = collector_method(fake, 0);
  assert_int_equal(called.size, sizeof(method) - 1);
  assert_memory_equal(called.data, method, sizeof(method) - 1);
  assert_memory_equal(collector_metadata(fake, 0, "x-tenant").data, "shop", 4);
  assert_int_equal(check_request(collector_request(fake, 0)), 100);
  otlp_stats stats;
  otlp_logger_provider_get_stats(sdk.logger_provider, &stats);
  assert_int_equal(stats.started, 100);
  assert_int_equal(stats.exported, 100);
  assert_int_equal(otlp_setup_clean_up(&sdk, PATIENCE_MS), OTLP_OK);
  collector_stop(fake);
}

/* The path, or the variables of the signal's own, would be those of spans. */
static void test_over_http(void **state) {
  (void)state;
  http_collector *fake = http_collector_start(NULL);
  otlp_setup sdk;
  setenv("OTEL_EXPORTER_OTLP_LOGS_PROTOCOL", "http/protobuf", 1);
  set_endpoint("OTEL_EXPORTER_OTLP_ENDPOINT", http_collector_port(fake), "");
  start(&sdk);
  emit(&sdk, 3);
  assert_int_equal(otlp_setup_clean_up(&sdk, PATIENCE_MS), OTLP_OK); /* flushes */
  assert_string_equal(http_collector_path(fake, 0), "/v1/logs");
  assert_int_equal(check_request(http_collector_body(fake, 0)), 3);

  set_endpoint("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", http_collector_port(fake), "/own/path");
  start(&sdk);
  emit(&sdk, 1);
  assert_int_equal(otlp_setup_clean_up(&sdk, PATIENCE_MS), OTLP_OK);
  assert_string_equal(http_collector_path(fake, 1), "/own/path");
  http_collector_stop(fake);
}

/* A receiver of spans only would cost a line per batch, or nobody would learn of it. */
static void test_a_receiver_without_logs_is_told_once(void **state) {
  (void)state;
  static const collector_reply refusal = {.status = GRPC_STATUS_UNIMPLEMENTED,
                                          .message = "unknown service"};
  collector_options options = {.replies = &refusal, .reply_count = 1};
  collector *fake = collector_start(&options);
  otlp_setup sdk;
  set_endpoint("OTEL_EXPORTER_OTLP_ENDPOINT", collector_port(fake), "");
  start(&sdk);
  for (size_t i = 0; i < 5; i++) {
    emit(&sdk, 2);
    assert_int_equal(otlp_logger_provider_force_flush(sdk.logger_provider, PATIENCE_MS),
                     OTLP_FAILED);
  }
  assert_int_equal(log_capture_count("does not take log records: UNIMPLEMENTED"), 1);
  assert_int_equal(log_capture_count(""), 1);
  otlp_stats stats;
  otlp_logger_provider_get_stats(sdk.logger_provider, &stats);
  assert_int_equal(stats.dropped[OTLP_DROP_EXPORT_REJECTED], 10);
  otlp_setup_clean_up(&sdk, PATIENCE_MS);
  collector_stop(fake);
}

/* A collector that never answers would hold up who logs, or memory would grow. */
static void test_a_collector_that_holds_costs_records_only(void **state) {
  (void)state;
  static const collector_reply hold = {.hold = true};
  collector_options options = {.replies = &hold, .reply_count = 1};
  collector *fake = collector_start(&options);
  otlp_setup sdk;
  set_endpoint("OTEL_EXPORTER_OTLP_ENDPOINT", collector_port(fake), "");
  setenv("OTEL_BLRP_MAX_QUEUE_SIZE", "100", 1);
  setenv("OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", "10", 1);
  start(&sdk);
  emit(&sdk, 10);
  collector_wait_calls(fake, 1);
  emit(&sdk, 1000);
  otlp_stats stats;
  otlp_logger_provider_get_stats(sdk.logger_provider, &stats);
  assert_int_equal(stats.queue_size, 100);
  assert_int_equal(stats.dropped[OTLP_DROP_QUEUE_FULL], 900);
  assert_int_not_equal(otlp_setup_clean_up(&sdk, 50), OTLP_OK);
  assert_int_equal(log_capture_count("log records are being dropped before export"), 1);
  collector_stop(fake);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(test_over_grpc, forget),
      cmocka_unit_test_setup(test_over_http, forget),
      cmocka_unit_test_setup(test_a_receiver_without_logs_is_told_once, forget),
      cmocka_unit_test_setup(test_a_collector_that_holds_costs_records_only, forget),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "export/exporter_environment.h"

#include "../../../support/cmocka_headers.h"
#include "../../../support/log_capture.h"

#include <stdio.h>
#include <stdlib.h>

#define GENERAL "OTEL_EXPORTER_OTLP_"
#define OWN "OTEL_EXPORTER_OTLP_TRACES_"

static otlp__exporter_environment environment;

static void read_environment(void) {
  assert_true(otlp__exporter_environment_init(&environment, OTLP_SIGNAL_TRACES));
}

static int forget(void **state) {
  (void)state;
  clearenv();
  log_capture_start();
  otlp__exporter_environment_clean_up(&environment);
  environment = (otlp__exporter_environment){0};
  return 0;
}

/* Nothing set must mean the documented defaults, and nothing to complain about. */
static void test_defaults(void **state) {
  (void)state;
  setenv(GENERAL "ENDPOINT", "", 1);
  read_environment();
  assert_int_equal(environment.protocol, OTLP__PROTOCOL_GRPC);
  assert_null(environment.options.endpoint);
  assert_false(environment.options.insecure);
  assert_int_equal(environment.options.compression, OTLP_COMPRESSION_NONE);
  assert_int_equal(environment.options.timeout_ms, 10000);
  assert_int_equal(environment.options.max_request_bytes, 4 * 1024 * 1024);
  assert_int_equal(environment.options.header_count, 0);
  assert_null(environment.options.certificate_file);
  assert_int_equal(log_capture_count(""), 0);
}

/* The general variables must all arrive. */
static void test_general(void **state) {
  (void)state;
  setenv(GENERAL "PROTOCOL", "GRPC", 1);
  setenv(GENERAL "ENDPOINT", " https://c:1 ", 1);
  setenv(GENERAL "INSECURE", "True", 1);
  setenv(GENERAL "CERTIFICATE", "/ca", 1);
  setenv(GENERAL "CLIENT_KEY", "/key", 1);
  setenv(GENERAL "CLIENT_CERTIFICATE", "/cert", 1);
  setenv(GENERAL "HEADERS", "a=1, b-bin=%00%FF ,c=x%3Dy", 1);
  setenv(GENERAL "COMPRESSION", "gzip", 1);
  setenv(GENERAL "TIMEOUT", "1234", 1);
  read_environment();
  assert_string_equal(environment.options.endpoint, "https://c:1");
  assert_true(environment.options.insecure);
  assert_string_equal(environment.options.certificate_file, "/ca");
  assert_string_equal(environment.options.client_key_file, "/key");
  assert_string_equal(environment.options.client_certificate_file, "/cert");
  assert_int_equal(environment.options.compression, OTLP_COMPRESSION_GZIP);
  assert_int_equal(environment.options.timeout_ms, 1234);
  assert_int_equal(environment.options.header_count, 3);
  assert_int_equal(environment.options.headers[1].value.length, 2);
  assert_memory_equal(environment.options.headers[1].value.data, "\x00\xff", 2);
  assert_memory_equal(environment.options.headers[2].value.data, "x=y", 3);
  assert_int_equal(log_capture_count(""), 0);
}

/* The traces' own variables must win, one by one, and replace lists rather than add to them. */
static void test_own_wins(void **state) {
  (void)state;
  setenv(GENERAL "PROTOCOL", "http/protobuf", 1);
  setenv(OWN "PROTOCOL", "grpc", 1);
  setenv(GENERAL "ENDPOINT", "http://general:1", 1);
  setenv(OWN "ENDPOINT", "http://own:2", 1);
  setenv(GENERAL "HEADERS", "a=1,b=2", 1);
  setenv(OWN "HEADERS", "c=3", 1);
  setenv(GENERAL "TIMEOUT", "5", 1);
  setenv(OWN "TIMEOUT", "0", 1);
  setenv(GENERAL "INSECURE", "true", 1);
  setenv(OWN "INSECURE", "false", 1);
  setenv(GENERAL "COMPRESSION", "gzip", 1);
  setenv(OWN "COMPRESSION", "none", 1);
  setenv(GENERAL "CERTIFICATE", "/general", 1);
  setenv(OWN "CERTIFICATE", "/own", 1);
  read_environment();
  assert_int_equal(environment.protocol, OTLP__PROTOCOL_GRPC);
  assert_string_equal(environment.options.endpoint, "http://own:2");
  assert_int_equal(environment.options.header_count, 1);
  assert_memory_equal(environment.options.headers[0].key.data, "c", 1);
  assert_int_equal(environment.options.timeout_ms, OTLP_NO_TIMEOUT);
  assert_false(environment.options.insecure);
  assert_int_equal(environment.options.compression, OTLP_COMPRESSION_NONE);
  assert_string_equal(environment.options.certificate_file, "/own");
}

/* What is said of log records must hold for them, and nothing that is said of spans. */
static void test_log_records_have_their_own(void **state) {
  (void)state;
  static const char *const names[] = {"PROTOCOL",    "ENDPOINT",           "INSECURE",
                                      "CERTIFICATE", "CLIENT_CERTIFICATE", "CLIENT_KEY",
                                      "HEADERS",     "COMPRESSION",        "TIMEOUT"};
  static const char *const values[] = {
      "http/protobuf", "https://logs:1", "true", "/ca", "/cert", "/key", "c=3", "gzip", "77"};
  char variable[64];
  setenv(GENERAL "ENDPOINT", "http://general:1", 1);
  for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
    snprintf(variable, sizeof(variable), "OTEL_EXPORTER_OTLP_LOGS_%s", names[i]);
    setenv(variable, values[i], 1);
  }
  assert_true(otlp__exporter_environment_init(&environment, OTLP_SIGNAL_LOGS));
  assert_int_equal(environment.options.signal, OTLP_SIGNAL_LOGS);
  assert_int_equal(environment.protocol, OTLP__PROTOCOL_HTTP_PROTOBUF);
  assert_string_equal(environment.options.endpoint, "https://logs:1/");
  assert_true(environment.options.insecure);
  assert_string_equal(environment.options.certificate_file, "/ca");
  assert_string_equal(environment.options.client_certificate_file, "/cert");
  assert_string_equal(environment.options.client_key_file, "/key");
  assert_int_equal(environment.options.header_count, 1);
  assert_int_equal(environment.options.compression, OTLP_COMPRESSION_GZIP);
  assert_int_equal(environment.options.timeout_ms, 77);
  otlp__exporter_environment_clean_up(&environment);
  read_environment(); /* the spans' */
  assert_int_equal(environment.protocol, OTLP__PROTOCOL_GRPC);
  assert_string_equal(environment.options.endpoint, "http://general:1");
  assert_int_equal(environment.options.header_count, 0);
  assert_int_equal(environment.options.timeout_ms, 10000);
}

/* OTLP/HTTP adds the path to the general endpoint only. */
static void test_http_path(void **state) {
  (void)state;
  setenv(GENERAL "PROTOCOL", "http/protobuf", 1);
  setenv(GENERAL "ENDPOINT", "http://c:4318/base/", 1);
  read_environment();
  assert_int_equal(environment.protocol, OTLP__PROTOCOL_HTTP_PROTOBUF);
  assert_string_equal(environment.options.endpoint, "http://c:4318/base/v1/traces");
  otlp__exporter_environment_clean_up(&environment);
  setenv(OWN "ENDPOINT", "http://c:4318", 1);
  read_environment();
  assert_string_equal(environment.options.endpoint, "http://c:4318/");
}

/* What makes no sense must be warned about by name and ignored; secrets must stay out of the log.
 */
static void test_nonsense_is_ignored(void **state) {
  (void)state;
  setenv(GENERAL "PROTOCOL", "http/json", 1);
  setenv(OWN "ENDPOINT", "http://:1", 1);
  setenv(GENERAL "ENDPOINT", "http://general:1", 1);
  setenv(GENERAL "HEADERS", "secret", 1);
  setenv(GENERAL "TIMEOUT", "10s", 1);
  setenv(GENERAL "COMPRESSION", "zstd", 1);
  setenv(GENERAL "INSECURE", "1", 1);
  read_environment();
  assert_int_equal(environment.protocol, OTLP__PROTOCOL_GRPC);
  assert_string_equal(environment.options.endpoint, "http://general:1");
  assert_int_equal(environment.options.header_count, 0);
  assert_int_equal(environment.options.timeout_ms, 10000);
  assert_int_equal(environment.options.compression, OTLP_COMPRESSION_NONE);
  assert_false(environment.options.insecure);
  assert_int_equal(log_capture_count(GENERAL "PROTOCOL"), 1);
  assert_int_equal(log_capture_count(OWN "ENDPOINT"), 1);
  assert_int_equal(log_capture_count(GENERAL "HEADERS"), 1);
  assert_int_equal(log_capture_count(GENERAL "TIMEOUT"), 1);
  assert_int_equal(log_capture_count(GENERAL "COMPRESSION"), 1);
  assert_int_equal(log_capture_count(GENERAL "INSECURE"), 1);
  assert_int_equal(log_capture_count("secret"), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_defaults, forget, forget),
      cmocka_unit_test_setup_teardown(test_general, forget, forget),
      cmocka_unit_test_setup_teardown(test_own_wins, forget, forget),
      cmocka_unit_test_setup_teardown(test_log_records_have_their_own, forget, forget),
      cmocka_unit_test_setup_teardown(test_http_path, forget, forget),
      cmocka_unit_test_setup_teardown(test_nonsense_is_ignored, forget, forget),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

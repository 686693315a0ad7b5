/* SPDX-License-Identifier: Apache-2.0 */
/* What the environment asks for is what goes over the wire. */
#include <otlp/otlp_exporter.h>

#include "../../support/cmocka_headers.h"
#include "../../support/otlp_frames.h"
#include "fake_http_collector.h"

#include <stdio.h>
#include <stdlib.h>

enum { UNHURRIED_MS = 20000 };

static otlp_result export_spans(otlp_exporter *exporter, size_t count) {
  test_batch batch;
  otlp_export_report report = {0};
  test_batch_init(&batch, count, 200, 2);
  otlp_result result =
      exporter->vtable->export_batch(exporter, &batch.batch, UNHURRIED_MS, &report);
  test_batch_clean_up(&batch);
  assert_int_equal(report.exported, count);
  return result;
}

/* OTLP/HTTP would have to be programmed instead of asked for, or go somewhere else. */
static void test_protocol_is_http(void **state) {
  (void)state;
  char endpoint[64];
  http_collector *fake = http_collector_start(NULL);
  snprintf(endpoint, sizeof(endpoint), "http://127.0.0.1:%d", http_collector_port(fake));
  setenv("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf", 1);
  setenv("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint, 1);
  setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip", 1);
  otlp_exporter *exporter = otlp_exporter_from_environment(OTLP_SIGNAL_TRACES);
  assert_non_null(exporter);
  assert_int_equal(export_spans(exporter, 100), OTLP_OK);
  assert_string_equal(http_collector_path(fake, 0), "/v1/traces");
  assert_string_equal(http_collector_header(fake, 0, "Content-Type"), "application/x-protobuf");
  assert_string_equal(http_collector_header(fake, 0, "Content-Encoding"), "gzip");
  exporter->vtable->shutdown(exporter, 0);
  otlp_exporter_destroy(exporter);
  http_collector_stop(fake);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_protocol_is_http),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

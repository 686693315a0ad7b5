/* SPDX-License-Identifier: Apache-2.0 */
/* The OTLP/HTTP exporter against collectors of every kind, through real sockets. */
#include <otlp/otlp_exporter.h>

#include "../../support/cmocka_headers.h"
#include "../../support/log_capture.h"
#include "../../support/otlp_frames.h"
#include "export/deadline.h"
#include "fake_http_collector.h"
#include "raw_server.h"

#include <time.h>
#include <unistd.h>
#include <zlib.h>

enum { UNHURRIED_MS = 20000 };

static otlp_exporter_options quick_options(void) {
  otlp_exporter_options options = OTLP_EXPORTER_OPTIONS_INIT;
  options.retry_initial_ms = 20;
  options.retry_max_ms = 50;
  return options;
}

static otlp_exporter *exporter_for(int port, otlp_exporter_options options) {
  char endpoint[64];
  snprintf(endpoint, sizeof(endpoint), "http://127.0.0.1:%d/v1/traces", port);
  options.endpoint = endpoint;
  otlp_exporter *exporter = otlp_http_exporter_new(&options);
  assert_non_null(exporter);
  return exporter;
}

static http_collector *collector_with(const http_reply *replies, size_t count) {
  http_collector_options options = {.replies = replies, .reply_count = count};
  return http_collector_start(&options);
}

static otlp_result export_spans(otlp_exporter *exporter, size_t count, int64_t timeout_ms,
                                otlp_export_report *out_report) {
  test_batch batch;
  test_batch_init(&batch, count, 200, 2);
  *out_report = (otlp_export_report){0};
  otlp_result result =
      exporter->vtable->export_batch(exporter, &batch.batch, timeout_ms, out_report);
  test_batch_clean_up(&batch);
  return result;
}

static void finish(otlp_exporter *exporter) {
  exporter->vtable->shutdown(exporter, 0);
  otlp_exporter_destroy(exporter);
}

/* Every span of a batch must arrive once, at the right path, as the right type. */
static void test_batch_arrives(void **state) {
  (void)state;
  http_collector *fake = http_collector_start(NULL);
  otlp_exporter *exporter = exporter_for(http_collector_port(fake), quick_options());
  otlp_export_report report;
  assert_int_equal(export_spans(exporter, 100, UNHURRIED_MS, &report), OTLP_OK);
  assert_int_equal(report.exported, 100);
  assert_string_equal(http_collector_path(fake, 0), "/v1/traces");
  assert_string_equal(http_collector_header(fake, 0, "Content-Type"), "application/x-protobuf");
  assert_memory_equal(http_collector_header(fake, 0, "User-Agent"), "OTel-OTLP-Exporter-C/", 21);
  unsigned seen[100] = {0};
  assert_int_equal(test_count_spans(http_collector_body(fake, 0), seen, 100), 100);
  for (size_t i = 0; i < 100; i++) {
    assert_int_equal(seen[i], 1);
  }
  finish(exporter);
  http_collector_stop(fake);
}

/* A body of megabytes must go out at once, without waiting to be told to continue. */
static void test_large_body(void **state) {
  (void)state;
  http_collector *fake = http_collector_start(NULL);
  otlp_exporter *exporter = exporter_for(http_collector_port(fake), quick_options());
  test_batch batch;
  test_batch_init(&batch, 500, 6000, 1);
  otlp_export_report report = {0};
  assert_int_equal(exporter->vtable->export_batch(exporter, &batch.batch, UNHURRIED_MS, &report),
                   OTLP_OK);
  assert_int_equal(http_collector_requests(fake), 1);
  assert_string_equal(http_collector_header(fake, 0, "Expect"), "");
  assert_int_equal(test_count_spans(http_collector_body(fake, 0), NULL, 0), 500);
  test_batch_clean_up(&batch);
  finish(exporter);
  http_collector_stop(fake);
}

/* Headers carry credentials; gzip must be named and be real, also for the second request. */
static void test_headers_and_gzip(void **state) {
  (void)state;
  const otlp_header headers[] = {{{"x-api-key", 9}, {"s3cret", 6}},
                                 {{"Content-Type", 12}, {"text/plain", 10}}};
  http_collector *fake = http_collector_start(NULL);
  otlp_exporter_options options = quick_options();
  options.headers = headers;
  options.header_count = 2;
  options.compression = OTLP_COMPRESSION_GZIP;
  otlp_exporter *exporter = exporter_for(http_collector_port(fake), options);
  for (size_t i = 0; i < 2; i++) {
    otlp_export_report report;
    assert_int_equal(export_spans(exporter, 100, UNHURRIED_MS, &report), OTLP_OK);
    assert_string_equal(http_collector_header(fake, i, "X-Api-Key"), "s3cret");
    assert_string_equal(http_collector_header(fake, i, "Content-Type"), "application/x-protobuf");
    assert_string_equal(http_collector_header(fake, i, "Content-Encoding"), "gzip");
    otlp_bytes sent = http_collector_body(fake, i);
    assert_true(sent.size < 5000);
    uint8_t plain[65536];
    z_stream stream = {.next_in = (uint8_t *)sent.data,
                       .avail_in = (unsigned)sent.size,
                       .next_out = plain,
                       .avail_out = sizeof(plain)};
    assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    assert_int_equal(test_count_spans((otlp_bytes){plain, stream.total_out}, NULL, 0), 100);
    inflateEnd(&stream);
  }
  finish(exporter);
  http_collector_stop(fake);
}

/* A collector that is busy for a moment must cost nothing. */
static void test_retryable_statuses_are_retried(void **state) {
  (void)state;
  const http_reply replies[] = {
      {.status = 429}, {.status = 502}, {.status = 503}, {.status = 504}, {.status = 200}};
  http_collector *fake = collector_with(replies, 5);
  log_capture_start();
  otlp_exporter *exporter = exporter_for(http_collector_port(fake), quick_options());
  otlp_export_report report;
  assert_int_equal(export_spans(exporter, 10, UNHURRIED_MS, &report), OTLP_OK);
  assert_int_equal(report.exported, 10);
  assert_int_equal(http_collector_requests(fake), 5);
  for (size_t i = 0; i < 5; i++) {
    assert_int_equal(test_count_spans(http_collector_body(fake, i), NULL, 0), 10);
  }
  assert_int_equal(log_capture_count("HTTP status 429"), 1);
  assert_int_equal(log_capture_count(""), 1);
  finish(exporter);
  http_collector_stop(fake);
}

static int64_t gap_after_first(http_collector *fake) {
  return http_collector_arrival(fake, 1) - http_collector_arrival(fake, 0);
}

/* A client that comes back too early makes the overload worse that it was told of. */
static void test_retry_after_seconds(void **state) {
  (void)state;
  const http_reply replies[] = {{.status = 503, .retry_after = "1"}, {.status = 200}};
  http_collector *fake = collector_with(replies, 2);
  otlp_exporter *exporter = exporter_for(http_collector_port(fake), quick_options());
  otlp_export_report report;
  assert_int_equal(export_spans(exporter, 10, UNHURRIED_MS, &report), OTLP_OK);
  assert_true(gap_after_first(fake) >= 995 * OTLP__NS_PER_MS);
  finish(exporter);
  http_collector_stop(fake);
}

/* The same, said as a date: it counts in whole seconds, so two ahead means more than one. */
static void test_retry_after_date(void **state) {
  (void)state;
  char date[64];
  time_t then = time(NULL) + 2;
  struct tm parts;
  strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&then, &parts));
  const http_reply replies[] = {{.status = 503, .retry_after = date}, {.status = 200}};
  http_collector *fake = collector_with(replies, 2);
  otlp_exporter *exporter = exporter_for(http_collector_port(fake), quick_options());
  otlp_export_report report;
  assert_int_equal(export_spans(exporter, 10, UNHURRIED_MS, &report), OTLP_OK);
  assert_true(gap_after_first(fake) >= 900 * OTLP__NS_PER_MS);
  finish(exporter);
  http_collector_stop(fake);
}

/* What the same request would only meet again must not be tried again, and the reason be logged. */
static void test_other_statuses_are_refused(void **state) {
  (void)state;
  static const char STATUS[] = "\x08\x03\x12\x08"
                               "bad span";
  const http_reply replies[] = {
      {.status = 400, .body = {(const uint8_t *)STATUS, sizeof(STATUS) - 1}}, {.status = 500}};
  http_collector *fake = collector_with(replies, 2);
  log_capture_start();
  otlp_exporter *exporter = exporter_for(http_collector_port(fake), quick_options());
  for (size_t i = 1; i <= 2; i++) {
    otlp_export_report report;
    assert_int_equal(export_spans(exporter, 10, UNHURRIED_MS, &report), OTLP_FAILED);
    assert_int_equal(report.dropped[OTLP_DROP_EXPORT_REJECTED], 10);
    assert_int_equal(http_collector_requests(fake), i);
  }
  assert_int_equal(log_capture_count("HTTP status 400: bad span"), 1);
  assert_int_equal(log_capture_count(""), 1);
  finish(exporter);
  http_collector_stop(fake);
}

/* A partial success must not be sent again, and what was rejected must be counted. */
static void test_partial_success_is_counted(void **state) {
  (void)state;
  static const uint8_t THREE_REJECTED[] = {0x0A, 0x07, 0x08, 0x03, 0x12, 0x03, 'b', 'a', 'd'};
  const http_reply replies[] = {{.body = {THREE_REJECTED, sizeof(THREE_REJECTED)}}};
  http_collector *fake = collector_with(replies, 1);
  log_capture_start();
  otlp_exporter *exporter = exporter_for(http_collector_port(fake), quick_options());
  otlp_export_report report;
  assert_int_equal(export_spans(exporter, 10, UNHURRIED_MS, &report), OTLP_OK);
  assert_int_equal(report.exported, 7);
  assert_int_equal(report.dropped[OTLP_DROP_EXPORT_REJECTED], 3);
  assert_int_equal(http_collector_requests(fake), 1);
  assert_int_equal(log_capture_count("rejected 3 spans of a request: bad"), 1);
  finish(exporter);
  http_collector_stop(fake);
}

/* A web page is no collector; a JSON answer is one with its own mind, but it took the spans. */
static void test_success_of_other_types(void **state) {
  (void)state;
  const http_reply replies[] = {
      {.content_type = "text/html", .body = {(const uint8_t *)"<html>", 6}},
      {.content_type = "application/json; charset=utf-8", .body = {(const uint8_t *)"{}", 2}},
      {.body = {(const uint8_t *)"<html>", 6}}};
  http_collector *fake = collector_with(replies, 3);
  otlp_exporter *exporter = exporter_for(http_collector_port(fake), quick_options());
  otlp_export_report report;
  assert_int_equal(export_spans(exporter, 10, UNHURRIED_MS, &report), OTLP_FAILED);
  assert_int_equal(export_spans(exporter, 10, UNHURRIED_MS, &report), OTLP_OK);
  assert_int_equal(export_spans(exporter, 10, UNHURRIED_MS, &report), OTLP_FAILED);
  finish(exporter);
  http_collector_stop(fake);
}

/* A response beyond the limit must be an error, not memory. */
static void test_huge_response_is_refused(void **state) {
  (void)state;
  static uint8_t huge[70000];
  const http_reply replies[] = {{.body = {huge, sizeof(huge)}}};
  http_collector *fake = collector_with(replies, 1);
  otlp_exporter_options options = quick_options();
  options.max_response_bytes = 65536;
  log_capture_start();
  otlp_exporter *exporter = exporter_for(http_collector_port(fake), options);
  otlp_export_report report;
  assert_int_equal(export_spans(exporter, 10, UNHURRIED_MS, &report), OTLP_FAILED);
  assert_int_equal(report.dropped[OTLP_DROP_EXPORT_REJECTED], 10);
  assert_int_equal(log_capture_count("more than 65536 bytes"), 1);
  finish(exporter);
  http_collector_stop(fake);
}

/* The timeout must hold against a server that never answers, and be counted as such. */
static void test_timeout_is_kept(void **state) {
  (void)state;
  raw_server *hole = raw_server_start(NULL, 0);
  otlp_exporter_options options = quick_options();
  options.timeout_ms = 200;
  otlp_exporter *exporter = exporter_for(raw_server_port(hole), options);
  otlp_export_report report;
  int64_t start = otlp__monotonic_now();
  assert_int_equal(export_spans(exporter, 10, UNHURRIED_MS, &report), OTLP_TIMED_OUT);
  int64_t took_ms = (otlp__monotonic_now() - start) / OTLP__NS_PER_MS;
  assert_in_range(took_ms, 195, 5000);
  assert_int_equal(report.dropped[OTLP_DROP_EXPORT_TIMED_OUT], 10);
  finish(exporter);
  raw_server_stop(hole);
}

/* When nobody listens, every batch must end in time, with one line in the log for all of them. */
static void test_absent_collector(void **state) {
  (void)state;
  otlp_exporter_options options = quick_options();
  options.timeout_ms = 300;
  log_capture_start();
  otlp_exporter *exporter = exporter_for(unused_port(), options);
  for (int i = 0; i < 3; i++) {
    otlp_export_report report;
    assert_int_equal(export_spans(exporter, 10, UNHURRIED_MS, &report), OTLP_FAILED);
    assert_int_equal(report.dropped[OTLP_DROP_EXPORT_FAILED], 10);
  }
  assert_int_equal(log_capture_count("does not take spans"), 1);
  assert_int_equal(log_capture_count(""), 1);
  finish(exporter);
}

/* Something that does not speak HTTP is not worth a second try. */
static void test_garbage_answers(void **state) {
  (void)state;
  static const char BANNER[] = "SSH-2.0-OpenSSH_9.2\r\n";
  raw_server *ssh = raw_server_start(BANNER, sizeof(BANNER) - 1);
  log_capture_start();
  otlp_exporter *exporter = exporter_for(raw_server_port(ssh), quick_options());
  for (int i = 0; i < 2; i++) {
    otlp_export_report report;
    assert_int_equal(export_spans(exporter, 10, UNHURRIED_MS, &report), OTLP_FAILED);
    assert_int_equal(report.exported, 0);
  }
  assert_int_equal(log_capture_count(""), 1);
  finish(exporter);
  raw_server_stop(ssh);
}

typedef struct stuck_export {
  otlp_exporter *exporter;
  otlp_export_report report;
} stuck_export;

static void *run_stuck_export(void *user_data) {
  stuck_export *stuck = user_data;
  export_spans(stuck->exporter, 10, OTLP_NO_TIMEOUT, &stuck->report);
  return NULL;
}

/* The shutdown comes `later_us` after the server has heard of the export. */
static void assert_shutdown_ends_export(int port, raw_server *wait_for, unsigned later_us) {
  otlp_exporter_options options = OTLP_EXPORTER_OPTIONS_INIT;
  options.timeout_ms = OTLP_NO_TIMEOUT;
  options.retry_initial_ms = options.retry_max_ms = 60000;
  stuck_export stuck = {.exporter = exporter_for(port, options)};
  pthread_t thread;
  pthread_create(&thread, NULL, run_stuck_export, &stuck);
  if (wait_for != NULL) {
    raw_server_wait_bytes(wait_for);
  }
  usleep(later_us);
  int64_t start = otlp__monotonic_now();
  stuck.exporter->vtable->shutdown(stuck.exporter, 0);
  pthread_join(thread, NULL);
  assert_in_range((otlp__monotonic_now() - start) / OTLP__NS_PER_MS, 0, 2000);
  assert_int_equal(stuck.report.dropped[OTLP_DROP_EXPORT_TIMED_OUT], 10);
  otlp_exporter_destroy(stuck.exporter);
}

/* A program must not hang at its end because its collector does, silent or absent. */
static void test_shutdown_ends_export(void **state) {
  (void)state;
  /* Before, in and after each step; the last when libcurl has nothing more to do by itself. */
  static const unsigned LATER_US[] = {0, 300, 1000, 3000, 400000};
  for (size_t i = 0; i < sizeof(LATER_US) / sizeof(LATER_US[0]); i++) {
    raw_server *hole = raw_server_start(NULL, 0);
    assert_shutdown_ends_export(raw_server_port(hole), hole, LATER_US[i]);
    raw_server_stop(hole);
    assert_shutdown_ends_export(unused_port(), NULL, LATER_US[i]);
  }
}

/* Mistakes in the configuration must be errors at the start that name the culprit. */
static void test_bad_options(void **state) {
  (void)state;
  log_capture_start();
  otlp_exporter_options options = OTLP_EXPORTER_OPTIONS_INIT;
  options.endpoint = "collector:4318";
  assert_null(otlp_http_exporter_new(&options));
  assert_int_equal(log_capture_count("collector:4318"), 1);
  options.endpoint = "https://collector";
  options.client_key_file = "/nonexistent/key.pem";
  assert_null(otlp_http_exporter_new(&options));
  assert_int_equal(log_capture_count("only together"), 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_batch_arrives),
      cmocka_unit_test(test_large_body),
      cmocka_unit_test(test_headers_and_gzip),
      cmocka_unit_test(test_retryable_statuses_are_retried),
      cmocka_unit_test(test_retry_after_seconds),
      cmocka_unit_test(test_retry_after_date),
      cmocka_unit_test(test_other_statuses_are_refused),
      cmocka_unit_test(test_partial_success_is_counted),
      cmocka_unit_test(test_success_of_other_types),
      cmocka_unit_test(test_huge_response_is_refused),
      cmocka_unit_test(test_timeout_is_kept),
      cmocka_unit_test(test_absent_collector),
      cmocka_unit_test(test_garbage_answers),
      cmocka_unit_test(test_shutdown_ends_export),
      cmocka_unit_test(test_bad_options),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

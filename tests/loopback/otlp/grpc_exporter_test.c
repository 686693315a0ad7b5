/* SPDX-License-Identifier: Apache-2.0 */
/* The OTLP/gRPC exporter against collectors of every kind, through real sockets. */
#include <otlp/otlp_exporter.h>

#include "../../support/cmocka_headers.h"
#include "../../support/log_capture.h"
#include "../../support/otlp_frames.h"
#include "export/deadline.h"
#include "fake_collector.h"
#include "raw_server.h"

#include <arpa/inet.h>
#include <grpc/grpc.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

enum { UNHURRIED_MS = 20000 };

/* google.rpc.Status with a RetryInfo of 300 ms. */
static const char RETRY_IN_300_MS[] =
    "\x08\x08\x1a\x34\x0a\x28type.googleapis.com/google.rpc.RetryInfo"
    "\x12\x08\x0a\x06\x10\x80\xc6\x86\x8f\x01";
#define RETRY_INFO \
  { (const uint8_t *)RETRY_IN_300_MS, sizeof(RETRY_IN_300_MS) - 1 }

static otlp_exporter_options quick_options(void) {
  otlp_exporter_options options = OTLP_EXPORTER_OPTIONS_INIT;
  options.retry_initial_ms = 20;
  options.retry_max_ms = 50;
  return options;
}

static otlp_exporter *exporter_for(int port, otlp_exporter_options options) {
  char endpoint[64];
  snprintf(endpoint, sizeof(endpoint), "http://127.0.0.1:%d", port);
  options.endpoint = endpoint;
  otlp_exporter *exporter = otlp_grpc_exporter_new(&options);
  assert_non_null(exporter);
  return exporter;
}

static collector *collector_with(const collector_reply *replies, size_t count) {
  collector_options options = {.replies = replies, .reply_count = count};
  return collector_start(&options);
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

/* Every span of a batch must arrive once, in a message a collector can decode. */
static void test_batch_arrives(void **state) {
  (void)state;
  collector *fake = collector_start(NULL);
  otlp_exporter *exporter = exporter_for(collector_port(fake), quick_options());
  otlp_export_report report;
  assert_int_equal(export_spans(exporter, 100, UNHURRIED_MS, &report), OTLP_OK);
  assert_int_equal(report.exported, 100);
  assert_int_equal(collector_calls(fake), 1);
  unsigned seen[100] = {0};
  assert_int_equal(test_count_spans(collector_request(fake, 0), seen, 100), 100);
  for (size_t i = 0; i < 100; i++) {
    assert_int_equal(seen[i], 1);
  }
  finish(exporter);
  collector_stop(fake);
}

static void assert_metadata(collector *fake, const char *key, const char *wanted, size_t size) {
  otlp_bytes value = collector_metadata(fake, 0, key);
  assert_int_equal(value.size, size);
  assert_memory_equal(value.data, wanted, size);
}

/* Headers carry credentials: all valid ones must be sent, and one bad one must cost only itself. */
static void test_headers_are_sent(void **state) {
  (void)state;
  const otlp_header headers[] = {{{"X-Api-Key", 9}, {"s3cret", 6}},
                                 {{"trace-bin", 9}, {"\x00\xff\n", 3}},
                                 {{"bad", 3}, {"a\r\nb", 4}},
                                 {{"grpc-timeout", 12}, {"1S", 2}}};
  collector *fake = collector_start(NULL);
  otlp_exporter_options options = quick_options();
  options.headers = headers;
  options.header_count = 4;
  log_capture_start();
  otlp_exporter *exporter = exporter_for(collector_port(fake), options);
  otlp_export_report report;
  assert_int_equal(export_spans(exporter, 1, UNHURRIED_MS, &report), OTLP_OK);
  assert_metadata(fake, "x-api-key", "s3cret", 6);
  assert_metadata(fake, "trace-bin", "\x00\xff\n", 3);
  assert_int_equal(collector_metadata(fake, 0, "bad").size, 0);
  assert_int_equal(log_capture_count("left out"), 2);
  assert_int_equal(log_capture_count("s3cret"), 0);
  otlp_bytes agent = collector_metadata(fake, 0, "user-agent");
  assert_true(agent.size > 21);
  assert_memory_equal(agent.data, "OTel-OTLP-Exporter-C/", 21);
  finish(exporter);
  collector_stop(fake);
}

/* With gzip the bytes on the wire must be fewer, and be what they were once unpacked. */
static void test_gzip_compresses_the_message(void **state) {
  (void)state;
  collector_options fake_options = {.keep_compressed = true};
  collector *fake = collector_start(&fake_options);
  otlp_exporter_options options = quick_options();
  options.compression = OTLP_COMPRESSION_GZIP;
  otlp_exporter *exporter = exporter_for(collector_port(fake), options);
  otlp_export_report report;
  assert_int_equal(export_spans(exporter, 100, UNHURRIED_MS, &report), OTLP_OK);
  otlp_bytes sent = collector_request(fake, 0);
  assert_true(sent.size < 5000);
  uint8_t plain[65536];
  z_stream stream = {.next_in = (uint8_t *)sent.data,
                     .avail_in = (unsigned)sent.size,
                     .next_out = plain,
                     .avail_out = sizeof(plain)};
  assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
  assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
  otlp_bytes unpacked = {plain, stream.total_out};
  assert_int_equal(test_count_spans(unpacked, NULL, 0), 100);
  inflateEnd(&stream);
  finish(exporter);
  collector_stop(fake);
}

/* A collector that is busy for a moment must cost nothing, and be logged once in and once out. */
static void test_retryable_failures_are_retried(void **state) {
  (void)state;
  const collector_reply replies[] = {{.status = GRPC_STATUS_UNAVAILABLE, .message = "starting"},
                                     {.status = GRPC_STATUS_ABORTED},
                                     {.status = GRPC_STATUS_DATA_LOSS},
                                     {.status = GRPC_STATUS_OK}};
  collector *fake = collector_with(replies, 4);
  log_capture_start();
  otlp_exporter *exporter = exporter_for(collector_port(fake), quick_options());
  otlp_export_report report;
  assert_int_equal(export_spans(exporter, 10, UNHURRIED_MS, &report), OTLP_OK);
  assert_int_equal(report.exported, 10);
  assert_int_equal(collector_calls(fake), 4);
  for (size_t i = 0; i < 4; i++) {
    assert_int_equal(test_count_spans(collector_request(fake, i), NULL, 0), 10);
  }
  assert_int_equal(log_capture_count("UNAVAILABLE: starting"), 1);
  assert_int_equal(log_capture_count(""), 1);
  finish(exporter);
  collector_stop(fake);
}

/* A client that comes back too early makes the overload worse that it was told of. */
static void test_retry_info_is_honoured(void **state) {
  (void)state;
  const collector_reply replies[] = {
      {.status = GRPC_STATUS_RESOURCE_EXHAUSTED, .details = RETRY_INFO},
      {.status = GRPC_STATUS_OK}};
  collector *fake = collector_with(replies, 2);
  otlp_exporter *exporter = exporter_for(collector_port(fake), quick_options());
  otlp_export_report report;
  assert_int_equal(export_spans(exporter, 10, UNHURRIED_MS, &report), OTLP_OK);
  assert_int_equal(collector_calls(fake), 2);
  int64_t waited = collector_arrival(fake, 1) - collector_arrival(fake, 0);
  assert_true(waited >= 295 * OTLP__NS_PER_MS);
  finish(exporter);
  collector_stop(fake);
}

/* RESOURCE_EXHAUSTED without RetryInfo is for good (a message too large, a quota): no second try.
 */
static void test_resource_exhausted_is_refused(void **state) {
  (void)state;
  const collector_reply replies[] = {{.status = GRPC_STATUS_RESOURCE_EXHAUSTED}};
  collector *fake = collector_with(replies, 1);
  otlp_exporter *exporter = exporter_for(collector_port(fake), quick_options());
  otlp_export_report report;
  assert_int_equal(export_spans(exporter, 10, UNHURRIED_MS, &report), OTLP_FAILED);
  assert_int_equal(report.dropped[OTLP_DROP_EXPORT_REJECTED], 10);
  assert_int_equal(collector_calls(fake), 1);
  finish(exporter);
  collector_stop(fake);
}

/* A partial success must not be sent again, and what was rejected must be counted, and said once.
 */
static void test_partial_success_is_counted(void **state) {
  (void)state;
  static const uint8_t THREE_REJECTED[] = {0x0A, 0x07, 0x08, 0x03, 0x12, 0x03, 'b', 'a', 'd'};
  const collector_reply replies[] = {{.response = {THREE_REJECTED, sizeof(THREE_REJECTED)}}};
  collector *fake = collector_with(replies, 1);
  log_capture_start();
  otlp_exporter *exporter = exporter_for(collector_port(fake), quick_options());
  for (size_t call = 1; call <= 3; call++) {
    otlp_export_report report;
    assert_int_equal(export_spans(exporter, 10, UNHURRIED_MS, &report), OTLP_OK);
    assert_int_equal(report.exported, 7);
    assert_int_equal(report.dropped[OTLP_DROP_EXPORT_REJECTED], 3);
    assert_int_equal(collector_calls(fake), call);
  }
  assert_int_equal(log_capture_count("rejected 3 spans of a request: bad"), 1);
  assert_int_equal(log_capture_count(""), 1);
  finish(exporter);
  collector_stop(fake);
}

/* Collectors take 4 MiB at most: larger batches must be cut, not lost; single giants be dropped. */
static void test_batch_is_split_by_bytes(void **state) {
  (void)state;
  collector *fake = collector_start(NULL);
  otlp_exporter_options options = quick_options();
  options.max_request_bytes = 1000;
  otlp_exporter *exporter = exporter_for(collector_port(fake), options);
  otlp_export_report report;
  assert_int_equal(export_spans(exporter, 20, UNHURRIED_MS, &report), OTLP_OK);
  assert_int_equal(report.exported, 20);
  unsigned seen[20] = {0};
  for (size_t i = 0; i < collector_calls(fake); i++) {
    assert_true(collector_request(fake, i).size <= 1000);
    assert_true(test_count_spans(collector_request(fake, i), seen, 20) >= 1);
  }
  for (size_t i = 0; i < 20; i++) {
    assert_int_equal(seen[i], 1);
  }
  test_batch giant;
  test_batch_init(&giant, 2, 2000, 1);
  report = (otlp_export_report){0};
  size_t calls = collector_calls(fake);
  exporter->vtable->export_batch(exporter, &giant.batch, UNHURRIED_MS, &report);
  assert_int_equal(report.dropped[OTLP_DROP_TOO_LARGE], 2);
  assert_int_equal(collector_calls(fake), calls); /* and no empty request */
  test_batch_clean_up(&giant);
  finish(exporter);
  collector_stop(fake);
}

static void assert_huge_response_is_refused(bool compressed) {
  static uint8_t huge[1000000];
  const collector_reply reply = {.response = {huge, sizeof(huge)}};
  collector_options fake_options = {
      .replies = &reply, .reply_count = 1, .compress_responses = compressed};
  collector *fake = collector_start(&fake_options);
  otlp_exporter_options options = quick_options();
  options.max_response_bytes = 65536;
  log_capture_start();
  otlp_exporter *exporter = exporter_for(collector_port(fake), options);
  otlp_export_report report;
  assert_int_equal(export_spans(exporter, 10, UNHURRIED_MS, &report), OTLP_FAILED);
  assert_int_equal(report.dropped[OTLP_DROP_EXPORT_REJECTED], 10);
  assert_int_equal(collector_calls(fake), 1);
  assert_int_equal(log_capture_count("RESOURCE_EXHAUSTED"), 1);
  finish(exporter);
  collector_stop(fake);
}

/* A response beyond the limit must be an error, not memory: as sent, and as unpacked. */
static void test_huge_response_is_refused(void **state) {
  (void)state;
  assert_huge_response_is_refused(false);
  assert_huge_response_is_refused(true);
}

/* OK with a response that is no message must count as failure: who knows what took the spans. */
static void test_nonsense_response_is_refused(void **state) {
  (void)state;
  const collector_reply replies[] = {{.response = {(const uint8_t *)"<html>", 6}}};
  collector *fake = collector_with(replies, 1);
  log_capture_start();
  otlp_exporter *exporter = exporter_for(collector_port(fake), quick_options());
  for (int i = 0; i < 3; i++) {
    otlp_export_report report;
    assert_int_equal(export_spans(exporter, 10, UNHURRIED_MS, &report), OTLP_FAILED);
    assert_int_equal(report.dropped[OTLP_DROP_EXPORT_REJECTED], 10);
  }
  assert_int_equal(log_capture_count("makes no sense"), 1);
  finish(exporter);
  collector_stop(fake);
}

/* The timeout must hold against a collector that never answers, and be counted as such. */
static void test_timeout_is_kept(void **state) {
  (void)state;
  const collector_reply replies[] = {{.hold = true}};
  collector *fake = collector_with(replies, 1);
  otlp_exporter_options options = quick_options();
  options.timeout_ms = 200;
  otlp_exporter *exporter = exporter_for(collector_port(fake), options);
  otlp_export_report report;
  int64_t start = otlp__monotonic_now();
  assert_int_equal(export_spans(exporter, 10, UNHURRIED_MS, &report), OTLP_TIMED_OUT);
  int64_t took_ms = (otlp__monotonic_now() - start) / OTLP__NS_PER_MS;
  assert_in_range(took_ms, 195, 5000);
  assert_int_equal(report.dropped[OTLP_DROP_EXPORT_TIMED_OUT], 10);
  finish(exporter);
  collector_stop(fake);
}

/* Exports once, with the time given, to a collector that says `status` at once and then nothing. */
static otlp_result export_to_hasty(grpc_status_code status, int64_t timeout_ms) {
  const collector_reply replies[] = {{.status = status}, {.hold = true}};
  collector *fake = collector_with(replies, 2);
  otlp_exporter_options options = quick_options();
  options.timeout_ms = timeout_ms;
  otlp_exporter *exporter = exporter_for(collector_port(fake), options);
  otlp_export_report report;
  otlp_result result = export_spans(exporter, 10, UNHURRIED_MS, &report);
  assert_int_equal(report.dropped[result == OTLP_TIMED_OUT ? OTLP_DROP_EXPORT_TIMED_OUT
                                                           : OTLP_DROP_EXPORT_FAILED],
                   10);
  finish(exporter);
  collector_stop(fake);
  return result;
}

/* Whose timer sees the deadline first, ours or the collector's, must not change what is counted;
 * but a collector that ends calls long before has answered, and it is its refusals that count. With
 * 90 ms every moment is about the deadline, so no test has to hit it. */
static void test_deadline_seen_by_collector_first(void **state) {
  (void)state;
  enum { ABOUT_NOW_MS = 90, MUCH_LATER_MS = 3000 };
  const grpc_status_code codes[] = {GRPC_STATUS_DEADLINE_EXCEEDED, GRPC_STATUS_CANCELLED};
  for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
    assert_int_equal(export_to_hasty(codes[i], ABOUT_NOW_MS), OTLP_TIMED_OUT);
    assert_int_equal(export_to_hasty(codes[i], MUCH_LATER_MS), OTLP_FAILED);
  }
}

/* When nobody listens, every batch must end in time, with one line in the log for all of them. */
static void test_absent_collector(void **state) {
  (void)state;
  otlp_exporter_options options = quick_options();
  options.timeout_ms = 1000;
  log_capture_start();
  otlp_exporter *exporter = exporter_for(unused_port(), options);
  for (int i = 0; i < 3; i++) {
    otlp_export_report report;
    assert_int_equal(export_spans(exporter, 10, UNHURRIED_MS, &report), OTLP_FAILED);
    assert_int_equal(report.dropped[OTLP_DROP_EXPORT_FAILED], 10);
  }
  assert_int_equal(log_capture_count("does not take spans: UNAVAILABLE"), 1);
  assert_int_equal(log_capture_count(""), 1);
  finish(exporter);
}

/* A collector that comes up later must be found at once, not after gRPC's own two minutes. */
static void test_collector_that_comes_late(void **state) {
  (void)state;
  char path[64];
  snprintf(path, sizeof(path), "unix:/tmp/otlp-late-%d.sock", getpid());
  otlp_exporter_options options = quick_options();
  options.endpoint = path;
  options.timeout_ms = 300;
  otlp_exporter *exporter = otlp_grpc_exporter_new(&options);
  otlp_export_report report;
  for (int i = 0; i < 3; i++) {
    export_spans(exporter, 10, UNHURRIED_MS, &report);
    assert_int_equal(report.dropped[OTLP_DROP_EXPORT_FAILED], 10);
  }
  collector_options fake_options = {.address = path};
  collector *fake = collector_start(&fake_options);
  int64_t start = otlp__monotonic_now();
  while (export_spans(exporter, 10, UNHURRIED_MS, &report) != OTLP_OK) {
    assert_true(otlp__monotonic_now() - start < 5 * OTLP__NS_PER_S);
  }
  assert_int_equal(report.exported, 10);
  finish(exporter);
  collector_stop(fake);
}

/* The socket of this process that is connected to `port`; -1 if there is none. */
static int find_connection(int port) {
  for (int fd = 3; fd < 1024; fd++) {
    struct sockaddr_in6 peer; /* gRPC's sockets are dual-stack; the port is where IPv4 has it */
    socklen_t size = sizeof(peer);
    if (getpeername(fd, (struct sockaddr *)&peer, &size) == 0 &&
        (peer.sin6_family == AF_INET || peer.sin6_family == AF_INET6) &&
        ntohs(peer.sin6_port) == port) {
      return fd;
    }
  }
  return -1;
}

/* When the collector's host vanishes, every batch would be lost until TCP gives up its connection,
 * a quarter of an hour later. */
static void test_dead_connections_are_given_up(void **state) {
  (void)state;
  collector *fake = collector_start(NULL);
  otlp_exporter *exporter = exporter_for(collector_port(fake), quick_options());
  otlp_export_report report;
  assert_int_equal(export_spans(exporter, 1, UNHURRIED_MS, &report), OTLP_OK);
  unsigned timeout_ms = 0;
  socklen_t size = sizeof(timeout_ms);
  assert_int_equal(getsockopt(find_connection(collector_port(fake)), IPPROTO_TCP, TCP_USER_TIMEOUT,
                              &timeout_ms, &size),
                   0);
  assert_in_range(timeout_ms, 1, 60000);
  finish(exporter);
  collector_stop(fake);
}

/* Leaves a forked child with 0 when all of it was refused in peace. */
static void use_grpc_in_child(otlp_exporter *of_parent) {
  otlp_export_report report;
  otlp_result result = export_spans(of_parent, 3, UNHURRIED_MS, &report);
  bool refused = result == OTLP_FAILED && report.dropped[OTLP_DROP_EXPORT_REJECTED] == 3;
  finish(of_parent);
  bool made = otlp_grpc_exporter_new(NULL) != NULL;
  _exit(refused && !made ? 0 : 1);
}

/* A program that forks while it exports would crash or hang in its child. */
static void test_fork(void **state) {
  (void)state;
  log_capture_start();
  collector *fake = collector_start(NULL);
  otlp_exporter *exporter = exporter_for(collector_port(fake), quick_options());
  otlp_export_report report;
  assert_int_equal(export_spans(exporter, 3, UNHURRIED_MS, &report), OTLP_OK);
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    alarm(20);
    use_grpc_in_child(exporter);
  }
  int status = -1;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_int_equal(status, 0);
  assert_int_equal(export_spans(exporter, 3, UNHURRIED_MS, &report), OTLP_OK);
  finish(exporter);
  collector_stop(fake);
}

/* What shutdown has to end: an export on its way to a server of one kind or another. */
typedef struct stuck_export {
  otlp_exporter *exporter;
  otlp_export_report report;
  otlp_result result;
} stuck_export;

static void *run_stuck_export(void *user_data) {
  stuck_export *stuck = user_data;
  stuck->result = export_spans(stuck->exporter, 10, OTLP_NO_TIMEOUT, &stuck->report);
  return NULL;
}

/* Starts an export that cannot succeed; shuts the exporter down once a server has heard of it. */
static void assert_shutdown_ends_export(otlp_exporter *exporter, collector *fake, raw_server *raw) {
  stuck_export stuck = {.exporter = exporter};
  pthread_t thread;
  pthread_create(&thread, NULL, run_stuck_export, &stuck);
  if (fake != NULL) {
    collector_wait_calls(fake, 1);
  }
  if (raw != NULL) {
    raw_server_wait_bytes(raw);
  }
  int64_t start = otlp__monotonic_now();
  exporter->vtable->shutdown(exporter, 0);
  pthread_join(thread, NULL);
  int64_t took_ms = (otlp__monotonic_now() - start) / OTLP__NS_PER_MS;
  assert_in_range(took_ms, 0, 2000);
  assert_int_equal(stuck.report.dropped[OTLP_DROP_EXPORT_TIMED_OUT], 10);
  otlp_exporter_destroy(exporter);
}

static otlp_exporter_options patient_options(void) {
  otlp_exporter_options options = OTLP_EXPORTER_OPTIONS_INIT;
  options.timeout_ms = OTLP_NO_TIMEOUT;
  options.retry_initial_ms = options.retry_max_ms = 60000;
  return options;
}

/* A program must not hang at its end because its collector does: not while it holds the call, ...
 */
static void test_shutdown_ends_held_call(void **state) {
  (void)state;
  const collector_reply replies[] = {{.hold = true}};
  collector *fake = collector_with(replies, 1);
  assert_shutdown_ends_export(exporter_for(collector_port(fake), patient_options()), fake, NULL);
  collector_stop(fake);
}

/* ... not while the next attempt is a minute away, ... */
static void test_shutdown_ends_backoff(void **state) {
  (void)state;
  const collector_reply replies[] = {{.status = GRPC_STATUS_UNAVAILABLE}};
  collector *fake = collector_with(replies, 1);
  assert_shutdown_ends_export(exporter_for(collector_port(fake), patient_options()), fake, NULL);
  collector_stop(fake);
}

/* ... not when something that is no gRPC server accepts and stays silent, ... */
static void test_shutdown_ends_black_hole(void **state) {
  (void)state;
  raw_server *hole = raw_server_start(NULL, 0);
  assert_shutdown_ends_export(exporter_for(raw_server_port(hole), patient_options()), NULL, hole);
  raw_server_stop(hole);
}

/* ... nor when it answers with something else altogether. */
static void test_shutdown_ends_garbage(void **state) {
  (void)state;
  static const char BANNER[] = "SSH-2.0-OpenSSH_9.2\r\n";
  raw_server *ssh = raw_server_start(BANNER, sizeof(BANNER) - 1);
  assert_shutdown_ends_export(exporter_for(raw_server_port(ssh), patient_options()), NULL, ssh);
  raw_server_stop(ssh);
}

/* A server that is no collector must look like an absent one: in time, and logged once. */
static void test_garbage_answers(void **state) {
  (void)state;
  static const char PAGE[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
  raw_server *web = raw_server_start(PAGE, sizeof(PAGE) - 1);
  otlp_exporter_options options = quick_options();
  options.timeout_ms = 300;
  log_capture_start();
  otlp_exporter *exporter = exporter_for(raw_server_port(web), options);
  for (int i = 0; i < 2; i++) {
    otlp_export_report report;
    assert_int_not_equal(export_spans(exporter, 10, UNHURRIED_MS, &report), OTLP_OK);
    assert_int_equal(report.exported, 0);
  }
  assert_int_equal(log_capture_count("does not take spans"), 1);
  assert_int_equal(log_capture_count(""), 1);
  finish(exporter);
  raw_server_stop(web);
}

/* An export after the shutdown must come back at once and count its spans. */
static void test_export_after_shutdown(void **state) {
  (void)state;
  collector *fake = collector_start(NULL);
  otlp_exporter *exporter = exporter_for(collector_port(fake), quick_options());
  exporter->vtable->shutdown(exporter, 0);
  otlp_export_report report;
  assert_int_equal(export_spans(exporter, 10, OTLP_NO_TIMEOUT, &report), OTLP_TIMED_OUT);
  assert_int_equal(report.dropped[OTLP_DROP_EXPORT_TIMED_OUT], 10);
  assert_int_equal(collector_calls(fake), 0);
  otlp_exporter_destroy(exporter);
  collector_stop(fake);
}

/* Mistakes in the configuration must be errors at the start that name the culprit. */
static void test_bad_options(void **state) {
  (void)state;
  log_capture_start();
  otlp_exporter_options options = OTLP_EXPORTER_OPTIONS_INIT;
  options.endpoint = "ftp://collector";
  assert_null(otlp_grpc_exporter_new(&options));
  assert_int_equal(log_capture_count("ftp://collector"), 1);
  options.endpoint = "https://collector";
  options.certificate_file = "/nonexistent/ca.pem";
  assert_null(otlp_grpc_exporter_new(&options));
  assert_int_equal(log_capture_count("/nonexistent/ca.pem"), 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_batch_arrives),
      cmocka_unit_test(test_headers_are_sent),
      cmocka_unit_test(test_gzip_compresses_the_message),
      cmocka_unit_test(test_retryable_failures_are_retried),
      cmocka_unit_test(test_retry_info_is_honoured),
      cmocka_unit_test(test_resource_exhausted_is_refused),
      cmocka_unit_test(test_partial_success_is_counted),
      cmocka_unit_test(test_batch_is_split_by_bytes),
      cmocka_unit_test(test_huge_response_is_refused),
      cmocka_unit_test(test_nonsense_response_is_refused),
      cmocka_unit_test(test_timeout_is_kept),
      cmocka_unit_test(test_deadline_seen_by_collector_first),
      cmocka_unit_test(test_absent_collector),
      cmocka_unit_test(test_collector_that_comes_late),
      cmocka_unit_test(test_dead_connections_are_given_up),
      cmocka_unit_test(test_fork),
      cmocka_unit_test(test_shutdown_ends_held_call),
      cmocka_unit_test(test_shutdown_ends_backoff),
      cmocka_unit_test(test_shutdown_ends_black_hole),
      cmocka_unit_test(test_shutdown_ends_garbage),
      cmocka_unit_test(test_garbage_answers),
      cmocka_unit_test(test_export_after_shutdown),
      cmocka_unit_test(test_bad_options),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

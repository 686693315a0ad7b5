/* SPDX-License-Identifier: Apache-2.0 */
/* A collector that is not there, never answers, is slow, or answers nonsense, costs requests
 * nothing and the log a line. */
#include "cmocka_headers.h"
#include "fake_collector.h"
#include "http.h"
#include "paid.h"
#include "raw_server.h"
#include "shop.h"
#include "slow_path.h"
#include "trace.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define REQUESTS 200
#define SLOW_MS 2000   /* no request that waits for an export would be as fast */
#define ANSWER_MS 2500 /* of a slow collector */

/* An export waits for a slow collector, or gives up before it answers. */
#define PATIENT "OTEL_EXPORTER_OTLP_TIMEOUT=20000"
#define HASTY "OTEL_EXPORTER_OTLP_TIMEOUT=1500"

/* What the end of a program may take, and how much longer where other things run beside it. */
#define FLUSH "MESH_FLUSH_MS=1000"
#define FLUSH_MS 1000
#define SLACK_MS 4000

/* A socket on a port of its own that takes connections and says nothing. */
static int open_socket(int *out_port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof(address);
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  assert_true(fd >= 0);
  assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
  assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
  assert_int_equal(listen(fd, 64), 0);
  *out_port = ntohs(address.sin_port);
  return fd;
}

static double now_ms(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

/* An order that is paid, one that is not, and looks at what is there. */
static http_answer send_one(const shop *self, unsigned number, int *out_status) {
  switch (number % 8) {
  case 0:
    *out_status = 200;
    return paid_place(self, PAID_SKU001, NULL, NULL);
  case 4:
    *out_status = 201;
    return http_post(self->ports[SHOP_GATEWAY], "/orders",
                     "{\"product_id\":\"phone-001\",\"quantity\":1}");
  default:
    *out_status = 200;
    return http_get(self->ports[SHOP_GATEWAY], "/inventory/phone-001");
  }
}

static void run_requests(const shop *self) {
  int phones = paid_stock(self, "phone-001", "$.quantity");
  int skus = paid_stock(self, "sku001", "$.quantity");
  for (unsigned i = 0; i < REQUESTS; i++) {
    int expected = 0;
    double started = now_ms();
    http_answer answer = send_one(self, i, &expected);
    assert_int_equal(answer.status, expected);
    assert_true(now_ms() - started < SLOW_MS);
    http_answer_clean_up(&answer);
  }
  assert_int_equal(paid_stock(self, "phone-001", "$.quantity"), phones - REQUESTS / 8);
  assert_int_equal(paid_stock(self, "sku001", "$.quantity"), skus - REQUESTS / 8);
}

/* A shop whose spans go to somebody else than its lens. */
typedef struct scene {
  shop shop;
  char endpoint[128];
} scene;

/* `timeout` is "OTEL_EXPORTER_OTLP_TIMEOUT=…". The queues hold less than the requests bring. */
static void start_against(scene *self, int port, const char *timeout) {
  snprintf(self->endpoint, sizeof(self->endpoint),
           "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://127.0.0.1:%d", port);
  shop_start(&self->shop,
             &(shop_options){.environment = {self->endpoint, timeout, FLUSH, "FRAUD_PERCENTAGE=0",
                                             "OTEL_BSP_MAX_QUEUE_SIZE=64",
                                             "OTEL_BSP_MAX_EXPORT_BATCH_SIZE=16"}});
}

/* The program would wait for the collector. */
static void stop_in_time(shop *self, shop_program program) {
  double started = now_ms();
  assert_int_equal(mesh_process_stop(self->processes[program]), 0);
  assert_true(now_ms() - started < FLUSH_MS + SLACK_MS);
}

#define REFUSED "does not take spans"
#define DROPPED "spans are being dropped before export"
#define NO_MORE "no more spans are dropped before export"

/* The programs would say it again and again, or nothing at all. Once each: that the collector takes
 * no spans, and that the queue is full; then, when it is so, that the queue is full no more. */
static void assert_said_once(shop *self, shop_program program, bool is_refused) {
  mesh_process *process = self->processes[program];
  size_t refused = mesh_process_count_log(process, REFUSED);
  size_t dropped = mesh_process_count_log(process, DROPPED);
  size_t no_more = mesh_process_count_log(process, NO_MORE);
  assert_int_equal(refused, is_refused);
  assert_in_range(dropped, 0, 1);
  assert_in_range(no_more, 0, dropped);
  assert_int_equal(mesh_process_count_log(process, "level=warn"), refused + dropped + no_more);
  assert_int_equal(mesh_process_count_log(process, "level=error"), 0);
}

/* Requests to the shop, and its end. `is_refused`: its programs say that nobody takes their spans;
 * otherwise the gateway has more than somebody does. */
static void run_to_the_end(shop *self, bool is_refused) {
  run_requests(self);
  mesh_process_wait_log(self->processes[SHOP_GATEWAY], is_refused ? REFUSED : DROPPED);
  for (int i = SHOP_GATEWAY; i >= SHOP_FRAUD; i--) {
    if (is_refused) {
      mesh_process_wait_log(self->processes[i], REFUSED);
    }
    stop_in_time(self, (shop_program)i);
    assert_said_once(self, (shop_program)i, is_refused);
  }
  shop_clean_up(self);
}

static void run_against(int port) {
  static scene self;
  start_against(&self, port, HASTY);
  run_to_the_end(&self.shop, true);
}

/* Without a collector requests would fail or be slow, or the programs never end. */
static void an_absent_collector_costs_nothing(void **state) {
  (void)state;
  run_against(unused_port());
}

/* A collector that accepts and is silent would hold requests up, or the end of the program. */
static void a_silent_collector_costs_nothing(void **state) {
  (void)state;
  raw_server *hole = raw_server_start(NULL, 0);
  run_against(raw_server_port(hole));
  raw_server_stop(hole);
}

/* A server that is no collector would be more than an absent one. */
static void a_server_of_something_else_costs_nothing(void **state) {
  (void)state;
  static const char banner[] = "SSH-2.0-OpenSSH_9.2\r\n";
  raw_server *ssh = raw_server_start(banner, sizeof(banner) - 1);
  run_against(raw_server_port(ssh));
  raw_server_stop(ssh);
}

/* The same where the connection comes about, and then breaks: SETTINGS, and a frame of no stream.
 */
static void a_collector_of_broken_frames_costs_nothing(void **state) {
  (void)state;
  static const char frames[] = "\0\0\0\4\0\0\0\0\0"
                               "\xff\xff\xff\xff\xff\xff\xff\xff\xffnonsense";
  raw_server *broken = raw_server_start(frames, sizeof(frames) - 1);
  run_against(raw_server_port(broken));
  raw_server_stop(broken);
}

/* The same where calls come back, and what they bring is no message; or the log would have a line
 * for each of them. */
static void a_collector_that_answers_nonsense_costs_nothing(void **state) {
  (void)state;
  static const char nonsense[] = "\x0a\xff\xff\xff";
  const collector_reply reply = {.response = {(const uint8_t *)nonsense, sizeof(nonsense) - 1}};
  collector *fake = collector_start(&(collector_options){.replies = &reply, .reply_count = 1});
  run_against(collector_port(fake));
  assert_true(collector_calls(fake) > 2 * SHOP_PROGRAM_COUNT);
  collector_stop(fake);
}

/* The shop with lens on a slow path. */
static slow_path *start_slow(scene *self, int *out_fd, const char *timeout) {
  int port = 0;
  *out_fd = open_socket(&port);
  start_against(self, port, timeout);
  return slow_path_start(*out_fd, self->shop.ports[SHOP_LENS], ANSWER_MS);
}

/* A collector that takes its time would hold requests up, be taken for one that takes nothing, or
 * not get what it has the time for. */
static void a_slow_collector_costs_nothing(void **state) {
  (void)state;
  static scene self;
  int fd = -1;
  slow_path *path = start_slow(&self, &fd, PATIENT);
  http_answer first = paid_place(&self.shop, PAID_SKU001, NULL, NULL);
  assert_int_equal(first.status, 200);
  whole_trace trace = trace_wait(self.shop.query_port, http_header(&first, "x-trace-id"), 50);
  assert_int_equal(trace.count, 50);
  run_to_the_end(&self.shop, false);
  trace_clean_up(&trace);
  http_answer_clean_up(&first);
  slow_path_stop(path);
  close(fd);
}

/* The same for one whose answers come when nobody waits for them any more. */
static void a_collector_that_is_too_slow_costs_nothing(void **state) {
  (void)state;
  static scene self;
  int fd = -1;
  slow_path *path = start_slow(&self, &fd, HASTY);
  run_to_the_end(&self.shop, true);
  slow_path_stop(path);
  close(fd);
}

typedef struct awaited {
  int query_port;
  char path[128];
} awaited;

static bool is_there(void *data) {
  const awaited *wanted = data;
  http_answer answer = http_get(wanted->query_port, wanted->path);
  bool is_it = answer.status == 200 && strstr(answer.body, "\"api-gateway\"") != NULL;
  http_answer_clean_up(&answer);
  return is_it;
}

/* A request to a shop whose collector of `silent` (TRACES or LOGS) hangs, and that sends nothing
 * before its end: what the gateway has for the other collector, which is well and keeps it as
 * `kept` of the trace, arrives. */
static void stop_beside_silence(const char *silent, const char *kept) {
  shop self;
  char endpoint[128];
  int port = 0;
  int fd = open_socket(&port);
  snprintf(endpoint, sizeof(endpoint), "OTEL_EXPORTER_OTLP_%s_ENDPOINT=http://127.0.0.1:%d", silent,
           port);
  shop_start(&self, &(shop_options){.environment = {endpoint, "OTEL_LOGS_EXPORTER=otlp",
                                                    "OTEL_BSP_SCHEDULE_DELAY=600000",
                                                    "OTEL_BLRP_SCHEDULE_DELAY=600000",
                                                    "MESH_FLUSH_MS=3000"}});
  http_answer answer = http_get(self.ports[SHOP_GATEWAY], "/inventory/demo-product");
  assert_int_equal(answer.status, 200);
  awaited wanted = {.query_port = self.query_port};
  snprintf(wanted.path, sizeof(wanted.path), "/api/traces/%s%s", http_header(&answer, "x-trace-id"),
           kept);
  http_answer_clean_up(&answer);
  mesh_process_wait_log(self.processes[SHOP_GATEWAY], "path=/inventory/demo-product");
  assert_false(is_there(&wanted));
  assert_int_equal(shop_stop_program(&self, SHOP_GATEWAY), 0);
  assert_true(mesh_process_wait_until(is_there, &wanted));
  shop_clean_up(&self);
  close(fd);
}

/* A collector of spans that hangs would take the time that log records need to leave, at the end.
 */
static void a_silent_collector_of_spans_costs_no_log_record(void **state) {
  (void)state;
  stop_beside_silence("TRACES", "/logs");
}

/* A collector of log records that hangs would take the time that spans need. */
static void a_silent_collector_of_log_records_costs_no_span(void **state) {
  (void)state;
  stop_beside_silence("LOGS", "");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_absent_collector_costs_nothing),
      cmocka_unit_test(a_silent_collector_costs_nothing),
      cmocka_unit_test(a_server_of_something_else_costs_nothing),
      cmocka_unit_test(a_collector_of_broken_frames_costs_nothing),
      cmocka_unit_test(a_collector_that_answers_nonsense_costs_nothing),
      cmocka_unit_test(a_slow_collector_costs_nothing),
      cmocka_unit_test(a_collector_that_is_too_slow_costs_nothing),
      cmocka_unit_test(a_silent_collector_of_spans_costs_no_log_record),
      cmocka_unit_test(a_silent_collector_of_log_records_costs_no_span),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

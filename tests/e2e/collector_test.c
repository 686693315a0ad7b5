/* SPDX-License-Identifier: Apache-2.0 */
/* A collector that is not there, or never answers, costs requests nothing and the log a line. */
#include "cmocka_headers.h"
#include "http.h"
#include "shop.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define REQUESTS 200
#define TIMEOUT_MS "3000" /* of an export */
#define SLOW_MS 2000      /* no request that waits for an export would be as fast */

/* A socket on a port of its own; one that listens takes connections and says nothing. */
static int open_socket(bool is_listening, int *out_port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof(address);
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  assert_true(fd >= 0);
  assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
  assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
  if (is_listening) {
    assert_int_equal(listen(fd, 64), 0);
  }
  *out_port = ntohs(address.sin_port);
  return fd;
}

static double now_ms(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static void run_requests(const shop *self) {
  for (unsigned i = 0; i < REQUESTS; i++) {
    double started = now_ms();
    http_answer answer = i % 4 == 0 ? http_post(self->ports[SHOP_GATEWAY], "/orders",
                                                "{\"product_id\":\"phone-001\",\"quantity\":1}")
                                    : http_get(self->ports[SHOP_GATEWAY], "/inventory/phone-001");
    assert_in_range(answer.status, 200, 201);
    assert_true(now_ms() - started < SLOW_MS);
    http_answer_clean_up(&answer);
  }
}

/* The programs would say it again and again, or nothing at all. */
static void assert_logged_once(shop *self, shop_program program) {
  size_t lines = mesh_process_count_log(self->processes[program], "export");
  assert_in_range(lines, 1, 3);
}

static void run_against(int port) {
  shop self;
  char endpoint[64];
  snprintf(endpoint, sizeof(endpoint), "http://127.0.0.1:%d", port);
  shop_start(&self,
             &(shop_options){.otlp_endpoint = endpoint,
                             .environment = {"OTEL_EXPORTER_OTLP_TIMEOUT=" TIMEOUT_MS,
                                             "MESH_FLUSH_MS=1000", "OTEL_BSP_MAX_QUEUE_SIZE=64",
                                             "OTEL_BSP_MAX_EXPORT_BATCH_SIZE=16"}});
  run_requests(&self);
  mesh_process_wait_log(self.processes[SHOP_GATEWAY], "export");
  assert_logged_once(&self, SHOP_GATEWAY);
  double started = now_ms();
  assert_int_equal(shop_stop_program(&self, SHOP_GATEWAY), 0);
  assert_int_equal(shop_stop_program(&self, SHOP_ORDER), 0);
  assert_int_equal(shop_stop_program(&self, SHOP_INVENTORY), 0);
  assert_true(now_ms() - started < 20000);
  shop_clean_up(&self);
}

/* Without a collector requests would fail or be slow, or the programs never end. */
static void an_absent_collector_costs_nothing(void **state) {
  (void)state;
  int port = 0;
  int fd = open_socket(false, &port); /* bound, so that nobody else listens there */
  run_against(port);
  close(fd);
}

/* A collector that accepts and is silent would hold requests up, or the end of the program. */
static void a_silent_collector_costs_nothing(void **state) {
  (void)state;
  int port = 0;
  int fd = open_socket(true, &port);
  run_against(port);
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
  int fd = open_socket(true, &port);
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
      cmocka_unit_test(a_silent_collector_of_spans_costs_no_log_record),
      cmocka_unit_test(a_silent_collector_of_log_records_costs_no_span),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

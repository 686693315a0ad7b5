/* SPDX-License-Identifier: Apache-2.0 */
/* One order through the real programs, and what they log of it: lines, and the same as records. */
#include "cmocka_headers.h"
#include "http.h"
#include "shop.h"

#include <opentelemetry/proto/logs/v1/logs.pb-c.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TRACE_ID "0af7651916cd43dd8448eb211c80319c"
#define PARENT_ID "b7ad6b7169203331"
#define MAX_LINES 64

typedef Opentelemetry__Proto__Logs__V1__LogsData logs_data;
typedef Opentelemetry__Proto__Logs__V1__LogRecord log_record;

static const struct {
  shop_program program;
  const char *name;
} services[] = {
    {SHOP_FRAUD, "fraud-service"},         {SHOP_PAYMENT, "payment-service"},
    {SHOP_WAREHOUSE, "warehouse-service"}, {SHOP_INVENTORY, "inventory-service"},
    {SHOP_ORDER, "order-service"},         {SHOP_GATEWAY, "api-gateway"},
};
enum { SERVICES = sizeof(services) / sizeof(services[0]) };

static shop running;

static int set_up(void **state) {
  shop_start(&running,
             &(shop_options){.environment = {"OTEL_LOGS_EXPORTER=otlp", "FRAUD_PERCENTAGE=0",
                                             "OTEL_BLRP_SCHEDULE_DELAY=50"}});
  *state = &running;
  return 0;
}

static int tear_down(void **state) {
  shop_clean_up(*state);
  return 0;
}

static http_answer order(const shop *self, const char *trace_id, const char *path) {
  char traceparent[128];
  snprintf(traceparent, sizeof(traceparent), "traceparent: 00-%s-" PARENT_ID "-01", trace_id);
  http_request request = {.port = self->ports[SHOP_GATEWAY],
                          .path = path,
                          .json = "{\"user_id\":\"u-1\",\"amount\":\"49.99\","
                                  "\"items\":[{\"item_id\":\"sku001\",\"quantity\":1}],"
                                  "\"payment_method\":\"secret-card\","
                                  "\"shipping_address\":\"secret-street 1\"}",
                          .headers = {traceparent, "Authorization: Bearer secret-token",
                                      "Cookie: session=secret-cookie"}};
  return http_send(&request);
}

/* The whole log of a program so far; to be freed. */
static char *read_log(const shop *self, const char *name) {
  char path[512];
  snprintf(path, sizeof(path), "%s/%s.log", self->folder, name);
  FILE *file = fopen(path, "r");
  assert_non_null(file);
  char *text = NULL;
  size_t size = 0;
  assert_true(getdelim(&text, &size, '\0', file) > 0);
  fclose(file);
  return text;
}

/* The last line that the gateway writes of a request, so that all others are there, too. */
static void wait_for_lines(shop *self, const char *trace_id) {
  for (size_t i = 0; i < SERVICES; i++) {
    mesh_process_wait_log(self->processes[services[i].program], trace_id);
  }
  mesh_process_wait_log(self->processes[SHOP_GATEWAY], "msg=request method=POST");
}

/* Some service would be missing when one looks for what happened to an order. */
static void lines_of_every_service_have_the_orders_trace(void **state) {
  shop *self = *state;
  http_answer answer = order(self, TRACE_ID, "/api/order");
  assert_int_equal(answer.status, 200);
  http_answer_clean_up(&answer);
  wait_for_lines(self, TRACE_ID);
  for (size_t i = 0; i < SERVICES; i++) {
    char own[128];
    snprintf(own, sizeof(own), " service=%s trace_id=" TRACE_ID " span_id=", services[i].name);
    assert_true(mesh_process_has_logged(self->processes[services[i].program], own));
  }
  assert_int_equal(mesh_process_count_log(self->processes[SHOP_GATEWAY], TRACE_ID), 1);
}

/* What the receiver has of the trace; NULL for nothing. */
static logs_data *fetch_records(const shop *self, const char *trace_id) {
  char path[128];
  snprintf(path, sizeof(path), "/api/traces/%s/logs", trace_id);
  http_request request = {
      .port = self->query_port, .path = path, .headers = {"Accept: application/protobuf"}};
  http_answer answer = http_send(&request);
  logs_data *data = NULL;
  if (answer.status == 200) {
    data = opentelemetry__proto__logs__v1__logs_data__unpack(NULL, answer.body_size,
                                                             (const uint8_t *)answer.body);
    assert_non_null(data);
  }
  http_answer_clean_up(&answer);
  return data;
}

static void free_records(logs_data *data) {
  if (data != NULL) {
    opentelemetry__proto__logs__v1__logs_data__free_unpacked(data, NULL);
  }
}

static void to_hex(const ProtobufCBinaryData *id, char out[33]) {
  assert_true(id->len <= 16);
  for (size_t i = 0; i < id->len; i++) {
    snprintf(out + 2 * i, 3, "%02x", id->data[i]);
  }
}

/* True when a record of `service` says `message` in the span `span_id`. */
static bool has_record(const logs_data *data, const char *span_id, const char *message) {
  for (size_t i = 0; data != NULL && i < data->n_resource_logs; i++) {
    const log_record *record = data->resource_logs[i]->scope_logs[0]->log_records[0];
    char trace_hex[33] = "";
    char span_hex[33] = "";
    to_hex(&record->trace_id, trace_hex);
    to_hex(&record->span_id, span_hex);
    assert_string_equal(trace_hex, TRACE_ID);
    if (strcmp(span_hex, span_id) == 0 && strcmp(record->body->string_value, message) == 0) {
      return true;
    }
  }
  return false;
}

/* The value of ` key=` in a line, unquoted; false when it has none. */
static bool value_of(const char *line, const char *key, char out[256]) {
  const char *found = strstr(line, key);
  if (found == NULL) {
    return false;
  }
  found += strlen(key);
  bool is_quoted = *found == '"';
  found += is_quoted;
  size_t size = strcspn(found, is_quoted ? "\"\n" : " \n");
  snprintf(out, 256, "%.*s", (int)(size < 255 ? size : 255), found);
  return true;
}

typedef struct awaited {
  const shop *self;
  char span_id[256];
  char message[256];
} awaited;

static bool record_is_there(void *data) {
  const awaited *wanted = data;
  logs_data *records = fetch_records(wanted->self, TRACE_ID);
  bool is_there = has_record(records, wanted->span_id, wanted->message);
  free_records(records);
  return is_there;
}

/* Lines and records would tell two stories, or records be lost on the way. */
static void every_line_is_a_record_with_the_same_ids(void **state) {
  const shop *self = *state;
  size_t lines = 0;
  for (size_t i = 0; i < SERVICES; i++) {
    char *text = read_log(self, services[i].name);
    char *rest = text;
    for (char *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n")) {
      awaited wanted = {.self = self};
      if (strstr(line, "trace_id=" TRACE_ID) == NULL) {
        continue;
      }
      assert_true(value_of(line, " span_id=", wanted.span_id));
      assert_true(value_of(line, " msg=", wanted.message));
      if (!mesh_process_wait_until(record_is_there, &wanted)) {
        fail_msg("no record of: %s", line);
      }
      lines++;
    }
    free(text);
  }
  assert_in_range(lines, SERVICES + 1, MAX_LINES); /* lines of business, too */
}

/* Who may read logs could act for those who ordered. */
static void no_log_has_what_is_secret(void **state) {
  shop *self = *state;
  static const char other[] = "1af7651916cd43dd8448eb211c80319c";
  http_answer answer = order(self, other, "/api/order?api_key=secret-query");
  http_answer_clean_up(&answer);
  mesh_process_wait_log(self->processes[SHOP_GATEWAY], other);
  for (size_t i = 0; i < SERVICES; i++) {
    char *text = read_log(self, services[i].name);
    assert_null(strstr(text, "secret"));
    assert_null(strcasestr(text, "bearer"));
    free(text);
  }
}

/* Of the lines of the trace. */
static void assert_one_error(shop *self, shop_program program, const char *trace_id) {
  char line[128];
  snprintf(line, sizeof(line), " trace_id=%s ", trace_id);
  size_t errors = 0;
  char *text = read_log(self, program == SHOP_ORDER ? "order-service" : "api-gateway");
  char *rest = text;
  for (char *at = strsep(&rest, "\n"); at != NULL; at = strsep(&rest, "\n")) {
    errors += strstr(at, line) != NULL && strstr(at, " level=error ") != NULL;
  }
  free(text);
  assert_int_equal(errors, 1);
}

/* A dead service would go by without an error, or make a heap of them. */
static void a_failure_is_one_error_in_each_process_it_passes(void **state) {
  shop *self = *state;
  static const char trace_id[] = "2af7651916cd43dd8448eb211c80319c";
  assert_int_equal(shop_stop_program(self, SHOP_INVENTORY), 0);
  http_answer answer = order(self, trace_id, "/api/order");
  assert_int_equal(answer.status, 503);
  http_answer_clean_up(&answer);
  mesh_process_wait_log(self->processes[SHOP_GATEWAY], trace_id);
  mesh_process_wait_log(self->processes[SHOP_ORDER], "PlaceOrder rpc.status=UNAVAILABLE");
  assert_one_error(self, SHOP_GATEWAY, trace_id);
  assert_one_error(self, SHOP_ORDER, trace_id);
  shop_start_program(self, SHOP_INVENTORY);
}

/* What was logged last, why a process ends, would stay behind. */
static void the_last_records_arrive(void **state) {
  shop *self = *state;
  shop_wait_health(self, 200);
  http_answer answer = order(self, "3af7651916cd43dd8448eb211c80319c", "/api/order");
  assert_int_equal(answer.status, 200);
  http_answer_clean_up(&answer);
  assert_int_equal(shop_stop_program(self, SHOP_GATEWAY), 0);
  char *text = read_log(self, "api-gateway");
  assert_non_null(strstr(text, " msg=\"requests answered\" requests="));
  const char *end = strstr(text, " msg=stopped ");
  assert_non_null(end);
  assert_non_null(strstr(end, " spans_dropped=0 "));
  assert_non_null(strstr(end, " log_records_dropped=0 log_lines_lost=0 "));
  assert_null(strstr(text, "does not take log records"));
  free(text);
  for (size_t i = 0; i < SERVICES; i++) {
    if (services[i].program == SHOP_GATEWAY) {
      continue;
    }
    assert_int_equal(shop_stop_program(self, services[i].program), 0);
    text = read_log(self, services[i].name);
    assert_non_null(strstr(text, " calls.OK="));
    free(text);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(lines_of_every_service_have_the_orders_trace),
      cmocka_unit_test(every_line_is_a_record_with_the_same_ids),
      cmocka_unit_test(no_log_has_what_is_secret),
      cmocka_unit_test(a_failure_is_one_error_in_each_process_it_passes),
      cmocka_unit_test(the_last_records_arrive),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}

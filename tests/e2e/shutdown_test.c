/* SPDX-License-Identifier: Apache-2.0 */
/* SIGTERM while orders are placed: nothing that was acknowledged is lost, nor any of its spans. */
#include "cmocka_headers.h"
#include "http.h"
#include "load.h"
#include "paid.h"
#include "shop.h"
#include "trace.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define ORDER_SPANS 24
#define PAID_SPANS 50
#define ORDERS_BEFORE 100
#define GRACE_MS 10000 /* when it is over calls are cancelled (MESH_DRAIN_MS) */

static void fill(const shop *self, const char *path, const char *json) {
  http_answer filled = http_post(self->ports[SHOP_GATEWAY], path, json);
  assert_int_equal(filled.status, 200);
  http_answer_clean_up(&filled);
}

/* Calls that a paid order makes take a moment, before they are carried out and after that, and
 * another one each time: some are under way whenever a service is asked to stop. */
static const char moments[] =
    "MESH_FAULTS=shop.fraud.v1.FraudService/Check delay=uniform(0ms,50ms) when=both;"
    "shop.payment.v1.PaymentService/Authorize delay=uniform(0ms,50ms) when=both;"
    "shop.warehouse.v1.WarehouseService/Reserve delay=uniform(0ms,50ms) when=both";

static int set_up(void **state) {
  static shop running;
  shop_start(&running, &(shop_options){.environment = {"FRAUD_PERCENTAGE=0",
                                                       "CHAOS_MONKEY_ENABLED=true", moments}});
  fill(&running, "/inventory/demo-product/add", "{\"quantity\":1000000}");
  fill(&running, "/inventory/sku001/add", "{\"quantity\":1000000}");
  fill(&running, "/warehouse/sku001/add",
       "{\"quantity\":1000000,\"warehouse_location\":\"Warehouse-A\"}");
  *state = &running;
  return 0;
}

static int tear_down(void **state) {
  shop_clean_up(*state);
  return 0;
}

static void assert_order_is_there(const shop *self, const load_order *order) {
  char path[128];
  snprintf(path, sizeof(path), "/orders/%s", order->order_id);
  http_answer found = http_get(self->ports[SHOP_GATEWAY], path);
  if (found.status != 200) {
    fail_msg("the acknowledged order %s is gone: %d", order->order_id, found.status);
  }
  http_answer_clean_up(&found);
}

static int64_t now_ms(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* Stops a program: it ends well and in time, and all of its spans have left. */
static void stop_in_time(shop *self, shop_program program) {
  mesh_process *process = self->processes[program];
  int64_t started = now_ms();
  assert_int_equal(mesh_process_stop(process), 0);
  assert_true(now_ms() - started < GRACE_MS);
  assert_int_equal(mesh_process_wait_number(process, "msg=stopped", " spans_dropped="), 0);
}

static void start_again(shop *self, shop_program program) {
  shop_kill_program(self, program); /* it has ended */
  shop_start_program(self, program);
  shop_wait_health(self, 200);
}

static void assert_whole(const shop *self, const load_order *order, size_t span_count) {
  whole_trace trace = trace_wait(self->query_port, order->trace_id, span_count);
  assert_int_equal(trace.count, span_count);
  trace_clean_up(&trace);
}

/* Stops one program under load, and looks for everything that was acknowledged. */
static void stop_under_load(shop *self, shop_program program) {
  load orders;
  load_start(&orders, self->ports[SHOP_GATEWAY], &load_order_request);
  load_wait(&orders, ORDERS_BEFORE);
  stop_in_time(self, program);
  load_stop(&orders);
  assert_string_equal(orders.wrong_answer, "");
  start_again(self, program);
  for (size_t i = 0; i < orders.count; i++) {
    assert_order_is_there(self, &orders.orders[i]);
    assert_whole(self, &orders.orders[i], ORDER_SPANS);
  }
  load_clean_up(&orders);
}

/* Every call that a program took was well, from its first to its last. */
static void assert_calls_went_well(shop *self, shop_program program) {
  mesh_process *process = self->processes[program];
  int calls = mesh_process_wait_number(process, "msg=stopped", " calls=");
  assert_true(calls >= ORDERS_BEFORE);
  assert_int_equal(mesh_process_wait_number(process, "msg=stopped", " calls.OK="), calls);
}

/* A trace of which all that a service's calls are below has come, or not yet. */
typedef struct taken_calls {
  int query_port;
  const char *trace_id;
  const char *service;
  whole_trace trace;
} taken_calls;

static bool is_taken_by(const trace_span *span, const char *service) {
  return strcmp(span->service, service) == 0 &&
         span->span->kind == OPENTELEMETRY__PROTO__TRACE__V1__SPAN__SPAN_KIND__SPAN_KIND_SERVER;
}

static bool have_callers(void *data) {
  taken_calls *calls = data;
  trace_clean_up(&calls->trace);
  calls->trace = trace_fetch(calls->query_port, calls->trace_id);
  for (size_t i = 0; i < calls->trace.count; i++) {
    const trace_span *each = &calls->trace.spans[i];
    if (is_taken_by(each, calls->service) && trace_parent(&calls->trace, each->span) == NULL) {
      return false;
    }
  }
  return calls->trace.count > 0;
}

/* Whoever called the service and was taken was answered: in orders that failed for want of the
 * service, too. */
static void assert_callers_were_answered(const shop *self, const char *service,
                                         const load_order *order) {
  taken_calls calls = {self->query_port, order->trace_id, service, {0}};
  assert_true(mesh_process_wait_until(have_callers, &calls));
  for (size_t i = 0; i < calls.trace.count; i++) {
    if (is_taken_by(&calls.trace.spans[i], service)) {
      assert_no_error(trace_parent(&calls.trace, calls.trace.spans[i].span));
    }
  }
  trace_clean_up(&calls.trace);
}

/* The same while orders are paid, all of which are answered, with a service that they need. */
static void stop_under_paid_load(shop *self, shop_program program, const char *service) {
  load orders;
  load_start(&orders, self->ports[SHOP_GATEWAY], &load_paid_request);
  load_wait(&orders, ORDERS_BEFORE);
  stop_in_time(self, program);
  load_stop(&orders);
  assert_string_equal(orders.wrong_answer, "");
  assert_int_equal(orders.unanswered, 0);
  assert_calls_went_well(self, program);
  start_again(self, program);
  paid_wait_taken(self);
  for (size_t i = 0; i < orders.count; i++) {
    assert_order_is_there(self, &orders.orders[i]);
    assert_whole(self, &orders.orders[i], PAID_SPANS);
  }
  for (size_t i = 0; i < orders.refused; i++) {
    assert_callers_were_answered(self, service, &orders.refusals[i]);
  }
  load_clean_up(&orders);
}

/* A deployment of the order service would lose orders or their traces. */
static void stopping_the_order_service_loses_nothing(void **state) {
  stop_under_load(*state, SHOP_ORDER);
}

/* A deployment of the inventory service would lose orders or their traces. */
static void stopping_the_inventory_service_loses_nothing(void **state) {
  stop_under_load(*state, SHOP_INVENTORY);
}

/* A deployment of the gateway would cut requests off, or lose their traces. */
static void stopping_the_gateway_loses_nothing(void **state) {
  stop_under_load(*state, SHOP_GATEWAY);
}

/* A deployment of the warehouse service would leave the inventory without an answer, lose paid
 * orders or their traces, or be the end of them. */
static void stopping_the_warehouse_service_loses_nothing(void **state) {
  stop_under_paid_load(*state, SHOP_WAREHOUSE, "warehouse-service");
}

/* The same of the payment service, which the order service calls. */
static void stopping_the_payment_service_loses_nothing(void **state) {
  stop_under_paid_load(*state, SHOP_PAYMENT, "payment-service");
}

/* The same of the fraud service, which the payment service calls. */
static void stopping_the_fraud_service_loses_nothing(void **state) {
  stop_under_paid_load(*state, SHOP_FRAUD, "fraud-service");
}

/* lens would lose the traces it has taken when it is asked while it stops, or not stop. */
static void every_program_stops_when_idle(void **state) {
  shop *self = *state;
  for (size_t i = SHOP_PROGRAM_COUNT; i > 0; i--) {
    assert_int_equal(shop_stop_program(self, (shop_program)(i - 1)), 0);
  }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(stopping_the_order_service_loses_nothing),
      TEST(stopping_the_inventory_service_loses_nothing),
      TEST(stopping_the_gateway_loses_nothing),
      TEST(stopping_the_warehouse_service_loses_nothing),
      TEST(stopping_the_payment_service_loses_nothing),
      TEST(stopping_the_fraud_service_loses_nothing),
      TEST(every_program_stops_when_idle),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

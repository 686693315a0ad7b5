/* SPDX-License-Identifier: Apache-2.0 */
/* SIGTERM while orders are placed: nothing that was acknowledged is lost, nor any of its spans. */
#include "cmocka_headers.h"
#include "http.h"
#include "load.h"
#include "shop.h"
#include "trace.h"

#include <stdio.h>

#define ORDER_SPANS 24
#define ORDERS_BEFORE 100

static int set_up(void **state) {
  static shop running;
  shop_start(&running, &(shop_options){0});
  http_answer filled = http_post(running.ports[SHOP_GATEWAY], "/inventory/demo-product/add",
                                 "{\"quantity\":1000000}");
  assert_int_equal(filled.status, 200);
  http_answer_clean_up(&filled);
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

/* Stops one program under load, and looks for everything that was acknowledged. */
static void stop_under_load(shop *self, shop_program program) {
  load orders;
  load_start(&orders, self->ports[SHOP_GATEWAY]);
  load_wait(&orders, ORDERS_BEFORE);
  assert_int_equal(shop_stop_program(self, program), 0);
  load_stop(&orders);
  assert_string_equal(orders.wrong_answer, "");
  shop_start_program(self, program);
  shop_wait_health(self, 200);
  for (size_t i = 0; i < orders.count; i++) {
    assert_order_is_there(self, &orders.orders[i]);
    whole_trace trace = trace_wait(self->query_port, orders.orders[i].trace_id, ORDER_SPANS);
    assert_int_equal(trace.count, ORDER_SPANS);
    trace_clean_up(&trace);
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
      TEST(every_program_stops_when_idle),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* A service that hangs until an order's time is over: the client is told in time, and what the
 * order had taken comes back, all in the same trace. */
#include "cmocka_headers.h"
#include "http.h"
#include "paid.h"
#include "shop.h"
#include "trace.h"

#include <stdio.h>

/* Far longer than an order may take (ORDER_CREATE_TIMEOUT_MS). */
static const char faults[] =
    "MESH_FAULTS=shop.payment.v1.PaymentService/Authorize delay=60s count=1 id=hangs";

static int set_up(void **state) {
  static shop running;
  const shop_options options = {
      .environment = {"CHAOS_MONKEY_ENABLED=true", "FRAUD_PERCENTAGE=0", faults}};
  shop_start(&running, &options);
  *state = &running;
  return 0;
}

static int tear_down(void **state) {
  shop_clean_up(*state);
  return 0;
}

/* Broken: one service that hangs would hang the shop: the client would wait as long, the stock
 * would stay promised, or a payment that comes about later would stand. */
static void test_an_order_gives_up_in_time_and_is_undone(void **state) {
  const shop *self = *state;
  int before = paid_stock(self, "sku001", "$.quantity");
  http_answer answer = paid_place(self, PAID_SKU001, NULL, NULL);
  assert_int_equal(answer.status, 503); /* reason SERVICE_UNAVAILABLE; the code says why */
  assert_string_equal(http_json(&answer, "$.code"), "4");
  assert_string_equal(http_json(&answer, "$.status"), "failure");
  char order_id[64];
  char trace_id[64];
  snprintf(order_id, sizeof(order_id), "%s", http_json(&answer, "$.order_id"));
  snprintf(trace_id, sizeof(trace_id), "%s", http_json(&answer, "$.trace_id"));
  http_answer_clean_up(&answer);

  paid_wait_failed(self, order_id);
  assert_int_equal(paid_stock(self, "sku001", "$.quantity"), before);
  assert_int_equal(paid_stock(self, "sku001", "$.reserved"), 0);

  whole_trace trace = trace_wait(self->query_port, trace_id, 65);
  const trace_proto_span *asked =
      trace_find(&trace, "order-service", "shop.payment.v1.PaymentService/Authorize");
  assert_attribute(asked, "error.type", "DEADLINE_EXCEEDED");
  assert_error(asked, NULL);
  assert_error(trace_find(&trace, "order-service", "order_to_payment_authorization"), NULL);
  assert_no_error(trace_find(&trace, "payment-service", "shop.payment.v1.PaymentService/Void"));
  assert_no_error(
      trace_find(&trace, "inventory-service", "shop.inventory.v1.InventoryService/ReleaseItems"));
  trace_clean_up(&trace);
}

/* Broken: the shop would not get over it. */
static void test_the_next_order_goes_through(void **state) {
  const shop *self = *state;
  http_answer answer = paid_place(self, PAID_SKU001, NULL, NULL);
  assert_int_equal(answer.status, 200);
  http_answer_clean_up(&answer);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_an_order_gives_up_in_time_and_is_undone),
      cmocka_unit_test(test_the_next_order_goes_through),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}

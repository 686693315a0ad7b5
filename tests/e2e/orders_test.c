/* SPDX-License-Identifier: Apache-2.0 */
/* What clients of the gateway see, when things go well and when they do not. */
#include "cmocka_headers.h"
#include "http.h"
#include "shop.h"
#include "trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static shop running;

static int set_up(void **state) {
  shop_start(&running, &(shop_options){0});
  *state = &running;
  return 0;
}

static int tear_down(void **state) {
  shop_clean_up(*state);
  return 0;
}

static http_answer order(const shop *self, const char *json) {
  return http_post(self->ports[SHOP_GATEWAY], "/orders", json);
}

/* An order could not be found again, or would not be what was ordered. */
static void an_order_is_created_and_found(void **state) {
  const shop *self = *state;
  http_answer created = order(self, "{\"product_id\":\"laptop-001\",\"quantity\":2}");
  assert_int_equal(created.status, 201);
  char location[256];
  snprintf(location, sizeof(location), "%s", http_header(&created, "Location"));
  char expected[256];
  snprintf(expected, sizeof(expected), "/orders/%s", http_json(&created, "$.order_id"));
  assert_string_equal(location, expected);
  assert_string_equal(http_json(&created, "$.status"), "ORDER_STATUS_CONFIRMED");
  assert_string_equal(http_json(&created, "$.total"), "1999.98");

  http_answer found = http_get(self->ports[SHOP_GATEWAY], location);
  assert_int_equal(found.status, 200);
  assert_string_equal(found.body, created.body);
  http_answer all = http_get(self->ports[SHOP_GATEWAY], "/orders");
  assert_int_equal(all.status, 200);
  assert_string_equal(http_json(&all, "$.orders[0].order_id"), http_json(&created, "$.order_id"));
  http_answer_clean_up(&all);
  http_answer_clean_up(&found);
  http_answer_clean_up(&created);
}

/* The shop's shelves would be empty, or an order not taken off them. */
static void the_inventory_is_there_and_shrinks(void **state) {
  const shop *self = *state;
  http_answer all = http_get(self->ports[SHOP_GATEWAY], "/inventory");
  assert_int_equal(all.status, 200);
  assert_string_equal(http_json(&all, "$.items[0].product_id"), "demo-product");
  assert_string_equal(http_json(&all, "$.items[3].product_id"), "phone-001");
  http_answer before = http_get(self->ports[SHOP_GATEWAY], "/inventory/phone-001");
  http_answer created = order(self, "{\"product_id\":\"phone-001\",\"quantity\":5}");
  http_answer after = http_get(self->ports[SHOP_GATEWAY], "/inventory/phone-001");
  assert_string_equal(http_json(&before, "$.price"), "699.99");
  assert_int_equal(atoi(http_json(&after, "$.quantity")),
                   atoi(http_json(&before, "$.quantity")) - 5);
  http_answer_clean_up(&after);
  http_answer_clean_up(&created);
  http_answer_clean_up(&before);
  http_answer_clean_up(&all);
}

/* Reserves or releases phone-001 for an order; `json` follows its id. */
static http_answer change_stock(const shop *self, const char *what, const char *json,
                                const char *order_id) {
  char path[64];
  char body[128];
  snprintf(path, sizeof(path), "/inventory/phone-001/%s", what);
  snprintf(body, sizeof(body), "{\"order_id\":\"%s\"%s}", order_id, json);
  return http_post(self->ports[SHOP_GATEWAY], path, body);
}

/* Anybody could take the stock of an order away, or nobody reserve anything for themselves. */
static void only_what_one_reserved_can_be_released(void **state) {
  const shop *self = *state;
  http_answer created = order(self, "{\"product_id\":\"phone-001\",\"quantity\":1}");
  http_answer answer = change_stock(self, "release", "", http_json(&created, "$.order_id"));
  assert_int_equal(answer.status, 400);
  assert_string_equal(http_json(&answer, "$.details[0].reason"), "RESERVATION_OWNED");
  http_answer_clean_up(&answer);
  http_answer_clean_up(&created);
  static const char *const own[][2] = {{"reserve", ",\"quantity\":1"}, {"release", ""}};
  for (size_t i = 0; i < 2; i++) {
    answer = change_stock(self, own[i][0], own[i][1], "mine-1");
    assert_int_equal(answer.status, 200);
    http_answer_clean_up(&answer);
  }
}

/* A mistake of the client's would look like one of ours, or not say what it is. */
static void mistakes_are_named(void **state) {
  const shop *self = *state;
  static const struct {
    const char *json;
    int status;
    const char *code; /* of google.rpc.Status */
    const char *part; /* of the body */
  } cases[] = {
      {"{\"product_id\":\"no-such-thing\",\"quantity\":1}", 404, "5", "no-such-thing"},
      {"{\"product_id\":\"laptop-001\",\"quantity\":100000}", 400, "9", "INSUFFICIENT_STOCK"},
      {"{\"product_id\":\"laptop-001\",\"quantity\":0}", 400, "3", "quantity"},
      {"{\"product_id\":\"laptop-001\",\"quantity\":-1}", 400, "3", "quantity"},
      {"{\"quantity\":1}", 400, "3", "product_id"},
      {"{\"product_id\":\"laptop-001\",\"amount\":1}", 400, "3", "amount"},
      {"{\"product_id\":", 400, "3", ""},
  };
  http_answer before = http_get(self->ports[SHOP_GATEWAY], "/inventory/laptop-001");
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
    http_answer answer = order(self, cases[i].json);
    assert_int_equal(answer.status, cases[i].status);
    assert_string_equal(http_json(&answer, "$.code"), cases[i].code);
    assert_non_null(strstr(answer.body, cases[i].part));
    http_answer_clean_up(&answer);
  }
  http_answer after = http_get(self->ports[SHOP_GATEWAY], "/inventory/laptop-001");
  assert_string_equal(before.body, after.body);
  http_answer_clean_up(&before);
  http_answer_clean_up(&after);
}

/* The trace of a failure would look like one of a success. */
static void a_failure_is_in_its_trace(void **state) {
  const shop *self = *state;
  http_answer answer = order(self, "{\"product_id\":\"laptop-001\",\"quantity\":100000}");
  whole_trace trace = trace_wait(self->query_port, http_header(&answer, "x-trace-id"), 11);
  assert_error(trace_find(&trace, "order-service", "check_inventory"), NULL);
  const trace_proto_span *create = trace_find(&trace, "order-service", "create_order");
  assert_error(create, NULL);
  assert_event_attribute(create, "exception", "exception.type", "INSUFFICIENT_STOCK");
  /* FAILED_PRECONDITION is an error to the one who called, not to the one who was asked. */
  static const char method[] = "shop.order.v1.OrderService/CreateOrder";
  assert_error(trace_find(&trace, "api-gateway", method), NULL);
  assert_no_error(trace_find(&trace, "order-service", method));
  assert_attribute(trace_find(&trace, "order-service", method), "rpc.response.status_code",
                   "FAILED_PRECONDITION");
  assert_no_error(trace_find(&trace, "api-gateway", "POST /orders"));
  trace_clean_up(&trace);
  http_answer_clean_up(&answer);
}

/* A route that is not there, or a method that it does not have, would be answered as something
 * else. */
static void unknown_routes_and_methods_are_refused(void **state) {
  const shop *self = *state;
  http_answer nowhere = http_get(self->ports[SHOP_GATEWAY], "/nowhere");
  assert_int_equal(nowhere.status, 404);
  http_answer method = http_post(self->ports[SHOP_GATEWAY], "/inventory", "{}");
  assert_int_equal(method.status, 405);
  assert_non_null(strstr(http_header(&method, "Allow"), "GET"));
  http_answer no_order = http_get(self->ports[SHOP_GATEWAY], "/orders/none");
  assert_int_equal(no_order.status, 404);
  http_answer_clean_up(&nowhere);
  http_answer_clean_up(&method);
  http_answer_clean_up(&no_order);
}

/* With a service down, clients would hang, and monitors not notice; or it would not be found again
 * when it is back. */
static void a_service_that_is_down_is_503_until_it_is_back(void **state) {
  shop *self = *state;
  assert_int_equal(shop_stop_program(self, SHOP_ORDER), 0);
  http_answer refused = order(self, "{\"product_id\":\"laptop-001\",\"quantity\":1}");
  assert_int_equal(refused.status, 503);
  assert_string_equal(http_json(&refused, "$.code"), "14");
  shop_wait_health(self, 503);
  http_answer others = http_get(self->ports[SHOP_GATEWAY], "/inventory/laptop-001");
  assert_int_equal(others.status, 200);
  shop_start_program(self, SHOP_ORDER);
  shop_wait_health(self, 200);
  http_answer taken = order(self, "{\"product_id\":\"laptop-001\",\"quantity\":1}");
  assert_int_equal(taken.status, 201);
  http_answer_clean_up(&refused);
  http_answer_clean_up(&others);
  http_answer_clean_up(&taken);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_order_is_created_and_found),
      cmocka_unit_test(the_inventory_is_there_and_shrinks),
      cmocka_unit_test(only_what_one_reserved_can_be_released),
      cmocka_unit_test(mistakes_are_named),
      cmocka_unit_test(a_failure_is_in_its_trace),
      cmocka_unit_test(unknown_routes_and_methods_are_refused),
      cmocka_unit_test(a_service_that_is_down_is_503_until_it_is_back),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}

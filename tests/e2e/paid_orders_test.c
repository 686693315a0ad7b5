/* SPDX-License-Identifier: Apache-2.0 */
/* POST /api/order as its clients see it: what comes about, what is refused, and what is left of it.
 */
#include "cmocka_headers.h"
#include "http.h"
#include "paid.h"
#include "shop.h"

#include <stdio.h>
#include <string.h>

static shop running;

static int set_up(void **state) {
  paid_shop_start(&running);
  *state = &running;
  return 0;
}

static int tear_down(void **state) {
  shop_clean_up(*state);
  return 0;
}

/* Asserts the answer of an order that failed; its id, for the caller to keep. */
static void assert_failure(const http_answer *answer, int status, const char *code,
                           char out_order_id[64]) {
  if (answer->status != status) {
    fail_msg("%d, not %d: %s", answer->status, status, answer->body);
  }
  assert_string_equal(http_json(answer, "$.code"), code);
  assert_string_equal(http_json(answer, "$.status"), "failure");
  assert_true(http_json(answer, "$.message")[0] != '\0');
  assert_string_equal(http_json(answer, "$.trace_id"), http_header(answer, "x-trace-id"));
  assert_null(strstr(answer->body, "Main Street"));
  snprintf(out_order_id, 64, "%s", http_json(answer, "$.order_id"));
  assert_int_equal(strlen(out_order_id), 36);
}

/* The order of the seed would not come about, or not be answered in its shape. */
static void the_order_is_created_and_paid(void **state) {
  const shop *self = *state;
  int before = paid_stock(self, "sku001", "$.quantity");
  http_answer answer = paid_place(self, PAID_SKU001, NULL, NULL);
  assert_int_equal(answer.status, 200);
  char expected[128];
  snprintf(expected, sizeof(expected), "Order %s created and payment authorized",
           http_json(&answer, "$.order_id"));
  assert_string_equal(http_json(&answer, "$.message"), expected);
  assert_string_equal(http_json(&answer, "$.status"), "success");
  assert_string_equal(http_json(&answer, "$.trace_id"), http_header(&answer, "x-trace-id"));
  assert_int_equal(paid_stock(self, "sku001", "$.quantity"), before - 1);

  char path[128];
  snprintf(path, sizeof(path), "/orders/%s", http_json(&answer, "$.order_id"));
  http_answer found = http_get(self->ports[SHOP_GATEWAY], path);
  assert_string_equal(http_json(&found, "$.status"), "ORDER_STATUS_CONFIRMED");
  assert_string_equal(http_json(&found, "$.items[0].item_id"), "sku001");
  assert_string_equal(http_json(&found, "$.payment.amount"), "49.99");
  assert_null(strstr(found.body, "Main Street"));
  http_answer_clean_up(&found);
  http_answer_clean_up(&answer);
}

/* Items beyond the first one would be forgotten; or a number for the amount be refused. */
static void all_items_are_honoured(void **state) {
  const shop *self = *state;
  int before = paid_stock(self, "demo-product", "$.quantity");
  http_answer answer =
      http_post(self->ports[SHOP_GATEWAY], "/api/order",
                "{\"user_id\":\"123\",\"items\":[{\"item_id\":\"demo-product\",\"quantity\":1},"
                "{\"item_id\":\"sku002\",\"quantity\":2},"
                "{\"item_id\":\"demo-product\",\"quantity\":2}],\"amount\":99.9,"
                "\"payment_method\":\"credit_card\",\"shipping_address\":\"here\"}");
  assert_int_equal(answer.status, 200);
  assert_int_equal(paid_stock(self, "demo-product", "$.quantity"), before - 3);
  http_answer_clean_up(&answer);
}

/* A declined payment would look like a success, or not say that it was for fraud. */
static void a_declined_payment_is_402(void **state) {
  const shop *self = *state;
  char order_id[64];
  int before = paid_stock(self, "sku001", "$.quantity");
  http_answer answer = paid_place(self, PAID_SKU001, "fraudulent", NULL);
  assert_failure(&answer, 402, "9", order_id);
  assert_string_equal(http_json(&answer, "$.category"), "fraud");
  paid_wait_failed(self, order_id);
  assert_int_equal(paid_stock(self, "sku001", "$.quantity"), before);
  http_answer_clean_up(&answer);
}

/* What the shop cannot deliver would be sold, or be a fault of its own. */
static void what_is_not_there_is_409_or_404(void **state) {
  const shop *self = *state;
  char order_id[64];
  http_answer answer =
      paid_place(self, "[{\"item_id\":\"sku001\",\"quantity\":100000}]", NULL, NULL);
  assert_failure(&answer, 409, "9", order_id);
  assert_non_null(strstr(answer.body, "INSUFFICIENT_STOCK"));
  paid_wait_failed(self, order_id);
  http_answer_clean_up(&answer);
  answer = paid_place(self, "[{\"item_id\":\"sku999\",\"quantity\":1}]", NULL, NULL);
  assert_failure(&answer, 404, "5", order_id);
  assert_non_null(strstr(http_json(&answer, "$.message"), "sku999"));
  paid_wait_failed(self, order_id);
  http_answer_clean_up(&answer);
}

/* The shop would sell what the warehouse does not have. */
static void a_refusal_of_the_warehouse_is_409(void **state) {
  const shop *self = *state;
  char order_id[64];
  http_answer added =
      http_post(self->ports[SHOP_GATEWAY], "/inventory/sku002/add", "{\"quantity\":100}");
  assert_int_equal(added.status, 200);
  int before = paid_stock(self, "sku002", "$.quantity");
  http_answer answer = paid_place(self, "[{\"item_id\":\"sku002\",\"quantity\":50}]", NULL, NULL);
  assert_failure(&answer, 409, "9", order_id);
  assert_non_null(strstr(answer.body, "WAREHOUSE_REFUSED"));
  paid_wait_failed(self, order_id);
  assert_int_equal(paid_stock(self, "sku002", "$.quantity"), before);
  http_answer_clean_up(&added);
  http_answer_clean_up(&answer);
}

/* A client would not be told which of its fields is wrong. */
static void mistakes_are_named(void **state) {
  const shop *self = *state;
#define REST "\"payment_method\":\"credit_card\",\"shipping_address\":\"here\"}"
#define ITEM "\"items\":[{\"item_id\":\"sku001\",\"quantity\":1}],"
  static const struct {
    const char *json;
    const char *field;
  } cases[] = {
      {"{\"user_id\":\"u\"," ITEM "\"amount\":0," REST, "amount"},
      {"{\"user_id\":\"u\"," ITEM "\"amount\":1.005," REST, "amount"},
      {"{\"user_id\":\"u\"," ITEM "\"amount\":\"much\"," REST, "amount"},
      {"{\"user_id\":\"u\",\"amount\":1," REST, "items"},
      {"{" ITEM "\"amount\":1," REST, "user_id"},
      {"{\"user_id\":\"u\",\"items\":[{\"item_id\":\"sku001\"}],\"amount\":1," REST,
       "items[0].quantity"},
  };
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
    http_answer answer = http_post(self->ports[SHOP_GATEWAY], "/api/order", cases[i].json);
    assert_int_equal(answer.status, 400);
    assert_non_null(strstr(answer.body, cases[i].field));
    http_answer_clean_up(&answer);
  }
}

/* A client that tries again would order twice. */
static void the_same_key_orders_once(void **state) {
  const shop *self = *state;
  int before = paid_stock(self, "sku001", "$.quantity");
  http_answer first = paid_place(self, PAID_SKU001, NULL, "order-1");
  http_answer again = paid_place(self, PAID_SKU001, NULL, "order-1");
  assert_int_equal(again.status, 200);
  assert_string_equal(http_json(&first, "$.order_id"), http_json(&again, "$.order_id"));
  assert_string_equal(http_json(&again, "$.trace_id"), http_header(&again, "x-trace-id"));
  assert_int_equal(paid_stock(self, "sku001", "$.quantity"), before - 1);
  http_answer_clean_up(&first);
  http_answer_clean_up(&again);
}

/* With a service down an order would be taken, or keep what was reserved and paid for it; or not be
 * taken again when the service is back. */
static void a_service_that_is_down_is_503_and_leaves_nothing(void **state) {
  shop *self = *state;
  static const shop_program programs[] = {SHOP_INVENTORY, SHOP_WAREHOUSE, SHOP_PAYMENT, SHOP_FRAUD};
  int before = paid_stock(self, "sku001", "$.quantity");
  for (int i = 0; i < 4; i++) {
    char order_id[64];
    assert_int_equal(shop_stop_program(self, programs[i]), 0);
    http_answer refused = paid_place(self, PAID_SKU001, NULL, NULL);
    assert_failure(&refused, 503, "14", order_id);
    shop_start_program(self, programs[i]);
    shop_wait_health(self, 200);
    paid_wait_failed(self, order_id);
    assert_int_equal(paid_stock(self, "sku001", "$.quantity"), before - i);
    paid_wait_taken(self);
    http_answer_clean_up(&refused);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_order_is_created_and_paid),
      cmocka_unit_test(all_items_are_honoured),
      cmocka_unit_test(a_declined_payment_is_402),
      cmocka_unit_test(what_is_not_there_is_409_or_404),
      cmocka_unit_test(a_refusal_of_the_warehouse_is_409),
      cmocka_unit_test(mistakes_are_named),
      cmocka_unit_test(the_same_key_orders_once),
      cmocka_unit_test(a_service_that_is_down_is_503_and_leaves_nothing),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}

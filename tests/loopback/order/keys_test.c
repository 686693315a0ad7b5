/* SPDX-License-Identifier: Apache-2.0 */
/* Idempotency keys: the same order once, also when the same call is under way twice. */
#include <string.h>

#include "order_harness.h"

static int start(void **state) {
  static order_harness harness;
  order_harness_start(&harness, NULL);
  *state = &harness;
  return 0;
}

static int stop(void **state) {
  order_harness_stop(*state);
  return 0;
}

static int64_t count_orders(order_harness *harness, const char *where) {
  char sql[128];
  snprintf(sql, sizeof sql, "SELECT count(*) FROM orders WHERE %s", where);
  return order_harness_ask(harness, "orders", sql);
}

/* A retried call would order and pay twice. */
static void test_a_retried_call_orders_once(void **state) {
  order_harness *harness = *state;
  const char *first = order_harness_placed(order_harness_place(harness, "sku001:1", "k"));
  assert_string_equal(order_harness_placed(order_harness_place(harness, "sku001:1", "k")), first);
  order_harness_restart(harness);
  assert_string_equal(order_harness_placed(order_harness_place(harness, "sku001:1", "k")), first);
  assert_int_equal(count_orders(harness, "1"), 1);
  assert_int_equal(harness->payment.authorizes, 1);
  shop_answer *other = order_harness_place(harness, "sku001:2", "k");
  assert_int_equal(other->code, GRPC_STATUS_INVALID_ARGUMENT);
  assert_string_equal(shop_violated_field(other), "idempotency_key");
}

/* The same for a call that is under way: the later ones wait, and get its order. */
static void test_the_same_call_many_times_at_once(void **state) {
  order_harness *harness = *state;
  enum { COUNT = 10 };
  shop_answer *answers[COUNT];
  for (int i = 0; i < COUNT; i++) {
    answers[i] = order_harness_start_place(harness, "sku001:1,demo-product:1", "k");
  }
  const char *order_id = NULL;
  for (int i = 0; i < COUNT; i++) {
    shop_wait(answers[i]);
    order_id = order_id == NULL ? order_harness_placed(answers[i]) : order_id;
    assert_string_equal(order_harness_placed(answers[i]), order_id);
  }
  assert_int_equal(count_orders(harness, "1"), 1);
  assert_int_equal(harness->payment.authorizes, 1);
}

/* The second of two same calls would be told that the first one has taken the last piece. */
static void test_the_last_piece_twice_at_once(void **state) {
  order_harness *harness = *state;
  Shop__Order__V1__CreateOrderRequest request = order_harness_request("laptop-001", 50, "k");
  shop_answer *answers[2];
  for (int i = 0; i < 2; i++) {
    answers[i] = shop_start(&harness->shop, &shop_order_v1_order_service_descriptor, "CreateOrder",
                            &request.base, NULL);
  }
  for (int i = 0; i < 2; i++) {
    shop_wait(answers[i]);
  }
  assert_string_equal(order_harness_order(answers[0])->order_id,
                      order_harness_order(answers[1])->order_id);
}

/* A failed order could not be tried again with the same key; or would stand beside the new one. */
static void test_a_failure_does_not_use_the_key_up(void **state) {
  order_harness *harness = *state;
  harness->payment.authorize_code = GRPC_STATUS_UNAVAILABLE;
  assert_int_equal(order_harness_place(harness, "sku001:1", "k")->code, GRPC_STATUS_UNAVAILABLE);
  harness->payment.authorize_code = GRPC_STATUS_OK;
  const char *made = order_harness_placed(order_harness_place(harness, "sku001:1", "k"));
  assert_string_equal(order_harness_placed(order_harness_place(harness, "sku001:1", "k")), made);
  assert_int_equal(count_orders(harness, "status = 1"), 1);
  assert_int_equal(count_orders(harness, "status = 2"), 1);
}

/* A call that is retried after a crash would get nothing, or make a second order beside one that
 * the crash cut short and that comes about after all. */
static void test_a_key_whose_order_a_crash_cut_short(void **state) {
  order_harness *harness = *state;
  static const char cut[] = "01900000-0000-7000-8000-000000000001";
  const char *other = order_harness_placed(order_harness_place(harness, "sku001:1", "k"));
  order_harness_sql(harness, "orders",
                    "INSERT INTO orders (order_id, product_id, quantity, price_cents, status,"
                    " created_at_unix_ms, user_id, payment_method, amount_cents) VALUES"
                    " ('01900000-0000-7000-8000-000000000001', 'sku001', 1, 0, 3, 1700000000000,"
                    " '123', 'credit_card', 4999);"
                    "UPDATE order_keys SET order_id = '01900000-0000-7000-8000-000000000001'");
  const char *made = order_harness_placed(order_harness_place(harness, "sku001:1", "k"));
  assert_string_not_equal(made, cut);
  assert_string_not_equal(made, other);
  order_harness_wait_for(harness, "orders", "SELECT count(*) FROM orders WHERE status = 2", 1);
  assert_int_equal(order_harness_get(harness, cut)->status,
                   SHOP__ORDER__V1__ORDER_STATUS__ORDER_STATUS_FAILED);
  assert_string_equal(order_harness_placed(order_harness_place(harness, "sku001:1", "k")), made);
}

/* Keys would be kept for ever. */
static void test_old_keys_go(void **state) {
  order_harness *harness = *state;
  order_harness_placed(order_harness_place(harness, "sku001:1", "old"));
  order_harness_placed(order_harness_place(harness, "sku001:1", "new"));
  order_harness_sql(harness, "orders",
                    "UPDATE order_keys SET kept_at_unix_ms = kept_at_unix_ms - 86500000"
                    " WHERE key = 'old'");
  order_harness_restart(harness);
  order_harness_wait_for(harness, "orders", "SELECT count(*) FROM order_keys", 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(test_a_retried_call_orders_once),          TEST(test_the_same_call_many_times_at_once),
      TEST(test_the_last_piece_twice_at_once),        TEST(test_a_failure_does_not_use_the_key_up),
      TEST(test_a_key_whose_order_a_crash_cut_short), TEST(test_old_keys_go),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

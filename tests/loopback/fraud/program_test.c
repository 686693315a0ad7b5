/* SPDX-License-Identifier: Apache-2.0 */
/* The program and its variables. */
#include "../../support/shop_process.h"
#include "shop/fraud/v1/fraud.mesh.h"

typedef struct fixture {
  shop_harness shop;
  shop_process fraud;
} fixture;

static int start(void **state) {
  static fixture self;
  shop_harness_init(&self.shop);
  self.fraud = (shop_process){.program = "fraud-service"};
  *state = &self;
  return 0;
}

static int stop(void **state) {
  fixture *self = *state;
  mesh_process_destroy(self->fraud.process);
  shop_harness_clean_up(&self->shop);
  return 0;
}

/* A service would run with other rules than its operator wrote down, or not say what is wrong. */
static void test_bad_variables_stop_the_start(void **state) {
  fixture *self = *state;
  static const char *const bad[][2] = {
      {"FRAUD_PERCENTAGE=101", "FRAUD_PERCENTAGE is '101'"},
      {"NOT_FRAUD_PERCENTAGE=all", "NOT_FRAUD_PERCENTAGE is 'all'"},
      {"FRAUD_ALLOW_FORCED_OUTCOME=maybe", "FRAUD_ALLOW_FORCED_OUTCOME"},
  };
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    self->fraud.environment[0] = bad[i][0];
    shop_process_launch(&self->fraud, &self->shop);
    assert_int_equal(mesh_process_wait(self->fraud.process), 1);
    assert_true(mesh_process_has_logged(self->fraud.process, bad[i][1]));
    mesh_process_destroy(self->fraud.process);
    self->fraud.process = NULL;
  }
}

static bool check(fixture *self, const char *order_id) {
  Shop__Fraud__V1__CheckRequest request = SHOP__FRAUD__V1__CHECK_REQUEST__INIT;
  request.order_id = shop_text(order_id);
  request.user_id = shop_text("123");
  request.payment_method = shop_text("credit_card");
  request.amount = 49.99;
  shop_answer *answer =
      shop_call(&self->shop, &shop_fraud_v1_fraud_service_descriptor, "Check", &request.base);
  assert_string_equal(answer->message, "");
  return ((const Shop__Fraud__V1__Decision *)answer->reply)->is_fraudulent;
}

/* The percentage would not reach the dice; or a restart change what was decided. */
static void test_percentage_reaches_the_dice(void **state) {
  fixture *self = *state;
  static const char *const rules[] = {"FRAUD_PERCENTAGE=100", "NOT_FRAUD_PERCENTAGE=100"};
  for (int i = 0; i < 2; i++) {
    self->fraud.environment[0] = rules[i];
    shop_process_start(&self->fraud, &self->shop);
    shop_process_connect(&self->fraud, &self->shop);
    assert_true(check(self, "o-1"));
    assert_int_equal(check(self, i == 0 ? "o-2" : "o-3"), i == 0);
    shop_process_stop(&self->fraud, &self->shop);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_bad_variables_stop_the_start, start, stop),
      cmocka_unit_test_setup_teardown(test_percentage_reaches_the_dice, start, stop),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

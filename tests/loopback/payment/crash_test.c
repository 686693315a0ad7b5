/* SPDX-License-Identifier: Apache-2.0 */
/* kill -9 of the payment or the fraud service while orders are paid: after the same calls again an
 * order has one payment, which agrees with the one decision about it. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../support/shop_process.h"
#include "shop/fraud/v1/fraud.mesh.h"
#include "shop/payment/v1/payment.mesh.h"

enum { ROUNDS = 6, ORDERS = 60 };

typedef struct fixture {
  shop_harness shop;
  shop_process fraud;
  shop_process payment;
  char fraud_url[128];
  shop_answer *answers[ORDERS];
  int first; /* order of the round */
  unsigned seed;
} fixture;

static int start(void **state) {
  static fixture self;
  const char *given = getenv("CRASH_SEED");
  self.seed = given != NULL ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL);
  print_message("CRASH_SEED=%u\n", self.seed);
  shop_harness_init(&self.shop);
  self.fraud = (shop_process){.program = "fraud-service", .environment = {"FRAUD_PERCENTAGE=40"}};
  self.payment = (shop_process){.program = "payment-service", .environment = {self.fraud_url}};
  *state = &self;
  return 0;
}

static int stop(void **state) {
  fixture *self = *state;
  mesh_process_destroy(self->payment.process);
  mesh_process_destroy(self->fraud.process);
  shop_harness_clean_up(&self->shop);
  return 0;
}

/* Both, the payment service knowing where the fraud service is now. */
static void restart(fixture *self) {
  if (self->payment.process != NULL) {
    shop_process_kill(&self->payment);
    shop_process_kill(&self->fraud);
  }
  shop_process_start(&self->fraud, &self->shop);
  snprintf(self->fraud_url, sizeof self->fraud_url, "FRAUD_SERVICE_URL=%s", self->fraud.target);
  shop_process_start(&self->payment, &self->shop);
  shop_process_connect(&self->payment, &self->shop);
}

static shop_answer *begin(fixture *self, const char *method, const ProtobufCMessage *request) {
  return shop_start(&self->shop, &shop_payment_v1_payment_service_descriptor, method, request,
                    NULL);
}

static shop_answer *authorize(fixture *self, char *order_id, int index) {
  Shop__Payment__V1__AuthorizeRequest request = SHOP__PAYMENT__V1__AUTHORIZE_REQUEST__INIT;
  request.order_id = order_id;
  request.user_id = shop_text("123");
  request.payment_method = shop_text("credit_card");
  request.amount = (1 + index) / 100.0;
  return begin(self, "Authorize", &request.base);
}

/* Of two orders one is voided. */
static shop_answer *settle(fixture *self, char *order_id, int index) {
  Shop__Payment__V1__VoidRequest request = SHOP__PAYMENT__V1__VOID_REQUEST__INIT;
  request.order_id = order_id;
  return index % 2 == 0 ? begin(self, "Void", &request.base) : authorize(self, order_id, index);
}

static bool is_settled(const shop_answer *answer) {
  return answer->code == GRPC_STATUS_OK || answer->code == GRPC_STATUS_FAILED_PRECONDITION;
}

static void make_all(fixture *self, shop_answer *(*make)(fixture *, char *, int)) {
  for (int i = 0; i < ORDERS; i++) {
    char id[16];
    snprintf(id, sizeof id, "o-%05d", self->first + i);
    self->answers[i] = make(self, id, i);
  }
}

/* Makes a call for each order of the round, kills one of the services after some of the answers,
 * and makes all of them again. What was answered before is answered the same. */
static void for_all(fixture *self, shop_answer *(*make)(fixture *, char *, int)) {
  grpc_status_code before[ORDERS];
  mesh_process *victim = rand_r(&self->seed) % 2 ? self->payment.process : self->fraud.process;
  make_all(self, make);
  shop_wait(self->answers[rand_r(&self->seed) % ORDERS]);
  mesh_process_signal(victim, SIGKILL);
  for (int i = 0; i < ORDERS; i++) {
    shop_wait(self->answers[i]);
    before[i] = is_settled(self->answers[i]) ? self->answers[i]->code : GRPC_STATUS_UNKNOWN;
  }
  restart(self);
  make_all(self, make);
  for (int i = 0; i < ORDERS; i++) {
    shop_wait(self->answers[i]);
    assert_true(is_settled(self->answers[i]));
    assert_true(before[i] == GRPC_STATUS_UNKNOWN || before[i] == self->answers[i]->code);
  }
}

static const Shop__Payment__V1__ListPaymentsResponse *payments(fixture *self) {
  Shop__Payment__V1__ListPaymentsRequest request = SHOP__PAYMENT__V1__LIST_PAYMENTS_REQUEST__INIT;
  request.page_size = 1000;
  shop_answer *answer = begin(self, "ListPayments", &request.base);
  shop_wait(answer);
  assert_string_equal(answer->message, "");
  return (const void *)answer->reply;
}

static const Shop__Fraud__V1__ListDecisionsResponse *decisions(fixture *self) {
  Shop__Fraud__V1__ListDecisionsRequest request = SHOP__FRAUD__V1__LIST_DECISIONS_REQUEST__INIT;
  request.page_size = 1000;
  shop_process_connect(&self->fraud, &self->shop);
  shop_answer *answer = shop_call(&self->shop, &shop_fraud_v1_fraud_service_descriptor,
                                  "ListDecisions", &request.base);
  shop_process_connect(&self->payment, &self->shop);
  assert_string_equal(answer->message, "");
  return (const void *)answer->reply;
}

/* As many lines as orders, in both files; each payment as its decision and its Void say. */
static void check_files(fixture *self, int rounds) {
  const Shop__Payment__V1__ListPaymentsResponse *paid = payments(self);
  const Shop__Fraud__V1__ListDecisionsResponse *judged = decisions(self);
  assert_int_equal(paid->n_payments, rounds * ORDERS);
  assert_int_equal(judged->n_decisions, rounds * ORDERS);
  for (size_t i = 0; i < paid->n_payments; i++) {
    const Shop__Payment__V1__Payment *payment = paid->payments[i];
    const Shop__Fraud__V1__Decision *decision = judged->decisions[i];
    assert_string_equal(payment->order_id, decision->order_id);
    assert_true(payment->amount == decision->amount);
    int expected =
        decision->is_fraudulent ? SHOP__PAYMENT__V1__PAYMENT_STATUS__PAYMENT_STATUS_DECLINED
        : i % ORDERS % 2 == 0   ? SHOP__PAYMENT__V1__PAYMENT_STATUS__PAYMENT_STATUS_VOIDED
                                : SHOP__PAYMENT__V1__PAYMENT_STATUS__PAYMENT_STATUS_AUTHORIZED;
    assert_int_equal(payment->status, expected);
  }
}

/* After a crash an order would be paid twice, be paid though it was declined, or change its mind.
 */
static void test_one_payment_for_each_order(void **state) {
  fixture *self = *state;
  restart(self);
  for (int round = 0; round < ROUNDS; round++) {
    for_all(self, authorize);
    for_all(self, settle);
    check_files(self, round + 1);
    self->first += ORDERS;
  }
  shop_process_stop(&self->payment, &self->shop);
  shop_process_stop(&self->fraud, &self->shop);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_one_payment_for_each_order, start, stop),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The fraud service through its own interface: what it decides, and that it decides once. */
#include <mesh/log.h>
#include <otlp/baggage.h>
#include <string.h>

#include "../../support/shop_harness.h"
#include "fraud.h"
#include "shop/fraud/v1/fraud.mesh.h"

typedef Shop__Fraud__V1__Decision decision;

typedef struct fixture {
  shop_harness shop;
  fraud_service *service;
  fraud_rules rules;
  uint32_t number; /* what the dice say */
  int throws;
} fixture;

static uint32_t throw_dice(void *data) {
  fixture *self = data;
  self->throws++;
  return self->number;
}

static void open_service(fixture *self) {
  fraud_service_options options = {.data_dir = self->shop.folder.path,
                                   .tracer_provider = self->shop.spans.provider,
                                   .rules = self->rules};
  mesh_status status = fraud_service_new(&options, &self->service);
  assert_string_equal(status.message, "");
  mesh_service service = fraud_service_bind(self->service);
  shop_harness_serve(&self->shop, &service, 1);
}

static int start_with(void **state, bool allows_forced_outcome) {
  static fixture self;
  memset(&self, 0, sizeof self);
  self.rules = (fraud_rules){.percentage = 5,
                             .allows_forced_outcome = allows_forced_outcome,
                             .dice = throw_dice,
                             .dice_data = &self};
  self.number = 50;
  shop_harness_init(&self.shop);
  open_service(&self);
  *state = &self;
  return 0;
}

static int start(void **state) {
  return start_with(state, false);
}

static int start_allowing_force(void **state) {
  return start_with(state, true);
}

static void close_service(fixture *self) {
  shop_harness_stop(&self->shop);
  fraud_service_destroy(self->service);
}

static int stop(void **state) {
  fixture *self = *state;
  close_service(self);
  shop_harness_clean_up(&self->shop);
  return 0;
}

static Shop__Fraud__V1__CheckRequest check_request(const char *order_id) {
  Shop__Fraud__V1__CheckRequest request = SHOP__FRAUD__V1__CHECK_REQUEST__INIT;
  request.order_id = shop_text(order_id);
  request.user_id = shop_text("123");
  request.payment_method = shop_text("credit_card");
  request.amount = 49.99;
  return request;
}

static shop_answer *call(fixture *self, const char *method, const ProtobufCMessage *request) {
  return shop_call(&self->shop, &shop_fraud_v1_fraud_service_descriptor, method, request);
}

static shop_answer *ask(fixture *self, const Shop__Fraud__V1__CheckRequest *request) {
  return call(self, "Check", &request->base);
}

static const decision *decided(shop_answer *answer) {
  assert_string_equal(answer->message, "");
  assert_int_equal(answer->code, GRPC_STATUS_OK);
  return (const decision *)answer->reply;
}

static const decision *check(fixture *self, const char *order_id) {
  Shop__Fraud__V1__CheckRequest request = check_request(order_id);
  return decided(ask(self, &request));
}

/* With a baggage header, as from a client. */
static const decision *check_with(fixture *self, const char *order_id, const char *header) {
  Shop__Fraud__V1__CheckRequest request = check_request(order_id);
  otlp_baggage *baggage = otlp_baggage_parse(otlp_string_from(header));
  const otlp_context parent = {.baggage = baggage};
  mesh_context *context = mesh_context_new(self->shop.loop, &parent, MESH_NO_TIMEOUT);
  shop_answer *answer = shop_start(&self->shop, &shop_fraud_v1_fraud_service_descriptor, "Check",
                                   &request.base, context);
  shop_wait(answer);
  mesh_context_release(context);
  otlp_baggage_release(baggage);
  return decided(answer);
}

/* The percentage would not be what is declined. */
static void test_decides_by_the_dice(void **state) {
  fixture *self = *state;
  self->number = 4;
  const decision *bad = check(self, "o-1");
  assert_true(bad->is_fraudulent);
  assert_false(bad->is_forced);
  assert_string_equal(bad->order_id, "o-1");
  assert_string_equal(bad->user_id, "123");
  assert_string_equal(bad->payment_method, "credit_card");
  assert_true(bad->amount == 49.99);
  assert_true(bad->created_at->seconds > 1700000000);
  self->number = 5;
  assert_false(check(self, "o-2")->is_fraudulent);
}

/* A retried call could turn a good payment into a bad one, or try until it is through. */
static void test_an_order_is_judged_once(void **state) {
  fixture *self = *state;
  self->number = 0;
  assert_true(check(self, "o-1")->is_fraudulent);
  self->number = 99;
  assert_true(check(self, "o-1")->is_fraudulent);
  close_service(self);
  open_service(self);
  assert_true(check(self, "o-1")->is_fraudulent);
  assert_false(check(self, "o-2")->is_fraudulent);
}

/* What was found fine for a cent would be fine for a million. */
static void test_another_payment_of_the_order_is_refused(void **state) {
  fixture *self = *state;
  check(self, "o-1");
  Shop__Fraud__V1__CheckRequest others[] = {check_request("o-1"), check_request("o-1"),
                                            check_request("o-1")};
  others[0].amount = 50;
  others[1].user_id = shop_text("124");
  others[2].payment_method = shop_text("paypal");
  for (size_t i = 0; i < 3; i++) {
    shop_answer *answer = ask(self, &others[i]);
    assert_int_equal(answer->code, GRPC_STATUS_ALREADY_EXISTS);
    assert_true(shop_has_detail(answer, "google.rpc.ErrorInfo"));
  }
}

/* Anyone could have his payment found legitimate. */
static void test_outcome_cannot_be_forced_by_default(void **state) {
  fixture *self = *state;
  const decision *said = check_with(self, "o-1", "fraud.outcome=fraudulent");
  assert_false(said->is_fraudulent);
  assert_false(said->is_forced);
}

/* A test could not have the outcome it wants, or would get one nobody asked for. */
static void test_outcome_can_be_forced_where_allowed(void **state) {
  fixture *self = *state;
  const decision *said = check_with(self, "o-1", "a=b,fraud.outcome=fraudulent;p=1");
  assert_true(said->is_fraudulent && said->is_forced);
  said = check_with(self, "o-1", "fraud.outcome=legitimate"); /* it is judged already */
  assert_true(said->is_fraudulent && said->is_forced);
  self->number = 0;
  said = check_with(self, "o-2", "fraud.outcome=legitimate");
  assert_true(!said->is_fraudulent && said->is_forced);
  assert_int_equal(self->throws, 0);
  said = check_with(self, "o-3", "fraud.outcome=maybe");
  assert_true(said->is_fraudulent && !said->is_forced);
  said = check_with(self, "o-4", "fraud.outcome=fraudulently");
  assert_true(said->is_fraudulent && !said->is_forced);
  assert_int_equal(self->throws, 2);
}

/* Nonsense would get into the file, or come back at full length. */
static void test_refuses_nonsense(void **state) {
  fixture *self = *state;
  static char long_id[10241];
  memset(long_id, 'x', sizeof long_id - 1);
  const char *const texts[] = {"", long_id, "a\nb", "\xff"};
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    Shop__Fraud__V1__CheckRequest bad[] = {check_request(texts[i]), check_request("o-1"),
                                           check_request("o-1")};
    static const char *const fields[] = {"order_id", "user_id", "payment_method"};
    bad[1].user_id = shop_text(texts[i]);
    bad[2].payment_method = shop_text(texts[i]);
    for (size_t j = 0; j < 3; j++) {
      shop_answer *answer = ask(self, &bad[j]);
      assert_int_equal(answer->code, GRPC_STATUS_INVALID_ARGUMENT);
      assert_string_equal(shop_violated_field(answer), fields[j]);
      assert_true(strlen(answer->message) < 100);
      assert_true(answer->details.size < 500);
    }
  }
  static const double amounts[] = {0, -1, 0.001, 1.005, 1e10};
  for (size_t i = 0; i < sizeof amounts / sizeof amounts[0]; i++) {
    Shop__Fraud__V1__CheckRequest bad = check_request("o-1");
    bad.amount = amounts[i];
    assert_string_equal(shop_violated_field(ask(self, &bad)), "amount");
  }
  assert_int_equal(self->throws, 0);
}

/* Decisions would be missing from the records. */
static void test_lists_decisions(void **state) {
  fixture *self = *state;
  Shop__Fraud__V1__ListDecisionsRequest request = SHOP__FRAUD__V1__LIST_DECISIONS_REQUEST__INIT;
  const char *last = "";
  size_t seen = 0;
  for (int i = 0; i < 5; i++) {
    char id[8];
    snprintf(id, sizeof id, "o-%d", i);
    self->number = i == 3 ? 0 : 99;
    check(self, id);
  }
  request.page_size = 2;
  do {
    shop_answer *answer = call(self, "ListDecisions", &request.base);
    assert_int_equal(answer->code, GRPC_STATUS_OK);
    const Shop__Fraud__V1__ListDecisionsResponse *page =
        (const Shop__Fraud__V1__ListDecisionsResponse *)answer->reply;
    for (size_t i = 0; i < page->n_decisions; i++, seen++) {
      assert_true(strcmp(page->decisions[i]->order_id, last) > 0);
      last = page->decisions[i]->order_id;
      assert_int_equal(page->decisions[i]->is_fraudulent, strcmp(last, "o-3") == 0);
    }
    request.page_token = page->next_page_token;
  } while (request.page_token[0] != '\0');
  assert_int_equal(seen, 5);
  request.page_token = shop_text("nonsense");
  assert_string_equal(shop_violated_field(call(self, "ListDecisions", &request.base)),
                      "page_token");
  request.page_token = shop_text("");
  request.page_size = -1;
  assert_string_equal(shop_violated_field(call(self, "ListDecisions", &request.base)), "page_size");
}

/* Two calls at once, one of them retried: they would be told different things. */
static void test_one_decision_for_calls_at_once(void **state) {
  fixture *self = *state;
  enum { COUNT = 20 };
  shop_answer *answers[COUNT];
  Shop__Fraud__V1__CheckRequest request = check_request("o-1");
  for (int i = 0; i < COUNT; i++) {
    self->number = (uint32_t)i % 10;
    answers[i] = shop_start(&self->shop, &shop_fraud_v1_fraud_service_descriptor, "Check",
                            &request.base, NULL);
  }
  for (int i = 0; i < COUNT; i++) {
    shop_wait(answers[i]);
    assert_int_equal(decided(answers[i])->is_fraudulent, decided(answers[0])->is_fraudulent);
    assert_int_equal(decided(answers[i])->created_at->nanos,
                     decided(answers[0])->created_at->nanos);
  }
}

/* The trace would not say what was decided, and about what. */
static void test_spans(void **state) {
  fixture *self = *state;
  check(self, "o-1");
  span_tree *spans = &self->shop.spans;
  assert_string_equal(span_tree_text(spans), "shop.fraud.v1.FraudService/Check CLIENT\n"
                                             "  shop.fraud.v1.FraudService/Check SERVER\n"
                                             "    check_fraud INTERNAL\n"
                                             "      analyze_transaction INTERNAL\n"
                                             "        INSERT decisions CLIENT\n"
                                             "      COMMIT fraud CLIENT\n");
  static const struct {
    const char *key;
    const char *value;
  } expected[] = {
      {"fraud.order_id", "o-1"},        {"fraud.user_id", "123"},
      {"fraud.amount", "49.99"},        {"fraud.payment_method", "credit_card"},
      {"fraud.is_fraudulent", "false"}, {"fraud_check", "passed"},
  };
  for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
    assert_string_equal(span_tree_attribute(spans, "check_fraud", expected[i].key),
                        expected[i].value);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_decides_by_the_dice, start, stop),
      cmocka_unit_test_setup_teardown(test_an_order_is_judged_once, start, stop),
      cmocka_unit_test_setup_teardown(test_another_payment_of_the_order_is_refused, start, stop),
      cmocka_unit_test_setup_teardown(test_outcome_cannot_be_forced_by_default, start, stop),
      cmocka_unit_test_setup_teardown(test_outcome_can_be_forced_where_allowed,
                                      start_allowing_force, stop),
      cmocka_unit_test_setup_teardown(test_refuses_nonsense, start, stop),
      cmocka_unit_test_setup_teardown(test_lists_decisions, start, stop),
      cmocka_unit_test_setup_teardown(test_one_decision_for_calls_at_once, start, stop),
      cmocka_unit_test_setup_teardown(test_spans, start, stop),
  };
  mesh_log_configure("test", MESH_LOG_ERROR);
  return cmocka_run_group_tests(tests, NULL, NULL);
}

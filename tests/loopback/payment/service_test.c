/* SPDX-License-Identifier: Apache-2.0 */
/* The payment service through its own interface, with a fraud service that the test scripts. */
#include <mesh/log.h>
#include <string.h>

#include "../../support/shop_harness.h"
#include "google/rpc/error_details.pb-c.h"
#include "google/rpc/status.pb-c.h"
#include "payment.h"
#include "shop/fraud/v1/fraud.mesh.h"
#include "shop/payment/v1/payment.mesh.h"

typedef Shop__Payment__V1__Payment payment;

/* What the scripted fraud service does, and what it was asked. */
typedef struct fixture {
  shop_harness shop;
  payment_service *service;
  mesh_client *nowhere;
  bool is_down;
  bool is_fraudulent;
  grpc_status_code fraud_code;
  bool hangs;
  mesh_call *hanging;
  int checks;
  Shop__Fraud__V1__CheckRequest *checked; /* the last one */
} fixture;

static void answer_check(fixture *self, mesh_call *call, const char *order_id) {
  Shop__Fraud__V1__Decision reply = SHOP__FRAUD__V1__DECISION__INIT;
  reply.order_id = shop_text(order_id);
  reply.is_fraudulent = self->is_fraudulent;
  shop_fraud_v1_check_reply(call, &reply);
}

static void check(mesh_call *call, const Shop__Fraud__V1__CheckRequest *request, void *data) {
  fixture *self = data;
  mesh_arena *arena = mesh_context_arena(self->shop.context);
  self->checks++;
  self->checked = mesh_arena_copy(arena, request, sizeof *request);
  self->checked->order_id = mesh_arena_strdup(arena, request->order_id);
  self->checked->user_id = mesh_arena_strdup(arena, request->user_id);
  self->checked->payment_method = mesh_arena_strdup(arena, request->payment_method);
  if (self->hangs) {
    self->hanging = call;
  } else if (self->fraud_code != GRPC_STATUS_OK) {
    mesh_call_fail(call, self->fraud_code, "as the script says");
  } else {
    answer_check(self, call, request->order_id);
  }
}

static const shop_fraud_v1_fraud_service script = {.check = check};

static void open_service(fixture *self) {
  payment_service_options options = {.data_dir = self->shop.folder.path,
                                     .fraud = self->is_down ? self->nowhere : self->shop.client,
                                     .tracer_provider = self->shop.spans.provider,
                                     .fraud_timeout_ms = self->hangs ? 50 : 0};
  mesh_status status = payment_service_new(&options, &self->service);
  assert_string_equal(status.message, "");
  mesh_service services[] = {payment_service_bind(self->service),
                             shop_fraud_v1_fraud_service_bind(&script, self)};
  shop_harness_serve(&self->shop, services, 2);
}

static int start(void **state) {
  static fixture self;
  memset(&self, 0, sizeof self);
  shop_harness_init(&self.shop);
  mesh_client_options options = MESH_CLIENT_OPTIONS_INIT;
  options.target = "unix:/nonexistent/socket";
  mesh_status status = mesh_client_new(&options, &self.nowhere);
  assert_string_equal(status.message, "");
  open_service(&self);
  *state = &self;
  return 0;
}

static void close_service(fixture *self) {
  shop_harness_stop(&self->shop);
  payment_service_destroy(self->service);
}

static void reopen(fixture *self) {
  close_service(self);
  open_service(self);
}

static int stop(void **state) {
  fixture *self = *state;
  close_service(self);
  mesh_client_destroy(self->nowhere);
  shop_harness_clean_up(&self->shop);
  return 0;
}

static shop_answer *call(fixture *self, const char *method, const ProtobufCMessage *request) {
  return shop_call(&self->shop, &shop_payment_v1_payment_service_descriptor, method, request);
}

static Shop__Payment__V1__AuthorizeRequest authorize_request(const char *order_id) {
  Shop__Payment__V1__AuthorizeRequest request = SHOP__PAYMENT__V1__AUTHORIZE_REQUEST__INIT;
  request.order_id = shop_text(order_id);
  request.user_id = shop_text("123");
  request.payment_method = shop_text("credit_card");
  request.amount = 49.99;
  return request;
}

static shop_answer *authorize(fixture *self, const char *order_id) {
  Shop__Payment__V1__AuthorizeRequest request = authorize_request(order_id);
  return call(self, "Authorize", &request.base);
}

static shop_answer *start_authorize(fixture *self, const char *order_id) {
  Shop__Payment__V1__AuthorizeRequest request = authorize_request(order_id);
  return shop_start(&self->shop, &shop_payment_v1_payment_service_descriptor, "Authorize",
                    &request.base, NULL);
}

static shop_answer *void_payment(fixture *self, const char *order_id, const char *reason) {
  Shop__Payment__V1__VoidRequest request = SHOP__PAYMENT__V1__VOID_REQUEST__INIT;
  request.order_id = shop_text(order_id);
  request.reason = shop_text(reason);
  return call(self, "Void", &request.base);
}

static shop_answer *get(fixture *self, const char *order_id) {
  Shop__Payment__V1__GetPaymentRequest request = SHOP__PAYMENT__V1__GET_PAYMENT_REQUEST__INIT;
  request.order_id = shop_text(order_id);
  return call(self, "GetPayment", &request.base);
}

static const payment *paid(const shop_answer *answer, int status) {
  assert_string_equal(answer->message, "");
  assert_int_equal(answer->code, GRPC_STATUS_OK);
  const payment *reply = (const payment *)answer->reply;
  assert_int_equal(reply->status, status);
  return reply;
}

enum {
  AUTHORIZED = SHOP__PAYMENT__V1__PAYMENT_STATUS__PAYMENT_STATUS_AUTHORIZED,
  DECLINED = SHOP__PAYMENT__V1__PAYMENT_STATUS__PAYMENT_STATUS_DECLINED,
  VOIDED = SHOP__PAYMENT__V1__PAYMENT_STATUS__PAYMENT_STATUS_VOIDED,
};

/* The ErrorInfo of a failure as "REASON category". */
static const char *error_info(const shop_answer *answer) {
  mesh_arena *arena = mesh_context_arena(answer->owner->context);
  ProtobufCAllocator *allocator = mesh_arena_protobuf_allocator(arena);
  Google__Rpc__Status *status =
      google__rpc__status__unpack(allocator, answer->details.size, answer->details.data);
  assert_non_null(status);
  for (size_t i = 0; i < status->n_details; i++) {
    const ProtobufCBinaryData *value = &status->details[i]->value;
    if (strstr(status->details[i]->type_url, "google.rpc.ErrorInfo") == NULL) {
      continue;
    }
    Google__Rpc__ErrorInfo *info =
        google__rpc__error_info__unpack(allocator, value->len, value->data);
    const char *category = "";
    for (size_t j = 0; j < info->n_metadata; j++) {
      category = strcmp(info->metadata[j]->key, "category") == 0 ? info->metadata[j]->value : "";
    }
    return mesh_arena_printf(arena, "%s %s", info->reason, category);
  }
  return "";
}

/* A good payment would not be authorized, or not be kept as it was. */
static void test_authorizes(void **state) {
  fixture *self = *state;
  const payment *reply = paid(authorize(self, "o-1"), AUTHORIZED);
  assert_string_equal(reply->order_id, "o-1");
  assert_string_equal(reply->user_id, "123");
  assert_string_equal(reply->payment_method, "credit_card");
  assert_true(reply->amount == 49.99);
  assert_string_equal(reply->reason, "");
  assert_string_equal(reply->category, "");
  assert_true(reply->created_at->seconds > 1700000000);
  assert_string_equal(self->checked->order_id, "o-1");
  assert_string_equal(self->checked->user_id, "123");
  assert_string_equal(self->checked->payment_method, "credit_card");
  assert_true(self->checked->amount == 49.99);
  reopen(self);
  const payment *kept = paid(get(self, "o-1"), AUTHORIZED);
  assert_true(kept->amount == 49.99);
  assert_string_equal(kept->user_id, "123");
}

/* Cents would be lost or made up on the way. */
static void test_amounts_are_exact(void **state) {
  fixture *self = *state;
  static const double amounts[] = {0.01, 0.29, 1.1, 19.99, 1234567.89, 999999999.99, 1000000000};
  for (size_t i = 0; i < sizeof amounts / sizeof amounts[0]; i++) {
    char id[8];
    snprintf(id, sizeof id, "o-%zu", i);
    Shop__Payment__V1__AuthorizeRequest request = authorize_request(id);
    request.amount = amounts[i];
    paid(call(self, "Authorize", &request.base), AUTHORIZED);
    assert_true(paid(get(self, id), AUTHORIZED)->amount == amounts[i]);
  }
}

/* A declined payment would pass, be forgotten, or be tried until it passes. */
static void test_declines(void **state) {
  fixture *self = *state;
  self->is_fraudulent = true;
  shop_answer *answer = authorize(self, "o-1");
  assert_int_equal(answer->code, GRPC_STATUS_FAILED_PRECONDITION);
  assert_string_equal(error_info(answer), "PAYMENT_DECLINED fraud");
  self->is_fraudulent = false;
  reopen(self);
  answer = authorize(self, "o-1");
  assert_int_equal(answer->code, GRPC_STATUS_FAILED_PRECONDITION);
  assert_string_equal(error_info(answer), "PAYMENT_DECLINED fraud");
  assert_int_equal(self->checks, 1);
  const payment *kept = paid(get(self, "o-1"), DECLINED);
  assert_string_equal(kept->category, "fraud");
  assert_string_not_equal(kept->reason, "");
  paid(void_payment(self, "o-1", "the order failed"), DECLINED);
}

/* A retried call would charge twice, or another payment pass as this one. */
static void test_authorizing_again_is_once(void **state) {
  fixture *self = *state;
  const payment *first = paid(authorize(self, "o-1"), AUTHORIZED);
  const payment *again = paid(authorize(self, "o-1"), AUTHORIZED);
  assert_int_equal(first->created_at->nanos, again->created_at->nanos);
  assert_int_equal(self->checks, 1);
  Shop__Payment__V1__AuthorizeRequest others[] = {
      authorize_request("o-1"), authorize_request("o-1"), authorize_request("o-1")};
  others[0].amount = 50;
  others[1].user_id = shop_text("124");
  others[2].payment_method = shop_text("paypal");
  for (size_t i = 0; i < 3; i++) {
    shop_answer *answer = call(self, "Authorize", &others[i].base);
    assert_int_equal(answer->code, GRPC_STATUS_ALREADY_EXISTS);
    assert_string_equal(error_info(answer), "PAID_OTHERWISE ");
  }
  assert_int_equal(self->checks, 1);
}

/* The same call twice at once would be two payments. */
static void test_calls_at_once_are_one_payment(void **state) {
  fixture *self = *state;
  enum { COUNT = 20 };
  shop_answer *answers[COUNT];
  for (int i = 0; i < COUNT; i++) {
    answers[i] = start_authorize(self, "o-1");
  }
  for (int i = 0; i < COUNT; i++) {
    shop_wait(answers[i]);
    assert_int_equal(paid(answers[i], AUTHORIZED)->created_at->nanos,
                     paid(answers[0], AUTHORIZED)->created_at->nanos);
  }
}

/* Money would stay taken, or be taken of an order that was given up. */
static void test_voids_once(void **state) {
  fixture *self = *state;
  authorize(self, "o-1");
  for (int i = 0; i < 2; i++) {
    const payment *voided = paid(void_payment(self, "o-1", i == 0 ? "first" : "second"), VOIDED);
    assert_string_equal(voided->reason, "first");
    assert_true(voided->amount == 49.99);
  }
  reopen(self);
  shop_answer *answer = authorize(self, "o-1");
  assert_int_equal(answer->code, GRPC_STATUS_ABORTED);
  assert_string_equal(error_info(answer), "PAYMENT_VOIDED ");
  paid(get(self, "o-1"), VOIDED);
}

/* An Authorize that comes after the Void that undoes it would take money for nothing. */
static void test_void_shuts_the_door(void **state) {
  fixture *self = *state;
  const payment *tombstone = paid(void_payment(self, "o-1", ""), VOIDED);
  assert_true(tombstone->amount == 0);
  assert_string_equal(tombstone->user_id, "");
  reopen(self);
  assert_int_equal(authorize(self, "o-1")->code, GRPC_STATUS_ABORTED);
  assert_int_equal(self->checks, 0);
}

static bool is_hanging(void *data) {
  return ((fixture *)data)->hanging != NULL;
}

/* The same when the Void comes while the fraud service is thinking. */
static void test_void_overtakes_an_authorize(void **state) {
  fixture *self = *state;
  self->hangs = true; /* with the time of the service as it was opened */
  shop_answer *answer = start_authorize(self, "o-1");
  shop_harness_wait_for(&self->shop, is_hanging, self);
  paid(void_payment(self, "o-1", "given up"), VOIDED);
  answer_check(self, self->hanging, "o-1");
  shop_wait(answer);
  assert_int_equal(answer->code, GRPC_STATUS_ABORTED);
  paid(get(self, "o-1"), VOIDED);
}

/* Payments would be authorized unseen, or be lost for good, when the fraud service is away. */
static void test_without_a_fraud_service_nothing_is_authorized(void **state) {
  fixture *self = *state;
  self->is_down = true;
  reopen(self);
  assert_int_equal(authorize(self, "o-1")->code, GRPC_STATUS_UNAVAILABLE);
  assert_int_equal(get(self, "o-1")->code, GRPC_STATUS_NOT_FOUND);
  self->is_down = false;
  reopen(self);
  self->fraud_code = GRPC_STATUS_UNAVAILABLE;
  assert_int_equal(authorize(self, "o-1")->code, GRPC_STATUS_UNAVAILABLE);
  assert_int_equal(get(self, "o-1")->code, GRPC_STATUS_NOT_FOUND);
  self->fraud_code = GRPC_STATUS_OK;
  paid(authorize(self, "o-1"), AUTHORIZED);
  self->is_down = true; /* what is known needs nobody else */
  reopen(self);
  paid(authorize(self, "o-1"), AUTHORIZED);
}

/* Who waits for the fraud service would be asked again and again for each of its own attempts. */
static void test_callers_do_not_try_again_by_themselves(void **state) {
  fixture *self = *state;
  mesh_client *ordinary = self->shop.client;
  mesh_client_options options = MESH_CLIENT_OPTIONS_INIT;
  options.target = self->shop.target;
  options.service_config_json =
      "{\"methodConfig\":[{\"name\":[{}],\"retryPolicy\":{\"maxAttempts\":4,"
      "\"initialBackoff\":\"0.01s\",\"maxBackoff\":\"0.01s\",\"backoffMultiplier\":1,"
      "\"retryableStatusCodes\":[\"UNAVAILABLE\"]}}]}";
  mesh_status status = mesh_client_new(&options, &self->shop.client);
  assert_string_equal(status.message, "");
  self->fraud_code = GRPC_STATUS_UNAVAILABLE;
  assert_int_equal(authorize(self, "o-1")->code, GRPC_STATUS_UNAVAILABLE);
  assert_int_equal(self->checks, 1);
  mesh_client_destroy(self->shop.client);
  self->shop.client = ordinary;
}

/* A fraud service that never answers would hold payments for ever. */
static void test_waits_for_the_fraud_service_only_so_long(void **state) {
  fixture *self = *state;
  self->hangs = true;
  reopen(self);
  assert_int_equal(authorize(self, "o-1")->code, GRPC_STATUS_DEADLINE_EXCEEDED);
  answer_check(self, self->hanging, "o-1");
  assert_int_equal(get(self, "o-1")->code, GRPC_STATUS_NOT_FOUND);
  self->hangs = false;
  paid(authorize(self, "o-1"), AUTHORIZED);
}

/* Nonsense would get into the file, or come back at full length. */
static void test_refuses_nonsense(void **state) {
  fixture *self = *state;
  static char long_id[10241];
  memset(long_id, 'x', sizeof long_id - 1);
  const char *const texts[] = {"", long_id, "a\nb", "\xff"};
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    Shop__Payment__V1__AuthorizeRequest user = authorize_request("o-1");
    Shop__Payment__V1__AuthorizeRequest method = authorize_request("o-1");
    user.user_id = shop_text(texts[i]);
    method.payment_method = shop_text(texts[i]);
    const struct {
      shop_answer *answer;
      const char *field;
    } cases[] = {
        {authorize(self, texts[i]), "order_id"},
        {call(self, "Authorize", &user.base), "user_id"},
        {call(self, "Authorize", &method.base), "payment_method"},
        {void_payment(self, texts[i], ""), "order_id"},
        {get(self, texts[i]), "order_id"},
    };
    for (size_t j = 0; j < sizeof cases / sizeof cases[0]; j++) {
      assert_int_equal(cases[j].answer->code, GRPC_STATUS_INVALID_ARGUMENT);
      assert_string_equal(shop_violated_field(cases[j].answer), cases[j].field);
      assert_true(strlen(cases[j].answer->message) < 100);
      assert_true(cases[j].answer->details.size < 500);
    }
  }
  assert_string_equal(shop_violated_field(void_payment(self, "o-1", long_id)), "reason");
  assert_int_equal(self->checks, 0);
  assert_int_equal(get(self, "o-1")->code, GRPC_STATUS_NOT_FOUND);
}

static const Shop__Payment__V1__ListPaymentsResponse *list(fixture *self, int status, int size,
                                                           const char *token) {
  Shop__Payment__V1__ListPaymentsRequest request = SHOP__PAYMENT__V1__LIST_PAYMENTS_REQUEST__INIT;
  request.status = (Shop__Payment__V1__PaymentStatus)status;
  request.page_size = size;
  request.page_token = shop_text(token);
  shop_answer *answer = call(self, "ListPayments", &request.base);
  assert_int_equal(answer->code, GRPC_STATUS_OK);
  return (const Shop__Payment__V1__ListPaymentsResponse *)answer->reply;
}

/* Payments would be missing from the records. */
static void test_lists_payments(void **state) {
  fixture *self = *state;
  for (int i = 0; i < 6; i++) {
    char id[8];
    snprintf(id, sizeof id, "o-%d", i);
    self->is_fraudulent = i == 2;
    authorize(self, id);
  }
  void_payment(self, "o-4", "");
  void_payment(self, "o-7", "");
  assert_int_equal(list(self, 0, 0, "")->n_payments, 7);
  assert_int_equal(list(self, AUTHORIZED, 0, "")->n_payments, 4);
  assert_int_equal(list(self, DECLINED, 0, "")->n_payments, 1);
  assert_int_equal(list(self, VOIDED, 0, "")->n_payments, 2);
  const Shop__Payment__V1__ListPaymentsResponse *page = list(self, AUTHORIZED, 3, "");
  assert_int_equal(page->n_payments, 3);
  page = list(self, AUTHORIZED, 3, page->next_page_token);
  assert_int_equal(page->n_payments, 1);
  assert_string_equal(page->payments[0]->order_id, "o-5");
  assert_string_equal(page->next_page_token, "");
  Shop__Payment__V1__ListPaymentsRequest request = SHOP__PAYMENT__V1__LIST_PAYMENTS_REQUEST__INIT;
  request.status = (Shop__Payment__V1__PaymentStatus)9;
  assert_string_equal(shop_violated_field(call(self, "ListPayments", &request.base)), "status");
  request.status = (Shop__Payment__V1__PaymentStatus)0;
  request.page_token = list(self, AUTHORIZED, 3, "")->next_page_token; /* of another list */
  assert_string_equal(shop_violated_field(call(self, "ListPayments", &request.base)), "page_token");
}

/* The trace would not show the steps of a payment. */
static void test_spans(void **state) {
  fixture *self = *state;
  authorize(self, "o-1");
  span_tree *spans = &self->shop.spans;
  assert_string_equal(span_tree_text(spans), "shop.payment.v1.PaymentService/Authorize CLIENT\n"
                                             "  shop.payment.v1.PaymentService/Authorize SERVER\n"
                                             "    authorize_payment INTERNAL\n"
                                             "      validate_payment_details INTERNAL\n"
                                             "        SELECT payments CLIENT\n"
                                             "      fraud_detection_service_call INTERNAL\n"
                                             "        shop.fraud.v1.FraudService/Check CLIENT\n"
                                             "          shop.fraud.v1.FraudService/Check SERVER\n"
                                             "      process_payment INTERNAL\n"
                                             "        INSERT payments CLIENT\n"
                                             "        COMMIT payments CLIENT\n");
  static const struct {
    const char *key;
    const char *value;
  } expected[] = {
      {"payment.order_id", "o-1"},      {"payment.user_id", "123"},
      {"payment.amount", "49.99"},      {"payment.payment_method", "credit_card"},
      {"payment.status", "AUTHORIZED"}, {"fraud_check", "passed"},
  };
  for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
    assert_string_equal(span_tree_attribute(spans, "authorize_payment", expected[i].key),
                        expected[i].value);
  }
}

/* A decline would look like a success, or hide why. */
static void test_spans_of_a_decline(void **state) {
  fixture *self = *state;
  self->is_fraudulent = true;
  authorize(self, "o-1");
  span_tree *spans = &self->shop.spans;
  assert_string_equal(span_tree_text(spans),
                      "shop.payment.v1.PaymentService/Authorize CLIENT ERROR\n"
                      "  shop.payment.v1.PaymentService/Authorize SERVER\n"
                      "    authorize_payment INTERNAL ERROR !exception\n"
                      "      validate_payment_details INTERNAL\n"
                      "        SELECT payments CLIENT\n"
                      "      fraud_detection_service_call INTERNAL\n"
                      "        shop.fraud.v1.FraudService/Check CLIENT\n"
                      "          shop.fraud.v1.FraudService/Check SERVER\n"
                      "      process_payment INTERNAL ERROR !exception\n"
                      "        INSERT payments CLIENT\n"
                      "        COMMIT payments CLIENT\n");
  assert_string_equal(span_tree_attribute(spans, "authorize_payment", "error.type"),
                      "PAYMENT_DECLINED");
  assert_string_equal(span_tree_attribute(spans, "authorize_payment", "payment.status"),
                      "DECLINED");
  assert_string_equal(span_tree_attribute(spans, "authorize_payment", "fraud_check"), "failed");
}

/* Nobody would see that the fraud service was the reason. */
static void test_spans_without_a_fraud_service(void **state) {
  fixture *self = *state;
  self->fraud_code = GRPC_STATUS_UNAVAILABLE;
  authorize(self, "o-1");
  assert_string_equal(span_tree_text(&self->shop.spans),
                      "shop.payment.v1.PaymentService/Authorize CLIENT ERROR\n"
                      "  shop.payment.v1.PaymentService/Authorize SERVER ERROR\n"
                      "    authorize_payment INTERNAL ERROR !exception\n"
                      "      validate_payment_details INTERNAL\n"
                      "        SELECT payments CLIENT\n"
                      "      fraud_detection_service_call INTERNAL ERROR !exception\n"
                      "        shop.fraud.v1.FraudService/Check CLIENT ERROR\n"
                      "          shop.fraud.v1.FraudService/Check SERVER ERROR\n");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_authorizes, start, stop),
      cmocka_unit_test_setup_teardown(test_amounts_are_exact, start, stop),
      cmocka_unit_test_setup_teardown(test_declines, start, stop),
      cmocka_unit_test_setup_teardown(test_authorizing_again_is_once, start, stop),
      cmocka_unit_test_setup_teardown(test_calls_at_once_are_one_payment, start, stop),
      cmocka_unit_test_setup_teardown(test_voids_once, start, stop),
      cmocka_unit_test_setup_teardown(test_void_shuts_the_door, start, stop),
      cmocka_unit_test_setup_teardown(test_void_overtakes_an_authorize, start, stop),
      cmocka_unit_test_setup_teardown(test_without_a_fraud_service_nothing_is_authorized, start,
                                      stop),
      cmocka_unit_test_setup_teardown(test_callers_do_not_try_again_by_themselves, start, stop),
      cmocka_unit_test_setup_teardown(test_waits_for_the_fraud_service_only_so_long, start, stop),
      cmocka_unit_test_setup_teardown(test_refuses_nonsense, start, stop),
      cmocka_unit_test_setup_teardown(test_lists_payments, start, stop),
      cmocka_unit_test_setup_teardown(test_spans, start, stop),
      cmocka_unit_test_setup_teardown(test_spans_of_a_decline, start, stop),
      cmocka_unit_test_setup_teardown(test_spans_without_a_fraud_service, start, stop),
  };
  mesh_log_configure("test", MESH_LOG_ERROR);
  return cmocka_run_group_tests(tests, NULL, NULL);
}

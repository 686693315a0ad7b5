/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <math.h>
#include <string.h>

#include "../../support/cmocka_headers.h"
#include "../../support/text.h"

static Shop__Payment__V1__AuthorizeRequest good_request(void) {
  Shop__Payment__V1__AuthorizeRequest request = SHOP__PAYMENT__V1__AUTHORIZE_REQUEST__INIT;
  request.order_id = shop_text("o-1");
  request.user_id = shop_text("123");
  request.payment_method = shop_text("credit_card");
  request.amount = 49.99;
  return request;
}

static const char *field_of(store_field_problem problem) {
  return problem.field != NULL ? problem.field : "";
}

/* A request would be refused that is fine, or the wrong field be named. */
static void test_first_problem_of_an_authorize(void **state) {
  (void)state;
  char text[130];
  memset(text, 'x', sizeof text);
  Shop__Payment__V1__AuthorizeRequest request = good_request();
  assert_string_equal(field_of(payment_check_authorize(&request)), "");
  text[128] = '\0';
  request.order_id = request.user_id = text;
  assert_string_equal(field_of(payment_check_authorize(&request)), "");
  request.payment_method = text + 64;
  assert_string_equal(field_of(payment_check_authorize(&request)), "");
  request.payment_method = text + 63;
  assert_string_equal(field_of(payment_check_authorize(&request)), "payment_method");
  text[128] = 'x';
  text[129] = '\0';
  assert_string_equal(field_of(payment_check_authorize(&request)), "order_id");
  request.order_id = shop_text("o-1");
  assert_string_equal(field_of(payment_check_authorize(&request)), "user_id");
}

/* Money would be rounded, or be nothing at all. */
static void test_amounts(void **state) {
  (void)state;
  static const double good[] = {0.01, 0.1 + 0.2, 29.99 + 19.99, 1e9, 999999999.99};
  static const double bad[] = {0, -0.01, 0.001, 0.005, 0.014, 1.005, 1000000000.01, 1e300};
  Shop__Payment__V1__AuthorizeRequest request = good_request();
  for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
    request.amount = good[i];
    assert_string_equal(field_of(payment_check_authorize(&request)), "");
  }
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    request.amount = bad[i];
    assert_string_equal(field_of(payment_check_authorize(&request)), "amount");
  }
  const double odd[] = {(double)NAN, (double)INFINITY, -(double)INFINITY};
  for (size_t i = 0; i < 3; i++) {
    request.amount = odd[i];
    assert_string_equal(field_of(payment_check_authorize(&request)), "amount");
  }
}

/* A Void would be refused for a reason it need not give, or keep a book of one. */
static void test_void(void **state) {
  (void)state;
  char reason[258];
  memset(reason, 'x', sizeof reason);
  Shop__Payment__V1__VoidRequest request = SHOP__PAYMENT__V1__VOID_REQUEST__INIT;
  assert_string_equal(field_of(payment_check_void(&request)), "order_id");
  request.order_id = shop_text("o-1");
  assert_string_equal(field_of(payment_check_void(&request)), "");
  reason[256] = '\0';
  request.reason = reason;
  assert_string_equal(field_of(payment_check_void(&request)), "");
  reason[256] = 'x';
  reason[257] = '\0';
  assert_string_equal(field_of(payment_check_void(&request)), "reason");
}

/* A status that is none would be taken for all payments. */
static void test_list(void **state) {
  (void)state;
  Shop__Payment__V1__ListPaymentsRequest request = SHOP__PAYMENT__V1__LIST_PAYMENTS_REQUEST__INIT;
  for (int status = -1; status <= 4; status++) {
    request.status = (Shop__Payment__V1__PaymentStatus)status;
    bool is_good = status >= 0 && status <= 3;
    assert_string_equal(field_of(payment_check_list(&request)), is_good ? "" : "status");
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_first_problem_of_an_authorize),
      cmocka_unit_test(test_amounts),
      cmocka_unit_test(test_void),
      cmocka_unit_test(test_list),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

store_field_problem payment_check_authorize(const Shop__Payment__V1__AuthorizeRequest *request) {
  store_field_problem problem = {NULL, NULL};
  store_check_text(&problem, "order_id", request->order_id, STORE_KEY_MAX);
  store_check_text(&problem, "user_id", request->user_id, STORE_KEY_MAX);
  store_check_text(&problem, "payment_method", request->payment_method, PAYMENT_METHOD_MAX);
  store_check_amount(&problem, "amount", request->amount);
  return problem;
}

store_field_problem payment_check_void(const Shop__Payment__V1__VoidRequest *request) {
  store_field_problem problem = {NULL, NULL};
  store_check_text(&problem, "order_id", request->order_id, STORE_KEY_MAX);
  store_check_optional_text(&problem, "reason", request->reason, PAYMENT_REASON_MAX);
  return problem;
}

store_field_problem payment_check_get(const Shop__Payment__V1__GetPaymentRequest *request) {
  store_field_problem problem = {NULL, NULL};
  store_check_text(&problem, "order_id", request->order_id, STORE_KEY_MAX);
  return problem;
}

store_field_problem payment_check_list(const Shop__Payment__V1__ListPaymentsRequest *request) {
  store_field_problem problem = {NULL, NULL};
  int status = (int)request->status;
  bool is_known = status >= 0 && status <= SHOP__PAYMENT__V1__PAYMENT_STATUS__PAYMENT_STATUS_VOIDED;
  store_check(&problem, is_known, "status", "is not a status of payments");
  return problem;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What the service accepts. Every function gives the first problem of a request; its field is NULL
 * when there is none. */
#ifndef PAYMENT_CHECK_H
#define PAYMENT_CHECK_H

#include <store/check.h>

#include "shop/payment/v1/payment.pb-c.h"

enum {
  PAYMENT_METHOD_MAX = 64,  /* bytes */
  PAYMENT_REASON_MAX = 256, /* bytes */
};

store_field_problem payment_check_authorize(const Shop__Payment__V1__AuthorizeRequest *request);
store_field_problem payment_check_void(const Shop__Payment__V1__VoidRequest *request);
store_field_problem payment_check_get(const Shop__Payment__V1__GetPaymentRequest *request);
store_field_problem payment_check_list(const Shop__Payment__V1__ListPaymentsRequest *request);

#endif

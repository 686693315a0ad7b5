/* SPDX-License-Identifier: Apache-2.0 */
/* The service's inside. */
#ifndef FRAUD_SERVICE_H
#define FRAUD_SERVICE_H

#include <store/tally.h>

#include "fraud.h"
#include "shop/fraud/v1/fraud.mesh.h"

typedef enum fraud_count { FRAUD_PASSED, FRAUD_FAILED, FRAUD_FORCED } fraud_count;

struct fraud_service {
  store *store;
  fraud_rules rules;
  store_tally tally;
};

/* The handlers. */
void fraud_check(mesh_call *call, const Shop__Fraud__V1__CheckRequest *request, void *self);
void fraud_list_decisions(mesh_call *call, const Shop__Fraud__V1__ListDecisionsRequest *request,
                          void *self);

#endif

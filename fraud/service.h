/* SPDX-License-Identifier: Apache-2.0 */
/* The service's inside. */
#ifndef FRAUD_SERVICE_H
#define FRAUD_SERVICE_H

#include <store/store.h>

#include "fraud.h"
#include "shop/fraud/v1/fraud.mesh.h"

struct fraud_service {
  store *store;
  fraud_rules rules;
};

/* The handlers. */
void fraud_check(mesh_call *call, const Shop__Fraud__V1__CheckRequest *request, void *self);
void fraud_list_decisions(mesh_call *call, const Shop__Fraud__V1__ListDecisionsRequest *request,
                          void *self);

#endif

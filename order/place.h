/* SPDX-License-Identifier: Apache-2.0 */
/* What other files need of PlaceOrder. */
#ifndef ORDER_PLACE_H
#define ORDER_PLACE_H

#include "saga.h"

/* Ends the call with an order that was placed before, by the same call. */
void order_place_again(order_saga *saga, const ledger_order *earlier);

#endif

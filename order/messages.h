/* SPDX-License-Identifier: Apache-2.0 */
/* From orders to messages. A message borrows the texts of the order; what else it needs is in the
 * arena. Money is cents in the books and dollars in messages. */
#ifndef ORDER_MESSAGES_H
#define ORDER_MESSAGES_H

#include <store/check.h>

#include "ledger.h"
#include "shop/order/v1/order.pb-c.h"

Shop__Order__V1__Order *order_message(mesh_arena *arena, const ledger_order *order);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The rows that more than one operation of the warehouse's bookkeeping handles. */
#ifndef WAREHOUSE_ROWS_H
#define WAREHOUSE_ROWS_H

#include "shelves.h"

/* Moves of pieces at a location, for rows_move. */
extern const store_statement rows_take, rows_put_back, rows_hand_out, rows_add;

void rows_move(store_transaction *transaction, const store_statement *how, int64_t quantity,
               const char *item_id, const char *location);

/* Writes the order down in this state. False when it is there already. */
bool rows_insert_order(store_transaction *transaction, const shelves_order *order,
                       shelves_state state);

/* The order's state, SHELVES_ANY when it is not there, and when it was written down. */
shelves_state rows_find_order(store_transaction *transaction, const char *order_id,
                              int64_t *out_created_at_unix_ms);

/* The order's reservations, in the arena; `like` has what they have in common. */
shelves_reservation *rows_read_reservations(store_transaction *transaction,
                                            const shelves_reservation *like);

#endif

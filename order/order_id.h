/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Order ids: UUIDs of version 7 (RFC 9562, section 5.7), so they sort by time, and with the run of
 * the service that made them in their last 32 bits, so that the recovery can tell what this run may
 * still be working on from what an earlier one left behind.
 */
#ifndef ORDER_ORDER_ID_H
#define ORDER_ORDER_ID_H

#include <stdbool.h>
#include <stdint.h>

enum { ORDER_ID_LENGTH = 36 };

/* Writes the id and a NUL. `random` is any number, another one for each id. */
void order_id_write(uint64_t unix_ms, uint64_t random, uint32_t run,
                    char out_id[ORDER_ID_LENGTH + 1]);

/* What an id says. False when it is not of this form: not an id of this service. */
typedef struct order_id_parts {
  uint64_t unix_ms;
  uint32_t run;
} order_id_parts;
bool order_id_read(const char *id, order_id_parts *out_parts);

#endif

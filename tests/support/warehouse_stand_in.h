/* SPDX-License-Identifier: Apache-2.0 */
/* A warehouse of a few lines: it keeps the promises of its interface in memory, and does what a
 * test tells it to. On the loop of its server. */
#ifndef TESTS_SUPPORT_WAREHOUSE_STAND_IN_H
#define TESTS_SUPPORT_WAREHOUSE_STAND_IN_H

#include "shop/warehouse/v1/warehouse.mesh.h"

enum { WAREHOUSE_ITEMS = 2, WAREHOUSE_ORDERS_MAX = 512 };

typedef enum warehouse_state {
  WAREHOUSE_HELD,
  WAREHOUSE_COMMITTED,
  WAREHOUSE_RELEASED
} warehouse_state;

typedef struct warehouse_order {
  char order_id[64];
  warehouse_state state;
  int quantities[WAREHOUSE_ITEMS];
} warehouse_order;

typedef struct warehouse_stand_in {
  int available[WAREHOUSE_ITEMS]; /* of sku001 and sku002 */
  int reserved[WAREHOUSE_ITEMS];
  int sold[WAREHOUSE_ITEMS];
  warehouse_order orders[WAREHOUSE_ORDERS_MAX];
  int order_count;
  /* What to do instead: fail, after the work when `fails_late`. */
  grpc_status_code reserve_code;
  grpc_status_code release_code;
  grpc_status_code commit_code;
  bool fails_late;
  bool is_mute; /* a Reserve is done, and not answered before its caller has gone */
  int reserves;
  int releases;
  int commits;
} warehouse_stand_in;

/* 70 pieces of sku001, 30 of sku002. */
void warehouse_stand_in_init(warehouse_stand_in *self);

mesh_service warehouse_stand_in_bind(warehouse_stand_in *self);

#endif

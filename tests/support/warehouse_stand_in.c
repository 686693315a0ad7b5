/* SPDX-License-Identifier: Apache-2.0 */
#include "warehouse_stand_in.h"

#include <stdio.h>
#include <string.h>

#include "cmocka_headers.h"

static const char *const item_ids[WAREHOUSE_ITEMS] = {"sku001", "sku002"};

void warehouse_stand_in_init(warehouse_stand_in *self) {
  memset(self, 0, sizeof *self);
  self->available[0] = 70;
  self->available[1] = 30;
}

static warehouse_order *find_order(warehouse_stand_in *self, const char *order_id) {
  for (int i = 0; i < self->order_count; i++) {
    if (strcmp(self->orders[i].order_id, order_id) == 0) {
      return &self->orders[i];
    }
  }
  return NULL;
}

static warehouse_order *add_order(warehouse_stand_in *self, const char *order_id,
                                  warehouse_state state) {
  assert_true(self->order_count < WAREHOUSE_ORDERS_MAX);
  warehouse_order *order = &self->orders[self->order_count++];
  snprintf(order->order_id, sizeof order->order_id, "%s", order_id);
  order->state = state;
  return order;
}

/* Moves what the order has from one shelf to another. */
static void move(const warehouse_order *order, int *from, int *to) {
  for (int i = 0; i < WAREHOUSE_ITEMS; i++) {
    from[i] -= order->quantities[i];
    to[i] += order->quantities[i];
  }
}

static int index_of(const char *item_id) {
  for (int i = 0; i < WAREHOUSE_ITEMS; i++) {
    if (strcmp(item_ids[i], item_id) == 0) {
      return i;
    }
  }
  return -1;
}

static grpc_status_code hold_again(const warehouse_order *before,
                                   const Shop__Warehouse__V1__ReserveRequest *request) {
  if (before->state == WAREHOUSE_RELEASED) {
    return GRPC_STATUS_ABORTED;
  }
  size_t same = 0;
  for (size_t i = 0; i < request->n_items; i++) {
    int index = index_of(request->items[i]->item_id);
    same += index >= 0 && before->quantities[index] == request->items[i]->quantity;
  }
  size_t count = (before->quantities[0] > 0) + (before->quantities[1] > 0);
  return same == count && same == request->n_items ? GRPC_STATUS_OK : GRPC_STATUS_ALREADY_EXISTS;
}

static grpc_status_code hold(warehouse_stand_in *self,
                             const Shop__Warehouse__V1__ReserveRequest *request) {
  warehouse_order *before = find_order(self, request->order_id);
  if (before != NULL) {
    return hold_again(before, request);
  }
  warehouse_order wanted = {.state = WAREHOUSE_HELD};
  for (size_t i = 0; i < request->n_items; i++) {
    int index = index_of(request->items[i]->item_id);
    if (index < 0) {
      return GRPC_STATUS_NOT_FOUND;
    }
    if (self->available[index] < request->items[i]->quantity) {
      return GRPC_STATUS_FAILED_PRECONDITION;
    }
    wanted.quantities[index] = request->items[i]->quantity;
  }
  warehouse_order *order = add_order(self, request->order_id, WAREHOUSE_HELD);
  memcpy(order->quantities, wanted.quantities, sizeof wanted.quantities);
  move(order, self->available, self->reserved);
  return GRPC_STATUS_OK;
}

static void give_up(void *call) {
  mesh_call_fail(call, GRPC_STATUS_CANCELLED, "nobody listens");
}

static void reserve(mesh_call *call, const Shop__Warehouse__V1__ReserveRequest *request,
                    void *data) {
  warehouse_stand_in *self = data;
  self->reserves++;
  grpc_status_code code = self->reserve_code;
  if (code == GRPC_STATUS_OK || self->fails_late) {
    grpc_status_code own = hold(self, request);
    if (code == GRPC_STATUS_OK && own != GRPC_STATUS_OK) {
      mesh_call_add_error_info(call, "A_REASON", "warehouse.shop");
      code = own;
    }
  }
  if (code != GRPC_STATUS_OK) {
    mesh_call_fail(call, code, "not from this warehouse");
    return;
  }
  if (self->is_mute) {
    mesh_context_on_cancel(mesh_call_context(call), give_up, call);
    return;
  }
  Shop__Warehouse__V1__ReserveResponse reply = SHOP__WAREHOUSE__V1__RESERVE_RESPONSE__INIT;
  shop_warehouse_v1_reserve_reply(call, &reply);
}

static void release(mesh_call *call, const Shop__Warehouse__V1__ReleaseRequest *request,
                    void *data) {
  warehouse_stand_in *self = data;
  self->releases++;
  warehouse_order *order = find_order(self, request->order_id);
  if (self->release_code != GRPC_STATUS_OK ||
      (order != NULL && order->state == WAREHOUSE_COMMITTED)) {
    mesh_call_fail(call,
                   order != NULL && order->state == WAREHOUSE_COMMITTED
                       ? GRPC_STATUS_FAILED_PRECONDITION
                       : self->release_code,
                   "not by this warehouse");
    return;
  }
  if (order == NULL) {
    add_order(self, request->order_id, WAREHOUSE_RELEASED);
  } else if (order->state == WAREHOUSE_HELD) {
    move(order, self->reserved, self->available);
    order->state = WAREHOUSE_RELEASED;
  }
  Shop__Warehouse__V1__ReleaseResponse reply = SHOP__WAREHOUSE__V1__RELEASE_RESPONSE__INIT;
  shop_warehouse_v1_release_reply(call, &reply);
}

static void commit(mesh_call *call, const Shop__Warehouse__V1__CommitRequest *request, void *data) {
  warehouse_stand_in *self = data;
  self->commits++;
  if (self->commit_code != GRPC_STATUS_OK) {
    mesh_call_fail(call, self->commit_code, "not by this warehouse");
    return;
  }
  Shop__Warehouse__V1__CommitResponse reply = SHOP__WAREHOUSE__V1__COMMIT_RESPONSE__INIT;
  reply.refused_order_ids =
      mesh_arena_alloc(mesh_call_arena(call), request->n_order_ids * sizeof(char *));
  for (size_t i = 0; i < request->n_order_ids; i++) {
    warehouse_order *order = find_order(self, request->order_ids[i]);
    if (order == NULL || order->state == WAREHOUSE_RELEASED) {
      reply.refused_order_ids[reply.n_refused_order_ids++] = request->order_ids[i];
    } else if (order->state == WAREHOUSE_HELD) {
      move(order, self->reserved, self->sold);
      order->state = WAREHOUSE_COMMITTED;
      reply.committed++;
    }
  }
  shop_warehouse_v1_commit_reply(call, &reply);
}

mesh_service warehouse_stand_in_bind(warehouse_stand_in *self) {
  static const shop_warehouse_v1_warehouse_service handlers = {
      .reserve = reserve, .release = release, .commit = commit};
  return shop_warehouse_v1_warehouse_service_bind(&handlers, self);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "stock.h"

#include <string.h>

#define ITEM_COLUMNS "name, available, reserved, price_cents, is_backed"

static const store_statement select_item = {
    "SELECT " ITEM_COLUMNS " FROM items WHERE product_id = ?", "SELECT", "items"};

static const store_statement select_item_for_order = {
    "SELECT " ITEM_COLUMNS ", CASE WHEN is_backed THEN"
    " (SELECT count(*) FROM reservations JOIN items USING (product_id)"
    "  WHERE order_id = ?2 AND state <> 3 AND is_backed = 1) ELSE 0 END,"
    " coalesce((SELECT max(owner) FROM reservations WHERE order_id = ?2), '')"
    " FROM items WHERE product_id = ?1",
    "SELECT", "items"};

static const store_statement reserve_item = {
    "UPDATE items SET available = available - ?1, reserved = reserved + ?1 WHERE product_id = ?2",
    "UPDATE", "items"};

static const store_statement release_item = {
    "UPDATE items SET available = available + ?1, reserved = reserved - ?1 WHERE product_id = ?2",
    "UPDATE", "items"};

static const store_statement add_item = {
    "UPDATE items SET available = available + ?1 WHERE product_id = ?2", "UPDATE", "items"};

static const store_statement insert_reservation = {
    "INSERT INTO reservations"
    " (order_id, product_id, quantity, state, price_cents, created_at_unix_ms, reason, owner)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (order_id, product_id) DO NOTHING",
    "INSERT", "reservations"};

static const store_statement select_reservation = {
    "SELECT quantity, state, price_cents, created_at_unix_ms, owner FROM reservations"
    " WHERE order_id = ? AND product_id = ?",
    "SELECT", "reservations"};

static const store_statement release_reservation = {
    "UPDATE reservations SET state = 3, reason = ?"
    " WHERE order_id = ? AND product_id = ? AND state = 1",
    "UPDATE", "reservations"};

static const store_statement select_other_backed = {
    "SELECT product_id, quantity FROM reservations JOIN items USING (product_id)"
    " WHERE order_id = ? AND state = 1 AND is_backed = 1 AND product_id <> ?",
    "SELECT", "reservations"};

/* What an int32 of the API can still count. */
static const int64_t stock_max = INT32_MAX;

static stock_item read_item(store_query *row, const char *product_id) {
  return (stock_item){.product_id = product_id,
                      .name = store_column_text(row, 0),
                      .available = store_column_int(row, 1),
                      .reserved = store_column_int(row, 2),
                      .price_cents = store_column_int(row, 3),
                      .is_backed = store_column_int(row, 4) != 0};
}

static bool find_item(store_transaction *transaction, stock_change *change) {
  store_query *query = store_query_start(transaction, &select_item);
  store_bind_text(query, change->product_id);
  bool is_found = store_query_next(query);
  if (is_found) {
    change->item = read_item(query, change->product_id);
  }
  store_query_end(query);
  return is_found;
}

/* With what the order has reserved so far. */
static bool find_item_for_order(store_transaction *transaction, stock_change *change) {
  store_query *query = store_query_start(transaction, &select_item_for_order);
  store_bind_text(query, change->product_id);
  store_bind_text(query, change->order_id);
  bool is_found = store_query_next(query);
  if (is_found) {
    change->item = read_item(query, change->product_id);
    change->backed_before = store_column_int(query, 5);
    change->order_owner = store_column_text(query, 6);
  }
  store_query_end(query);
  return is_found;
}

static bool find_reservation(store_transaction *transaction, stock_change *change) {
  store_query *query = store_query_start(transaction, &select_reservation);
  store_bind_text(query, change->order_id);
  store_bind_text(query, change->product_id);
  bool is_found = store_query_next(query);
  if (is_found) {
    change->reservation = (stock_reservation){.order_id = change->order_id,
                                              .product_id = change->product_id,
                                              .quantity = store_column_int(query, 0),
                                              .state = (stock_state)store_column_int(query, 1),
                                              .price_cents = store_column_int(query, 2),
                                              .created_at_unix_ms = store_column_int(query, 3),
                                              .owner = store_column_text(query, 4)};
  }
  store_query_end(query);
  return is_found;
}

static mesh_status no_product(stock_change *change) {
  change->failure = STOCK_NO_PRODUCT;
  return mesh_status_error(GRPC_STATUS_NOT_FOUND, "there is no product '%s'", change->product_id);
}

mesh_status stock_get(store_transaction *transaction, stock_change *change) {
  return find_item(transaction, change) ? mesh_status_ok() : no_product(change);
}

/* Moves `quantity` pieces as the statement says. */
static void move(store_transaction *transaction, const store_statement *statement,
                 const stock_change *change, int64_t quantity) {
  store_query *query = store_query_start(transaction, statement);
  store_bind_int(query, quantity);
  store_bind_text(query, change->product_id);
  store_execute(query);
}

static const char *owner_of(const stock_change *change) {
  return change->owner != NULL ? change->owner : "";
}

/* False when the order has a reservation of the product already. */
static bool insert(store_transaction *transaction, stock_change *change, stock_state state) {
  change->reservation = (stock_reservation){.order_id = change->order_id,
                                            .product_id = change->product_id,
                                            .quantity = state == STOCK_HELD ? change->quantity : 0,
                                            .state = state,
                                            .price_cents = change->item.price_cents,
                                            .created_at_unix_ms = change->now_unix_ms,
                                            .owner = owner_of(change)};
  store_query *query = store_query_start(transaction, &insert_reservation);
  store_bind_text(query, change->order_id);
  store_bind_text(query, change->product_id);
  store_bind_int(query, change->reservation.quantity);
  store_bind_int(query, state);
  store_bind_int(query, change->item.price_cents);
  store_bind_int(query, change->now_unix_ms);
  store_bind_text(query, change->reason);
  store_bind_text(query, owner_of(change));
  return store_execute(query) == 1;
}

static mesh_status owned_otherwise(stock_change *change) {
  change->failure = STOCK_OTHER_REQUEST;
  return mesh_status_error(GRPC_STATUS_ALREADY_EXISTS,
                           "the order has reservations of another owner");
}

/* The order came before: the same again gives the same reservation. */
static mesh_status reserve_again(stock_change *change) {
  if (change->reservation.state == STOCK_RELEASED) {
    change->failure = STOCK_GIVEN_BACK;
    return mesh_status_error(GRPC_STATUS_ABORTED,
                             "the reservation of '%s' for this order was released",
                             change->product_id);
  }
  if (strcmp(change->reservation.owner, owner_of(change)) != 0) {
    return owned_otherwise(change);
  }
  if (change->reservation.quantity != change->quantity) {
    change->failure = STOCK_OTHER_REQUEST;
    return mesh_status_error(GRPC_STATUS_ALREADY_EXISTS,
                             "the order has reserved %lld of '%s' already",
                             (long long)change->reservation.quantity, change->product_id);
  }
  return mesh_status_ok();
}

static mesh_status too_little(stock_change *change) {
  change->failure = STOCK_TOO_LITTLE;
  return mesh_status_error(
      GRPC_STATUS_FAILED_PRECONDITION, "only %lld of '%s' are available, %lld are asked for",
      (long long)change->item.available, change->product_id, (long long)change->quantity);
}

/* Is there enough, or is this a repeated call that has its pieces? Within the caller's step. */
static mesh_status look(store_transaction *transaction, stock_change *change, otlp_span *span,
                        const char *attribute) {
  if (!find_item_for_order(transaction, change)) {
    return no_product(change);
  }
  otlp_span_set_int(span, attribute, change->item.available);
  if (change->item.available < change->quantity && !find_reservation(transaction, change)) {
    return too_little(change);
  }
  store_step_end(transaction);
  return mesh_status_ok();
}

static mesh_status check_availability(store_transaction *transaction, stock_change *change) {
  otlp_span *span = store_step_start(transaction, "check_availability");
  otlp_span_set_int(span, "inventory.requested", change->quantity);
  return look(transaction, change, span, "inventory.available");
}

static mesh_status query_inventory(store_transaction *transaction, stock_change *change) {
  otlp_span *span = store_step_start(transaction, "query_inventory_database");
  const otlp_attribute attributes[] = {
      otlp_attribute_string("inventory.sku", change->product_id),
      otlp_attribute_string("inventory.item_id", change->product_id),
      otlp_attribute_int("inventory.requested_quantity", change->quantity),
  };
  otlp_span_set_attributes(span, attributes, 3);
  return look(transaction, change, span, "inventory.availability");
}

/* The warehouse knows orders as wholes: what it backs of an order is reserved by one call, which
 * may be repeated, and not added to. */
static mesh_status backed_otherwise(stock_change *change) {
  change->failure = STOCK_OTHER_REQUEST;
  return mesh_status_error(
      GRPC_STATUS_ALREADY_EXISTS,
      "the order has pieces in the warehouse already: '%s' cannot be reserved separately",
      change->product_id);
}

static bool is_of_other_owner(const stock_change *change) {
  return change->order_owner[0] != '\0' && strcmp(change->order_owner, owner_of(change)) != 0;
}

/* Whether the order may have one more reservation. */
static bool may_take(const stock_change *change) {
  return change->backed_before == 0 && !is_of_other_owner(change);
}

static void take(store_transaction *transaction, stock_change *change) {
  move(transaction, &reserve_item, change, change->quantity);
  change->item.available -= change->quantity;
  change->item.reserved += change->quantity;
}

/* What fails fails before anything of this product is written. */
static mesh_status update_reservation(store_transaction *transaction, stock_change *change) {
  otlp_span *span = store_step_start(transaction, "update_reservation");
  mesh_status status = mesh_status_ok();
  bool is_known = change->reservation.order_id != NULL;
  change->is_new = !is_known && may_take(change) && insert(transaction, change, STOCK_HELD);
  if (change->is_new) {
    take(transaction, change);
  } else if (is_known || find_reservation(transaction, change)) {
    status = reserve_again(change);
  } else {
    status = change->backed_before > 0 ? backed_otherwise(change) : owned_otherwise(change);
  }
  otlp_span_set_bool(span, "reservation.is_new", change->is_new);
  otlp_span_set_int(span, "inventory.remaining", change->item.available);
  if (mesh_status_is_ok(&status)) {
    store_step_end(transaction);
  }
  return status;
}

mesh_status stock_reserve(store_transaction *transaction, stock_change *change) {
  mesh_status status = check_availability(transaction, change);
  if (!mesh_status_is_ok(&status)) {
    return status;
  }
  return change->backed_before > 1 ? backed_otherwise(change)
                                   : update_reservation(transaction, change);
}

/* Whether what the order has in the warehouse, if anything, is as much as is asked for here. */
static mesh_status check_backed(stock_order *order) {
  int64_t asked = 0;
  for (size_t i = 0; i < order->count; i++) {
    asked += order->changes[i].item.is_backed;
  }
  for (size_t i = 0; i < order->count; i++) {
    stock_change *change = &order->changes[i];
    if (change->backed_before > 0 && change->backed_before != asked) {
      order->failed = change;
      return backed_otherwise(change);
    }
  }
  return mesh_status_ok();
}

mesh_status stock_reserve_order(store_transaction *transaction, stock_order *order) {
  mesh_status status = mesh_status_ok();
  for (size_t i = 0; i < order->count && mesh_status_is_ok(&status); i++) {
    order->failed = &order->changes[i];
    status = query_inventory(transaction, order->failed);
  }
  if (mesh_status_is_ok(&status)) {
    status = check_backed(order);
  }
  for (size_t i = 0; i < order->count && mesh_status_is_ok(&status); i++) {
    order->failed = &order->changes[i];
    status = update_reservation(transaction, order->failed);
  }
  return status;
}

static bool give_back(store_transaction *transaction, const stock_change *change) {
  store_query *query = store_query_start(transaction, &release_reservation);
  store_bind_text(query, change->reason);
  store_bind_text(query, change->order_id);
  store_bind_text(query, change->product_id);
  return store_execute(query) == 1;
}

/*
 * When there is nothing to release yet, that there never will be is written down: the Reserve that
 * this call undoes may still be on its way, and must find the door shut.
 */
static void release(store_transaction *transaction, stock_change *change, bool is_reserved) {
  if (!is_reserved) {
    insert(transaction, change, STOCK_RELEASED);
    return;
  }
  if (give_back(transaction, change)) {
    int64_t quantity = change->reservation.quantity;
    move(transaction, &release_item, change, quantity);
    change->reservation.state = STOCK_RELEASED;
    change->item.available += quantity;
    change->item.reserved -= quantity;
  }
}

/* The warehouse has released the whole order, so what else it backs goes back as well. */
static void release_others(store_transaction *transaction, const stock_change *change) {
  mesh_arena *arena = store_arena(transaction);
  typedef struct other {
    struct other *next;
    stock_change change;
  } other;
  other *others = NULL;
  store_query *query = store_query_start(transaction, &select_other_backed);
  store_bind_text(query, change->order_id);
  store_bind_text(query, change->product_id);
  while (store_query_next(query)) {
    other *found = mesh_arena_alloc(arena, sizeof *found);
    found->next = others;
    found->change = *change;
    found->change.product_id = store_column_text(query, 0);
    found->change.reservation.quantity = store_column_int(query, 1);
    others = found;
  }
  for (; others != NULL; others = others->next) {
    release(transaction, &others->change, true);
  }
}

mesh_status stock_release(store_transaction *transaction, stock_change *change) {
  change->failure = STOCK_FINE;
  if (!find_item_for_order(transaction, change)) {
    return no_product(change);
  }
  if (change->is_anybodys && change->order_owner[0] != '\0') {
    change->failure = STOCK_OWNED;
    return mesh_status_error(GRPC_STATUS_FAILED_PRECONDITION,
                             "the order's reservations are for their owner to release, '%s'",
                             change->order_owner);
  }
  bool is_reserved = find_reservation(transaction, change);
  if (is_reserved && change->reservation.state == STOCK_COMMITTED) {
    change->failure = STOCK_SOLD;
    return mesh_status_error(GRPC_STATUS_FAILED_PRECONDITION,
                             "the order's reservation of '%s' is final", change->product_id);
  }
  if (change->item.is_backed && !change->is_done_elsewhere) {
    change->failure = STOCK_ELSEWHERE_FIRST;
    return mesh_status_error(GRPC_STATUS_ABORTED, "the warehouse goes first");
  }
  release(transaction, change, is_reserved);
  if (change->item.is_backed && !change->keeps_others) {
    release_others(transaction, change);
  }
  return mesh_status_ok();
}

mesh_status stock_release_order(store_transaction *transaction, stock_order *order) {
  for (size_t i = 0; i < order->count; i++) {
    order->failed = &order->changes[i];
    mesh_status status = stock_release(transaction, order->failed);
    if (!mesh_status_is_ok(&status) && order->failed->failure != STOCK_NO_PRODUCT) {
      return status;
    }
  }
  return mesh_status_ok();
}

mesh_status stock_add(store_transaction *transaction, stock_change *change) {
  if (!find_item(transaction, change)) {
    return no_product(change);
  }
  if (change->item.available + change->item.reserved > stock_max - change->quantity) {
    change->failure = STOCK_TOO_MUCH;
    return mesh_status_error(GRPC_STATUS_OUT_OF_RANGE,
                             "there would be more of '%s' than can be counted", change->product_id);
  }
  move(transaction, &add_item, change, change->quantity);
  change->item.available += change->quantity;
  return mesh_status_ok();
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reserving an order. Its row is written first: who writes it is who takes the pieces, and the same
 * call again, or one that a Release has overtaken, finds it there. Everything is one operation of
 * the store, so what a failure has taken by then comes back with it.
 */
#include <string.h>

#include "rows.h"

static const store_statement select_locations = {
    "SELECT location, available FROM stock WHERE item_id = ? ORDER BY available DESC, location",
    "SELECT", "stock"};

static const store_statement insert_reservation = {
    "INSERT INTO reservations (order_id, item_id, location, quantity) VALUES (?, ?, ?, ?)",
    "INSERT", "reservations"};

/* Where an item is, fullest location first. */
typedef struct place {
  struct place *next;
  const char *location;
  int64_t available;
} place;

static place *find_places(store_transaction *transaction, const char *item_id,
                          int64_t *out_available) {
  place *first = NULL;
  place **end = &first;
  *out_available = 0;
  store_query *query = store_query_start(transaction, &select_locations);
  store_bind_text(query, item_id);
  while (store_query_next(query)) {
    place *found = mesh_arena_alloc(store_arena(transaction), sizeof *found);
    found->location = store_column_text(query, 0);
    found->available = store_column_int(query, 1);
    *out_available += found->available;
    *end = found;
    end = &found->next;
  }
  return first;
}

/* Keeps the order's list as the file would give it: by item and location. */
static void note(shelves_order *order, shelves_reservation *reservation) {
  shelves_reservation **link = &order->reservations;
  for (; *link != NULL; link = &(*link)->next) {
    int by_item = strcmp((*link)->item_id, reservation->item_id);
    if (by_item > 0 || (by_item == 0 && strcmp((*link)->location, reservation->location) > 0)) {
      break;
    }
  }
  reservation->next = *link;
  *link = reservation;
}

static void take(store_transaction *transaction, shelves_order *order, const char *item_id,
                 const char *location, int64_t quantity) {
  shelves_reservation *reservation =
      mesh_arena_alloc(store_arena(transaction), sizeof *reservation);
  *reservation = (shelves_reservation){.order_id = order->order_id,
                                       .item_id = item_id,
                                       .location = location,
                                       .quantity = quantity,
                                       .state = SHELVES_HELD,
                                       .created_at_unix_ms = order->now_unix_ms};
  rows_move(transaction, &rows_take, quantity, item_id, location);
  store_query *query = store_query_start(transaction, &insert_reservation);
  store_bind_text(query, order->order_id);
  store_bind_text(query, item_id);
  store_bind_text(query, location);
  store_bind_int(query, quantity);
  store_execute(query);
  note(order, reservation);
}

static mesh_status refuse(shelves_order *order, const shelves_item *item, int64_t available,
                          bool is_kept) {
  order->problem = (shelves_problem){.failure = is_kept ? SHELVES_TOO_LITTLE : SHELVES_NO_ITEM,
                                     .item_id = item->item_id,
                                     .available = available};
  if (!is_kept) {
    return mesh_status_error(GRPC_STATUS_NOT_FOUND, "the warehouse does not keep '%s'",
                             item->item_id);
  }
  return mesh_status_error(GRPC_STATUS_FAILED_PRECONDITION,
                           "the warehouse has only %lld of '%s', %lld are asked for",
                           (long long)available, item->item_id, (long long)item->quantity);
}

static mesh_status reserve_item(store_transaction *transaction, shelves_order *order,
                                const shelves_item *item) {
  int64_t available = 0;
  otlp_span *span = store_step_start(transaction, "database_operation");
  otlp_span_set_string(span, "inventory.item_id", item->item_id);
  otlp_span_set_int(span, "inventory.requested_quantity", item->quantity);
  const place *from = find_places(transaction, item->item_id, &available);
  otlp_span_set_int(span, "inventory.availability", available);
  if (available < item->quantity) {
    return refuse(order, item, available, from != NULL);
  }
  for (int64_t missing = item->quantity; missing > 0; from = from->next) {
    int64_t quantity = missing < from->available ? missing : from->available;
    take(transaction, order, item->item_id, from->location, quantity);
    missing -= quantity;
  }
  store_step_end(transaction);
  return mesh_status_ok();
}

static int64_t reserved_of(const shelves_order *order, const char *item_id) {
  int64_t quantity = 0;
  for (const shelves_reservation *row = order->reservations; row != NULL; row = row->next) {
    quantity += strcmp(row->item_id, item_id) == 0 ? row->quantity : 0;
  }
  return quantity;
}

/* Whether what the order has reserved is what is asked for. No item is asked for twice. */
static bool is_same(const shelves_order *order) {
  int64_t surplus = 0;
  for (const shelves_reservation *row = order->reservations; row != NULL; row = row->next) {
    surplus += row->quantity;
  }
  for (size_t i = 0; i < order->item_count; i++) {
    if (reserved_of(order, order->items[i].item_id) != order->items[i].quantity) {
      return false;
    }
    surplus -= order->items[i].quantity;
  }
  return surplus == 0;
}

/* The order came before: the same again gives the same reservations. */
static mesh_status reserve_again(store_transaction *transaction, shelves_order *order) {
  shelves_reservation like = {.order_id = order->order_id};
  order->is_repeated = true;
  like.state = rows_find_order(transaction, order->order_id, &like.created_at_unix_ms);
  if (like.state == SHELVES_RELEASED) {
    order->problem.failure = SHELVES_GIVEN_BACK;
    return mesh_status_error(GRPC_STATUS_ABORTED, "the order's reservations were released");
  }
  order->reservations = rows_read_reservations(transaction, &like);
  if (!is_same(order)) {
    order->problem.failure = SHELVES_OTHER_REQUEST;
    return mesh_status_error(GRPC_STATUS_ALREADY_EXISTS, "the order has reserved other items");
  }
  return mesh_status_ok();
}

mesh_status shelves_reserve(store_transaction *transaction, shelves_order *order) {
  if (!rows_insert_order(transaction, order, SHELVES_HELD)) {
    return reserve_again(transaction, order);
  }
  mesh_status status = mesh_status_ok();
  for (size_t i = 0; i < order->item_count && mesh_status_is_ok(&status); i++) {
    status = reserve_item(transaction, order, &order->items[i]);
  }
  return status;
}

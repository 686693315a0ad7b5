/* SPDX-License-Identifier: Apache-2.0 */
#include "round.h"

#include <mesh/log.h>
#include <string.h>

#include "messages.h"
#include "order_id.h"
#include "service.h"
#include "shop/inventory/v1/inventory.mesh.h"

enum { PAGE_TIMEOUT_MS = 10000, PAGE_SIZE = 1000 };

/* A page of held reservations, in the arena of its context. */
typedef struct round_page {
  order_round *round;
  const mesh_context *context;
  ledger_order *orders; /* as far as the reservations know them */
  ledger_lookup lookup;
  char **to_commit;
  size_t to_commit_count;
  /* Orders to give up or given up, of which the stock is to be released. */
  ledger_order *orphans;
  size_t orphan_count;
  size_t next_orphan;
  otlp_span *span; /* when there are orphans */
} round_page;

order_round_action order_round_decide(const char *order_id, ledger_status status, uint32_t run,
                                      int64_t now_unix_ms) {
  if (status == LEDGER_CONFIRMED) {
    return ORDER_ROUND_COMMIT;
  }
  if (status == LEDGER_FAILED) {
    return ORDER_ROUND_RELEASE;
  }
  order_id_parts parts;
  if (status != LEDGER_UNKNOWN || !order_id_read(order_id, &parts)) {
    return ORDER_ROUND_LEAVE;
  }
  bool may_be_coming =
      parts.run == run && now_unix_ms - (int64_t)parts.unix_ms < ORDER_GIVE_UP_AFTER_MS;
  return may_be_coming ? ORDER_ROUND_AWAIT : ORDER_ROUND_GIVE_UP;
}

static void start_page(order_round *self);

/* On to the next page, or to the end. */
static void finish_page(round_page *page) {
  order_round *self = page->round;
  otlp_span_end(page->span);
  self->context = NULL;
  mesh_context_release(page->context);
  if (self->token[0] != '\0' && !self->is_cancelled) {
    start_page(self);
  } else {
    self->options.on_done(self->outcome, self->options.data);
  }
}

/* The inventory or the store does not answer: another round will have to try again. */
static void abandon_page(round_page *page) {
  page->round->outcome = ORDER_HAS_REST;
  page->round->token[0] = '\0';
  finish_page(page);
}

/* ---- release the stock of orphans ---- */

static void release_next(round_page *page);

static void on_released(const mesh_status *status,
                        const Shop__Inventory__V1__ReleaseItemsResponse *reply, void *data) {
  (void)reply;
  round_page *page = data;
  if (!mesh_status_is_ok(status)) {
    page->round->outcome = ORDER_HAS_REST;
  }
  page->next_orphan++;
  release_next(page);
}

static void release_next(round_page *page) {
  while (page->next_orphan < page->orphan_count &&
         page->orphans[page->next_orphan].status != LEDGER_FAILED) {
    page->next_orphan++;
  }
  if (page->next_orphan == page->orphan_count) {
    finish_page(page);
    return;
  }
  order_release_items(page->round->options.inventory, page->context,
                      &page->orphans[page->next_orphan], "the order was given up", on_released,
                      page);
}

/* Whoever writes first decides, this or the call that is still at it. */
static mesh_status run_give_up(store_transaction *transaction, void *data) {
  round_page *page = data;
  for (size_t i = 0; i < page->orphan_count; i++) {
    ledger_order there = {.order_id = page->orphans[i].order_id};
    if (!ledger_insert(transaction, &page->orphans[i]) && ledger_find(transaction, &there)) {
      page->orphans[i].status = there.status;
    }
  }
  return mesh_status_ok();
}

static void on_given_up(const store_result *result, void *data) {
  round_page *page = data;
  if (!mesh_status_is_ok(&result->status)) {
    abandon_page(page);
    return;
  }
  release_next(page);
}

/* Nobody asked for this work, so its trace starts here. The page's own calls are not traced: they
 * come every second and tell nothing. */
static void give_up_orphans(round_page *page) {
  if (page->orphan_count == 0) {
    finish_page(page);
    return;
  }
  const otlp_attribute count = otlp_attribute_int("recovery.orders", (int64_t)page->orphan_count);
  otlp_tracer *tracer = mesh_loop_tracer(page->round->options.loop);
  if (tracer != NULL) {
    otlp_context root = {0};
    otlp_span_options options = {.attributes = &count, .attribute_count = 1};
    page->span = otlp_span_start(tracer, &root, otlp_string_from("recover_orders"), &options);
    page->context = mesh_context_with_span(page->context, page->span);
  }
  mesh_log(MESH_LOG_WARN, page->context, "stock was reserved for orders that did not come about",
           &count, 1);
  store_operation operation = {.run = run_give_up, .done = on_given_up, .data = page};
  store_write(page->round->options.store, page->context, &operation);
}

/* ---- commit what stands ---- */

static void on_committed(const mesh_status *status,
                         const Shop__Inventory__V1__CommitResponse *reply, void *data) {
  round_page *page = data;
  if (mesh_status_is_ok(status)) {
    order_report_refused(reply);
  } else {
    page->round->outcome = ORDER_HAS_REST;
  }
  give_up_orphans(page);
}

static void commit(round_page *page) {
  if (page->to_commit_count == 0) {
    give_up_orphans(page);
    return;
  }
  Shop__Inventory__V1__CommitRequest request = SHOP__INVENTORY__V1__COMMIT_REQUEST__INIT;
  request.order_ids = page->to_commit;
  request.n_order_ids = page->to_commit_count;
  shop_inventory_v1_commit(page->round->options.inventory, page->context, &request, on_committed,
                           page);
}

/* ---- look the orders up ---- */

static void sort_order(round_page *page, size_t index, int64_t now_unix_ms) {
  ledger_order *order = &page->orders[index];
  ledger_status status = page->lookup.statuses[index];
  switch (order_round_decide(order->order_id, status, page->round->options.run, now_unix_ms)) {
  case ORDER_ROUND_LEAVE:
    return;
  case ORDER_ROUND_AWAIT:
    if (page->round->outcome == ORDER_ALL_SETTLED) {
      page->round->outcome = ORDER_HAS_COMING;
    }
    return;
  case ORDER_ROUND_COMMIT:
    page->to_commit[page->to_commit_count++] = (char *)order->order_id;
    return;
  case ORDER_ROUND_GIVE_UP:
  case ORDER_ROUND_RELEASE:
    page->orphans[page->orphan_count++] = *order;
    return;
  }
}

static void on_looked_up(const store_result *result, void *data) {
  round_page *page = data;
  if (!mesh_status_is_ok(&result->status)) {
    abandon_page(page);
    return;
  }
  size_t count = page->lookup.count;
  mesh_arena *arena = mesh_context_arena(page->context);
  page->to_commit = mesh_arena_alloc(arena, count * sizeof *page->to_commit);
  page->orphans = mesh_arena_alloc(arena, count * sizeof *page->orphans);
  int64_t now_unix_ms = store_now_unix_ms();
  for (size_t i = 0; i < count; i++) {
    sort_order(page, i, now_unix_ms);
  }
  commit(page);
}

static mesh_status run_look_up(store_transaction *transaction, void *data) {
  round_page *page = data;
  ledger_look_up(transaction, &page->lookup);
  return mesh_status_ok();
}

/* ---- list what is held ---- */

/* The order as it is written down if it is given up. */
static ledger_order orphan_of(mesh_arena *arena,
                              const Shop__Inventory__V1__Reservation *reservation) {
  int64_t created_at_unix_ms =
      reservation->created_at != NULL
          ? reservation->created_at->seconds * 1000 + reservation->created_at->nanos / 1000000
          : 0;
  ledger_line *line = mesh_arena_alloc(arena, sizeof *line);
  *line = (ledger_line){.item_id = mesh_arena_strdup(arena, reservation->product_id),
                        .quantity = reservation->quantity,
                        .price_cents = store_cents(reservation->unit_price)};
  return (ledger_order){.order_id = mesh_arena_strdup(arena, reservation->order_id),
                        .lines = line,
                        .line_count = 1,
                        .status = LEDGER_FAILED,
                        .created_at_unix_ms = created_at_unix_ms,
                        .failure_reason = "the service stopped before the order was complete"};
}

/* Those that are ours: whoever else reserves sees to it. */
static void copy_page(round_page *page,
                      const Shop__Inventory__V1__ListReservationsResponse *reply) {
  mesh_arena *arena = mesh_context_arena(page->context);
  size_t count = reply->n_reservations;
  page->orders = mesh_arena_alloc(arena, count * sizeof *page->orders);
  const char **order_ids = mesh_arena_alloc(arena, count * sizeof *order_ids);
  size_t ours = 0;
  for (size_t i = 0; i < count; i++) {
    if (strcmp(reply->reservations[i]->owner, ORDER_OWNER) == 0) {
      page->orders[ours] = orphan_of(arena, reply->reservations[i]);
      order_ids[ours] = page->orders[ours].order_id;
      ours++;
    }
  }
  page->lookup = (ledger_lookup){.order_ids = order_ids, .count = ours};
}

static void on_listed(const mesh_status *status,
                      const Shop__Inventory__V1__ListReservationsResponse *reply, void *data) {
  round_page *page = data;
  order_round *self = page->round;
  if (!mesh_status_is_ok(status) || strlen(reply->next_page_token) >= sizeof self->token) {
    abandon_page(page);
    return;
  }
  strcpy(self->token, reply->next_page_token);
  copy_page(page, reply);
  if (page->lookup.count == 0) {
    finish_page(page);
    return;
  }
  store_operation operation = {.run = run_look_up, .done = on_looked_up, .data = page};
  store_read(self->options.store, page->context, &operation);
}

static void start_page(order_round *self) {
  const mesh_context *context = order_untraced_context(self->options.loop, PAGE_TIMEOUT_MS);
  round_page *page = mesh_arena_alloc(mesh_context_arena(context), sizeof *page);
  page->round = self;
  page->context = context;
  self->context = context;
  Shop__Inventory__V1__ListReservationsRequest request =
      SHOP__INVENTORY__V1__LIST_RESERVATIONS_REQUEST__INIT;
  request.state = SHOP__INVENTORY__V1__RESERVATION_STATE__RESERVATION_STATE_HELD;
  request.page_size = PAGE_SIZE;
  request.page_token = self->token;
  shop_inventory_v1_list_reservations(self->options.inventory, context, &request, on_listed, page);
}

void order_round_start(order_round *self) {
  self->outcome = ORDER_ALL_SETTLED;
  self->token[0] = '\0';
  start_page(self);
}

void order_round_cancel(order_round *self) {
  self->is_cancelled = true;
  if (self->context != NULL) {
    mesh_context_cancel(self->context);
  }
}

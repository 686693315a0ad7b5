/* SPDX-License-Identifier: Apache-2.0 */
#include "settle.h"

#include <mesh/log.h>
#include <string.h>

#include "service.h"
#include "shop/payment/v1/payment.mesh.h"

enum {
  PAGE_TIMEOUT_MS = 10000,
  PAGE_SIZE = 64,
  KEYS_KEEP_MS = 24 * 60 * 60 * 1000,
};

static const char why[] = "the order was given up";

/* An order of a page that is being undone. */
typedef struct undoing {
  struct settle_page *page;
  ledger_order *order;
  bool is_undone;
} undoing;

/* A page of open orders, in the arena of its context. */
typedef struct settle_page {
  order_settle *settle;
  const mesh_context *context;
  ledger_page page;
  undoing *due;
  size_t due_count;
  size_t under_way;
  otlp_span *span; /* when there is something to undo */
} settle_page;

bool order_settle_is_due(const char *order_id, ledger_status status, uint32_t run,
                         int64_t now_unix_ms) {
  order_id_parts parts;
  if (status == LEDGER_UNDOING || !order_id_read(order_id, &parts)) {
    return true;
  }
  return parts.run != run || now_unix_ms - (int64_t)parts.unix_ms >= ORDER_GIVE_UP_AFTER_MS;
}

static void start_page(order_settle *self);

/* On to the next page, or to the end. */
static void finish_page(settle_page *page, bool has_more) {
  order_settle *self = page->settle;
  otlp_span_end(page->span);
  self->context = NULL;
  mesh_context_release(page->context);
  if (has_more && !self->is_cancelled) {
    start_page(self);
  } else {
    self->options.on_done(self->outcome, self->options.data);
  }
}

static void note_rest(settle_page *page, const mesh_status *status) {
  page->settle->outcome = ORDER_HAS_REST;
  otlp_span_set_status(page->span, OTLP_STATUS_ERROR, otlp_string_from(status->message));
}

/* ---- FAILED, when all is undone ---- */

static mesh_status run_fail(store_transaction *transaction, void *data) {
  settle_page *page = data;
  for (size_t i = 0; i < page->due_count; i++) {
    if (page->due[i].is_undone) {
      ledger_fail(transaction, page->due[i].order);
    }
  }
  return mesh_status_ok();
}

static void on_failed(const store_result *result, void *data) {
  settle_page *page = data;
  if (!mesh_status_is_ok(&result->status)) {
    note_rest(page, &result->status);
  }
  finish_page(page, page->page.has_more);
}

static void finish_undoing(settle_page *page) {
  if (--page->under_way > 0) {
    return;
  }
  store_operation operation = {.run = run_fail, .done = on_failed, .data = page};
  store_write(page->settle->options.store, page->context, &operation);
}

/* ---- void the payment, release the stock ---- */

/* Stock that was committed belongs to an order that stands, so this cannot be; if it is, asking
 * again would not help. */
static void report_sold(const undoing *one) {
  const otlp_attribute field = otlp_attribute_string("order_id", one->order->order_id);
  mesh_log(MESH_LOG_ERROR, one->page->context, "an order failed whose stock is sold", &field, 1);
}

static void on_released(const mesh_status *status,
                        const Shop__Inventory__V1__ReleaseItemsResponse *reply, void *data) {
  (void)reply;
  undoing *one = data;
  one->is_undone = mesh_status_is_ok(status) || status->code == GRPC_STATUS_FAILED_PRECONDITION;
  if (status->code == GRPC_STATUS_FAILED_PRECONDITION) {
    report_sold(one);
  } else if (!mesh_status_is_ok(status)) {
    note_rest(one->page, status);
  }
  finish_undoing(one->page);
}

static void on_voided(const mesh_status *status, const Shop__Payment__V1__Payment *payment,
                      void *data) {
  (void)payment;
  undoing *one = data;
  if (!mesh_status_is_ok(status)) {
    note_rest(one->page, status);
    finish_undoing(one->page);
    return;
  }
  order_release_items(one->page->settle->options.inventory, one->page->context, one->order, why,
                      on_released, one);
}

static void undo_page(settle_page *page) {
  page->under_way = page->due_count;
  for (size_t i = 0; i < page->due_count; i++) {
    Shop__Payment__V1__VoidRequest request = SHOP__PAYMENT__V1__VOID_REQUEST__INIT;
    request.order_id = (char *)page->due[i].order->order_id;
    request.reason = (char *)why;
    shop_payment_v1_void(page->settle->options.payment, page->context, &request, on_voided,
                         &page->due[i]);
  }
}

/* ---- give them up ---- */

static mesh_status run_give_up(store_transaction *transaction, void *data) {
  settle_page *page = data;
  for (size_t i = 0; i < page->due_count; i++) {
    ledger_give_up(transaction, page->due[i].order);
    ledger_find(transaction, page->due[i].order);
  }
  return mesh_status_ok();
}

/* One that its call has confirmed meanwhile is none of ours. */
static void on_given_up(const store_result *result, void *data) {
  settle_page *page = data;
  if (!mesh_status_is_ok(&result->status)) {
    note_rest(page, &result->status);
    finish_page(page, false);
    return;
  }
  size_t kept = 0;
  for (size_t i = 0; i < page->due_count; i++) {
    if (page->due[i].order->status == LEDGER_UNDOING) {
      page->due[kept++].order = page->due[i].order;
    }
  }
  page->due_count = kept;
  if (kept == 0) {
    finish_page(page, page->page.has_more);
    return;
  }
  undo_page(page);
}

/* Nobody asked for this work, so its trace starts here. */
static void start_trace(settle_page *page) {
  const otlp_attribute count = otlp_attribute_int("recovery.orders", (int64_t)page->due_count);
  otlp_tracer *tracer = mesh_loop_tracer(page->settle->options.loop);
  if (tracer != NULL) {
    otlp_context root = {0};
    otlp_span_options options = {.attributes = &count, .attribute_count = 1};
    page->span = otlp_span_start(tracer, &root, otlp_string_from("undo_orders"), &options);
    page->context = mesh_context_with_span(page->context, page->span);
  }
}

static void choose_due(settle_page *page) {
  int64_t now_unix_ms = store_now_unix_ms();
  page->due = mesh_arena_alloc(mesh_context_arena(page->context),
                               (page->page.count + 1) * sizeof *page->due);
  for (size_t i = 0; i < page->page.count; i++) {
    ledger_order *order = &page->page.orders[i];
    if (order_settle_is_due(order->order_id, order->status, page->settle->options.run,
                            now_unix_ms)) {
      order->failure_reason = "the service stopped before the order was complete";
      page->due[page->due_count++] = (undoing){.page = page, .order = order};
    } else if (page->settle->outcome == ORDER_ALL_SETTLED) {
      page->settle->outcome = ORDER_HAS_COMING;
    }
  }
}

/* ---- list what is open ---- */

static void on_listed(const store_result *result, void *data) {
  settle_page *page = data;
  order_settle *self = page->settle;
  if (!mesh_status_is_ok(&result->status)) {
    note_rest(page, &result->status);
    finish_page(page, false);
    return;
  }
  if (page->page.count > 0) {
    const char *last = page->page.orders[page->page.count - 1].order_id;
    memcpy(self->after, last, strnlen(last, ORDER_ID_LENGTH) + 1);
    self->after[ORDER_ID_LENGTH] = '\0';
  }
  choose_due(page);
  if (page->due_count == 0) {
    finish_page(page, page->page.has_more);
    return;
  }
  start_trace(page);
  store_operation operation = {.run = run_give_up, .done = on_given_up, .data = page};
  store_write(self->options.store, page->context, &operation);
}

static mesh_status run_list(store_transaction *transaction, void *data) {
  settle_page *page = data;
  ledger_list_open(transaction, &page->page);
  return mesh_status_ok();
}

/* Keys that are too old go at the start. */
static mesh_status run_first_list(store_transaction *transaction, void *data) {
  const settle_page *page = data;
  page->settle->has_old_keys = ledger_keys_expire(transaction, store_now_unix_ms() - KEYS_KEEP_MS);
  return run_list(transaction, data);
}

static void start_page(order_settle *self) {
  const mesh_context *context = order_untraced_context(self->options.loop, PAGE_TIMEOUT_MS);
  settle_page *page = mesh_arena_alloc(mesh_context_arena(context), sizeof *page);
  page->settle = self;
  page->context = context;
  page->page.after = self->after;
  page->page.size = PAGE_SIZE;
  self->context = context;
  bool is_first = self->after[0] == '\0';
  store_operation operation = {
      .run = is_first ? run_first_list : run_list, .done = on_listed, .data = page};
  if (is_first) {
    store_write(self->options.store, context, &operation);
  } else {
    store_read(self->options.store, context, &operation);
  }
}

void order_settle_start(order_settle *self) {
  self->outcome = ORDER_ALL_SETTLED;
  self->has_old_keys = false;
  self->after[0] = '\0';
  start_page(self);
}

void order_settle_cancel(order_settle *self) {
  self->is_cancelled = true;
  if (self->context != NULL) {
    mesh_context_cancel(self->context);
  }
}

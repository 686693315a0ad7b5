/* SPDX-License-Identifier: Apache-2.0 */
/* POST /api/order as its trace tells it: through six services when it goes well, and to where it
 * failed and back when it does not. */
#include "cmocka_headers.h"
#include "http.h"
#include "paid.h"
#include "shop.h"
#include "trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static shop running;

static int set_up(void **state) {
  paid_shop_start(&running);
  *state = &running;
  return 0;
}

static int tear_down(void **state) {
  shop_clean_up(*state);
  return 0;
}

/* The parts that the trees are made of. */
#define BEGIN                                                          \
  "api-gateway POST /api/order SERVER\n"                               \
  "  api-gateway request_to_order_service INTERNAL\n"                  \
  "    api-gateway shop.order.v1.OrderService/PlaceOrder CLIENT\n"     \
  "      order-service shop.order.v1.OrderService/PlaceOrder SERVER\n" \
  "        order-service create_order INTERNAL\n"                      \
  "          order-service validate_order INTERNAL\n"                  \
  "          order-service record_order INTERNAL\n"                    \
  "            order-service INSERT orders CLIENT\n"                   \
  "            order-service COMMIT orders CLIENT\n"

#define RESERVED                                                                                \
  "          order-service inventory_service_call INTERNAL\n"                                   \
  "            order-service shop.inventory.v1.InventoryService/ReserveItems CLIENT\n"          \
  "              inventory-service shop.inventory.v1.InventoryService/ReserveItems SERVER\n"    \
  "                inventory-service check_availability INTERNAL\n"                             \
  "                  inventory-service query_inventory_database INTERNAL\n"                     \
  "                    inventory-service SELECT items CLIENT\n"                                 \
  "                  inventory-service update_reservation INTERNAL\n"                           \
  "                    inventory-service INSERT reservations CLIENT\n"                          \
  "                    inventory-service UPDATE items CLIENT\n"                                 \
  "                  inventory-service COMMIT inventory CLIENT\n"                               \
  "                  inventory-service inventory_to_warehouse_call INTERNAL\n"                  \
  "                    inventory-service shop.warehouse.v1.WarehouseService/Reserve CLIENT\n"   \
  "                      warehouse-service shop.warehouse.v1.WarehouseService/Reserve SERVER\n" \
  "                        warehouse-service reserve_item INTERNAL\n"                           \
  "                          warehouse-service INSERT orders CLIENT\n"                          \
  "                          warehouse-service database_operation INTERNAL\n"                   \
  "                            warehouse-service SELECT stock CLIENT\n"                         \
  "                            warehouse-service UPDATE stock CLIENT\n"                         \
  "                            warehouse-service INSERT reservations CLIENT\n"                  \
  "                          warehouse-service COMMIT warehouse CLIENT\n"                       \
  "                    inventory-service warehouse_response_handling INTERNAL\n"

#define PAID                                                                        \
  "          order-service order_to_payment_authorization INTERNAL\n"               \
  "            order-service shop.payment.v1.PaymentService/Authorize CLIENT\n"     \
  "              payment-service shop.payment.v1.PaymentService/Authorize SERVER\n" \
  "                payment-service authorize_payment INTERNAL\n"                    \
  "                  payment-service validate_payment_details INTERNAL\n"           \
  "                    payment-service SELECT payments CLIENT\n"                    \
  "                  payment-service fraud_detection_service_call INTERNAL\n"       \
  "                    payment-service shop.fraud.v1.FraudService/Check CLIENT\n"   \
  "                      fraud-service shop.fraud.v1.FraudService/Check SERVER\n"   \
  "                        fraud-service check_fraud INTERNAL\n"                    \
  "                          fraud-service analyze_transaction INTERNAL\n"          \
  "                            fraud-service INSERT decisions CLIENT\n"             \
  "                          fraud-service COMMIT fraud CLIENT\n"                   \
  "                  payment-service process_payment INTERNAL\n"                    \
  "                    payment-service INSERT payments CLIENT\n"                    \
  "                    payment-service COMMIT payments CLIENT\n"                    \
  "            order-service payment_response_handling INTERNAL\n"

#define CONFIRMED                                    \
  "          order-service persist_order INTERNAL\n" \
  "            order-service UPDATE orders CLIENT\n" \
  "            order-service COMMIT orders CLIENT\n"

#define RELEASED                                                                                \
  "          order-service release_inventory INTERNAL\n"                                        \
  "            order-service shop.inventory.v1.InventoryService/ReleaseItems CLIENT\n"          \
  "              inventory-service shop.inventory.v1.InventoryService/ReleaseItems SERVER\n"    \
  "                inventory-service release_inventory INTERNAL\n"                              \
  "                  inventory-service SELECT items CLIENT\n"                                   \
  "                  inventory-service SELECT reservations CLIENT\n"                            \
  "                  inventory-service inventory_to_warehouse_call INTERNAL\n"                  \
  "                    inventory-service shop.warehouse.v1.WarehouseService/Release CLIENT\n"   \
  "                      warehouse-service shop.warehouse.v1.WarehouseService/Release SERVER\n" \
  "                        warehouse-service release_items INTERNAL\n"                          \
  "                          warehouse-service UPDATE orders CLIENT\n"                          \
  "                          warehouse-service SELECT reservations CLIENT\n"                    \
  "                          warehouse-service UPDATE stock CLIENT\n"                           \
  "                          warehouse-service COMMIT warehouse CLIENT\n"                       \
  "                  inventory-service SELECT items CLIENT\n"                                   \
  "                  inventory-service SELECT reservations CLIENT\n"                            \
  "                  inventory-service UPDATE reservations CLIENT\n"                            \
  "                  inventory-service UPDATE items CLIENT\n"                                   \
  "                  inventory-service SELECT reservations CLIENT\n"                            \
  "                  inventory-service COMMIT inventory CLIENT\n"

#define RECORDED                                      \
  "          order-service record_failure INTERNAL\n" \
  "            order-service UPDATE orders CLIENT\n"  \
  "            order-service COMMIT orders CLIENT\n"

/* What a tree is made of: texts of a size that every compiler takes. */
typedef const char *tree_part;

static char *join(const tree_part *parts) {
  char *text = NULL;
  size_t size = 0;
  FILE *out = open_memstream(&text, &size);
  for (; *parts != NULL; parts++) {
    fputs(*parts, out);
  }
  fclose(out);
  return text;
}

static size_t count_lines(const char *text) {
  size_t count = 0;
  for (; *text != '\0'; text++) {
    count += *text == '\n';
  }
  return count;
}

/* Places an order, and waits for its trace to be the expected tree. */
static whole_trace place(const shop *self, const char *items, const char *outcome, int status,
                         const tree_part *parts) {
  char *tree = join(parts);
  http_answer answer = paid_place(self, items, outcome, NULL);
  assert_int_equal(answer.status, status);
  whole_trace trace =
      trace_wait(self->query_port, http_header(&answer, "x-trace-id"), count_lines(tree));
  assert_trace_tree(&trace, tree);
  http_answer_clean_up(&answer);
  free(tree);
  return trace;
}

/* Asserts that the span failed for this reason: its status, its type, and its event. */
static void assert_failed(const whole_trace *trace, const char *service, const char *name,
                          const char *type) {
  const trace_proto_span *span = trace_find(trace, service, name);
  assert_error(span, NULL);
  assert_attribute(span, "error.type", type);
  assert_event_attribute(span, "exception", "exception.type", type);
}

/* Asserts that the order was refused for this reason, which is no error of the order service. */
static void assert_refused(const whole_trace *trace, const char *reason) {
  static const char method[] = "shop.order.v1.OrderService/PlaceOrder";
  assert_failed(trace, "order-service", "create_order", reason);
  assert_no_error(trace_find(trace, "order-service", method));
  assert_error(trace_find(trace, "api-gateway", method), NULL);
  assert_no_error(trace_find(trace, "api-gateway", "POST /api/order"));
  assert_no_error(trace_find(trace, "order-service", "record_failure"));
  assert_attribute(trace_find(trace, "order-service", "record_failure"), "undo.reason", reason);
}

/* An order's trace would have holes, other names, or stand in another order. */
static void an_order_is_one_whole_trace(void **state) {
  static const tree_part tree[] = {BEGIN, RESERVED, PAID, CONFIRMED, NULL};
  whole_trace trace = place(*state, PAID_SKU001, NULL, 200, tree);
  for (size_t i = 0; i < trace.count; i++) {
    assert_no_error(trace.spans[i].span);
  }
  static const struct {
    const char *service;
    const char *span;
    const char *key;
    const char *value;
  } attributes[] = {
      {"order-service", "create_order", "order.user_id", "123"},
      {"order-service", "create_order", "order.payment_method", "credit_card"},
      {"order-service", "create_order", "order.amount", "49.99"},
      {"order-service", "create_order", "order.status", "CONFIRMED"},
      {"inventory-service", "query_inventory_database", "inventory.sku", "sku001"},
      {"inventory-service", "query_inventory_database", "inventory.item_id", "sku001"},
      {"inventory-service", "query_inventory_database", "inventory.requested_quantity", "1"},
      {"inventory-service", "query_inventory_database", "inventory.availability", "100"},
      {"warehouse-service", "reserve_item", "inventory.item_id", "sku001"},
      {"warehouse-service", "database_operation", "inventory.availability", "140"},
      {"payment-service", "authorize_payment", "payment.user_id", "123"},
      {"payment-service", "authorize_payment", "payment.amount", "49.99"},
      {"payment-service", "authorize_payment", "payment.status", "AUTHORIZED"},
      {"payment-service", "fraud_detection_service_call", "fraud_check", "passed"},
      {"fraud-service", "check_fraud", "fraud.is_fraudulent", "false"},
      {"order-service", "payment_response_handling", "payment.status", "AUTHORIZED"},
      {"order-service", "INSERT orders", "db.system.name", "sqlite"},
  };
  for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++) {
    assert_attribute(trace_find(&trace, attributes[i].service, attributes[i].span),
                     attributes[i].key, attributes[i].value);
  }
  trace_clean_up(&trace);
}

/* What a declined payment cost would not be seen to come back, or why it was declined not be said.
 */
static void a_declined_payment_is_seen_to_be_undone(void **state) {
  static const tree_part tree[] = {BEGIN, RESERVED, PAID, RELEASED, RECORDED, NULL};
  whole_trace trace = place(*state, PAID_SKU001, "fraudulent", 402, tree);
  assert_refused(&trace, "PAYMENT_DECLINED");
  assert_failed(&trace, "order-service", "order_to_payment_authorization", "PAYMENT_DECLINED");
  assert_failed(&trace, "order-service", "payment_response_handling", "PAYMENT_DECLINED");
  assert_failed(&trace, "payment-service", "authorize_payment", "PAYMENT_DECLINED");
  assert_attribute(trace_find(&trace, "payment-service", "authorize_payment"), "fraud_check",
                   "failed");
  assert_attribute(trace_find(&trace, "fraud-service", "check_fraud"), "fraud.is_forced", "true");
  assert_attribute(trace_find(&trace, "order-service", "release_inventory"), "undo.reason",
                   "PAYMENT_DECLINED");
  assert_event(trace_find(&trace, "order-service", "release_inventory"), "inventory.released");
  trace_clean_up(&trace);
}

/* The trace would not show where there was too little, or that nothing was asked of anyone else. */
static void a_stock_out_is_seen_where_it_is(void **state) {
  static const tree_part tree[] = {
      BEGIN,

      "          order-service inventory_service_call INTERNAL\n"
      "            order-service shop.inventory.v1.InventoryService/ReserveItems CLIENT\n"
      "              inventory-service shop.inventory.v1.InventoryService/ReserveItems SERVER\n"
      "                inventory-service check_availability INTERNAL\n"
      "                  inventory-service query_inventory_database INTERNAL\n"
      "                    inventory-service SELECT items CLIENT\n"
      "                    inventory-service SELECT reservations CLIENT\n",
      RECORDED, NULL};
  whole_trace trace =
      place(*state, "[{\"item_id\":\"sku001\",\"quantity\":100000}]", NULL, 409, tree);
  assert_refused(&trace, "INSUFFICIENT_STOCK");
  assert_failed(&trace, "order-service", "inventory_service_call", "INSUFFICIENT_STOCK");
  assert_failed(&trace, "inventory-service", "check_availability", "INSUFFICIENT_STOCK");
  assert_error(trace_find(&trace, "inventory-service", "query_inventory_database"), NULL);
  trace_clean_up(&trace);
}

/* The same for an item that the shop does not have. */
static void an_unknown_item_is_seen_where_it_is(void **state) {
  static const tree_part tree[] = {
      BEGIN,

      "          order-service inventory_service_call INTERNAL\n"
      "            order-service shop.inventory.v1.InventoryService/ReserveItems CLIENT\n"
      "              inventory-service shop.inventory.v1.InventoryService/ReserveItems SERVER\n"
      "                inventory-service check_availability INTERNAL\n"
      "                  inventory-service query_inventory_database INTERNAL\n"
      "                    inventory-service SELECT items CLIENT\n",
      RECORDED, NULL};
  whole_trace trace = place(*state, "[{\"item_id\":\"sku999\",\"quantity\":1}]", NULL, 404, tree);
  assert_refused(&trace, "UNKNOWN_ITEM");
  assert_failed(&trace, "inventory-service", "check_availability", "PRODUCT_NOT_FOUND");
  trace_clean_up(&trace);
}

/* The trace would not show that the warehouse had less than the inventory thought, and that what
 * was held is released. */
static void a_refusal_of_the_warehouse_is_seen_to_be_undone(void **state) {
  static const tree_part tree[] = {
      BEGIN,

      "          order-service inventory_service_call INTERNAL\n"
      "            order-service shop.inventory.v1.InventoryService/ReserveItems CLIENT\n"
      "              inventory-service shop.inventory.v1.InventoryService/ReserveItems SERVER\n"
      "                inventory-service check_availability INTERNAL\n"
      "                  inventory-service query_inventory_database INTERNAL\n"
      "                    inventory-service SELECT items CLIENT\n"
      "                  inventory-service update_reservation INTERNAL\n"
      "                    inventory-service INSERT reservations CLIENT\n"
      "                    inventory-service UPDATE items CLIENT\n"
      "                  inventory-service COMMIT inventory CLIENT\n"
      "                  inventory-service inventory_to_warehouse_call INTERNAL\n"
      "                    inventory-service shop.warehouse.v1.WarehouseService/Reserve CLIENT\n"
      "                      warehouse-service shop.warehouse.v1.WarehouseService/Reserve SERVER\n"
      "                        warehouse-service reserve_item INTERNAL\n"
      "                          warehouse-service INSERT orders CLIENT\n"
      "                          warehouse-service database_operation INTERNAL\n"
      "                            warehouse-service SELECT stock CLIENT\n"
      "                    inventory-service warehouse_response_handling INTERNAL\n"
      "                  inventory-service release_inventory INTERNAL\n"
      "                    inventory-service SELECT items CLIENT\n"
      "                    inventory-service SELECT reservations CLIENT\n"
      "                    inventory-service UPDATE reservations CLIENT\n"
      "                    inventory-service UPDATE items CLIENT\n"
      "                    inventory-service COMMIT inventory CLIENT\n",
      RECORDED, NULL};
  const shop *self = *state;
  http_answer added =
      http_post(self->ports[SHOP_GATEWAY], "/inventory/sku002/add", "{\"quantity\":100}");
  assert_int_equal(added.status, 200);
  whole_trace trace = place(self, "[{\"item_id\":\"sku002\",\"quantity\":50}]", NULL, 409, tree);
  assert_refused(&trace, "WAREHOUSE_REFUSED");
  assert_failed(&trace, "inventory-service", "check_availability", "WAREHOUSE_REFUSED");
  assert_failed(&trace, "inventory-service", "warehouse_response_handling", "FAILED_PRECONDITION");
  assert_error(trace_find(&trace, "warehouse-service", "database_operation"), NULL);
  assert_no_error(trace_find(&trace, "inventory-service", "release_inventory"));
  trace_clean_up(&trace);
  http_answer_clean_up(&added);
}

/* Places an order while a program is down. What could not be undone then is undone before the next
 * test. */
static whole_trace place_without(shop *self, shop_program program, const tree_part *tree) {
  assert_int_equal(shop_stop_program(self, program), 0);
  whole_trace trace = place(self, PAID_SKU001, NULL, 503, tree);
  assert_failed(&trace, "order-service", "create_order", "UNAVAILABLE");
  char order_id[64];
  snprintf(order_id, sizeof(order_id), "%s",
           trace_attribute(trace_find(&trace, "order-service", "create_order"), "order.id"));
  shop_start_program(self, program);
  shop_wait_health(self, 200);
  paid_wait_failed(self, order_id);
  return trace;
}

/* The trace would not show who did not answer, and what was tried. */
static void without_the_inventory(void **state) {
  static const tree_part tree[] = {
      BEGIN,

      "          order-service inventory_service_call INTERNAL\n"
      "            order-service shop.inventory.v1.InventoryService/ReserveItems CLIENT\n"
      "          order-service release_inventory INTERNAL\n"
      "            order-service shop.inventory.v1.InventoryService/ReleaseItems CLIENT\n",
      RECORDED, NULL};
  whole_trace trace = place_without(*state, SHOP_INVENTORY, tree);
  assert_failed(&trace, "order-service", "inventory_service_call", "UNAVAILABLE");
  assert_failed(&trace, "order-service", "release_inventory", "UNAVAILABLE");
  trace_clean_up(&trace);
}

static void without_the_warehouse(void **state) {
  static const tree_part tree[] = {
      BEGIN,

      "          order-service inventory_service_call INTERNAL\n"
      "            order-service shop.inventory.v1.InventoryService/ReserveItems CLIENT\n"
      "              inventory-service shop.inventory.v1.InventoryService/ReserveItems SERVER\n"
      "                inventory-service check_availability INTERNAL\n"
      "                  inventory-service query_inventory_database INTERNAL\n"
      "                    inventory-service SELECT items CLIENT\n"
      "                  inventory-service update_reservation INTERNAL\n"
      "                    inventory-service INSERT reservations CLIENT\n"
      "                    inventory-service UPDATE items CLIENT\n"
      "                  inventory-service COMMIT inventory CLIENT\n"
      "                  inventory-service inventory_to_warehouse_call INTERNAL\n"
      "                    inventory-service shop.warehouse.v1.WarehouseService/Reserve CLIENT\n"
      "                    inventory-service warehouse_response_handling INTERNAL\n"
      "                  inventory-service inventory_to_warehouse_call INTERNAL\n"
      "                    inventory-service shop.warehouse.v1.WarehouseService/Release CLIENT\n"
      "          order-service release_inventory INTERNAL\n"
      "            order-service shop.inventory.v1.InventoryService/ReleaseItems CLIENT\n"
      "              inventory-service shop.inventory.v1.InventoryService/ReleaseItems SERVER\n"
      "                inventory-service release_inventory INTERNAL\n"
      "                  inventory-service SELECT items CLIENT\n"
      "                  inventory-service SELECT reservations CLIENT\n"
      "                  inventory-service inventory_to_warehouse_call INTERNAL\n"
      "                    inventory-service shop.warehouse.v1.WarehouseService/Release "
      "CLIENT\n",
      RECORDED, NULL};
  whole_trace trace = place_without(*state, SHOP_WAREHOUSE, tree);
  assert_failed(&trace, "inventory-service", "inventory_to_warehouse_call", "UNAVAILABLE");
  assert_failed(&trace, "inventory-service", "check_availability", "UNAVAILABLE");
  assert_failed(&trace, "order-service", "release_inventory", "UNAVAILABLE");
  trace_clean_up(&trace);
}

static void without_the_payment_service(void **state) {
  static const tree_part tree[] = {
      BEGIN,
      RESERVED,
      "          order-service order_to_payment_authorization INTERNAL\n"
      "            order-service shop.payment.v1.PaymentService/Authorize CLIENT\n"
      "            order-service payment_response_handling INTERNAL\n"
      "          order-service void_payment INTERNAL\n"
      "            order-service shop.payment.v1.PaymentService/Void CLIENT\n",
      RELEASED,
      RECORDED,
      NULL};
  whole_trace trace = place_without(*state, SHOP_PAYMENT, tree);
  assert_failed(&trace, "order-service", "order_to_payment_authorization", "UNAVAILABLE");
  assert_failed(&trace, "order-service", "void_payment", "UNAVAILABLE");
  assert_no_error(trace_find(&trace, "order-service", "release_inventory"));
  trace_clean_up(&trace);
}

static void without_the_order_service(void **state) {
  shop *self = *state;
  static const tree_part tree[] = {"api-gateway POST /api/order SERVER\n"
                                   "  api-gateway request_to_order_service INTERNAL\n"
                                   "    api-gateway shop.order.v1.OrderService/PlaceOrder CLIENT\n",
                                   NULL};
  assert_int_equal(shop_stop_program(self, SHOP_ORDER), 0);
  whole_trace trace = place(self, PAID_SKU001, NULL, 503, tree);
  assert_failed(&trace, "api-gateway", "request_to_order_service", "UNAVAILABLE");
  shop_start_program(self, SHOP_ORDER);
  shop_wait_health(self, 200);
  trace_clean_up(&trace);
}

/* A span that failed; a step of ours says so by an event as well. */
typedef struct failure {
  const char *service;
  const char *name;
  const char *type;
  bool is_step;
} failure;

static size_t count_events(const trace_proto_span *span, const char *name) {
  size_t count = 0;
  for (size_t i = 0; i < span->n_events; i++) {
    count += strcmp(span->events[i]->name, name) == 0;
  }
  return count;
}

static const failure *find_failure(const failure *failures, const trace_span *span) {
  for (; failures->service != NULL; failures++) {
    if (strcmp(failures->service, span->service) == 0 &&
        strcmp(failures->name, span->span->name) == 0) {
      return failures;
    }
  }
  return NULL;
}

/* Asserts that the span failed as it should; that it is well, without one. */
static void assert_outcome(const trace_proto_span *span, const failure *expected) {
  size_t exceptions = expected != NULL && expected->is_step;
  assert_int_equal(count_events(span, "exception"), exceptions);
  if (expected == NULL) {
    assert_no_error(span);
    assert_null(trace_attribute(span, "error.type"));
    return;
  }
  assert_error(span, NULL);
  assert_attribute(span, "error.type", expected->type);
  if (expected->is_step) {
    assert_event_attribute(span, "exception", "exception.type", expected->type);
    assert_event_attribute(span, "exception", "exception.message", span->status->message);
  }
}

/* Asserts that these spans failed, up to one without a name, each of them once, and no other. */
static void assert_failures(const whole_trace *trace, const failure *failures) {
  size_t expected = 0;
  size_t found = 0;
  for (const failure *each = failures; each->service != NULL; each++) {
    expected++;
  }
  for (size_t i = 0; i < trace->count; i++) {
    const failure *match = find_failure(failures, &trace->spans[i]);
    assert_outcome(trace->spans[i].span, match);
    found += match != NULL;
  }
  assert_int_equal(found, expected);
}

/* The trace would not show how far the failure of the last service in the row reached, or that what
 * had come about before it was undone. The payment service tries the fraud service again, within
 * one span, and nobody the payment service. */
static void without_the_fraud_service(void **state) {
  static const tree_part tree[] = {
      BEGIN,
      RESERVED,
      "          order-service order_to_payment_authorization INTERNAL\n"
      "            order-service shop.payment.v1.PaymentService/Authorize CLIENT\n"
      "              payment-service shop.payment.v1.PaymentService/Authorize SERVER\n"
      "                payment-service authorize_payment INTERNAL\n"
      "                  payment-service validate_payment_details INTERNAL\n"
      "                    payment-service SELECT payments CLIENT\n"
      "                  payment-service fraud_detection_service_call INTERNAL\n"
      "                    payment-service shop.fraud.v1.FraudService/Check CLIENT\n"
      "            order-service payment_response_handling INTERNAL\n"
      "          order-service void_payment INTERNAL\n"
      "            order-service shop.payment.v1.PaymentService/Void CLIENT\n"
      "              payment-service shop.payment.v1.PaymentService/Void SERVER\n"
      "                payment-service void_payment INTERNAL\n"
      "                  payment-service UPDATE payments CLIENT\n"
      "                  payment-service INSERT payments CLIENT\n"
      "                  payment-service SELECT payments CLIENT\n"
      "                  payment-service COMMIT payments CLIENT\n",
      RELEASED,
      RECORDED,
      NULL};
  static const failure failures[] = {
      {"api-gateway", "POST /api/order", "503", false},
      {"api-gateway", "request_to_order_service", "UNAVAILABLE", true},
      {"api-gateway", "shop.order.v1.OrderService/PlaceOrder", "UNAVAILABLE", false},
      {"order-service", "shop.order.v1.OrderService/PlaceOrder", "UNAVAILABLE", false},
      {"order-service", "create_order", "UNAVAILABLE", true},
      {"order-service", "order_to_payment_authorization", "UNAVAILABLE", true},
      {"order-service", "shop.payment.v1.PaymentService/Authorize", "UNAVAILABLE", false},
      {"payment-service", "shop.payment.v1.PaymentService/Authorize", "UNAVAILABLE", false},
      {"payment-service", "authorize_payment", "UNAVAILABLE", true},
      {"payment-service", "fraud_detection_service_call", "UNAVAILABLE", true},
      {"payment-service", "shop.fraud.v1.FraudService/Check", "UNAVAILABLE", false},
      {"order-service", "payment_response_handling", "UNAVAILABLE", true},
      {NULL, NULL, NULL, false},
  };
  static const struct {
    const char *step;
    const char *event;
  } undone[] = {{"void_payment", "payment.voided"},
                {"release_inventory", "inventory.released"},
                {"record_failure", "order.failed"}};
  whole_trace trace = place_without(*state, SHOP_FRAUD, tree);
  assert_failures(&trace, failures);
  assert_error(trace_find(&trace, "api-gateway", "POST /api/order"), "");
  assert_error(trace_find(&trace, "api-gateway", "request_to_order_service"),
               "a service that the order needs is not available; try again");
  for (size_t i = 0; i < sizeof(undone) / sizeof(undone[0]); i++) {
    const trace_proto_span *step = trace_find(&trace, "order-service", undone[i].step);
    assert_attribute(step, "undo.reason", "UNAVAILABLE");
    assert_event(step, undone[i].event);
  }
  trace_clean_up(&trace);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_order_is_one_whole_trace),
      cmocka_unit_test(a_declined_payment_is_seen_to_be_undone),
      cmocka_unit_test(a_stock_out_is_seen_where_it_is),
      cmocka_unit_test(an_unknown_item_is_seen_where_it_is),
      cmocka_unit_test(a_refusal_of_the_warehouse_is_seen_to_be_undone),
      cmocka_unit_test(without_the_inventory),
      cmocka_unit_test(without_the_warehouse),
      cmocka_unit_test(without_the_payment_service),
      cmocka_unit_test(without_the_fraud_service),
      cmocka_unit_test(without_the_order_service),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}

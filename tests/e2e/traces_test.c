/* SPDX-License-Identifier: Apache-2.0 */
/* One request through the real programs, and its whole trace. */
#include "cmocka_headers.h"
#include "http.h"
#include "shop.h"
#include "trace.h"

#include <stdio.h>
#include <string.h>

#define TRACE_ID "0af7651916cd43dd8448eb211c80319c"
#define PARENT_ID "b7ad6b7169203331"

static shop running;

static int set_up(void **state) {
  shop_start(&running, &(shop_options){0});
  *state = &running;
  return 0;
}

static int tear_down(void **state) {
  shop_clean_up(*state);
  return 0;
}

/* The trace of DESIGN.md, each database operation below the step that made it. */
static const char order_tree[] =
    "api-gateway POST /orders SERVER\n"
    "  api-gateway process_order_request INTERNAL\n"
    "    api-gateway shop.order.v1.OrderService/CreateOrder CLIENT\n"
    "      order-service shop.order.v1.OrderService/CreateOrder SERVER\n"
    "        order-service create_order INTERNAL\n"
    "          order-service validate_order INTERNAL\n"
    "          order-service check_inventory INTERNAL\n"
    "            order-service shop.inventory.v1.InventoryService/GetItem CLIENT\n"
    "              inventory-service shop.inventory.v1.InventoryService/GetItem SERVER\n"
    "                inventory-service get_inventory_item INTERNAL\n"
    "                  inventory-service SELECT items CLIENT\n"
    "          order-service reserve_inventory INTERNAL\n"
    "            order-service shop.inventory.v1.InventoryService/Reserve CLIENT\n"
    "              inventory-service shop.inventory.v1.InventoryService/Reserve SERVER\n"
    "                inventory-service reserve_inventory INTERNAL\n"
    "                  inventory-service check_availability INTERNAL\n"
    "                    inventory-service SELECT items CLIENT\n"
    "                  inventory-service update_reservation INTERNAL\n"
    "                    inventory-service INSERT reservations CLIENT\n"
    "                    inventory-service UPDATE items CLIENT\n"
    "                  inventory-service COMMIT inventory CLIENT\n"
    "          order-service persist_order INTERNAL\n"
    "            order-service INSERT orders CLIENT\n"
    "            order-service COMMIT orders CLIENT\n";

/* Sends a request with this trace context, so that the trace is one that we chose. */
static http_answer send_traced(const shop *self, const char *path, const char *json,
                               const char *traceparent) {
  char header[128];
  snprintf(header, sizeof(header), "traceparent: %s", traceparent);
  http_request request = {
      .port = self->ports[SHOP_GATEWAY],
      .path = path,
      .json = json,
      .headers = {header, "tracestate: vendor=value,other=2", "baggage: customer=amelie"}};
  return http_send(&request);
}

/* An order's trace would have holes, other names, or stand in another order. */
static void an_order_is_one_whole_trace(void **state) {
  const shop *self = *state;
  http_answer answer =
      send_traced(self, "/orders", "{\"product_id\":\"laptop-001\",\"quantity\":2}",
                  "00-" TRACE_ID "-" PARENT_ID "-01");
  assert_int_equal(answer.status, 201);
  whole_trace trace = trace_wait(self->query_port, TRACE_ID, 24);
  assert_trace_tree(&trace, order_tree);
  for (size_t i = 0; i < trace.count; i++) {
    assert_no_error(trace.spans[i].span);
  }
  trace_clean_up(&trace);
  http_answer_clean_up(&answer);
}

static void assert_rpc(const trace_proto_span *span, const char *method) {
  assert_attribute(span, "rpc.system.name", "grpc");
  assert_attribute(span, "rpc.method", method);
  assert_attribute(span, "rpc.response.status_code", "OK");
}

/* Dashboards and searches by the semantic conventions would not find the spans. */
static void spans_follow_the_semantic_conventions(void **state) {
  const shop *self = *state;
  http_answer answer = http_post(self->ports[SHOP_GATEWAY], "/orders?",
                                 "{\"product_id\":\"phone-001\",\"quantity\":1}");
  assert_int_equal(answer.status, 201);
  whole_trace trace = trace_wait(self->query_port, http_header(&answer, "x-trace-id"), 24);

  const trace_proto_span *root = trace_find(&trace, "api-gateway", "POST /orders");
  assert_attribute(root, "http.request.method", "POST");
  assert_attribute(root, "http.route", "/orders");
  assert_attribute(root, "http.response.status_code", "201");
  assert_attribute(root, "url.path", "/orders");
  assert_attribute(root, "url.scheme", "http");
  assert_attribute(root, "server.address", "127.0.0.1");
  assert_attribute(root, "network.protocol.version", "1.1");
  assert_int_equal(root->parent_span_id.len, 0);

  static const char create[] = "shop.order.v1.OrderService/CreateOrder";
  assert_rpc(trace_find(&trace, "api-gateway", create), create);
  assert_attribute(trace_find(&trace, "api-gateway", create), "server.address", "127.0.0.1");
  assert_rpc(trace_find(&trace, "order-service", create), create);

  const trace_proto_span *insert = trace_find(&trace, "order-service", "INSERT orders");
  assert_attribute(insert, "db.system.name", "sqlite");
  assert_attribute(insert, "db.operation.name", "INSERT");
  assert_attribute(insert, "db.collection.name", "orders");
  trace_clean_up(&trace);
  http_answer_clean_up(&answer);
}

/* A trace would not tell what was ordered and what came of it. */
static void spans_say_what_happened(void **state) {
  const shop *self = *state;
  http_answer answer = http_post(self->ports[SHOP_GATEWAY], "/orders",
                                 "{\"product_id\":\"headphones-001\",\"quantity\":3}");
  assert_int_equal(answer.status, 201);
  const char *order_id = http_json(&answer, "$.order_id");
  whole_trace trace = trace_wait(self->query_port, http_header(&answer, "x-trace-id"), 24);

  const trace_proto_span *create = trace_find(&trace, "order-service", "create_order");
  assert_attribute(create, "order.id", order_id);
  assert_attribute(create, "product.id", "headphones-001");
  assert_attribute(create, "order.quantity", "3");
  assert_attribute(create, "order.status", "CONFIRMED");
  assert_attribute(create, "order.total", "449.97");
  assert_event(trace_find(&trace, "order-service", "validate_order"), "order.validated");
  assert_event_attribute(trace_find(&trace, "order-service", "check_inventory"),
                         "inventory.checked", "inventory.available", "75");
  assert_event_attribute(trace_find(&trace, "order-service", "reserve_inventory"),
                         "inventory.reserved", "inventory.remaining", "72");
  assert_event_attribute(trace_find(&trace, "order-service", "persist_order"), "order.persisted",
                         "order.id", order_id);
  assert_attribute(trace_find(&trace, "inventory-service", "check_availability"),
                   "inventory.requested", "3");
  trace_clean_up(&trace);
  http_answer_clean_up(&answer);
}

/* The caller's trace would be cut at our door, or its tracestate lost on the way. */
static void the_callers_context_goes_all_the_way(void **state) {
  const shop *self = *state;
  static const char trace_id[] = "1af7651916cd43dd8448eb211c80319c";
  http_answer answer =
      send_traced(self, "/orders", "{\"product_id\":\"laptop-001\",\"quantity\":1}",
                  "00-1af7651916cd43dd8448eb211c80319c-" PARENT_ID "-01");
  whole_trace trace = trace_wait(self->query_port, trace_id, 24);
  static const uint8_t parent_id[] = {0xb7, 0xad, 0x6b, 0x71, 0x69, 0x20, 0x33, 0x31};
  const trace_proto_span *root = trace_find(&trace, "api-gateway", "POST /orders");
  assert_int_equal(root->parent_span_id.len, sizeof(parent_id));
  assert_memory_equal(root->parent_span_id.data, parent_id, sizeof(parent_id));
  for (size_t i = 0; i < trace.count; i++) {
    assert_string_equal(trace.spans[i].span->trace_state, "vendor=value,other=2");
  }
  trace_clean_up(&trace);
  http_answer_clean_up(&answer);
}

/* The caller could not find the trace of its own request. */
static void the_answer_names_its_trace(void **state) {
  const shop *self = *state;
  http_answer answer = send_traced(self, "/inventory/laptop-001", NULL,
                                   "00-2af7651916cd43dd8448eb211c80319c-" PARENT_ID "-01");
  assert_int_equal(answer.status, 200);
  assert_string_equal(http_header(&answer, "x-trace-id"), "2af7651916cd43dd8448eb211c80319c");
  whole_trace trace = trace_wait(self->query_port, "2af7651916cd43dd8448eb211c80319c", 5);
  const trace_proto_span *root = trace_find(&trace, "api-gateway", "GET /inventory/{product_id}");
  char expected[64] = "00-2af7651916cd43dd8448eb211c80319c-";
  for (size_t i = 0; i < root->span_id.len; i++) {
    snprintf(expected + strlen(expected), 3, "%02x", root->span_id.data[i]);
  }
  strcat(expected, "-01");
  assert_string_equal(http_header(&answer, "traceresponse"), expected);
  trace_clean_up(&trace);
  http_answer_clean_up(&answer);
}

/* A caller that does not want to be traced would be. */
static void what_the_caller_does_not_sample_is_not_traced(void **state) {
  const shop *self = *state;
  http_answer quiet = send_traced(self, "/inventory/laptop-001", NULL,
                                  "00-3af7651916cd43dd8448eb211c80319c-" PARENT_ID "-00");
  http_answer loud = send_traced(self, "/inventory/laptop-001", NULL,
                                 "00-4af7651916cd43dd8448eb211c80319c-" PARENT_ID "-01");
  assert_int_equal(quiet.status, 200);
  whole_trace later = trace_wait(self->query_port, "4af7651916cd43dd8448eb211c80319c", 5);
  whole_trace trace = trace_fetch(self->query_port, "3af7651916cd43dd8448eb211c80319c");
  assert_int_equal(trace.count, 0);
  trace_clean_up(&later);
  trace_clean_up(&trace);
  http_answer_clean_up(&quiet);
  http_answer_clean_up(&loud);
}

/* A look-up's trace would have holes. */
static void a_look_up_is_one_whole_trace(void **state) {
  const shop *self = *state;
  http_answer answer = http_get(self->ports[SHOP_GATEWAY], "/inventory/laptop-001");
  whole_trace trace = trace_wait(self->query_port, http_header(&answer, "x-trace-id"), 5);
  assert_trace_tree(&trace,
                    "api-gateway GET /inventory/{product_id} SERVER\n"
                    "  api-gateway shop.inventory.v1.InventoryService/GetItem CLIENT\n"
                    "    inventory-service shop.inventory.v1.InventoryService/GetItem SERVER\n"
                    "      inventory-service get_inventory_item INTERNAL\n"
                    "        inventory-service SELECT items CLIENT\n");
  trace_clean_up(&trace);
  http_answer_clean_up(&answer);
}

/* `./demo trace` would print a tree with other spans, or none. */
static void lens_prints_the_tree(void **state) {
  const shop *self = *state;
  char path[128];
  http_answer answer = http_post(self->ports[SHOP_GATEWAY], "/orders",
                                 "{\"product_id\":\"demo-product\",\"quantity\":1}");
  const char *trace_id = http_header(&answer, "x-trace-id");
  snprintf(path, sizeof(path), "/api/traces/%s/tree", trace_id);
  whole_trace trace = trace_wait(self->query_port, trace_id, 24);
  http_answer tree = http_get(self->query_port, path);
  assert_int_equal(tree.status, 200);
  assert_non_null(strstr(tree.body, "  24 spans\n"));
  assert_non_null(strstr(tree.body, "└─ process_order_request"));
  assert_non_null(strstr(tree.body, "├─ check_availability"));
  trace_clean_up(&trace);
  http_answer_clean_up(&tree);
  http_answer_clean_up(&answer);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_order_is_one_whole_trace),
      cmocka_unit_test(spans_follow_the_semantic_conventions),
      cmocka_unit_test(spans_say_what_happened),
      cmocka_unit_test(the_callers_context_goes_all_the_way),
      cmocka_unit_test(the_answer_names_its_trace),
      cmocka_unit_test(what_the_caller_does_not_sample_is_not_traced),
      cmocka_unit_test(a_look_up_is_one_whole_trace),
      cmocka_unit_test(lens_prints_the_tree),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}

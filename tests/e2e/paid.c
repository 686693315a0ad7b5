/* SPDX-License-Identifier: Apache-2.0 */
#include "paid.h"

#include "cmocka_headers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void paid_shop_start(shop *self) {
  shop_start(self, &(shop_options){
                       .environment = {"FRAUD_PERCENTAGE=0", "FRAUD_ALLOW_FORCED_OUTCOME=true"}});
}

http_answer paid_place(const shop *self, const char *items, const char *outcome, const char *key) {
  char json[1024];
  char baggage[64];
  char header[192];
  snprintf(json, sizeof(json),
           "{\"user_id\":\"123\",\"items\":%s,\"amount\":\"49.99\","
           "\"payment_method\":\"credit_card\",\"shipping_address\":\"10 Main Street, CA\"}",
           items);
  snprintf(baggage, sizeof(baggage), "baggage: fraud.outcome=%s", outcome != NULL ? outcome : "");
  snprintf(header, sizeof(header), "Idempotency-Key: %s", key != NULL ? key : "");
  http_request request = {.port = self->ports[SHOP_GATEWAY], .path = "/api/order", .json = json};
  size_t count = 0;
  if (outcome != NULL) {
    request.headers[count++] = baggage;
  }
  if (key != NULL) {
    request.headers[count++] = header;
  }
  return http_send(&request);
}

static bool is_taken(void *running) {
  http_answer answer = paid_place(running, PAID_SKU001, NULL, NULL);
  int status = answer.status;
  http_answer_clean_up(&answer);
  return status == 200;
}

void paid_wait_taken(shop *self) {
  assert_true(mesh_process_wait_until(is_taken, self));
}

int paid_stock(const shop *self, const char *product_id, const char *path) {
  char url[128];
  snprintf(url, sizeof(url), "/inventory/%s", product_id);
  http_answer answer = http_get(self->ports[SHOP_GATEWAY], url);
  assert_int_equal(answer.status, 200);
  int pieces = atoi(http_json(&answer, path));
  http_answer_clean_up(&answer);
  return pieces;
}

typedef struct awaited_order {
  const shop *self;
  const char *order_id;
} awaited_order;

static bool has_failed(void *data) {
  const awaited_order *awaited = data;
  char path[128];
  snprintf(path, sizeof(path), "/orders/%s", awaited->order_id);
  http_answer answer = http_get(awaited->self->ports[SHOP_GATEWAY], path);
  bool failed =
      answer.status == 200 && strcmp(http_json(&answer, "$.status"), "ORDER_STATUS_FAILED") == 0;
  http_answer_clean_up(&answer);
  return failed;
}

void paid_wait_failed(const shop *self, const char *order_id) {
  awaited_order awaited = {self, order_id};
  if (!mesh_process_wait_until(has_failed, &awaited)) {
    fail_msg("the order %s is not undone", order_id);
  }
}

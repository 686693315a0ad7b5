/* SPDX-License-Identifier: Apache-2.0 */
#include "load.h"

#include "cmocka_headers.h"
#include "http.h"
#include "mesh_process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const load_request load_order_request = {
    .path = "/orders", .json = "{\"product_id\":\"demo-product\",\"quantity\":1}", .status = 201};

const load_request load_paid_request = {
    .path = "/api/order",
    .json = "{\"user_id\":\"123\",\"items\":[{\"item_id\":\"sku001\",\"quantity\":1}],"
            "\"amount\":\"49.99\",\"payment_method\":\"credit_card\","
            "\"shipping_address\":\"10 Main Street, CA\"}",
    .status = 200};

/* Not http_json: that is for one thread. */
static void copy_order_id(const char *body, char out[static 64]) {
  static const char key[] = "\"order_id\":";
  const char *found = strstr(body, key);
  found = found != NULL ? strchr(found + strlen(key), '"') : NULL;
  if (found != NULL) {
    snprintf(out, 64, "%.*s", (int)strcspn(found + 1, "\""), found + 1);
  }
}

static void add(load_order *list, size_t *count, const http_answer *answer, const char *trace_id) {
  load_order *order = &list[(*count)++];
  copy_order_id(answer->body, order->order_id);
  memcpy(order->trace_id, trace_id, sizeof(order->trace_id));
}

static void remember(load *self, const http_answer *answer, const char *trace_id) {
  pthread_mutex_lock(&self->lock);
  if (answer->status == self->request->status && self->count < LOAD_MAX_ORDERS) {
    add(self->orders, &self->count, answer, trace_id);
  } else if (answer->status == 503 && self->refused < LOAD_MAX_ORDERS) {
    add(self->refusals, &self->refused, answer, trace_id);
  } else if (answer->status == 0) {
    self->unanswered++;
  } else {
    self->wrong++;
    snprintf(self->wrong_answer, sizeof(self->wrong_answer), "%d %s", answer->status, answer->body);
  }
  pthread_mutex_unlock(&self->lock);
}

static void *place_orders(void *data) {
  load *self = data;
  int status = -1;
  while (!atomic_load(&self->stop) && status != 0) {
    char trace_id[33];
    char header[128];
    snprintf(trace_id, sizeof(trace_id), "%08x%08x%016x", self->seed, (unsigned)getpid(),
             atomic_fetch_add(&self->sent, 1) + 1);
    snprintf(header, sizeof(header), "traceparent: 00-%s-00f067aa0ba902b7-01", trace_id);
    http_request request = {.port = self->port,
                            .path = self->request->path,
                            .json = self->request->json,
                            .headers = {header}};
    http_answer answer = http_try(&request);
    remember(self, &answer, trace_id);
    status = answer.status;
    http_answer_clean_up(&answer);
  }
  return NULL;
}

void load_start(load *self, int port, const load_request *request) {
  static unsigned seed;
  memset(self, 0, sizeof(*self));
  self->port = port;
  self->request = request;
  self->seed = ++seed;
  self->orders = calloc(LOAD_MAX_ORDERS, sizeof(self->orders[0]));
  self->refusals = calloc(LOAD_MAX_ORDERS, sizeof(self->refusals[0]));
  assert_true(self->orders != NULL && self->refusals != NULL);
  pthread_mutex_init(&self->lock, NULL);
  for (size_t i = 0; i < LOAD_THREADS; i++) {
    assert_int_equal(pthread_create(&self->threads[i], NULL, place_orders, self), 0);
  }
}

typedef struct awaited_count {
  load *self;
  size_t count;
} awaited_count;

static bool has_count(void *data) {
  awaited_count *awaited = data;
  pthread_mutex_lock(&awaited->self->lock);
  bool has = awaited->self->count >= awaited->count;
  pthread_mutex_unlock(&awaited->self->lock);
  return has;
}

void load_wait(load *self, size_t count) {
  awaited_count awaited = {self, count};
  if (!mesh_process_wait_until(has_count, &awaited)) {
    fail_msg("%zu of %zu orders were acknowledged", self->count, count);
  }
}

void load_stop(load *self) {
  atomic_store(&self->stop, true);
  for (size_t i = 0; i < LOAD_THREADS; i++) {
    pthread_join(self->threads[i], NULL);
  }
}

void load_clean_up(load *self) {
  pthread_mutex_destroy(&self->lock);
  free(self->orders);
  free(self->refusals);
}

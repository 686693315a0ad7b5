/* SPDX-License-Identifier: Apache-2.0 */
#include "shoppers.h"

#include "cmocka_headers.h"
#include "http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DELIVERY = 40, RETRY_US = 20000, LINES_MAX = 3 };

const char *const shoppers_items[SHOPPERS_ITEMS] = {"sku001", "sku002", "demo-product",
                                                    "headphones-001"};

typedef struct line {
  const char *item_id;
  int item; /* -1: one that the shop does not have */
  int quantity;
} line;

/* A purchase, and everything that its calls say. */
typedef struct purchase {
  shoppers *all;
  unsigned seed;
  line lines[LINES_MAX];
  int line_count;
  bool is_paid;
  bool is_fraud;
  char key[32];
  int deliveries;
} purchase;

/* ---- what to buy ---- */

static int throw_dice(purchase *self, int sides) {
  return rand_r(&self->seed) % sides;
}

static void choose_line(purchase *self, int item) {
  line *added = &self->lines[self->line_count++];
  *added = (line){shoppers_items[item], item, 1 + throw_dice(self, 3)};
}

static void choose(purchase *self) {
  self->line_count = 0;
  self->is_paid = throw_dice(self, 10) < 8;
  self->is_fraud = self->is_paid && throw_dice(self, 10) == 0;
  int first = throw_dice(self, SHOPPERS_ITEMS);
  choose_line(self, first);
  if (self->is_paid && throw_dice(self, 3) == 0) {
    choose_line(self, (first + 1) % SHOPPERS_ITEMS);
    choose_line(self, (first + 2) % SHOPPERS_ITEMS);
  }
  if (throw_dice(self, 20) == 0) {
    self->lines[self->line_count - 1] = (line){"sku999", -1, 1};
  }
  snprintf(self->key, sizeof(self->key), "p%d", atomic_fetch_add(&self->all->next_number, 1));
  self->deliveries = 0;
}

/* ---- calls ---- */

static http_answer send_json(const purchase *self, const char *path, const char *json,
                             const char *key) {
  char header[96];
  snprintf(header, sizeof(header), "Idempotency-Key: %s", key);
  http_request request = {.port = self->all->port, .path = path, .json = json, .headers = {header}};
  if (self->is_fraud) {
    request.headers[1] = "baggage: fraud.outcome=fraudulent";
  }
  return http_try(&request);
}

static http_answer buy(const purchase *self) {
  char json[768];
  if (!self->is_paid) {
    snprintf(json, sizeof(json), "{\"product_id\":\"%s\",\"quantity\":%d}", self->lines[0].item_id,
             self->lines[0].quantity);
    return send_json(self, "/orders", json, self->key);
  }
  size_t at = (size_t)snprintf(json, sizeof(json),
                               "{\"user_id\":\"u\",\"amount\":\"12.34\",\"payment_method\":"
                               "\"credit_card\",\"shipping_address\":\"here\",\"items\":[");
  for (int i = 0; i < self->line_count; i++) {
    at += (size_t)snprintf(json + at, sizeof(json) - at, "%s{\"item_id\":\"%s\",\"quantity\":%d}",
                           i > 0 ? "," : "", self->lines[i].item_id, self->lines[i].quantity);
  }
  snprintf(json + at, sizeof(json) - at, "]}");
  return send_json(self, "/api/order", json, self->key);
}

static void note_retry(const purchase *self) {
  pthread_mutex_lock(&self->all->lock);
  self->all->retries++;
  pthread_mutex_unlock(&self->all->lock);
  usleep(RETRY_US);
}

/* Tries until it is there. */
static void deliver_to(const purchase *self, const char *path, const char *json, const char *key) {
  int status = 0;
  while (status != 200) {
    http_answer answer = send_json(self, path, json, key);
    status = answer.status;
    http_answer_clean_up(&answer);
    if (status != 200) {
      note_retry(self);
    }
  }
}

/* To the warehouse first, so that the inventory never promises what it does not have for long. */
static void deliver(purchase *self, int item) {
  char path[64];
  char json[128];
  char key[64];
  snprintf(key, sizeof(key), "%s-%d-%d", self->key, self->deliveries++, item);
  snprintf(json, sizeof(json), "{\"warehouse_location\":\"Warehouse-A\",\"quantity\":%d}",
           DELIVERY);
  if (item < SHOPPERS_BACKED) {
    snprintf(path, sizeof(path), "/warehouse/%s/add", shoppers_items[item]);
    deliver_to(self, path, json, key);
  }
  snprintf(path, sizeof(path), "/inventory/%s/add", shoppers_items[item]);
  snprintf(json, sizeof(json), "{\"quantity\":%d}", DELIVERY);
  deliver_to(self, path, json, key);
  pthread_mutex_lock(&self->all->lock);
  self->all->delivered[item] += DELIVERY;
  pthread_mutex_unlock(&self->all->lock);
}

/* ---- what came of it ---- */

static int compare_lines(const void *left, const void *right) {
  return strcmp(((const line *)left)->item_id, ((const line *)right)->item_id);
}

/* Not http_json: that is for one thread. */
static void remember_sale(purchase *self, const http_answer *answer) {
  static const char key[] = "\"order_id\":\"";
  shoppers *all = self->all;
  const char *found = strstr(answer->body, key);
  qsort(self->lines, (size_t)self->line_count, sizeof(self->lines[0]), compare_lines);
  if (all->sale_count == SHOPPERS_SALES_MAX || found == NULL) {
    snprintf(all->wrong_answer, sizeof(all->wrong_answer), "%s", answer->body);
    return;
  }
  shoppers_sale *sale = &all->sales[all->sale_count++];
  snprintf(sale->order_id, sizeof(sale->order_id), "%.36s", found + strlen(key));
  sale->is_paid = self->is_paid;
  size_t at = 0;
  for (int i = 0; i < self->line_count; i++) {
    at += (size_t)snprintf(sale->lines + at, sizeof(sale->lines) - at, "%s%s:%d", i > 0 ? "," : "",
                           self->lines[i].item_id, self->lines[i].quantity);
  }
}

/* Whether it may be different when it is tried again: the shop was not all there. */
static bool may_come(const http_answer *answer) {
  return answer->status == 0 || answer->status == 429 || answer->status >= 500 ||
         strstr(answer->body, "\"code\":10,") != NULL;
}

static shoppers_outcome outcome_of(const purchase *self, const http_answer *answer) {
  if (answer->status == (self->is_paid ? 200 : 201)) {
    return SHOPPERS_BOUGHT;
  }
  if (answer->status == 402) {
    return SHOPPERS_DECLINED;
  }
  if (answer->status == 404) {
    return SHOPPERS_UNKNOWN_ITEM;
  }
  bool is_short = strstr(answer->body, "INSUFFICIENT_STOCK") != NULL ||
                  strstr(answer->body, "WAREHOUSE_REFUSED") != NULL;
  return is_short ? SHOPPERS_OUT_OF_STOCK : SHOPPERS_OUTCOMES;
}

static shoppers_outcome note(purchase *self, const http_answer *answer) {
  shoppers *all = self->all;
  shoppers_outcome outcome = outcome_of(self, answer);
  pthread_mutex_lock(&all->lock);
  if (outcome == SHOPPERS_OUTCOMES) {
    snprintf(all->wrong_answer, sizeof(all->wrong_answer), "%d %s", answer->status, answer->body);
  } else {
    all->outcomes[outcome]++;
  }
  if (outcome == SHOPPERS_BOUGHT) {
    remember_sale(self, answer);
  }
  pthread_mutex_unlock(&all->lock);
  return outcome;
}

static void go_through(purchase *self) {
  http_answer answer = buy(self);
  while (may_come(&answer)) {
    http_answer_clean_up(&answer);
    note_retry(self);
    answer = buy(self);
  }
  shoppers_outcome outcome = note(self, &answer);
  http_answer_clean_up(&answer);
  for (int i = 0; outcome == SHOPPERS_OUT_OF_STOCK && i < self->line_count; i++) {
    if (self->lines[i].item >= 0) {
      deliver(self, self->lines[i].item);
    }
  }
}

static void *shop_on(void *data) {
  shoppers *all = data;
  purchase self = {.all = all};
  self.seed = all->seed + (unsigned)atomic_fetch_add(&all->next_number, 1);
  while (!atomic_load(&all->is_closed)) {
    choose(&self);
    go_through(&self);
  }
  return NULL;
}

void shoppers_start(shoppers *self, int port, unsigned seed) {
  memset(self, 0, sizeof(*self));
  self->port = port;
  self->seed = seed;
  self->sales = calloc(SHOPPERS_SALES_MAX, sizeof(self->sales[0]));
  assert_non_null(self->sales);
  pthread_mutex_init(&self->lock, NULL);
  for (int i = 0; i < SHOPPERS; i++) {
    assert_int_equal(pthread_create(&self->threads[i], NULL, shop_on, self), 0);
  }
}

void shoppers_close(shoppers *self) {
  atomic_store(&self->is_closed, true);
  for (int i = 0; i < SHOPPERS; i++) {
    pthread_join(self->threads[i], NULL);
  }
}

void shoppers_clean_up(shoppers *self) {
  pthread_mutex_destroy(&self->lock);
  free(self->sales);
}

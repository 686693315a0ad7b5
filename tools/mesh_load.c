/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mesh-load [--rate N] [--seconds S] URL
 *
 * Sends the gateway a mix of orders and look-ups at a steady rate and prints what came of them:
 * orders that can be filled, that the fraud service is asked to decline, of an item that is not
 * there and of more than there is. It first adds the stock that the good orders will take. Exits 0
 * when every request was answered below 500.
 */
#include "load_plan.h"

#include <curl/curl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CONNECTIONS = 64, RATE_MAX = 50000, SECONDS_MAX = 3600 };

/* What is sent. A kind without an item looks up the good one. */
typedef struct load_kind {
  const char *name;
  const char *item;
  unsigned quantity;
  bool is_declined; /* asks for that, where the fraud service takes wishes */
} load_kind;

enum { GOOD_ORDERS, DECLINED_ORDERS, UNKNOWN_ITEMS, STOCK_OUTS, LOOK_UPS, KINDS };

static const char good_item[] = "sku001";

static const load_kind kinds[KINDS] = {
    [GOOD_ORDERS] = {"orders", good_item, 1, false},
    [DECLINED_ORDERS] = {"to be declined", good_item, 1, true},
    [UNKNOWN_ITEMS] = {"unknown item", "sku999", 1, false},
    [STOCK_OUTS] = {"too many", "sku002", 1000000, false},
    [LOOK_UPS] = {"look-ups", NULL, 0, false},
};
static const uint32_t shares[KINDS] = {60, 10, 5, 5, 20};

typedef struct load_slot {
  CURL *easy;
  size_t kind;
  int64_t due_us;
} load_slot;

typedef struct load {
  load_plan plan;
  const char *url; /* of the gateway, without a slash at its end */
  load_result result;
  CURLM *multi;
  struct curl_slist *headers;
  struct curl_slist *declined_headers;
  load_slot slots[CONNECTIONS];
  load_slot *idle[CONNECTIONS];
  size_t idle_count;
  size_t sent;
  int64_t began_us;
} load;

static int64_t monotonic_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static size_t ignore_body(char *data, size_t size, size_t count, void *arg) {
  (void)data;
  (void)arg;
  return size * count;
}

static void set_url(CURL *easy, const load *self, const char *path) {
  char url[1024];
  snprintf(url, sizeof(url), "%s%s", self->url, path);
  curl_easy_setopt(easy, CURLOPT_URL, url);
}

static void set_post(CURL *easy, const load *self, const char *path, const char *body) {
  set_url(easy, self, path);
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, self->headers);
  curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, body);
}

static void set_order(CURL *easy, const load *self, const load_kind *kind) {
  char body[256];
  snprintf(body, sizeof(body),
           "{\"user_id\": \"123\", \"items\": [{\"item_id\": \"%s\", \"quantity\": %u}],"
           " \"amount\": \"49.99\", \"payment_method\": \"credit_card\","
           " \"shipping_address\": \"10 Main Street, CA\"}",
           kind->item, kind->quantity);
  set_post(easy, self, "/api/order", body);
  if (kind->is_declined) {
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, self->declined_headers);
  }
}

static void set_look_up(CURL *easy, const load *self) {
  char path[64];
  snprintf(path, sizeof(path), "/inventory/%s", good_item);
  set_url(easy, self, path);
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, NULL);
  curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
}

static CURL *new_easy(void) {
  CURL *easy = curl_easy_init();
  if (easy != NULL) {
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, ignore_body);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 10000L);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  }
  return easy;
}

static bool load_init(load *self) {
  self->multi = curl_multi_init();
  self->headers = curl_slist_append(NULL, "Content-Type: application/json");
  self->declined_headers = curl_slist_append(NULL, "Content-Type: application/json");
  if (self->multi == NULL || self->headers == NULL || self->declined_headers == NULL ||
      curl_slist_append(self->declined_headers, "baggage: fraud.outcome=fraudulent") == NULL ||
      !load_result_init(&self->result, load_plan_total(&self->plan))) {
    return false;
  }
  for (size_t i = 0; i < CONNECTIONS; i++) {
    load_slot *slot = &self->slots[i];
    slot->easy = new_easy();
    if (slot->easy == NULL) {
      return false;
    }
    curl_easy_setopt(slot->easy, CURLOPT_PRIVATE, slot);
    self->idle[self->idle_count++] = slot;
  }
  return true;
}

static void load_clean_up(load *self) {
  for (size_t i = 0; i < CONNECTIONS; i++) {
    curl_easy_cleanup(self->slots[i].easy);
  }
  curl_multi_cleanup(self->multi);
  curl_slist_free_all(self->headers);
  curl_slist_free_all(self->declined_headers);
  load_result_clean_up(&self->result);
}

static bool add_stock(const load *self, const char *path, const char *body) {
  CURL *easy = new_easy();
  if (easy == NULL) {
    return false;
  }
  set_post(easy, self, path, body);
  long status = 0;
  CURLcode code = curl_easy_perform(easy);
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_cleanup(easy);
  if (code != CURLE_OK || status != 200) {
    fprintf(stderr, "mesh-load: adding stock at %s%s: %s, HTTP status %ld\n", self->url, path,
            curl_easy_strerror(code), status);
    return false;
  }
  return true;
}

/* Adds what the orders of this run can take, in the inventory and in the warehouse that backs it,
 * so that they do not fail for want of stock. */
static bool stock_up(const load *self) {
  char path[64];
  char body[128];
  size_t quantity =
      load_plan_count(&self->plan, GOOD_ORDERS) + load_plan_count(&self->plan, DECLINED_ORDERS);
  if (quantity == 0) {
    return true;
  }
  snprintf(path, sizeof(path), "/inventory/%s/add", good_item);
  snprintf(body, sizeof(body), "{\"quantity\": %zu}", quantity);
  if (!add_stock(self, path, body)) {
    return false;
  }
  snprintf(path, sizeof(path), "/warehouse/%s/add", good_item);
  snprintf(body, sizeof(body), "{\"warehouse_location\": \"Warehouse-A\", \"quantity\": %zu}",
           quantity);
  return add_stock(self, path, body);
}

static void send_next(load *self) {
  load_slot *slot = self->idle[--self->idle_count];
  slot->due_us = load_plan_due_us(&self->plan, self->sent);
  slot->kind = load_plan_kind(&self->plan, self->sent);
  if (kinds[slot->kind].item != NULL) {
    set_order(slot->easy, self, &kinds[slot->kind]);
  } else {
    set_look_up(slot->easy, self);
  }
  curl_multi_add_handle(self->multi, slot->easy);
  self->sent++;
}

static int64_t elapsed_us(const load *self) {
  return monotonic_us() - self->began_us;
}

static void send_what_is_due(load *self) {
  while (self->idle_count > 0 && self->sent < load_plan_total(&self->plan) &&
         load_plan_due_us(&self->plan, self->sent) <= elapsed_us(self)) {
    send_next(self);
  }
}

static void collect_answers(load *self) {
  int left = 0;
  for (CURLMsg *message = curl_multi_info_read(self->multi, &left); message != NULL;
       message = curl_multi_info_read(self->multi, &left)) {
    long status = 0;
    load_slot *slot = NULL;
    CURL *easy = message->easy_handle;
    bool answered = message->data.result == CURLE_OK;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&slot);
    load_answer answer = {slot->kind, answered ? status : 0, slot->due_us, elapsed_us(self)};
    load_result_add(&self->result, &answer);
    curl_multi_remove_handle(self->multi, easy);
    self->idle[self->idle_count++] = slot;
  }
}

/* Milliseconds until something is due; a connection that becomes ready ends the wait as well. */
static int wait_ms(const load *self) {
  if (self->idle_count == 0 || self->sent == load_plan_total(&self->plan)) {
    return 1000;
  }
  int64_t left_us = load_plan_due_us(&self->plan, self->sent) - elapsed_us(self);
  return left_us > 0 ? (int)(left_us / 1000) + 1 : 0;
}

static void run(load *self) {
  self->began_us = monotonic_us();
  while (self->sent < load_plan_total(&self->plan) || self->idle_count < CONNECTIONS) {
    int running = 0;
    send_what_is_due(self);
    curl_multi_perform(self->multi, &running);
    collect_answers(self);
    curl_multi_poll(self->multi, NULL, 0, wait_ms(self), NULL);
  }
}

/* A line for the outcomes of a kind. @return whether all were answered, and none with a server's
 * error. */
static bool report_kind(const load *self, size_t kind) {
  const size_t *by_status = self->result.by_status[kind];
  bool good = by_status[0] == 0;
  printf("%-15s", kinds[kind].name);
  for (int status = 1; status < LOAD_MAX_STATUS; status++) {
    if (by_status[status] > 0) {
      printf("  HTTP %d: %zu", status, by_status[status]);
      good = good && status < 500;
    }
  }
  if (by_status[0] > 0) {
    printf("  no answer: %zu", by_status[0]);
  }
  printf("\n");
  return good;
}

static bool report(load *self) {
  load_result *result = &self->result;
  load_result_sort(result);
  double seconds = (double)result->last_answer_us / 1e6;
  printf("%zu of %zu answered in %.1f s: %.1f a second, %u wanted\n", result->answered, self->sent,
         seconds, seconds > 0 ? (double)result->answered / seconds : 0.0, self->plan.rate);
  printf("latency   p50 %.1f ms   p90 %.1f ms   p99 %.1f ms   max %.1f ms\n",
         (double)load_result_quantile_us(result, 500) / 1e3,
         (double)load_result_quantile_us(result, 900) / 1e3,
         (double)load_result_quantile_us(result, 990) / 1e3,
         (double)load_result_quantile_us(result, 1000) / 1e3);
  bool good = true;
  for (size_t kind = 0; kind < KINDS; kind++) {
    if (load_plan_count(&self->plan, kind) > 0) {
      good = report_kind(self, kind) && good;
    }
  }
  return good;
}

static bool parse_number(const char *text, uint32_t minimum, uint32_t maximum, uint32_t *out) {
  char *end = NULL;
  unsigned long value = strtoul(text, &end, 10);
  if (text[0] < '0' || text[0] > '9' || *end != '\0' || value < minimum || value > maximum) {
    fprintf(stderr, "mesh-load: '%s' is no number from %u to %u\n", text, minimum, maximum);
    return false;
  }
  *out = (uint32_t)value;
  return true;
}

static bool parse_options(int argc, char **argv, load *self) {
  static const struct option options[] = {{"rate", required_argument, NULL, 'r'},
                                          {"seconds", required_argument, NULL, 's'},
                                          {NULL, 0, NULL, 0}};
  bool good = true;
  for (int c = getopt_long(argc, argv, "", options, NULL); c != -1 && good;
       c = getopt_long(argc, argv, "", options, NULL)) {
    switch (c) {
    case 'r':
      good = parse_number(optarg, 1, RATE_MAX, &self->plan.rate);
      break;
    case 's':
      good = parse_number(optarg, 1, SECONDS_MAX, &self->plan.seconds);
      break;
    default:
      good = false;
    }
  }
  if (!good || optind != argc - 1) {
    fprintf(stderr,
            "usage: mesh-load [--rate N] [--seconds S] URL\n"
            "  N up to %d requests a second for S up to %d seconds, over %d connections: what the\n"
            "  other side does not take at that rate waits here\n",
            RATE_MAX, SECONDS_MAX, CONNECTIONS);
    return false;
  }
  self->url = argv[optind];
  return true;
}

int main(int argc, char **argv) {
  load self = {.plan = {.rate = 100, .seconds = 10, .shares = shares}};
  if (!parse_options(argc, argv, &self)) {
    return 2;
  }
  int result = 1;
  curl_global_init(CURL_GLOBAL_DEFAULT);
  if (!load_init(&self)) {
    fprintf(stderr, "mesh-load: out of memory\n");
  } else if (stock_up(&self)) {
    run(&self);
    result = report(&self) ? 0 : 1;
  }
  load_clean_up(&self);
  curl_global_cleanup();
  return result;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mesh-load [--rate N] [--seconds S] [--orders PERCENT] URL
 *
 * Sends the gateway orders and look-ups at a steady rate and prints what came of them. It first
 * adds the stock that its orders will take. Exits 0 when every request was answered below 500.
 */
#include "load_plan.h"

#include <curl/curl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CONNECTIONS = 64 };

static const char product[] = "phone-001";

typedef struct load_slot {
  CURL *easy;
  int64_t due_us;
} load_slot;

typedef struct load {
  load_plan plan;
  const char *url; /* of the gateway, without a slash at its end */
  load_result result;
  CURLM *multi;
  struct curl_slist *headers;
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
  if (self->multi == NULL || self->headers == NULL ||
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
  load_result_clean_up(&self->result);
}

/* Adds what the orders of this run will take, so that they do not fail for want of stock. */
static bool stock_up(const load *self) {
  char path[64];
  char body[64];
  snprintf(path, sizeof(path), "/inventory/%s/add", product);
  snprintf(body, sizeof(body), "{\"quantity\": %zu}", load_plan_total(&self->plan));
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
    fprintf(stderr, "mesh-load: adding stock at %s: %s, HTTP status %ld\n", self->url,
            curl_easy_strerror(code), status);
    return false;
  }
  return true;
}

static void send_next(load *self) {
  load_slot *slot = self->idle[--self->idle_count];
  slot->due_us = load_plan_due_us(&self->plan, self->sent);
  if (load_plan_is_order(&self->plan, self->sent)) {
    char body[128];
    snprintf(body, sizeof(body), "{\"product_id\": \"%s\", \"quantity\": 1}", product);
    set_post(slot->easy, self, "/orders", body);
  } else {
    char path[64];
    snprintf(path, sizeof(path), "/inventory/%s", product);
    set_url(slot->easy, self, path);
    curl_easy_setopt(slot->easy, CURLOPT_HTTPGET, 1L);
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
    load_result_add(&self->result, answered ? status : 0, slot->due_us, elapsed_us(self));
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

/* @return whether every request was answered, and none with a server's error. */
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
  bool good = result->by_status[0] == 0;
  if (!good) {
    printf("no answer %zu\n", result->by_status[0]);
  }
  for (int status = 1; status < LOAD_MAX_STATUS; status++) {
    if (result->by_status[status] > 0) {
      printf("HTTP %d  %zu\n", status, result->by_status[status]);
      good = good && status < 500;
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
                                          {"orders", required_argument, NULL, 'o'},
                                          {NULL, 0, NULL, 0}};
  bool good = true;
  for (int c = getopt_long(argc, argv, "", options, NULL); c != -1 && good;
       c = getopt_long(argc, argv, "", options, NULL)) {
    switch (c) {
    case 'r':
      good = parse_number(optarg, 1, 50000, &self->plan.rate);
      break;
    case 's':
      good = parse_number(optarg, 1, 3600, &self->plan.seconds);
      break;
    case 'o':
      good = parse_number(optarg, 0, 100, &self->plan.orders);
      break;
    default:
      good = false;
    }
  }
  if (!good || optind != argc - 1) {
    fprintf(stderr, "usage: mesh-load [--rate N] [--seconds S] [--orders PERCENT] URL\n");
    return false;
  }
  self->url = argv[optind];
  return true;
}

int main(int argc, char **argv) {
  load self = {.plan = {.rate = 100, .seconds = 10, .orders = 20}};
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

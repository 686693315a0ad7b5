/* SPDX-License-Identifier: Apache-2.0 */
#include "flights.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 256 };

struct order_flights {
  pthread_mutex_t lock; /* guards the buckets: each a list of those who have their turn */
  order_flight *buckets[BUCKETS];
};

order_flights *order_flights_new(void) {
  order_flights *self = calloc(1, sizeof *self);
  if (self == NULL || pthread_mutex_init(&self->lock, NULL) != 0) {
    abort();
  }
  return self;
}

void order_flights_destroy(order_flights *self) {
  if (self == NULL) {
    return;
  }
  pthread_mutex_destroy(&self->lock);
  free(self);
}

/* FNV-1a. */
static order_flight **bucket_of(order_flights *self, const char *key) {
  uint32_t hash = 2166136261u;
  for (const char *at = key; *at != '\0'; at++) {
    hash = (hash ^ (unsigned char)*at) * 16777619u;
  }
  return &self->buckets[hash % BUCKETS];
}

static bool is_same(const order_flight *a, const order_flight *b) {
  return strcmp(a->key, b->key) == 0 && strcmp(a->method, b->method) == 0;
}

static order_flight **find(order_flight **link, const order_flight *flight) {
  while (*link != NULL && !is_same(*link, flight)) {
    link = &(*link)->next;
  }
  return link;
}

/* Returns whether it is its turn. */
static bool take_seat(order_flights *self, order_flight *flight) {
  order_flight **link = find(bucket_of(self, flight->key), flight);
  if (*link == NULL) {
    *link = flight;
    return true;
  }
  order_flight **end = &(*link)->queue;
  while (*end != NULL) {
    end = &(*end)->queue;
  }
  *end = flight;
  return false;
}

void order_flights_board(order_flights *self, order_flight *flight) {
  flight->next = NULL;
  flight->queue = NULL;
  pthread_mutex_lock(&self->lock);
  bool is_first = take_seat(self, flight);
  pthread_mutex_unlock(&self->lock);
  if (is_first) {
    flight->go(flight->data);
  }
}

void order_flights_leave(order_flights *self, order_flight *flight) {
  pthread_mutex_lock(&self->lock);
  order_flight **link = find(bucket_of(self, flight->key), flight);
  order_flight *next = flight->queue;
  *link = next != NULL ? next : flight->next;
  if (next != NULL) {
    next->next = flight->next;
  }
  pthread_mutex_unlock(&self->lock);
  if (next != NULL) {
    mesh_loop_post(next->loop, next->go, next->data);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "table.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define FIRST_BUCKET_COUNT 64

__extension__ typedef unsigned __int128 wide;

void lens_table_init(lens_table *table) {
  table->buckets = lens_alloc(FIRST_BUCKET_COUNT * sizeof(table->buckets[0]));
  table->bucket_count = FIRST_BUCKET_COUNT;
  table->count = 0;
}

void lens_table_clean_up(lens_table *table) {
  free(table->buckets);
  *table = (lens_table){0};
}

static lens_node **bucket_of(const lens_table *table, uint64_t hash) {
  return &table->buckets[hash & (table->bucket_count - 1)];
}

static void push(lens_table *table, lens_node *node) {
  lens_node **bucket = bucket_of(table, node->hash);
  node->next = *bucket;
  *bucket = node;
}

static void grow(lens_table *table) {
  lens_table grown = {.bucket_count = table->bucket_count * 2};
  grown.buckets = lens_alloc(grown.bucket_count * sizeof(grown.buckets[0]));
  for (size_t i = 0; i < table->bucket_count; i++) {
    lens_node *node = table->buckets[i];
    while (node != NULL) {
      lens_node *next = node->next;
      push(&grown, node);
      node = next;
    }
  }
  free(table->buckets);
  table->buckets = grown.buckets;
  table->bucket_count = grown.bucket_count;
}

void lens_table_add(lens_table *table, lens_node *node) {
  if (table->count * 2 == table->bucket_count) {
    grow(table);
  }
  push(table, node);
  table->count++;
}

void lens_table_remove(lens_table *table, lens_node *node) {
  lens_node **at = bucket_of(table, node->hash);
  while (*at != node) {
    at = &(*at)->next;
  }
  *at = node->next;
  table->count--;
}

static lens_node *first_match(lens_node *node, uint64_t hash) {
  while (node != NULL && node->hash != hash) {
    node = node->next;
  }
  return node;
}

lens_node *lens_table_first(const lens_table *table, uint64_t hash) {
  return first_match(*bucket_of(table, hash), hash);
}

lens_node *lens_node_next(const lens_node *node) {
  return first_match(node->next, node->hash);
}

size_t lens_table_size(const lens_table *table) {
  return table->bucket_count * sizeof(table->buckets[0]);
}

/* Both halves of the product: every bit of the input reaches every bit of the result. */
static uint64_t fold(uint64_t a, uint64_t b) {
  wide product = (wide)a * b;
  return (uint64_t)product ^ (uint64_t)(product >> 64);
}

uint64_t lens_hash(uint64_t seed, lens_bytes bytes) {
  static const uint64_t odd = 0x9e3779b97f4a7c15; /* 2^64 divided by the golden ratio */
  uint64_t hash = seed ^ (bytes.size * odd);
  for (size_t at = 0; at < bytes.size; at += sizeof(uint64_t)) {
    uint64_t word = 0;
    size_t left = bytes.size - at;
    memcpy(&word, bytes.data + at, left < sizeof(word) ? left : sizeof(word));
    hash = fold(hash ^ word, seed | 1) + odd;
  }
  return fold(hash, odd);
}

uint64_t lens_hash_seed(void) {
  uint64_t seed = 0;
  if (getrandom(&seed, sizeof(seed), 0) != (ssize_t)sizeof(seed)) {
    abort(); /* small requests do not fail (getrandom(2)) */
  }
  return seed;
}

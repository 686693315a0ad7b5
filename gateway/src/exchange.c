/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange.h"

#include <otlp/propagation.h>
#include <stdlib.h>

enum { KEPT_MAX = 256 };

static gateway_exchange *exchange_new(void) {
  gateway_exchange *exchange = calloc(1, sizeof *exchange);
  if (exchange == NULL) {
    abort();
  }
  return exchange;
}

gateway_exchange *gateway_exchange_acquire(gateway_exchange_pool *pool) {
  gateway_exchange *exchange = pool->free;
  if (exchange == NULL) {
    exchange = exchange_new();
  } else {
    pool->free = exchange->next_free;
    pool->free_count--;
  }
  exchange->arena = gateway_arena_new(exchange->block, sizeof exchange->block);
  gateway_problem_init(&exchange->problem, exchange->arena);
  return exchange;
}

static void exchange_free(gateway_exchange *exchange) {
  gateway_buffer_clean_up(&exchange->body);
  gateway_buffer_clean_up(&exchange->reply);
  free(exchange);
}

/* Everything but the two buffers goes back to zero; the block need not. */
static void clear(gateway_exchange *exchange) {
  gateway_buffer body = exchange->body;
  gateway_buffer reply = exchange->reply;
  memset(exchange, 0, offsetof(gateway_exchange, block));
  exchange->body = body;
  exchange->reply = reply;
}

void gateway_exchange_release(gateway_exchange_pool *pool, gateway_exchange *exchange) {
  otlp_context_clean_up(&exchange->remote);
  if (exchange->chunk_arena != NULL) {
    upb_Arena_Free(exchange->chunk_arena);
  }
  upb_Arena_Free(exchange->arena);
  gateway_buffer_reset(&exchange->body);
  gateway_buffer_reset(&exchange->reply);
  clear(exchange);
  if (pool->free_count == KEPT_MAX) {
    exchange_free(exchange);
    return;
  }
  exchange->next_free = pool->free;
  pool->free = exchange;
  pool->free_count++;
}

void gateway_exchange_pool_clean_up(gateway_exchange_pool *pool) {
  while (pool->free != NULL) {
    gateway_exchange *exchange = pool->free;
    pool->free = exchange->next_free;
    exchange_free(exchange);
  }
  pool->free_count = 0;
}

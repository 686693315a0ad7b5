/* SPDX-License-Identifier: Apache-2.0 */
#include "pool.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* Blocks are chained, newest first; the flexible part is what the caller sees. */
typedef struct gen_block {
  struct gen_block *next;
  max_align_t data[];
} gen_block;

struct gen_pool {
  gen_block *blocks;
  ProtobufCAllocator allocator;
};

static void *must(void *memory) {
  if (memory == NULL) {
    fputs("protoc-gen-mesh-c: out of memory\n", stderr);
    abort();
  }
  return memory;
}

static void *allocate(void *pool, size_t size) {
  return gen_pool_alloc(pool, size);
}

static void free_nothing(void *pool, void *memory) {
  (void)pool;
  (void)memory;
}

gen_pool *gen_pool_new(void) {
  gen_pool *pool = must(calloc(1, sizeof(*pool)));
  pool->allocator = (ProtobufCAllocator){allocate, free_nothing, pool};
  return pool;
}

void gen_pool_destroy(gen_pool *pool) {
  if (pool == NULL) {
    return;
  }
  for (gen_block *block = pool->blocks; block != NULL;) {
    gen_block *next = block->next;
    free(block);
    block = next;
  }
  free(pool);
}

void *gen_pool_alloc(gen_pool *pool, size_t size) {
  gen_block *block = must(calloc(1, sizeof(*block) + size));
  block->next = pool->blocks;
  pool->blocks = block;
  return block->data;
}

char *gen_pool_printf(gen_pool *pool, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);

  char *text = gen_pool_alloc(pool, (size_t)length + 1);
  va_start(arguments, format);
  vsnprintf(text, (size_t)length + 1, format, arguments);
  va_end(arguments);
  return text;
}

ProtobufCAllocator *gen_pool_allocator(gen_pool *pool) {
  return &pool->allocator;
}

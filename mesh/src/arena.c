/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A bump allocator over 4 KiB blocks. The arena itself is the first thing in its first block, so a
 * call whose needs are small costs one block, taken from the loop's pool and put back there.
 * What does not fit well gets a block of its own size, which is never pooled.
 */
#include "arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

/* Under the address sanitizer blocks are not recycled, so that use after free shows. */
#if defined(__SANITIZE_ADDRESS__)
#define MESH__RECYCLES 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MESH__RECYCLES 0
#endif
#endif
#ifndef MESH__RECYCLES
#define MESH__RECYCLES 1
#endif

enum {
  ALIGNMENT = alignof(max_align_t),
  BLOCK_SIZE = 4096,
  LARGE_SIZE = 1024,
  POOL_BLOCKS = 256, /* what a pool keeps: 1 MiB */
};

struct mesh__block {
  mesh__block *next;
  size_t size;
};

typedef struct deferred {
  struct deferred *next;
  void (*fn)(void *data);
  void *data;
} deferred;

struct mesh_arena {
  mesh__block_pool *pool; /* NULL: none */
  mesh__block *blocks;    /* the one that `at` is in comes first */
  char *at;
  char *end;
  deferred *deferred;
  ProtobufCAllocator protobuf;
};

static size_t aligned(size_t size) {
  return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

static char *block_start(mesh__block *block) {
  return (char *)block + aligned(sizeof *block);
}

static mesh__block *block_new(size_t size) {
  mesh__block *block = mesh__xmalloc(size);
  block->size = size;
  block->next = NULL;
  return block;
}

static mesh__block *block_take(mesh__block_pool *pool) {
  if (pool == NULL || pool->free == NULL) {
    return block_new(BLOCK_SIZE);
  }
  mesh__block *block = pool->free;
  pool->free = block->next;
  pool->count--;
  return block;
}

static void block_give(mesh__block_pool *pool, mesh__block *block) {
  if (!MESH__RECYCLES || pool == NULL || block->size != BLOCK_SIZE || pool->count >= POOL_BLOCKS) {
    free(block);
    return;
  }
  block->next = pool->free;
  pool->free = block;
  pool->count++;
}

void mesh__block_pool_clean_up(mesh__block_pool *pool) {
  while (pool->free != NULL) {
    mesh__block *block = pool->free;
    pool->free = block->next;
    free(block);
  }
  pool->count = 0;
}

mesh_arena *mesh_arena_new(void) {
  return mesh__arena_new_in(NULL);
}

mesh_arena *mesh__arena_new_in(mesh__block_pool *pool) {
  mesh__block *block = block_take(pool);
  block->next = NULL;
  mesh_arena *arena = (mesh_arena *)(void *)block_start(block);
  memset(arena, 0, sizeof *arena);
  arena->pool = pool;
  arena->blocks = block;
  arena->at = (char *)arena + aligned(sizeof *arena);
  arena->end = (char *)block + BLOCK_SIZE;
  return arena;
}

void mesh_arena_destroy(mesh_arena *arena) {
  if (arena == NULL) {
    return;
  }
  while (arena->deferred != NULL) {
    deferred *next = arena->deferred;
    arena->deferred = next->next;
    next->fn(next->data);
  }
  /* The arena goes with one of the blocks. */
  mesh__block_pool *pool = arena->pool;
  mesh__block *block = arena->blocks;
  while (block != NULL) {
    mesh__block *next = block->next;
    block_give(pool, block);
    block = next;
  }
}

static void *alloc_large(mesh_arena *arena, size_t size) {
  mesh__block *block = block_new(aligned(sizeof *block) + size);
  block->next = arena->blocks->next;
  arena->blocks->next = block;
  return block_start(block);
}

static void add_block(mesh_arena *arena) {
  mesh__block *block = block_take(arena->pool);
  block->next = arena->blocks;
  arena->blocks = block;
  arena->at = block_start(block);
  arena->end = (char *)block + BLOCK_SIZE;
}

void *mesh__arena_raw(mesh_arena *arena, size_t size) {
  if (size > SIZE_MAX / 2) {
    return mesh__xmalloc(size); /* ends the process with the message */
  }
  size_t taken = aligned(size);
  if (taken > (size_t)(arena->end - arena->at)) {
    if (taken > LARGE_SIZE) {
      return alloc_large(arena, taken);
    }
    add_block(arena);
  }
  void *memory = arena->at;
  arena->at += taken;
  return memory;
}

void *mesh_arena_alloc(mesh_arena *arena, size_t size) {
  void *memory = mesh__arena_raw(arena, size);
  memset(memory, 0, size);
  return memory;
}

void *mesh_arena_copy(mesh_arena *arena, const void *data, size_t size) {
  char *copy = mesh__arena_raw(arena, size + 1);
  if (size != 0) {
    memcpy(copy, data, size);
  }
  copy[size] = '\0';
  return copy;
}

char *mesh_arena_strdup(mesh_arena *arena, const char *text) {
  return mesh_arena_copy(arena, text, strlen(text));
}

char *mesh_arena_printf(mesh_arena *arena, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  va_list again;
  va_copy(again, arguments);
  int length = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  size_t size = length < 0 ? 1 : (size_t)length + 1;
  char *text = mesh_arena_alloc(arena, size);
  vsnprintf(text, size, format, again);
  va_end(again);
  return text;
}

void mesh_arena_defer(mesh_arena *arena, void (*fn)(void *data), void *data) {
  deferred *entry = mesh__arena_raw(arena, sizeof *entry);
  entry->next = arena->deferred;
  entry->fn = fn;
  entry->data = data;
  arena->deferred = entry;
}

static void *protobuf_alloc(void *arena, size_t size) {
  return mesh__arena_raw(arena, size);
}

static void protobuf_free(void *arena, void *memory) {
  (void)arena;
  (void)memory;
}

ProtobufCAllocator *mesh_arena_protobuf_allocator(mesh_arena *arena) {
  arena->protobuf.alloc = protobuf_alloc;
  arena->protobuf.free = protobuf_free;
  arena->protobuf.allocator_data = arena;
  return &arena->protobuf;
}

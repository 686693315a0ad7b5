/* SPDX-License-Identifier: Apache-2.0 */
/* Arenas made of blocks that a loop recycles: a call in steady state allocates nothing. */
#ifndef MESH__ARENA_H
#define MESH__ARENA_H

#include <mesh/arena.h>

typedef struct mesh__block mesh__block;

/* Blocks that wait for the next arena. All zero is an empty pool. One thread. */
typedef struct mesh__block_pool {
  mesh__block *free;
  size_t count;
} mesh__block_pool;

/* An arena whose blocks come from `pool` and go back there. The pool must outlive it. */
mesh_arena *mesh__arena_new_in(mesh__block_pool *pool);

/* Like mesh_arena_alloc, but not zeroed. */
void *mesh__arena_raw(mesh_arena *arena, size_t size);

void mesh__block_pool_clean_up(mesh__block_pool *pool);

#endif

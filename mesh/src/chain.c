/* SPDX-License-Identifier: Apache-2.0 */
#include "chain.h"

#include <stdalign.h>
#include <stdlib.h>

#include "memory.h"

void mesh__chain_add(mesh__chain *chain, const mesh_interceptor *interceptor) {
  size_t count = chain->count + 1;
  chain->items = mesh__xrealloc(chain->items, count * sizeof *chain->items);
  chain->offsets = mesh__xrealloc(chain->offsets, count * sizeof *chain->offsets);
  chain->items[chain->count] = interceptor;
  chain->offsets[chain->count] = chain->state_size;
  size_t alignment = alignof(max_align_t);
  chain->state_size += (interceptor->state_size + alignment - 1) / alignment * alignment;
  chain->count = count;
}

void mesh__chain_clean_up(mesh__chain *chain) {
  free(chain->items);
  free(chain->offsets);
}

void mesh__passage_init(mesh__passage *passage, const mesh__chain *chain, mesh_arena *arena) {
  passage->states = mesh_arena_alloc(arena, chain->state_size);
}

bool mesh__passage_goes_on(mesh__passage *passage, mesh_verdict verdict) {
  if (verdict == MESH_PROCEED) {
    return true;
  }
  bool is_resumed = verdict == MESH_HOLD && passage->is_resumed;
  passage->is_held = verdict == MESH_HOLD && !is_resumed;
  passage->is_resumed = false;
  return is_resumed;
}

const mesh_interceptor *mesh__passage_next_answered(mesh__passage *passage,
                                                    const mesh__chain *chain, void **out_state) {
  if (passage->answered == passage->entered) {
    return NULL;
  }
  size_t index = passage->entered - ++passage->answered;
  *out_state = mesh__passage_state(passage, chain, index);
  return chain->items[index];
}

bool mesh__passage_resume(mesh__passage *passage) {
  passage->is_resumed = !passage->is_held;
  bool was_held = passage->is_held;
  passage->is_held = false;
  return was_held;
}

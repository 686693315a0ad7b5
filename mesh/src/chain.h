/* SPDX-License-Identifier: Apache-2.0 */
/* The interceptors of a server or client, in order, and where each one's state per call lies. */
#ifndef MESH__CHAIN_H
#define MESH__CHAIN_H

#include <mesh/interceptor.h>

/* All zero is empty. */
typedef struct mesh__chain {
  const mesh_interceptor **items;
  size_t *offsets;
  size_t count;
  size_t state_size; /* of all together */
} mesh__chain;

void mesh__chain_add(mesh__chain *chain, const mesh_interceptor *interceptor);
void mesh__chain_clean_up(mesh__chain *chain);

/* How far a call has come through its chain. All zero is at its start. */
typedef struct mesh__passage {
  char *states;
  size_t entered;  /* interceptors whose started function was called */
  size_t answered; /* those of them whose answered function was called, last first */
  bool is_held;    /* one holds the call, or its answer */
  bool is_resumed; /* one resumed before it returned MESH_HOLD */
} mesh__passage;

/* Makes room for the states of a call. */
void mesh__passage_init(mesh__passage *passage, const mesh__chain *chain, mesh_arena *arena);

static inline void *mesh__passage_state(const mesh__passage *passage, const mesh__chain *chain,
                                        size_t index) {
  return passage->states + chain->offsets[index];
}

/* After a started function: true when the call goes on to the next. */
bool mesh__passage_goes_on(mesh__passage *passage, mesh_verdict verdict);

/* The interceptor whose answered function is next, and its state; NULL behind the last. */
const mesh_interceptor *mesh__passage_next_answered(mesh__passage *passage,
                                                    const mesh__chain *chain, void **out_state);

/* For resume: true when the call was held and now goes on. */
bool mesh__passage_resume(mesh__passage *passage);

#endif

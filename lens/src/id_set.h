/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A set of 64-bit keys that are hashes already, in one run of memory: looking into the spans of a
 * trace costs a cache line, not a walk. It grows and never shrinks, on a tape, to which it leaves
 * what has become too small.
 */
#ifndef LENS_ID_SET_H
#define LENS_ID_SET_H

#include "tape.h"

/* Zeroed is empty. */
typedef struct lens_id_set {
  uint64_t *slots;   /* 0: free */
  size_t slot_count; /* 0 or a power of two */
  size_t count;
} lens_id_set;

/* Adds a key; false when it is there already. */
bool lens_id_set_add(lens_id_set *set, uint64_t key, lens_tape *tape);

#endif

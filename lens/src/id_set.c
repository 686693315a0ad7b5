/* SPDX-License-Identifier: Apache-2.0 */
#include "id_set.h"

#include <string.h>

#define FIRST_SLOT_COUNT 16

/* The slot of the key, or the free one where it belongs. */
static uint64_t *find_slot(const lens_id_set *set, uint64_t key) {
  size_t mask = set->slot_count - 1;
  size_t at = key & mask;
  while (set->slots[at] != 0 && set->slots[at] != key) {
    at = (at + 1) & mask;
  }
  return &set->slots[at];
}

static void grow(lens_id_set *set, lens_tape *tape) {
  lens_id_set grown = {.slot_count = set->slot_count > 0 ? set->slot_count * 2 : FIRST_SLOT_COUNT,
                       .count = set->count};
  size_t size = grown.slot_count * sizeof(grown.slots[0]);
  grown.slots = memset(lens_tape_take(tape, size), 0, size);
  for (size_t i = 0; i < set->slot_count; i++) {
    if (set->slots[i] != 0) {
      *find_slot(&grown, set->slots[i]) = set->slots[i];
    }
  }
  *set = grown;
}

bool lens_id_set_add(lens_id_set *set, uint64_t key, lens_tape *tape) {
  key = key != 0 ? key : 1;
  if (set->count * 8 >= set->slot_count * 7) {
    grow(set, tape);
  }
  uint64_t *slot = find_slot(set, key);
  if (*slot == key) {
    return false;
  }
  *slot = key;
  set->count++;
  return true;
}

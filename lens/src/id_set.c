/* SPDX-License-Identifier: Apache-2.0 */
#include "id_set.h"

#include "bytes.h"

#include <stdlib.h>

#define FIRST_SLOT_COUNT 32

void lens_id_set_clean_up(lens_id_set *set) {
  free(set->slots);
  *set = (lens_id_set){0};
}

/* The slot of the key, or the free one where it belongs. */
static uint64_t *find_slot(const lens_id_set *set, uint64_t key) {
  size_t mask = set->slot_count - 1;
  size_t at = key & mask;
  while (set->slots[at] != 0 && set->slots[at] != key) {
    at = (at + 1) & mask;
  }
  return &set->slots[at];
}

static void grow(lens_id_set *set) {
  lens_id_set grown = {.slot_count = set->slot_count > 0 ? set->slot_count * 2 : FIRST_SLOT_COUNT,
                       .count = set->count};
  grown.slots = lens_alloc(lens_id_set_size(&grown));
  for (size_t i = 0; i < set->slot_count; i++) {
    if (set->slots[i] != 0) {
      *find_slot(&grown, set->slots[i]) = set->slots[i];
    }
  }
  free(set->slots);
  *set = grown;
}

bool lens_id_set_add(lens_id_set *set, uint64_t key) {
  key = key != 0 ? key : 1;
  if (set->count * 4 >= set->slot_count * 3) {
    grow(set);
  }
  uint64_t *slot = find_slot(set, key);
  if (*slot == key) {
    return false;
  }
  *slot = key;
  set->count++;
  return true;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "tape.h"

#include <stdlib.h>

#define ALIGNMENT sizeof(uint64_t)

struct lens_segment {
  lens_segment *newer;
  size_t size; /* bytes, its own included */
  size_t used;
  uint64_t words[];
};

void lens_tape_init(lens_tape *tape, size_t segment_size) {
  *tape = (lens_tape){.segment_size = segment_size};
}

void lens_tape_clean_up(lens_tape *tape) {
  while (tape->oldest != NULL) {
    lens_tape_drop_oldest(tape);
  }
  free(tape->spare);
  *tape = (lens_tape){0};
}

static lens_segment *segment_new(lens_tape *tape, size_t size) {
  lens_segment *segment = tape->spare;
  if (segment != NULL && size <= tape->segment_size) {
    tape->spare = NULL;
  } else {
    segment = lens_alloc_raw(size > tape->segment_size ? size : tape->segment_size);
    segment->size = size > tape->segment_size ? size : tape->segment_size;
  }
  segment->newer = NULL;
  segment->used = sizeof(*segment);
  return segment;
}

static void add_segment(lens_tape *tape, size_t size) {
  lens_segment *segment = segment_new(tape, sizeof(*segment) + size);
  *(tape->newest != NULL ? &tape->newest->newer : &tape->oldest) = segment;
  tape->newest = segment;
  tape->memory += segment->size;
}

void *lens_tape_take(lens_tape *tape, size_t size) {
  size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  if (tape->newest == NULL || tape->newest->size - tape->newest->used < size) {
    add_segment(tape, size);
  }
  lens_segment *segment = tape->newest;
  uint8_t *taken = (uint8_t *)segment + segment->used;
  segment->used += size;
  tape->taken += size;
  return taken;
}

void lens_tape_drop_oldest(lens_tape *tape) {
  lens_segment *segment = tape->oldest;
  tape->oldest = segment->newer;
  if (tape->oldest == NULL) {
    tape->newest = NULL;
  }
  tape->memory -= segment->size;
  if (tape->spare == NULL && segment->size == tape->segment_size) {
    tape->spare = segment;
  } else {
    free(segment);
  }
}

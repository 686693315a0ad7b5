/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that is handed out in one direction and given back from its beginning, as what comes first
 * goes first: a queue of segments. What is handed out stays where it is until its segment is
 * dropped, and nothing is freed by itself, so it costs an addition, and neighbours in time are
 * neighbours in memory.
 */
#ifndef LENS_TAPE_H
#define LENS_TAPE_H

#include "bytes.h"

typedef struct lens_segment lens_segment;

typedef struct lens_tape {
  lens_segment *oldest; /* NULL: empty */
  lens_segment *newest; /* what is handed out next comes from here, if it fits */
  lens_segment *spare;  /* the one dropped last, to be used again, or NULL */
  size_t segment_size;
  size_t memory; /* bytes of all segments but the spare one */
  size_t taken;  /* bytes ever handed out */
} lens_tape;

/* Segments are of `segment_size` bytes, but for what is too large for one and gets its own. */
void lens_tape_init(lens_tape *tape, size_t segment_size);
void lens_tape_clean_up(lens_tape *tape);

/* `size` bytes, aligned to 8 and not zeroed; never NULL. */
void *lens_tape_take(lens_tape *tape, size_t size);

/* Gives the oldest segment back; there must be one. */
void lens_tape_drop_oldest(lens_tape *tape);

#endif

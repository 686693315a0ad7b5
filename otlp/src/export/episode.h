/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Trouble that is worth two log lines, however long it lasts and however many items it costs: one
 * when it begins, one when it is over, which says what was lost (specification, performance.md:
 * warn when loss starts and when it recovers).
 *
 * Not locked: one owner.
 */
#ifndef OTLP_EXPORT_EPISODE_H
#define OTLP_EXPORT_EPISODE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct otlp__episode {
  int64_t settle_ns; /* quiet for this long is over; keeps what flickers from flooding the log */
  bool open;
  int64_t last_trouble;
  uint64_t lost; /* items, since it began */
} otlp__episode;

/* Trouble at `now` which cost `lost` items (0: none yet). True when it begins with this. */
bool otlp__episode_trouble(otlp__episode *self, int64_t now, uint64_t lost);

/* All is well at `now`. True when an episode ends with this; `out_lost` is what it cost. */
bool otlp__episode_calm(otlp__episode *self, int64_t now, uint64_t *out_lost);

#endif

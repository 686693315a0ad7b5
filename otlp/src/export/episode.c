/* SPDX-License-Identifier: Apache-2.0 */
#include "export/episode.h"

bool otlp__episode_trouble(otlp__episode *self, int64_t now, uint64_t lost) {
  bool begins = !self->open;
  if (begins) {
    self->open = true;
    self->lost = 0;
  }
  self->last_trouble = now;
  self->lost += lost;
  return begins;
}

bool otlp__episode_calm(otlp__episode *self, int64_t now, uint64_t *out_lost) {
  if (!self->open || now - self->last_trouble < self->settle_ns) {
    return false;
  }
  self->open = false;
  *out_lost = self->lost;
  return true;
}

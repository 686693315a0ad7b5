/* SPDX-License-Identifier: Apache-2.0 */
#include "export/backoff.h"

otlp__backoff otlp__backoff_of(int64_t initial_ns, int64_t max_ns) {
  otlp__backoff backoff = {initial_ns, max_ns > initial_ns ? max_ns : initial_ns, initial_ns};
  return backoff;
}

void otlp__backoff_reset(otlp__backoff *self) {
  self->next_ns = self->initial_ns;
}

/* A part of `whole`, evenly spread over 0..whole. Delays are far below 2^63 / 2^16. */
static int64_t part_of(int64_t whole, uint32_t random) {
  return (whole >> 16) * (random >> 16) + (((whole & 0xFFFF) * (random >> 16)) >> 16);
}

static void grow(otlp__backoff *self) {
  int64_t grown = self->next_ns + self->next_ns / 2;
  self->next_ns = grown < self->max_ns ? grown : self->max_ns;
}

int64_t otlp__backoff_next(otlp__backoff *self, int64_t server_delay_ns, uint32_t random) {
  int64_t wait = 0;
  if (server_delay_ns > self->next_ns) {
    wait = server_delay_ns + part_of(server_delay_ns / 4, random);
    self->next_ns = server_delay_ns;
  } else {
    wait = self->next_ns / 2 + part_of(self->next_ns, random);
    wait = wait < server_delay_ns ? server_delay_ns : wait;
  }
  grow(self);
  return wait;
}

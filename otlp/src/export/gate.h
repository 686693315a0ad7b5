/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A wait that ends early when the exporter is told to stop. Once closed, a gate stays closed.
 *
 * Threads: any.
 */
#ifndef OTLP_EXPORT_GATE_H
#define OTLP_EXPORT_GATE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct otlp__gate {
  pthread_mutex_t lock;
  pthread_cond_t closing;
  bool closed; /* guarded by lock */
} otlp__gate;

void otlp__gate_init(otlp__gate *self);
void otlp__gate_clean_up(otlp__gate *self);

/* Waits until `point` on the monotonic clock. False when the gate is, or gets, closed. */
bool otlp__gate_wait_until(otlp__gate *self, int64_t point);

bool otlp__gate_is_closed(otlp__gate *self);

/* Ends every wait, now and later. */
void otlp__gate_close(otlp__gate *self);

/* A condition variable whose timed waits use the monotonic clock. */
void otlp__cond_init_monotonic(pthread_cond_t *out_cond);

#endif

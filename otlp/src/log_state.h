/* SPDX-License-Identifier: Apache-2.0 */
/** Logging a change of state once, however often the state is seen. */
#ifndef OTLP_SRC_LOG_STATE_H
#define OTLP_SRC_LOG_STATE_H

#include <otlp/log.h>
#include <stdatomic.h>
#include <stdbool.h>

/** A state with a number; starts as 0 ("all is well"). Any thread. */
typedef struct otlp__log_state {
  atomic_int current;
} otlp__log_state;

/**
 * Enters `state`.
 *
 * @return true when this is a change, and so the caller's turn to log it.
 */
static inline bool otlp__log_state_enter(otlp__log_state *self, int state) {
  if (atomic_load_explicit(&self->current, memory_order_relaxed) == state) {
    return false;
  }
  return atomic_exchange(&self->current, state) != state;
}

#endif

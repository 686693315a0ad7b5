/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A lock of one byte, for sections of a few dozen nanoseconds that hardly ever meet: several
 * threads writing to one span. Half the cost of a mutex where nobody else wants it.
 */
#ifndef OTLP_SRC_LOCK_H
#define OTLP_SRC_LOCK_H

#include <stdatomic.h>
#include <stdbool.h>

typedef struct otlp__lock {
  atomic_bool taken;
} otlp__lock;

/** Waits while another thread holds the lock; lock.c. */
void otlp__lock_wait(otlp__lock *lock);

static inline void otlp__lock_take(otlp__lock *lock) {
  if (atomic_exchange_explicit(&lock->taken, true, memory_order_acquire)) {
    otlp__lock_wait(lock);
  }
}

static inline void otlp__lock_give(otlp__lock *lock) {
  atomic_store_explicit(&lock->taken, false, memory_order_release);
}

#endif

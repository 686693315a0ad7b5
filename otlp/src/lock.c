/* SPDX-License-Identifier: Apache-2.0 */
#include "lock.h"

#include <sched.h>
#include <time.h>

enum { SPINS = 64, YIELDS = 16 };

/* Yielding does not let a thread of lower real-time priority run, sleeping does. */
static void back_off(unsigned attempt) {
  if (attempt < SPINS) {
    return;
  }
  if (attempt < SPINS + YIELDS) {
    sched_yield();
    return;
  }
  struct timespec pause = {0, 20000};
  nanosleep(&pause, NULL);
}

void otlp__lock_wait(otlp__lock *lock) {
  unsigned attempt = 0;
  do {
    while (atomic_load_explicit(&lock->taken, memory_order_relaxed)) {
      back_off(attempt++);
    }
  } while (atomic_exchange_explicit(&lock->taken, true, memory_order_acquire));
}

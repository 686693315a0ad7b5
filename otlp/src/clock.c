/* SPDX-License-Identifier: Apache-2.0 */
#include "clock.h"

#include <otlp/result.h>

#include <stdatomic.h>
#include <time.h>

enum { NANOS_PER_MS = 1000000, MEASUREMENTS = 5, GOOD_ENOUGH_NANOS = 1000 };

static uint64_t read_clock(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

uint64_t otlp__clock_monotonic(void) {
  return read_clock(CLOCK_MONOTONIC);
}

/* Two readings of one clock around one of the other. A thread that was put to sleep in between
 * would be off by its sleep, so the closest pair of several counts. */
static uint64_t measure_offset(void) {
  uint64_t best_gap = UINT64_MAX;
  uint64_t offset = 0;
  for (int i = 0; i < MEASUREMENTS && best_gap > GOOD_ENOUGH_NANOS; i++) {
    uint64_t before = read_clock(CLOCK_MONOTONIC);
    uint64_t wall = read_clock(CLOCK_REALTIME);
    uint64_t gap = read_clock(CLOCK_MONOTONIC) - before;
    if (gap < best_gap) {
      best_gap = gap;
      offset = wall - (before + gap / 2);
    }
  }
  return offset;
}

uint64_t otlp__clock_wall_offset(uint64_t monotonic) {
  static atomic_uint_least64_t known_offset;
  static atomic_uint_least64_t known_until;
  if (monotonic < atomic_load_explicit(&known_until, memory_order_acquire)) {
    return atomic_load_explicit(&known_offset, memory_order_relaxed);
  }
  uint64_t offset = measure_offset();
  atomic_store_explicit(&known_offset, offset, memory_order_relaxed);
  atomic_store_explicit(&known_until, monotonic + OTLP__CLOCK_STALE_NANOS, memory_order_release);
  return offset;
}

uint64_t otlp__deadline_in(int64_t timeout_ms) {
  uint64_t now = otlp__clock_monotonic();
  if (timeout_ms < 0 || (uint64_t)timeout_ms > (UINT64_MAX - now) / NANOS_PER_MS) {
    return UINT64_MAX;
  }
  return now + (uint64_t)timeout_ms * NANOS_PER_MS;
}

int64_t otlp__deadline_left_ms(uint64_t deadline) {
  if (deadline == UINT64_MAX) {
    return OTLP_NO_TIMEOUT;
  }
  uint64_t now = otlp__clock_monotonic();
  return deadline <= now ? 0 : (int64_t)((deadline - now + NANOS_PER_MS - 1) / NANOS_PER_MS);
}

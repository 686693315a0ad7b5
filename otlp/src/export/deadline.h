/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Time for the export side: points on the monotonic clock, in nanoseconds. Everything that decides
 * takes them as arguments; only what waits reads the clock.
 */
#ifndef OTLP_EXPORT_DEADLINE_H
#define OTLP_EXPORT_DEADLINE_H

#include "clock.h"

#include <stdint.h>
#include <time.h>

#define OTLP__NS_PER_MS INT64_C(1000000)
#define OTLP__NS_PER_S INT64_C(1000000000)

/* The deadline that never comes. */
#define OTLP__NEVER INT64_MAX

static inline int64_t otlp__monotonic_now(void) {
  return (int64_t)otlp__clock_monotonic();
}

/* `start` plus `delay_ns`, which is not negative; OTLP__NEVER when that is beyond all time. */
static inline int64_t otlp__time_after(int64_t start, int64_t delay_ns) {
  return delay_ns > OTLP__NEVER - start ? OTLP__NEVER : start + delay_ns;
}

/* The deadline `timeout_ms` after `now`; negative (OTLP_NO_TIMEOUT) is no limit. */
static inline int64_t otlp__deadline_after_ms(int64_t now, int64_t timeout_ms) {
  if (timeout_ms < 0 || timeout_ms > OTLP__NEVER / OTLP__NS_PER_MS) {
    return OTLP__NEVER;
  }
  return otlp__time_after(now, timeout_ms * OTLP__NS_PER_MS);
}

static inline int64_t otlp__earlier(int64_t a, int64_t b) {
  return a < b ? a : b;
}

/* What is left until `deadline` in whole milliseconds, rounded up, at most INT32_MAX; 0 when past.
 */
static inline int32_t otlp__ms_until(int64_t now, int64_t deadline) {
  if (deadline <= now) {
    return 0;
  }
  int64_t left_ms = (deadline - now - 1) / OTLP__NS_PER_MS + 1;
  return left_ms > INT32_MAX ? INT32_MAX : (int32_t)left_ms;
}

static inline struct timespec otlp__timespec_of(int64_t point) {
  struct timespec time = {.tv_sec = (time_t)(point / OTLP__NS_PER_S),
                          .tv_nsec = (long)(point % OTLP__NS_PER_S)};
  return time;
}

#endif

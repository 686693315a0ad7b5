/* SPDX-License-Identifier: Apache-2.0 */
/* What the loads measure time with. */
#ifndef BENCH_CLOCK_H
#define BENCH_CLOCK_H

#include <time.h>

static inline double bench_clock(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Seconds, from any point on. */
static inline double bench_now(void) {
  return bench_clock(CLOCK_MONOTONIC);
}

/* CPU time of this process, in nanoseconds. */
static inline double bench_cpu_ns(void) {
  return bench_clock(CLOCK_PROCESS_CPUTIME_ID) * 1e9;
}

#endif

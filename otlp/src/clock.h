/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The time, for spans and for deadlines.
 *
 * A span's times are a monotonic clock's plus the difference to the wall clock that held when it
 * started: durations survive a clock that is set, and a span costs two reads of one clock. The
 * difference is measured again when it is older than OTLP__CLOCK_STALE_NANOS.
 */
#ifndef OTLP_SRC_CLOCK_H
#define OTLP_SRC_CLOCK_H

#include <stdint.h>

enum { OTLP__CLOCK_STALE_NANOS = 100 * 1000 * 1000 };

/** Nanoseconds of CLOCK_MONOTONIC. */
uint64_t otlp__clock_monotonic(void);

/** What to add to `monotonic`, read just now, to get nanoseconds since the Unix epoch. */
uint64_t otlp__clock_wall_offset(uint64_t monotonic);

/** The moment `timeout_ms` from now, on the monotonic clock; UINT64_MAX for OTLP_NO_TIMEOUT. */
uint64_t otlp__deadline_in(int64_t timeout_ms);

/** Milliseconds until `deadline`, rounded up; 0 when it has passed, OTLP_NO_TIMEOUT if never. */
int64_t otlp__deadline_left_ms(uint64_t deadline);

#endif

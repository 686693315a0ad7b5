/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long to wait before the next attempt (OTLP exporter specification, "Retry": exponential, with
 * jitter; OTLP specification, "OTLP/gRPC Throttling": at least what the server asks for).
 */
#ifndef OTLP_EXPORT_BACKOFF_H
#define OTLP_EXPORT_BACKOFF_H

#include <stdint.h>

/* The server said nothing about when to come back. */
#define OTLP__NO_RETRY_AFTER INT64_C(-1)

/* A server that asks for more than a day is taken to mean a day. */
#define OTLP__LONGEST_DELAY_S INT64_C(86400)

typedef struct otlp__backoff {
  int64_t initial_ns;
  int64_t max_ns;
  int64_t next_ns; /* the middle of the next wait */
} otlp__backoff;

otlp__backoff otlp__backoff_of(int64_t initial_ns, int64_t max_ns);

/* Back to the start, after an attempt that got through. */
void otlp__backoff_reset(otlp__backoff *self);

/*
 * The wait before the next attempt: without `server_delay_ns` (OTLP__NO_RETRY_AFTER) evenly spread
 * over half to one and a half times the current step; with it never shorter than the server asked
 * for, at most a quarter longer, and the steps grow on from there. Each call makes the step 1.5
 * times as long, up to the maximum. `random` is any 32 random bits.
 */
int64_t otlp__backoff_next(otlp__backoff *self, int64_t server_delay_ns, uint32_t random);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a load run sends when, and what came of it. No I/O, and time is an argument: microseconds
 * since the run began.
 *
 * The load is open: request number n is due at n / rate, whether or not earlier ones were answered,
 * and its latency counts from when it was due. A server that stalls shows in every request that
 * should have been sent meanwhile.
 */
#ifndef LOAD_PLAN_H
#define LOAD_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LOAD_MAX_STATUS = 600, LOAD_MAX_KINDS = 8 };

typedef struct load_plan {
  uint32_t rate;          /* requests a second */
  uint32_t seconds;       /* how long */
  const uint32_t *shares; /* of each kind of request, of a hundred; together a hundred */
} load_plan;

/* Requests in all. */
static inline size_t load_plan_total(const load_plan *plan) {
  return (size_t)plan->rate * plan->seconds;
}

/* When request number n is due. */
int64_t load_plan_due_us(const load_plan *plan, size_t n);

/* The kind of request number n. Every hundred in a row have the shares, mixed. */
size_t load_plan_kind(const load_plan *plan, size_t n);

/* How many of all requests are of this kind. */
size_t load_plan_count(const load_plan *plan, size_t kind);

/* What came of it. */
typedef struct load_result {
  /* Answers by kind and HTTP status; 0: no answer */
  size_t by_status[LOAD_MAX_KINDS][LOAD_MAX_STATUS];
  int64_t *latencies_us; /* of answers, in the order they came */
  size_t answered;
  int64_t last_answer_us;
} load_result;

/* false when memory is short. */
bool load_result_init(load_result *result, size_t capacity);
void load_result_clean_up(load_result *result);

/* How a request ended. */
typedef struct load_answer {
  size_t kind;
  long status; /* of HTTP; 0 for no answer */
  int64_t due_us;
  int64_t now_us;
} load_answer;

void load_result_add(load_result *result, const load_answer *answer);

/* Sorts the latencies, so that load_result_quantile_us can be asked. */
void load_result_sort(load_result *result);

/* The latency that `per_mille` of a thousand answers did not exceed; 0 when there are none. */
int64_t load_result_quantile_us(const load_result *result, unsigned per_mille);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "load_plan.h"

#include <stdlib.h>
#include <string.h>

int64_t load_plan_due_us(const load_plan *plan, size_t n) {
  return (int64_t)((uint64_t)n * 1000000 / plan->rate);
}

/* Steps of 61 reach each of a hundred places once, neighbours far apart. */
size_t load_plan_kind(const load_plan *plan, size_t n) {
  uint32_t place = (uint32_t)(n % 100 * 61 % 100);
  size_t kind = 0;
  while (place >= plan->shares[kind]) {
    place -= plan->shares[kind++];
  }
  return kind;
}

size_t load_plan_count(const load_plan *plan, size_t kind) {
  size_t total = load_plan_total(plan);
  size_t count = total / 100 * plan->shares[kind];
  for (size_t n = total / 100 * 100; n < total; n++) {
    count += load_plan_kind(plan, n) == kind;
  }
  return count;
}

bool load_result_init(load_result *result, size_t capacity) {
  memset(result, 0, sizeof(*result));
  result->latencies_us = calloc(capacity > 0 ? capacity : 1, sizeof(*result->latencies_us));
  return result->latencies_us != NULL;
}

void load_result_clean_up(load_result *result) {
  free(result->latencies_us);
  memset(result, 0, sizeof(*result));
}

void load_result_add(load_result *result, const load_answer *answer) {
  bool is_answered = answer->status > 0 && answer->status < LOAD_MAX_STATUS;
  result->by_status[answer->kind][is_answered ? answer->status : 0]++;
  if (is_answered) {
    result->latencies_us[result->answered++] = answer->now_us - answer->due_us;
    result->last_answer_us = answer->now_us;
  }
}

static int compare(const void *a, const void *b) {
  const int64_t left = *(const int64_t *)a;
  const int64_t right = *(const int64_t *)b;
  return (left > right) - (left < right);
}

void load_result_sort(load_result *result) {
  qsort(result->latencies_us, result->answered, sizeof(*result->latencies_us), compare);
}

int64_t load_result_quantile_us(const load_result *result, unsigned per_mille) {
  if (result->answered == 0) {
    return 0;
  }
  size_t rank = (result->answered * per_mille + 999) / 1000;
  return result->latencies_us[rank > 0 ? rank - 1 : 0];
}

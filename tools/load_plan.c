/* SPDX-License-Identifier: Apache-2.0 */
#include "load_plan.h"

#include <stdlib.h>
#include <string.h>

int64_t load_plan_due_us(const load_plan *plan, size_t n) {
  return (int64_t)((uint64_t)n * 1000000 / plan->rate);
}

bool load_plan_is_order(const load_plan *plan, size_t n) {
  return (n + 1) * plan->orders / 100 > n * plan->orders / 100;
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

void load_result_add(load_result *result, long status, int64_t due_us, int64_t now_us) {
  if (status <= 0 || status >= LOAD_MAX_STATUS) {
    result->by_status[0]++;
    return;
  }
  result->by_status[status]++;
  result->latencies_us[result->answered++] = now_us - due_us;
  result->last_answer_us = now_us;
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

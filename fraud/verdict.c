/* SPDX-License-Identifier: Apache-2.0 */
#include "verdict.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static bool is(otlp_string text, const char *expected) {
  return text.length == strlen(expected) && memcmp(text.data, expected, text.length) == 0;
}

static bool read_forced(const otlp_baggage *baggage, bool *out_is_fraudulent) {
  otlp_baggage_entry entry;
  if (!otlp_baggage_get(baggage, otlp_string_from("fraud.outcome"), &entry)) {
    return false;
  }
  *out_is_fraudulent = is(entry.value, "fraudulent");
  return *out_is_fraudulent || is(entry.value, "legitimate");
}

static uint32_t system_dice(void) {
  uint32_t random = 0;
  do { /* the rest of the range, which would favour small numbers, is thrown again */
    if (getrandom(&random, sizeof random, 0) != sizeof random) {
      abort(); /* cannot happen for so few bytes */
    }
  } while (random >= UINT32_MAX / 100 * 100);
  return random % 100;
}

fraud_verdict fraud_judge(const fraud_rules *rules, const otlp_baggage *baggage) {
  fraud_verdict verdict = {false, false};
  if (rules->allows_forced_outcome) {
    verdict.is_forced = read_forced(baggage, &verdict.is_fraudulent);
  }
  if (!verdict.is_forced) {
    uint32_t number = rules->dice != NULL ? rules->dice(rules->dice_data) : system_dice();
    verdict.is_fraudulent = number < rules->percentage;
  }
  return verdict;
}

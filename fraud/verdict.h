/* SPDX-License-Identifier: Apache-2.0 */
/* How a payment is judged. Pure; the dice come from outside. */
#ifndef FRAUD_VERDICT_H
#define FRAUD_VERDICT_H

#include <otlp/baggage.h>
#include <stdbool.h>
#include <stdint.h>

/* A number from 0 to 99, each as likely; called on the loops of the calls. */
typedef uint32_t fraud_dice_fn(void *data);

typedef struct fraud_rules {
  int64_t percentage;         /* 0 to 100: how many of a hundred are found fraudulent */
  bool allows_forced_outcome; /* whether callers may ask for an outcome */
  fraud_dice_fn *dice;        /* NULL: the system's random numbers */
  void *dice_data;
} fraud_rules;

typedef struct fraud_verdict {
  bool is_fraudulent;
  bool is_forced;
} fraud_verdict;

/* The outcome that the baggage asks for, where that is allowed, or what the dice say. A baggage
 * member that is neither "fraudulent" nor "legitimate" asks for nothing. */
fraud_verdict fraud_judge(const fraud_rules *rules, const otlp_baggage *baggage);

#endif

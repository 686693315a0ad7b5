/* SPDX-License-Identifier: Apache-2.0 */
#include "verdict.h"

#include "../../support/cmocka_headers.h"

/* Every number in turn. */
static uint32_t next_number(void *data) {
  uint32_t *next = data;
  return (*next)++ % 100;
}

static int count_of_a_hundred(int64_t percentage) {
  uint32_t next = 0;
  int count = 0;
  fraud_rules rules = {.percentage = percentage, .dice = next_number, .dice_data = &next};
  for (int i = 0; i < 100; i++) {
    fraud_verdict verdict = fraud_judge(&rules, NULL);
    assert_false(verdict.is_forced);
    count += verdict.is_fraudulent;
  }
  return count;
}

/* Of a hundred payments more or fewer would be declined than the percentage says; at 0 some, or at
 * 100 not all. */
static void test_percentage(void **state) {
  (void)state;
  for (int64_t percentage = 0; percentage <= 100; percentage++) {
    assert_int_equal(count_of_a_hundred(percentage), percentage);
  }
}

static fraud_verdict judge(bool allows_forced_outcome, int64_t percentage, const char *header) {
  uint32_t next = 0;
  fraud_rules rules = {.percentage = percentage,
                       .allows_forced_outcome = allows_forced_outcome,
                       .dice = next_number,
                       .dice_data = &next};
  otlp_baggage *baggage = otlp_baggage_parse(otlp_string_from(header));
  fraud_verdict verdict = fraud_judge(&rules, baggage);
  otlp_baggage_release(baggage);
  return verdict;
}

/* A client could say that its payment is fine where the operator did not allow that; or not where
 * he did. */
static void test_forced_outcome(void **state) {
  (void)state;
  static const struct {
    bool allows;
    int64_t percentage;
    const char *header;
    fraud_verdict verdict;
  } cases[] = {
      {true, 0, "fraud.outcome=fraudulent", {true, true}},
      {true, 100, "fraud.outcome=legitimate", {false, true}},
      {true, 100, "x=y,fraud.outcome=legitimate;p", {false, true}},
      {false, 0, "fraud.outcome=fraudulent", {false, false}},
      {false, 100, "fraud.outcome=legitimate", {true, false}},
      {true, 100, "", {true, false}},
      {true, 100, "fraud.outcome=", {true, false}},
      {true, 100, "fraud.outcome=Legitimate", {true, false}},
      {true, 100, "fraud.outcome=legitimate2", {true, false}},
      {true, 100, "fraud.outcome=legit", {true, false}},
      {true, 100, "outcome=legitimate", {true, false}},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    fraud_verdict verdict = judge(cases[i].allows, cases[i].percentage, cases[i].header);
    assert_int_equal(verdict.is_fraudulent, cases[i].verdict.is_fraudulent);
    assert_int_equal(verdict.is_forced, cases[i].verdict.is_forced);
  }
}

/* Without dice of a test everything would pass, or nothing. One run in 10^200 fails by chance. */
static void test_system_dice(void **state) {
  (void)state;
  int count = 0;
  fraud_rules rules = {.percentage = 50};
  for (int i = 0; i < 1000; i++) {
    count += fraud_judge(&rules, NULL).is_fraudulent;
  }
  assert_in_range(count, 10, 990);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_percentage),
      cmocka_unit_test(test_forced_outcome),
      cmocka_unit_test(test_system_dice),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "../../support/cmocka_headers.h"

static const char *const variables[] = {"FRAUD_PERCENTAGE", "NOT_FRAUD_PERCENTAGE",
                                        "FRAUD_ALLOW_FORCED_OUTCOME"};

/* Reads with these values, in the order of the variables; NULL is unset. */
static mesh_status read_with(const char *const values[3], fraud_rules *out_rules) {
  for (size_t i = 0; i < 3; i++) {
    if (values[i] != NULL) {
      setenv(variables[i], values[i], 1);
    } else {
      unsetenv(variables[i]);
    }
  }
  *out_rules = (fraud_rules){.percentage = -1};
  return fraud_rules_read(out_rules);
}

/* The operator would get another share of declined payments than he said. */
static void test_reads_the_percentage(void **state) {
  (void)state;
  static const struct {
    const char *values[3];
    int64_t percentage;
    bool allows_forced_outcome;
  } cases[] = {
      {{NULL, NULL, NULL}, 5, false},    {{"0", NULL, NULL}, 0, false},
      {{"100", NULL, NULL}, 100, false}, {{NULL, "80", NULL}, 20, false},
      {{NULL, "0", NULL}, 100, false},   {{"30", "70", "true"}, 30, true},
      {{"", "", ""}, 5, false},          {{"7", "", "false"}, 7, false},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    fraud_rules rules;
    mesh_status status = read_with(cases[i].values, &rules);
    assert_string_equal(status.message, "");
    assert_int_equal(rules.percentage, cases[i].percentage);
    assert_int_equal(rules.allows_forced_outcome, cases[i].allows_forced_outcome);
  }
}

/* A mistake would be found by whoever counts declined payments, or say nothing about where it is.
 */
static void test_names_the_variable_that_is_wrong(void **state) {
  (void)state;
  static const struct {
    const char *values[3];
    const char *named;
  } cases[] = {
      {{"101", NULL, NULL}, "FRAUD_PERCENTAGE is '101'"},
      {{"-1", NULL, NULL}, "FRAUD_PERCENTAGE is '-1'"},
      {{"5%", NULL, NULL}, "FRAUD_PERCENTAGE is '5%'"},
      {{"5.5", NULL, NULL}, "FRAUD_PERCENTAGE is '5.5'"},
      {{NULL, "many", NULL}, "NOT_FRAUD_PERCENTAGE is 'many'"},
      {{"5", "101", NULL}, "NOT_FRAUD_PERCENTAGE is '101'"},
      {{"5", "94", NULL}, "FRAUD_PERCENTAGE is 5 and NOT_FRAUD_PERCENTAGE 94"},
      {{NULL, NULL, "yes"}, "FRAUD_ALLOW_FORCED_OUTCOME"},
      {{NULL, NULL, "1"}, "FRAUD_ALLOW_FORCED_OUTCOME"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    fraud_rules rules;
    mesh_status status = read_with(cases[i].values, &rules);
    assert_int_equal(status.code, GRPC_STATUS_INVALID_ARGUMENT);
    assert_non_null(strstr(status.message, cases[i].named));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_reads_the_percentage),
      cmocka_unit_test(test_names_the_variable_that_is_wrong),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

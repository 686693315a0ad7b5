/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "key_values.h"

/* What is well-formed is decoded, in order; repeated keys are the caller's business. */
static void test_lists(void **state) {
  (void)state;
  otlp__key_values list;
  assert_null(otlp__key_values_parse(S(" a = 1 ,,b=%41%20%2C , c= ,a=x=y,"), &list));
  assert_int_equal(list.count, 4);
  assert_text_equal(list.items[0].key, "a");
  assert_text_equal(list.items[0].value, "1");
  assert_text_equal(list.items[1].value, "A ,");
  assert_text_equal(list.items[2].value, "");
  assert_text_equal(list.items[3].value, "x=y");
  otlp__key_values_clean_up(&list);
  assert_null(list.items);
}

/* Nothing in, nothing out, nothing to free. */
static void test_empty(void **state) {
  (void)state;
  otlp__key_values list;
  assert_null(otlp__key_values_parse(S(""), &list));
  assert_int_equal(list.count, 0);
  assert_null(list.items);
  assert_null(otlp__key_values_parse(S(" , ,"), &list));
  assert_int_equal(list.count, 0);
  otlp__key_values_clean_up(&list);
}

/* All or nothing: half a list would be a wrong one. */
static void test_errors_leave_nothing(void **state) {
  (void)state;
  static const char *const broken[] = {"a",    "a=1,b", "=1",    " =1",  "a=%",
                                       "a=%4", "a=%4g", "%zz=1", "a=%FF"};
  for (size_t i = 0; i < COUNT_OF(broken); i++) {
    otlp__key_values list;
    assert_non_null(otlp__key_values_parse(S(broken[i]), &list));
    assert_int_equal(list.count, 0);
    assert_null(list.items);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_lists),
      cmocka_unit_test(test_empty),
      cmocka_unit_test(test_errors_leave_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

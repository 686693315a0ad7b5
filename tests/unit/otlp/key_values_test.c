/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "key_values.h"

/* What is well-formed is decoded, in order; repeated keys are the caller's business. */
static void test_lists(void **state) {
  (void)state;
  otlp__key_values list;
  assert_null(
      otlp__key_values_parse(S(" a = 1 ,,b=%41%20%2C , c= ,a=x=y,"), OTLP__VALUES_UTF8, &list));
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
  assert_null(otlp__key_values_parse(S(""), OTLP__VALUES_UTF8, &list));
  assert_int_equal(list.count, 0);
  assert_null(list.items);
  assert_null(otlp__key_values_parse(S(" , ,"), OTLP__VALUES_UTF8, &list));
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
    assert_non_null(otlp__key_values_parse(S(broken[i]), OTLP__VALUES_UTF8, &list));
    assert_int_equal(list.count, 0);
    assert_null(list.items);
  }
}

/* Headers may have values that are no text; their keys may not. */
static void test_values_of_any_bytes(void **state) {
  (void)state;
  otlp__key_values list;
  assert_null(otlp__key_values_parse(S("trace-bin=%FF%00"), OTLP__VALUES_ANY, &list));
  assert_int_equal(list.items[0].value.length, 2);
  assert_memory_equal(list.items[0].value.data, "\xFF\0", 2);
  otlp__key_values_clean_up(&list);
  assert_non_null(otlp__key_values_parse(S("%FF=1"), OTLP__VALUES_ANY, &list));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_lists),
      cmocka_unit_test(test_empty),
      cmocka_unit_test(test_errors_leave_nothing),
      cmocka_unit_test(test_values_of_any_bytes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

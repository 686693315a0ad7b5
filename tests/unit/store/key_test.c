/* SPDX-License-Identifier: Apache-2.0 */
#include <store/key.h>
#include <string.h>

#include "../../support/cmocka_headers.h"

static void assert_fine(const char *text) {
  assert_null(store_key_problem(text, STORE_KEY_MAX));
}

static void assert_problem(const char *text, const char *expected) {
  const char *problem = store_key_problem(text, STORE_KEY_MAX);
  assert_non_null(problem);
  assert_string_equal(problem, expected);
}

/* Ids as people write them would be refused. */
static void test_takes_text(void **state) {
  (void)state;
  assert_fine("demo-product");
  assert_fine("a");
  assert_fine("with space / and \"quotes\"");
  assert_fine("Gr\xc3\xb6\xc3\x9f"
              "e-42");                     /* two bytes */
  assert_fine("\xe2\x82\xac");             /* three */
  assert_fine("\xf0\x9f\x9a\x80");         /* four */
  assert_fine("\xed\x9f\xbf\xee\x80\x80"); /* beside the surrogates */
  assert_fine("\xf4\x8f\xbf\xbf");         /* U+10FFFF */
}

/* The limit would be off by one, or 10 kB would get through. */
static void test_bounds_the_length(void **state) {
  (void)state;
  char text[STORE_KEY_MAX + 2];
  memset(text, 'x', sizeof text);
  text[STORE_KEY_MAX] = '\0';
  assert_fine(text);
  text[STORE_KEY_MAX] = 'x';
  text[STORE_KEY_MAX + 1] = '\0';
  assert_problem(text, "is too long");
  assert_problem("", "must not be empty");
  assert_problem(NULL, "must not be empty");
}

/* Bytes that are no characters would get into the file and out in replies, which must be UTF-8. */
static void test_refuses_what_is_not_utf8(void **state) {
  (void)state;
  static const char *const broken[] = {
      "\x80",             /* a lone continuation */
      "a\xc3",            /* cut short */
      "\xc0\xaf",         /* overlong */
      "\xe0\x9f\xbf",     /* overlong */
      "\xf0\x8f\xbf\xbf", /* overlong */
      "\xed\xa0\x80",     /* a surrogate */
      "\xf4\x90\x80\x80", /* beyond U+10FFFF */
      "\xf5\x80\x80\x80",
      "\xff",
      "\xe2\x28\xa1",
  };
  for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
    assert_problem(broken[i], "must be UTF-8");
  }
}

/* A line break in an id would forge log lines. */
static void test_refuses_control_characters(void **state) {
  (void)state;
  static const char *const controls[] = {"a\nb", "\x01", "\x1f", "\x7f", "\xc2\x80", "\xc2\x9f"};
  for (size_t i = 0; i < sizeof controls / sizeof controls[0]; i++) {
    assert_problem(controls[i], "must not have control characters");
  }
  assert_fine("\xc2\xa0");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_takes_text),
      cmocka_unit_test(test_bounds_the_length),
      cmocka_unit_test(test_refuses_what_is_not_utf8),
      cmocka_unit_test(test_refuses_control_characters),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

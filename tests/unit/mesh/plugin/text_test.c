/* SPDX-License-Identifier: Apache-2.0 */
#include "text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static int set_up(void **state) {
  *state = gen_pool_new();
  return 0;
}

static int tear_down(void **state) {
  gen_pool_destroy(*state);
  return 0;
}

static const char *comment(gen_pool *pool, const char *input, int indent) {
  gen_text text = gen_text_make(pool);
  gen_text_add(&text, "", 0);
  gen_text_comment(&text, input, indent);
  return text.data;
}

/* A text longer than its first block would lose its beginning. */
static void test_grows(void **state) {
  gen_text text = gen_text_make(*state);
  for (int i = 0; i < 1000; i++) {
    gen_text_printf(&text, "%d,", i % 10);
  }
  assert_int_equal(text.size, 2000);
  assert_int_equal(strlen(text.data), 2000);
  assert_memory_equal(text.data, "0,1,2,3,", 8);
  assert_string_equal(text.data + 1994, "7,8,9,");
}

/* Generated code would show the template's own signs. */
static void test_template_fills_in(void **state) {
  const gen_variable variables[] = {{"a", "first"}, {"ab", "second"}, {NULL, NULL}};
  gen_text text = gen_text_make(*state);
  gen_text_template(&text, "$a$ $ab$$a$; $$.", variables);
  assert_string_equal(text.data, "first secondfirst; $.");
}

/* One line stays one line, and what is not there leaves no trace. */
static void test_short_comments(void **state) {
  assert_string_equal(comment(*state, " One.\n", 2), "  /** One. */\n");
  assert_string_equal(comment(*state, "One.", 0), "/** One. */\n");
  assert_string_equal(comment(*state, NULL, 0), "");
  assert_string_equal(comment(*state, "", 0), "");
  assert_string_equal(comment(*state, " \n\t\n", 0), "");
}

/* Paragraphs would run into each other, or blank lines frame the comment. */
static void test_long_comments(void **state) {
  assert_string_equal(comment(*state, "\n One.  \n\n   Two.\nThree.\n \n", 2),
                      "  /**\n   * One.\n   *\n   *   Two.\n   * Three.\n   */\n");
}

/* A comment could end the comment it is put in, and inject code. */
static void test_comments_cannot_end_themselves(void **state) {
  assert_string_equal(comment(*state, " a */ b /* c", 0), "/** a * / b / * c */\n");
  assert_string_equal(comment(*state, "*/*/", 0), "/** * / * / */\n");
  assert_string_equal(comment(*state, " /", 0), "/** / */\n");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_grows),
      cmocka_unit_test(test_template_fills_in),
      cmocka_unit_test(test_short_comments),
      cmocka_unit_test(test_long_comments),
      cmocka_unit_test(test_comments_cannot_end_themselves),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}

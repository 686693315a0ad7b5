/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "utf8.h"

#define EURO "\xE2\x82\xAC"
#define CLEF "\xF0\x9D\x84\x9E"

/* Texts would be taken for broken, or broken ones for texts. */
static void test_sizes(void **state) {
  (void)state;
  static const struct {
    const char *text;
    size_t size;
  } cases[] = {
      {"a", 1},        {"\xC3\xA9", 2},     {EURO, 3},           {CLEF, 4},
      {"\x80", 0},     {"\xC0\xAF", 0},     {"\xC3", 0},         {"\xE2\x82", 0},
      {"\xC3x", 0},    {"\xED\xA0\x80", 0}, {"\xE0\x80\x80", 0}, {"\xF4\x90\x80\x80", 0},
      {"\xF5\x80", 0}, {"\xFF", 0},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    const unsigned char *text = (const unsigned char *)cases[i].text;
    assert_int_equal(mesh__utf8_size(text, strlen(cases[i].text)), cases[i].size);
  }
}

/* What a client has sent would make a message that others refuse. */
static void test_repair(void **state) {
  (void)state;
  static const char *const cases[][2] = {
      {"", ""},
      {"plain " EURO, "plain " EURO},
      {"a\xFF" EURO "\x80z", "a?" EURO "?z"},
      {"\xE2\x82", "??"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char text[32];
    snprintf(text, sizeof text, "%s", cases[i][0]);
    assert_string_equal(mesh__utf8_repair(text), cases[i][1]);
  }
}

static const char *format(size_t size, const char *format, ...) {
  static char out[64];
  va_list arguments;
  va_start(arguments, format);
  mesh__utf8_format(out, size, format, arguments);
  va_end(arguments);
  return out;
}

/* A long message would end in half a character. */
static void test_cut(void **state) {
  (void)state;
  assert_string_equal(format(8, "%s", "abcdefgh"), "abcdefg");
  assert_string_equal(format(8, "abcd%s", EURO), "abcd" EURO);
  assert_string_equal(format(8, "abcde%s", EURO), "abcde");
  assert_string_equal(format(8, "abcdef%s", EURO), "abcdef");
  assert_string_equal(format(8, "abcd%s", CLEF), "abcd");
  assert_string_equal(format(8, "abc%sx", CLEF), "abc" CLEF);
  assert_string_equal(format(8, "%s%s", EURO, CLEF), EURO CLEF);
  assert_string_equal(format(3, "%s", EURO), "");
  assert_string_equal(format(1, "%s", EURO), "");
  assert_string_equal(format(8, "abcdef%sgh", "\x80"), "abcdef?");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_sizes),
      cmocka_unit_test(test_repair),
      cmocka_unit_test(test_cut),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

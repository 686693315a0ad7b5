/* SPDX-License-Identifier: Apache-2.0 */
#include "json_text.h"

#include "fixture.h"

/* Keys with escapes would name no field. */
static void test_unescape(void **state) {
  upb_Arena *arena = ((gateway_fixture *)*state)->arena;
  assert_text_equal(gateway_json_unescape(arena, text("plain")), "plain");
  assert_text_equal(gateway_json_unescape(arena, text("\\\"\\\\\\/\\b\\f\\n\\r\\t")),
                    "\"\\/\b\f\n\r\t");
  assert_text_equal(
      gateway_json_unescape(arena, text("\\u0041\\u00e4\\u20ac\\ud83d\\ude00\\uD83D\\uDE00")),
      "A\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\xf0\x9f\x98\x80");
}

/* Values nested to the limit would be refused, or beyond it taken. */
static void test_skip_depth(void **state) {
  (void)state;
  gateway_json json = gateway_json_from(text("[{\"a\":[1]}]"));
  assert_true(gateway_json_skip(&json, 3));
  assert_true(gateway_json_at_end(&json));
  json = gateway_json_from(text("[{\"a\":[1]}]"));
  assert_false(gateway_json_skip(&json, 2));
  assert_string_equal(json.error, "the text is nested too deeply");
}

/* What is no JSON value would be skipped as one. */
static void test_skip_refused(void **state) {
  (void)state;
  static const char *const cases[] = {
      "",     "]",   "[1",   "[1,",      "{\"a\"",    "{\"a\":", "{a:1}",
      "[,1]", "{,}", "nul",  "nulll",    "truefalse", "1e",      "1e+",
      "--1",  "\"",  "\"\\", "\"\\u1\"", ".5",        "[1]]x",   "{\"a\":1,}"};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    gateway_json json = gateway_json_from(text(cases[i]));
    assert_false(gateway_json_skip(&json, 9) && gateway_json_at_end(&json));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      fixture_test(test_unescape),
      cmocka_unit_test(test_skip_depth),
      cmocka_unit_test(test_skip_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

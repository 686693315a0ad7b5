/* SPDX-License-Identifier: Apache-2.0 */
/* base64.c, percent.c and utf8.c. */
#include "base64.h"
#include "fixture.h"
#include "percent.h"
#include "utf8.h"

/* Bytes fields would be decoded to something else. */
static void test_base64_round_trip(void **state) {
  upb_Arena *arena = ((gateway_fixture *)*state)->arena;
  static const char *const cases[][2] = {
      {"", ""},        {"f", "Zg=="},        {"fo", "Zm8="},
      {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"\xfb\xff", "+/8="}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    gateway_text bytes;
    assert_text_equal(gateway_base64_encode(arena, text(cases[i][0])), cases[i][1]);
    assert_true(gateway_base64_decode(arena, text(cases[i][1]), &bytes));
    assert_text_equal(bytes, cases[i][0]);
  }
}

/* The URL alphabet and missing padding, which JSON allows, would be refused; junk let through. */
static void test_base64_forms(void **state) {
  upb_Arena *arena = ((gateway_fixture *)*state)->arena;
  gateway_text bytes;
  assert_true(gateway_base64_decode(arena, text("-_8"), &bytes));
  assert_text_equal(bytes, "\xfb\xff");
  static const char *const refused[] = {
      "A", "AAAAA", "Zg=", "Zg===", "Z===", "Zm9v=", "Z g=", "Zm9*"};
  for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
    assert_false(gateway_base64_decode(arena, text(refused[i]), &bytes));
  }
}

/* An encoded slash would split a segment, or stay encoded within one. */
static void test_percent_decoding(void **state) {
  upb_Arena *arena = ((gateway_fixture *)*state)->arena;
  gateway_text out;
  assert_true(gateway_percent_decode(arena, text("a%2Fb%20c+d"), GATEWAY_PERCENT_SEGMENT, &out));
  assert_text_equal(out, "a/b c+d");
  assert_true(gateway_percent_decode(arena, text("a%2Fb%2f%41/x"), GATEWAY_PERCENT_PATH, &out));
  assert_text_equal(out, "a%2Fb%2fA/x");
  assert_true(gateway_percent_decode(arena, text("a+b%2B%c3%A4"), GATEWAY_PERCENT_QUERY, &out));
  assert_text_equal(out, "a b+\xc3\xa4");
}

/* Broken escapes and NUL would get into fields. */
static void test_percent_refused(void **state) {
  upb_Arena *arena = ((gateway_fixture *)*state)->arena;
  static const char *const refused[] = {"%", "%4", "a%4", "%zz", "%0g", "%00", "a%00b"};
  for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
    gateway_text out;
    assert_false(gateway_percent_decode(arena, text(refused[i]), GATEWAY_PERCENT_SEGMENT, &out));
  }
}

/* Locations would not be valid URLs. */
static void test_percent_encoding(void **state) {
  upb_Arena *arena = ((gateway_fixture *)*state)->arena;
  assert_text_equal(gateway_percent_encode(arena, text("a-._~/b c%"), false), "a-._~%2Fb%20c%25");
  assert_text_equal(gateway_percent_encode(arena, text("a/\xff"), true), "a/%FF");
}

/* Literals of templates would not match equivalent paths, or match others. */
static void test_percent_equals(void **state) {
  (void)state;
  assert_true(gateway_percent_equals(text("or%64ers"), text("orders")));
  assert_true(gateway_percent_equals(text(""), text("")));
  assert_false(gateway_percent_equals(text("orders"), text("order")));
  assert_false(gateway_percent_equals(text("order"), text("orders")));
  assert_false(gateway_percent_equals(text("order%"), text("order%")));
  assert_false(gateway_percent_equals(text("order%7"), text("orders")));
}

/* Strings that proto3 forbids would be sent to services. */
static void test_utf8(void **state) {
  (void)state;
  static const char *const good[] = {"",
                                     "abc",
                                     "\xc3\xa4",
                                     "\xe2\x82\xac",
                                     "\xf0\x9f\x98\x80",
                                     "\xed\x9f\xbf",
                                     "\xf4\x8f\xbf\xbf"};
  static const char *const bad[] = {"\x80",       "\xc0\x80",         "\xc3",
                                    "\xc3(",      "\xe0\x80\x80",     "\xed\xa0\x80",
                                    "\xe2\x82",   "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80",
                                    "a\xe2\x82z", "\xf0\x9f\x98"};
  for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
    assert_true(gateway_utf8_is_valid(text(good[i])));
  }
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    assert_false(gateway_utf8_is_valid(text(bad[i])));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      fixture_test(test_base64_round_trip), fixture_test(test_base64_forms),
      fixture_test(test_percent_decoding),  fixture_test(test_percent_refused),
      fixture_test(test_percent_encoding),  cmocka_unit_test(test_percent_equals),
      cmocka_unit_test(test_utf8),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

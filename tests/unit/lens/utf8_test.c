/* SPDX-License-Identifier: Apache-2.0 */
#include "sample.h"
#include "utf8.h"

/* Good text would be replaced. */
static void takes_every_length(void **state) {
  (void)state;
  assert_int_equal(lens_utf8_size(lens_bytes_of("a")), 1);
  assert_int_equal(lens_utf8_size(lens_bytes_of("é")), 2);
  assert_int_equal(lens_utf8_size(lens_bytes_of("€")), 3);
  assert_int_equal(lens_utf8_size(lens_bytes_of("🙂")), 4);
  assert_int_equal(lens_utf8_size(lens_bytes_of("\xf4\x8f\xbf\xbf")), 4); /* U+10FFFF */
}

/* Text that JSON readers refuse would get out. */
static void refuses_what_rfc_3629_refuses(void **state) {
  (void)state;
  static const char *const bad[] = {
      "\x80",             /* a continuation alone */
      "\xc0\xaf",         /* overlong */
      "\xe0\x9f\xbf",     /* overlong */
      "\xed\xa0\x80",     /* a surrogate */
      "\xf0\x8f\xbf\xbf", /* overlong */
      "\xf4\x90\x80\x80", /* beyond U+10FFFF */
      "\xf8\x88\x80\x80", /* no such first byte */
      "\xe2\x82",         /* cut */
      "\xe2\x82x",        /* broken off */
      "\xff",
  };
  for (size_t i = 0; i < COUNT_OF(bad); i++) {
    assert_int_equal(lens_utf8_size(lens_bytes_of(bad[i])), 0);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(takes_every_length),
      cmocka_unit_test(refuses_what_rfc_3629_refuses),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

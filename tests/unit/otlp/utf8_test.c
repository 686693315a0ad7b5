/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "utf8.h"

typedef struct sample {
  const char *bytes;
  size_t length;
  bool is_valid;
} sample;

static const sample samples[] = {
    {"", 0, true},
    {"a", 1, true},
    {"seven b", 7, true},
    {"eight by", 8, true},
    {"nine byte", 9, true},
    {"\0", 1, true},
    {"\x7F", 1, true},
    {"\xC2\x80", 2, true},         /* U+0080, the smallest of two bytes */
    {"\xC1\xBF", 2, false},        /* overlong */
    {"\x80", 1, false},            /* a continuation alone */
    {"\xE0\xA0\x80", 3, true},     /* U+0800 */
    {"\xE0\x9F\xBF", 3, false},    /* overlong */
    {"\xE0\xBF\xBF", 3, true},     /* U+0FFF */
    {"\xED\x80\x80", 3, true},     /* U+D000 */
    {"\xF0\xBF\xBF\xBF", 4, true}, /* U+3FFFF */
    {"\xF4\x80\x80\x80", 4, true}, /* U+100000 */
    {"\xC2\xC0", 2, false},        /* no continuation */
    {"\xE1\x80\xC0", 3, false},
    {"\xED\x9F\xBF", 3, true},      /* U+D7FF */
    {"\xED\xA0\x80", 3, false},     /* a surrogate */
    {"\xEF\xBF\xBF", 3, true},      /* U+FFFF */
    {"\xF0\x90\x80\x80", 4, true},  /* U+10000 */
    {"\xF0\x8F\xBF\xBF", 4, false}, /* overlong */
    {"\xF4\x8F\xBF\xBF", 4, true},  /* U+10FFFF */
    {"\xF4\x90\x80\x80", 4, false}, /* beyond */
    {"\xF5\x80\x80\x80", 4, false}, /* no such first byte */
    {"\xE2\x82", 2, false},         /* cut */
    {"\xE2\x82\xAC", 3, true},      /* the euro sign */
    {"ASCII then \xE2\x82\xAC", 14, true},
    {"ASCII then \xE2\x82", 13, false},
    {"sixteen ASCII ...\xFF", 18, false},
    {"\xFFsixteen ASCII ..", 17, false},
    {"eight by\xC3", 9, false},
};

/* A receiver would reject a whole batch for one string wrongly taken as UTF-8, and a good string
 * would arrive as bytes the other way round. */
static void test_validity(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT_OF(samples); i++) {
    /* A block of its own, so that a sanitizer sees a read too far. */
    char *copy = malloc(samples[i].length + 1);
    memcpy(copy, samples[i].bytes, samples[i].length);
    otlp_string text = {copy, samples[i].length};
    if (otlp__utf8_is_valid(text) != samples[i].is_valid) {
      fail_msg("sample %zu", i);
    }
    free(copy);
  }
}

/* Keys and names that are broken must become valid, of the announced size. */
static void test_repair_gives_valid_text_of_the_announced_size(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT_OF(samples); i++) {
    otlp_string text = {samples[i].bytes, samples[i].length};
    uint8_t repaired[64];
    size_t size = otlp__utf8_repaired_size(text);
    uint8_t *end = otlp__utf8_write_repaired(repaired, text);
    assert_int_equal(end - repaired, size);
    assert_true(otlp__utf8_is_valid((otlp_string){(char *)repaired, size}));
    if (samples[i].is_valid) {
      assert_memory_equal(repaired, text.data, size);
    }
  }
}

/* What is good in a broken string must survive. */
static void test_repair_replaces_only_what_is_broken(void **state) {
  (void)state;
  uint8_t repaired[32];
  uint8_t *end = otlp__utf8_write_repaired(repaired, S("a\xFFz\xE2\x82\xAC"));
  assert_text_equal(((otlp_string){(char *)repaired, (size_t)(end - repaired)}),
                    "a\xEF\xBF\xBDz\xE2\x82\xAC");
}

/* A limit that counted bytes would cut characters in two. */
static void test_prefix_counts_characters(void **state) {
  (void)state;
  otlp_string text = S("a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80z");
  static const size_t sizes[] = {0, 1, 3, 6, 10, 11, 11};
  for (size_t characters = 0; characters < COUNT_OF(sizes); characters++) {
    assert_int_equal(otlp__utf8_prefix(text, characters), sizes[characters]);
  }
}

/* Every byte must be looked at, and copied, whatever the length; and none behind the text. */
static void test_a_copy_says_whether_it_is_ascii(void **state) {
  (void)state;
  char text[41];
  uint8_t copy[2 * sizeof text];
  for (size_t length = 0; length < sizeof text; length++) {
    memset(text, 'x', sizeof text);
    memset(copy, '-', sizeof copy);
    otlp_string view = {text, length};
    assert_true(otlp__copy_ascii(copy, view));
    assert_memory_equal(copy, text, length);
    for (size_t i = length; i < sizeof copy; i++) {
      assert_int_equal(copy[i], '-');
    }
    for (size_t i = 0; i < length; i++) {
      text[i] = (char)0x80;
      assert_false(otlp__copy_ascii(copy, view));
      assert_false(otlp__is_ascii(view));
      text[i] = 'x';
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_validity),
      cmocka_unit_test(test_repair_gives_valid_text_of_the_announced_size),
      cmocka_unit_test(test_repair_replaces_only_what_is_broken),
      cmocka_unit_test(test_prefix_counts_characters),
      cmocka_unit_test(test_a_copy_says_whether_it_is_ascii),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

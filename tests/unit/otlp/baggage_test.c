/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <otlp/baggage.h>

#include <stdio.h>

/* Headers in, headers out: grammar, percent-coding and metadata in one table. */
static void test_round_trips(void **state) {
  (void)state;
  static const struct {
    const char *header;
    const char *text; /* NULL: no baggage */
  } cases[] = {
      {"key=value", "key=value"},
      {"a=1,b=2", "a=1,b=2"},
      {" a = 1 , b = 2 ", "a=1,b=2"},
      {"a=", "a="},
      {"a=%20%2C%3B", "a=%20%2C%3B"},
      {"a=%41", "a=A"}, /* what needs no escape loses it */
      {"a=\x21~", "a=!~"},
      {"a=Am%C3%A9lie", "a=Am%C3%A9lie"},
      {"a=%FF", "a=%EF%BF%BD"}, /* not UTF-8: U+FFFD */
      {"a=100%", "a=100%25"},   /* a percent sign that escapes nothing */
      {"a=%4", "a=%254"},
      {"a=b=c", "a=b=c"},
      {"a=1;p", "a=1;p"},
      {"a=1 ; p1 = v1 ; p2", "a=1;p1 = v1 ; p2"},
      {"a=1;", "a=1"},
      {"!#$%&'*+-.^_`|~1aZ=1", "!#$%&'*+-.^_`|~1aZ=1"},
      {"a=1,a=2", "a=2"}, /* the last one stays, in the first one's place */
      {"a=1,b=2,a=3", "a=3,b=2"},
      {"", NULL},
      {" , ,", NULL},
      {"a", NULL},
      {"=1", NULL},
      {"a b=1", NULL},
      {"a=1 2", NULL},
      {"a=\"1\"", NULL},
      {"a=\\", NULL},
      {"a=\xC3\xA4", NULL}, /* must be escaped */
      {"a=1;b c", NULL},
      {"a=1;=2", NULL},
      {"bad member,good=1,b\x7F=2", "good=1"}, /* one bad member does not spoil the rest */
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    otlp_baggage *parsed = otlp_baggage_parse(S(cases[i].header));
    if ((parsed == NULL) != (cases[i].text == NULL)) {
      fail_msg("'%s'", cases[i].header);
    }
    if (parsed != NULL) {
      assert_text_equal(otlp_baggage_text(parsed), cases[i].text);
      otlp_baggage *again = otlp_baggage_parse(otlp_baggage_text(parsed));
      assert_text_equal(otlp_baggage_text(again), cases[i].text);
      otlp_baggage_release(again);
    }
    otlp_baggage_release(parsed);
  }
}

/* Programs see decoded values, and metadata as it was. */
static void test_get(void **state) {
  (void)state;
  otlp_baggage *parsed = otlp_baggage_parse(S("user=Am%C3%A9lie%20P;ttl=3;public,b=2"));
  otlp_baggage_entry entry;
  assert_true(otlp_baggage_get(parsed, S("user"), &entry));
  assert_text_equal(entry.value, "Am\xC3\xA9lie P");
  assert_text_equal(entry.metadata, "ttl=3;public");
  assert_false(otlp_baggage_get(parsed, S("USER"), &entry)); /* names have a case */
  assert_int_equal(otlp_baggage_count(parsed), 2);
  assert_true(otlp_baggage_at(parsed, 1, &entry));
  assert_text_equal(entry.key, "b");
  assert_int_equal(entry.metadata.length, 0);
  assert_false(otlp_baggage_at(parsed, 2, &entry));
  otlp_baggage_release(parsed);
}

static otlp_baggage *with_members(int count) {
  char header[4096];
  size_t used = 0;
  for (int i = 0; i < count; i++) {
    used += (size_t)snprintf(header + used, sizeof(header) - used, "k%d=%d,", i, i);
  }
  return otlp_baggage_parse(S(header));
}

/* 64 members must be passed on; more are left out. */
static void test_member_limit(void **state) {
  (void)state;
  otlp_baggage *parsed = with_members(70);
  assert_int_equal(otlp_baggage_count(parsed), 64);
  otlp_baggage_entry more = {S("more"), S("1"), S("")};
  otlp_baggage *same = otlp_baggage_set(parsed, &more);
  assert_ptr_equal(same, parsed);
  otlp_baggage_entry known = {S("k63"), S("changed"), S("")};
  otlp_baggage *changed = otlp_baggage_set(parsed, &known);
  assert_int_equal(otlp_baggage_count(changed), 64);
  otlp_baggage_release(parsed);
  otlp_baggage_release(same);
  otlp_baggage_release(changed);
}

/* 8192 bytes must be passed on; what is beyond is left out, and what fits after it is not. */
static void test_byte_limit(void **state) {
  (void)state;
  char *header = malloc(20000);
  memset(header, 'v', 20000);
  memcpy(header, "a=", 2);
  otlp_baggage *parsed = otlp_baggage_parse((otlp_string){header, 8192});
  assert_int_equal(otlp_baggage_text(parsed).length, 8192);
  otlp_baggage_release(parsed);
  assert_null(otlp_baggage_parse((otlp_string){header, 8193}));
  memcpy(header + 8193, ",b=1,", 5);
  parsed = otlp_baggage_parse((otlp_string){header, 8193 + 5});
  assert_text_equal(otlp_baggage_text(parsed), "b=1");
  otlp_baggage_release(parsed);
  free(header);
}

/* Values of any UTF-8 go in and come out again; what may not stand in a header is refused. */
static void test_set(void **state) {
  (void)state;
  otlp_baggage_entry entry = {S("user"), S("a,b;c=\"d\"\\%\xE2\x82\xAC"), S("p=1")};
  otlp_baggage *one = otlp_baggage_set(NULL, &entry);
  assert_text_equal(otlp_baggage_text(one), "user=a%2Cb%3Bc=%22d%22%5C%25%E2%82%AC;p=1");
  otlp_baggage *read_back = otlp_baggage_parse(otlp_baggage_text(one));
  otlp_baggage_entry seen;
  assert_true(otlp_baggage_get(read_back, S("user"), &seen));
  assert_text_equal(seen.value, "a,b;c=\"d\"\\%\xE2\x82\xAC");
  static const otlp_baggage_entry invalid[] = {
      {{"a b", 3}, {"1", 1}, {NULL, 0}},   {{NULL, 0}, {"1", 1}, {NULL, 0}},
      {{"a", 1}, {"\xFF", 1}, {NULL, 0}},  {{"a", 1}, {"1", 1}, {"p=1,q", 5}},
      {{"a", 1}, {"1", 1}, {"p\r\nq", 4}},
  };
  for (size_t i = 0; i < COUNT_OF(invalid); i++) {
    otlp_baggage *same = otlp_baggage_set(one, &invalid[i]);
    assert_ptr_equal(same, one);
    otlp_baggage_release(same);
  }
  otlp_baggage_release(one);
  otlp_baggage_release(read_back);
}

/* Removing; the last entry gone means the empty baggage. */
static void test_remove_and_null(void **state) {
  (void)state;
  otlp_baggage *two = otlp_baggage_parse(S("a=1;p,b=%20"));
  otlp_baggage *one = otlp_baggage_remove(two, S("a"));
  assert_text_equal(otlp_baggage_text(one), "b=%20");
  assert_null(otlp_baggage_remove(one, S("b")));
  otlp_baggage_release(two);
  otlp_baggage_release(one);
  assert_int_equal(otlp_baggage_count(NULL), 0);
  assert_int_equal(otlp_baggage_text(NULL).length, 0);
  assert_null(otlp_baggage_acquire(NULL));
  otlp_baggage_release(NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_round_trips),  cmocka_unit_test(test_get),
      cmocka_unit_test(test_member_limit), cmocka_unit_test(test_byte_limit),
      cmocka_unit_test(test_set),          cmocka_unit_test(test_remove_and_null),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

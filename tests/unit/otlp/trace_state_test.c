/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <otlp/trace_state.h>

#include <stdio.h>

static char *repeat(char c, size_t count) {
  char *text = malloc(count + 1);
  memset(text, c, count);
  text[count] = '\0';
  return text;
}

/* The Level 2 grammar, member by member: what is valid must survive, what is not must spoil it all.
 */
static void test_grammar(void **state) {
  (void)state;
  static const struct {
    const char *header;
    const char *text; /* NULL: no state */
  } cases[] = {
      {"foo=1", "foo=1"},
      {"foo=1,bar=2", "foo=1,bar=2"},
      {"foo=1 , \tbar=2\t", "foo=1,bar=2"},
      {",foo=1,,bar=2,", "foo=1,bar=2"},
      {"0foo=1", "0foo=1"}, /* a digit first, new in Level 2 */
      {"foo@=1,foo@@bar=2,a@=3", "foo@=1,foo@@bar=2,a@=3"},
      {"a_b-c*d/e@f=1", "a_b-c*d/e@f=1"},
      {"foo= leading", "foo= leading"}, /* a value may begin with a space */
      {"foo=a b", "foo=a b"},
      {"foo=!\"#$%&'()*+-./:;<>?@[\\]^_`{|}~", "foo=!\"#$%&'()*+-./:;<>?@[\\]^_`{|}~"},
      {"foo=1,foo=2", "foo=1"}, /* the first, which is the newest */
      {"", NULL},
      {" ", NULL},
      {",", NULL},
      {"foo", NULL},
      {"foo=", NULL},
      {"=1", NULL},
      {"foo=1=2", NULL},
      {"Foo=1", NULL},
      {"_foo=1", NULL},
      {"@foo=1", NULL},
      {"foo =1", NULL},
      {"foo.bar=1", NULL},
      {"foo=\x7F", NULL},
      {"foo=\t1", NULL},
      {"foo=\xC3\xA4", NULL},
      {"foo=1;bar=2", NULL}, /* an equals sign in a value */
      {"good=1,Bad=2", NULL},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    otlp_trace_state *parsed = otlp_trace_state_parse(S(cases[i].header));
    if ((parsed == NULL) != (cases[i].text == NULL)) {
      fail_msg("'%s'", cases[i].header);
    }
    if (parsed != NULL) {
      assert_text_equal(otlp_trace_state_text(parsed), cases[i].text);
    }
    otlp_trace_state_release(parsed);
  }
}

/* The lengths the specification sets: 256 and no more, for both. */
static void test_lengths(void **state) {
  (void)state;
  static const struct {
    size_t key;
    size_t value;
    bool is_valid;
  } cases[] = {{256, 256, true}, {257, 1, false}, {1, 257, false}, {241, 14, true}};
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    char *key = repeat('k', cases[i].key);
    char *value = repeat('v', cases[i].value);
    char header[600];
    snprintf(header, sizeof(header), "%s=%s", key, value);
    otlp_trace_state *parsed = otlp_trace_state_parse(S(header));
    assert_true((parsed != NULL) == cases[i].is_valid);
    otlp_trace_state_release(parsed);
    free(key);
    free(value);
  }
}

static size_t write_members(char *out, size_t size, int count) {
  size_t used = 0;
  for (int i = 0; i < count; i++) {
    used += (size_t)snprintf(out + used, size - used, "%sk%d=%d", i > 0 ? "," : "", i, i);
  }
  return used;
}

/* 32 members and no more; empty ones do not count. */
static void test_member_count(void **state) {
  (void)state;
  char header[1024];
  size_t used = write_members(header, sizeof(header), 32);
  snprintf(header + used, sizeof(header) - used, ",,,");
  otlp_trace_state *parsed = otlp_trace_state_parse(S(header));
  assert_int_equal(otlp_trace_state_count(parsed), 32);
  otlp_trace_state_release(parsed);
  write_members(header, sizeof(header), 33);
  assert_null(otlp_trace_state_parse(S(header)));
}

/* Setting moves to the front and leaves no second entry of the key behind. */
static void test_set(void **state) {
  (void)state;
  otlp_trace_state *old = otlp_trace_state_parse(S("a=1,b=2,c=3"));
  otlp_trace_state *updated = otlp_trace_state_set(old, S("b"), S("new"));
  otlp_trace_state *added = otlp_trace_state_set(old, S("d"), S("4"));
  assert_text_equal(otlp_trace_state_text(updated), "b=new,a=1,c=3");
  assert_text_equal(otlp_trace_state_text(added), "d=4,a=1,b=2,c=3");
  assert_text_equal(otlp_trace_state_text(old), "a=1,b=2,c=3"); /* immutable */
  otlp_trace_state *first = otlp_trace_state_set(NULL, S("a"), S("1"));
  assert_text_equal(otlp_trace_state_text(first), "a=1");
  otlp_trace_state_release(old);
  otlp_trace_state_release(updated);
  otlp_trace_state_release(added);
  otlp_trace_state_release(first);
}

/* What is invalid changes nothing: a trace state is always valid. */
static void test_set_refuses_what_is_invalid(void **state) {
  (void)state;
  otlp_trace_state *old = otlp_trace_state_parse(S("a=1"));
  static const char *const pairs[][2] = {
      {"", "1"}, {"A", "1"}, {"b", ""}, {"b", "a,b"}, {"b", "a=b"}, {"b", "ends in space "},
  };
  for (size_t i = 0; i < COUNT_OF(pairs); i++) {
    otlp_trace_state *same = otlp_trace_state_set(old, S(pairs[i][0]), S(pairs[i][1]));
    assert_ptr_equal(same, old);
    otlp_trace_state_release(same);
  }
  otlp_trace_state_release(old);
}

/* A full state makes room at its right end, where the oldest stand. */
static void test_set_pushes_the_last_out(void **state) {
  (void)state;
  char header[1024];
  write_members(header, sizeof(header), 32);
  otlp_trace_state *full = otlp_trace_state_parse(S(header));
  otlp_trace_state *updated = otlp_trace_state_set(full, S("new"), S("1"));
  otlp_string value;
  otlp_string key;
  assert_int_equal(otlp_trace_state_count(updated), 32);
  assert_true(otlp_trace_state_get(updated, S("k30"), &value));
  assert_false(otlp_trace_state_get(updated, S("k31"), &value));
  assert_true(otlp_trace_state_at(updated, 0, &key, &value));
  assert_text_equal(key, "new");
  assert_false(otlp_trace_state_at(updated, 32, &key, &value));
  otlp_trace_state_release(full);
  otlp_trace_state_release(updated);
}

/* Removing; the last member gone means the empty state. */
static void test_remove(void **state) {
  (void)state;
  otlp_trace_state *two = otlp_trace_state_parse(S("a=1,b=2"));
  otlp_trace_state *one = otlp_trace_state_remove(two, S("a"));
  assert_text_equal(otlp_trace_state_text(one), "b=2");
  assert_null(otlp_trace_state_remove(one, S("b")));
  otlp_trace_state *same = otlp_trace_state_remove(one, S("unknown"));
  assert_text_equal(otlp_trace_state_text(same), "b=2");
  otlp_trace_state_release(two);
  otlp_trace_state_release(one);
  otlp_trace_state_release(same);
}

/* NULL is the empty state everywhere. */
static void test_null(void **state) {
  (void)state;
  otlp_string value;
  assert_int_equal(otlp_trace_state_count(NULL), 0);
  assert_false(otlp_trace_state_get(NULL, S("a"), &value));
  assert_int_equal(otlp_trace_state_text(NULL).length, 0);
  assert_null(otlp_trace_state_acquire(NULL));
  assert_null(otlp_trace_state_remove(NULL, S("a")));
  otlp_trace_state_release(NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_grammar),
      cmocka_unit_test(test_lengths),
      cmocka_unit_test(test_member_count),
      cmocka_unit_test(test_set),
      cmocka_unit_test(test_set_refuses_what_is_invalid),
      cmocka_unit_test(test_set_pushes_the_last_out),
      cmocka_unit_test(test_remove),
      cmocka_unit_test(test_null),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

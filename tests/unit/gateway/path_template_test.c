/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"
#include "path_template.h"

#include <stdio.h>

static bool parse(void **state, const char *source, gateway_path_template *out_template,
                  gateway_template_error *out_error) {
  return gateway_path_template_parse(((gateway_fixture *)*state)->arena, text(source), out_template,
                                     out_error);
}

/* Segments, variables or the verb of a template would be lost. */
static void test_parts(void **state) {
  gateway_path_template parsed;
  gateway_template_error error;
  assert_true(parse(state, "/v1/{a.b=shelves/*}/x%20y/{rest=**}:go", &parsed, &error));
  assert_int_equal(parsed.segment_count, 5);
  assert_text_equal(parsed.segments[0].literal, "v1");
  assert_text_equal(parsed.segments[1].literal, "shelves");
  assert_int_equal(parsed.segments[2].kind, GATEWAY_SEGMENT_ONE);
  assert_text_equal(parsed.segments[3].literal, "x y");
  assert_int_equal(parsed.segments[4].kind, GATEWAY_SEGMENT_REST);
  assert_text_equal(parsed.verb, "go");
  assert_int_equal(parsed.variable_count, 2);
  assert_text_equal(parsed.variables[0].field_path, "a.b");
  assert_int_equal(parsed.variables[0].first, 1);
  assert_int_equal(parsed.variables[0].count, 2);
  assert_true(gateway_variable_is_multi_segment(&parsed, &parsed.variables[0]));
  assert_true(gateway_variable_is_multi_segment(&parsed, &parsed.variables[1]));
}

/* "{name}" would not mean "{name=*}". */
static void test_plain_variable(void **state) {
  gateway_path_template parsed;
  gateway_template_error error;
  assert_true(parse(state, "/{name}", &parsed, &error));
  assert_int_equal(parsed.segments[0].kind, GATEWAY_SEGMENT_ONE);
  assert_false(gateway_variable_is_multi_segment(&parsed, &parsed.variables[0]));
}

/* The root would not be a path. */
static void test_root(void **state) {
  gateway_path_template parsed;
  gateway_template_error error;
  assert_true(parse(state, "/", &parsed, &error));
  assert_int_equal(parsed.segment_count, 0);
  assert_true(parse(state, "/:verb", &parsed, &error));
  assert_text_equal(parsed.verb, "verb");
}

/* A typo in a rule would be served as something else instead of stopping the start. */
static void test_refused(void **state) {
  static const struct {
    const char *source;
    size_t offset;
  } cases[] = {
      {"", 0},      {"orders", 0},    {"//", 1},        {"/a/", 3},   {"/a//b", 3},
      {"/{", 2},    {"/{}", 2},       {"/{a", 3},       {"/{a=", 4},  {"/{a=}", 4},
      {"/{a=b", 5}, {"/{a.}", 4},     {"/{1a}", 2},     {"/{a}b", 4}, {"/a{b}", 2},
      {"/**/a", 5}, {"/{a=**}/b", 9}, {"/{a=**/b}", 8}, {"/***", 3},  {"/{a}/{a}", 7},
      {"/a:", 3},   {"/a:b/c", 4},    {"/{a={b}}", 4},  {"/%4", 3},   {"/a b", 2},
      {"/a?b", 2},  {"/a:b:c", 4},    {"/*a", 2},       {"/{a=*", 5}, {"/{a=*}{b}", 6},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    gateway_path_template parsed;
    gateway_template_error error = {"", 0};
    if (parse(state, cases[i].source, &parsed, &error) || error.offset != cases[i].offset) {
      print_error("%s: %s at %zu\n", cases[i].source, error.reason, error.offset);
      fail();
    }
  }
}

/* A template beyond the tables would be written past their ends. */
static void test_limits(void **state) {
  gateway_path_template parsed;
  gateway_template_error error;
  char source[4 * GATEWAY_SEGMENTS_MAX + 8] = "";
  for (size_t i = 0; i < GATEWAY_SEGMENTS_MAX; i++) {
    strcat(source, "/a");
  }
  assert_true(parse(state, source, &parsed, &error));
  strcat(source, "/a");
  assert_false(parse(state, source, &parsed, &error));

  source[0] = '\0';
  for (size_t i = 0; i <= GATEWAY_VARIABLES_MAX; i++) {
    char variable[8];
    snprintf(variable, sizeof variable, "/{v%02zu}", i);
    strcat(source, variable);
    assert_int_equal(parse(state, source, &parsed, &error), i < GATEWAY_VARIABLES_MAX);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      fixture_test(test_parts),   fixture_test(test_plain_variable), fixture_test(test_root),
      fixture_test(test_refused), fixture_test(test_limits),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "json.h"
#include "sample.h"

#include <math.h>
#include <string.h>

/* Values would run into each other, or a comma stand where none may. */
static void commas_stand_between_values(void **state) {
  (void)state;
  lens_buffer out = {0};
  lens_json_begin_object(&out);
  lens_json_key(&out, "a");
  lens_json_begin_array(&out);
  lens_json_number(&out, -1);
  lens_json_text(&out, "{");
  lens_json_bool(&out, true);
  lens_json_begin_object(&out);
  lens_json_end_object(&out);
  lens_json_end_array(&out);
  lens_json_key(&out, "b");
  lens_json_uint64(&out, UINT64_MAX);
  lens_json_int64(&out, INT64_MIN);
  lens_json_end_object(&out);
  assert_bytes_equal(&out, "{\"a\":[-1,\"{\",true,{}],\"b\":\"18446744073709551615\","
                           "\"-9223372036854775808\"}");
  lens_buffer_clean_up(&out);
}

/* A name sent by a client could break out of its string. */
static void strings_are_escaped(void **state) {
  (void)state;
  static const struct {
    lens_bytes text;
    const char *json;
  } cases[] = {
      {{(const uint8_t *)"a\"b\\c", 5}, "\"a\\\"b\\\\c\""},
      {{(const uint8_t *)"\b\f\n\r\t", 5}, "\"\\b\\f\\n\\r\\t\""},
      {{(const uint8_t *)"\x00\x1f\x7f", 3}, "\"\\u0000\\u001f\\u007f\""},
      {{(const uint8_t *)"h\xc3\xa9\xe2\x82\xac", 6}, "\"h\xc3\xa9\xe2\x82\xac\""},
      {{(const uint8_t *)"x\xff\xe2\x82y", 5}, "\"x\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdy\""},
      {{NULL, 0}, "\"\""},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    lens_buffer out = {0};
    lens_json_string(&out, cases[i].text);
    assert_bytes_equal(&out, cases[i].json);
    lens_buffer_clean_up(&out);
  }
}

/* A double would come back as another one, or as what is no JSON. */
static void doubles_read_back(void **state) {
  (void)state;
  static const struct {
    double value;
    const char *json;
  } cases[] = {
      {0.1, "0.1"},
      {29.99, "29.99"},
      {1.0 / 3.0, "0.3333333333333333"},
      {-0.0, "-0"},
      {1e300, "1e+300"},
      {5e-324, "4.94065645841247e-324"},
      {(double)NAN, "\"NaN\""},
      {(double)INFINITY, "\"Infinity\""},
      {-(double)INFINITY, "\"-Infinity\""},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    lens_buffer out = {0};
    lens_json_double(&out, cases[i].value);
    assert_bytes_equal(&out, cases[i].json);
    lens_buffer_clean_up(&out);
  }
}

/* Bytes would not be what RFC 4648's own examples (section 10) say. */
static void base64_is_rfc_4648(void **state) {
  (void)state;
  static const char *const cases[][2] = {
      {"", "\"\""},
      {"f", "\"Zg==\""},
      {"fo", "\"Zm8=\""},
      {"foo", "\"Zm9v\""},
      {"foob", "\"Zm9vYg==\""},
      {"fooba", "\"Zm9vYmE=\""},
      {"foobar", "\"Zm9vYmFy\""},
      {"\xfb\xff\xbf", "\"+/+/\""},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    lens_buffer out = {0};
    lens_json_base64(&out, lens_bytes_of(cases[i][0]));
    assert_bytes_equal(&out, cases[i][1]);
    lens_buffer_clean_up(&out);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(commas_stand_between_values),
      cmocka_unit_test(strings_are_escaped),
      cmocka_unit_test(doubles_read_back),
      cmocka_unit_test(base64_is_rfc_4648),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

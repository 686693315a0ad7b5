/* SPDX-License-Identifier: Apache-2.0 */
#include "json_writer.h"

#include "fixture.h"
#include "json_text.h"

/* Documents would not be JSON: commas, nesting, escapes. */
static void test_document(void **state) {
  gateway_json_writer writer;
  gateway_json_writer_init(&writer, ((gateway_fixture *)*state)->arena);
  gateway_json_open(&writer, '{');
  gateway_json_member(&writer, "a", "x\"\\\n\x01\xc3\xa4");
  gateway_json_member_open(&writer, "b", '[');
  gateway_json_integer(&writer, -5);
  gateway_json_bool(&writer, true);
  gateway_json_open(&writer, '{');
  gateway_json_close(&writer, '}');
  gateway_json_raw(&writer, text("null"));
  gateway_json_close(&writer, ']');
  gateway_json_key(&writer, text("c"));
  gateway_json_text(&writer, gateway_text_of(NULL, 0));
  gateway_json_close(&writer, '}');
  assert_text_equal(gateway_json_writer_text(&writer),
                    "{\"a\":\"x\\\"\\\\\\n\\u0001\xc3\xa4\",\"b\":[-5,true,{},null],\"c\":\"\"}");
}

/* A document beyond the first buffer would lose what was written before. */
static void test_growth(void **state) {
  gateway_json_writer writer;
  gateway_json_writer_init(&writer, ((gateway_fixture *)*state)->arena);
  gateway_json_open(&writer, '[');
  for (int i = 0; i < 1000; i++) {
    gateway_json_integer(&writer, 1000);
  }
  gateway_json_close(&writer, ']');
  gateway_text written = gateway_json_writer_text(&writer);
  assert_int_equal(written.size, 1 + 1000 * 5);
  gateway_json json = gateway_json_from(written);
  assert_true(gateway_json_skip(&json, 1));
  assert_true(gateway_json_at_end(&json));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      fixture_test(test_document),
      fixture_test(test_growth),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

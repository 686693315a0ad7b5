/* SPDX-License-Identifier: Apache-2.0 */
/* Attributes: unique keys, in-place overwriting, limits, growth. */
#include "tracing.h"

#include <stdio.h>

/* The specification: a key that is set again replaces its value; duplicates never reach the wire.
 */
static void test_the_same_key_overwrites(void **state) {
  (void)state;
  tracing t = tracing_start(NULL);
  otlp_span *span = tracing_begin(&t, "span");
  otlp_span_set_string(span, "first", "1");
  otlp_span_set_string(span, "same.size", "old");
  otlp_span_set_string(span, "grows", "x");
  otlp_span_set_string(span, "shrinks", "a long value, longer than its successor");
  otlp_span_set_string(span, "changes.type", "text");
  otlp_span_set_string(span, "last", "9");
  otlp_span_set_string(span, "same.size", "new");
  otlp_span_set_string(span, "grows", "a value that is longer than the old one");
  otlp_span_set_string(span, "shrinks", "short");
  otlp_span_set_bool(span, "changes.type", true);
  otlp_span_set_double(span, "a.double", 1.5);
  otlp_span_end(span);
  const proto_span *seen = tracing_span(&t, 0);
  assert_int_equal(seen->n_attributes, 7);
  assert_int_equal(seen->dropped_attributes_count, 0);
  proto_key_value **all = seen->attributes;
  assert_string_equal(tracing_attribute(all, 7, "first")->string_value, "1");
  assert_string_equal(tracing_attribute(all, 7, "same.size")->string_value, "new");
  assert_string_equal(tracing_attribute(all, 7, "grows")->string_value,
                      "a value that is longer than the old one");
  assert_string_equal(tracing_attribute(all, 7, "shrinks")->string_value, "short");
  assert_true(tracing_attribute(all, 7, "changes.type")->bool_value);
  assert_string_equal(tracing_attribute(all, 7, "last")->string_value, "9");
  assert_true(tracing_attribute(all, 7, "a.double")->double_value == 1.5);
  tracing_stop(&t);
}

/* Setting one key for ever must not make the span grow for ever. */
static void test_overwriting_takes_no_more_room(void **state) {
  (void)state;
  tracing t = tracing_start(NULL);
  otlp_span *span = tracing_begin(&t, "span");
  for (int i = 0; i < 20000; i++) {
    otlp_span_set_int(span, "counter", i);
  }
  otlp_span_end(span);
  assert_true(otlp_memory_exporter_get(t.memory, 0).message.size < 200);
  assert_true(tracing_span(&t, 0)->attributes[0]->value->int_value == 19999);
  tracing_stop(&t);
}

/* Keys that share a length, a head and a tail are still different keys. */
static void test_similar_keys_are_different(void **state) {
  (void)state;
  tracing t = tracing_start(NULL);
  otlp_span *span = tracing_begin(&t, "span");
  otlp_span_set_int(span, "12345678-a-12345678", 1);
  otlp_span_set_int(span, "12345678-b-12345678", 2);
  otlp_span_set_int(span, "a", 3);
  otlp_span_set_int(span, "b", 4);
  otlp_span_end(span);
  assert_int_equal(tracing_span(&t, 0)->n_attributes, 4);
  tracing_stop(&t);
}

/* Beyond the limit new keys are dropped and counted; known keys may still change. */
static void test_count_limit(void **state) {
  (void)state;
  otlp_tracer_provider_options options = tracing_options();
  options.limits.attribute_count = 3;
  tracing t = tracing_start(&options);
  otlp_span *span = tracing_begin(&t, "span");
  for (int i = 0; i < 10; i++) {
    char key[32];
    snprintf(key, sizeof(key), "k%d", i);
    otlp_span_set_int(span, key, i);
  }
  otlp_span_set_int(span, "k1", 100);
  otlp_span_end(span);
  const proto_span *seen = tracing_span(&t, 0);
  assert_int_equal(seen->n_attributes, 3);
  assert_int_equal(seen->dropped_attributes_count, 7);
  assert_true(tracing_attribute(seen->attributes, 3, "k1")->int_value == 100);
  tracing_stop(&t);
}

/* A limit of 0 is a limit. */
static void test_count_limit_of_zero(void **state) {
  (void)state;
  otlp_tracer_provider_options options = tracing_options();
  options.limits.attribute_count = 0;
  tracing t = tracing_start(&options);
  otlp_span *span = tracing_begin(&t, "span");
  otlp_span_set_int(span, "k", 1);
  otlp_span_end(span);
  assert_int_equal(tracing_span(&t, 0)->n_attributes, 0);
  assert_int_equal(tracing_span(&t, 0)->dropped_attributes_count, 1);
  tracing_stop(&t);
}

/* The default limit, past the slots and the bytes that a span's block has room for. */
static void test_default_limit_and_growth(void **state) {
  (void)state;
  tracing t = tracing_start(NULL);
  otlp_span *span = tracing_begin(&t, "span");
  char value[201];
  memset(value, 'v', sizeof(value) - 1);
  value[sizeof(value) - 1] = '\0';
  for (int i = 0; i < 130; i++) {
    char key[32];
    snprintf(key, sizeof(key), "key.%d", i);
    otlp_span_set_string(span, key, value);
  }
  otlp_span_set_string(span, "key.7", "changed");
  otlp_span_end(span);
  const proto_span *seen = tracing_span(&t, 0);
  assert_int_equal(seen->n_attributes, 128);
  assert_int_equal(seen->dropped_attributes_count, 2);
  assert_string_equal(tracing_attribute(seen->attributes, 128, "key.7")->string_value, "changed");
  assert_string_equal(tracing_attribute(seen->attributes, 128, "key.127")->string_value, value);
  tracing_stop(&t);
}

/* Values are cut to the limit, in characters. */
static void test_value_length_limit(void **state) {
  (void)state;
  otlp_tracer_provider_options options = tracing_options();
  options.limits.attribute_value_length = 2;
  tracing t = tracing_start(&options);
  otlp_span *span = tracing_begin(&t, "not cut");
  otlp_span_set_string(span, "k", "\xC3\xA4\xC3\xB6\xC3\xBC");
  otlp_span_end(span);
  const proto_span *seen = tracing_span(&t, 0);
  assert_string_equal(seen->name, "not cut");
  assert_string_equal(seen->attributes[0]->value->string_value, "\xC3\xA4\xC3\xB6");
  assert_int_equal(seen->dropped_attributes_count, 0);
  tracing_stop(&t);
}

/* An attribute without a key is dropped and counted; the rest of a list is kept. */
static void test_an_empty_key_is_dropped_and_counted(void **state) {
  (void)state;
  tracing t = tracing_start(NULL);
  otlp_span *span = tracing_begin(&t, "span");
  const otlp_attribute attributes[] = {otlp_attribute_int("a", 1), otlp_attribute_int("", 2),
                                       otlp_attribute_int("b", 3)};
  otlp_span_set_attributes(span, attributes, 3);
  otlp_span_end(span);
  assert_int_equal(tracing_span(&t, 0)->n_attributes, 2);
  assert_int_equal(tracing_span(&t, 0)->dropped_attributes_count, 1);
  tracing_stop(&t);
}

/* Two broken keys that are repaired to the same text are the same key. */
static void test_broken_keys_are_compared_as_repaired(void **state) {
  (void)state;
  tracing t = tracing_start(NULL);
  otlp_span *span = tracing_begin(&t, "span");
  otlp_span_set_int(span, "k\xFF", 1);
  otlp_span_set_int(span, "k\xFE", 2);
  otlp_span_set_int(span, "k\xEF\xBF\xBD", 3);
  otlp_span_end(span);
  const proto_span *seen = tracing_span(&t, 0);
  assert_int_equal(seen->n_attributes, 1);
  assert_true(seen->attributes[0]->value->int_value == 3);
  tracing_stop(&t);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_the_same_key_overwrites),
      cmocka_unit_test(test_overwriting_takes_no_more_room),
      cmocka_unit_test(test_similar_keys_are_different),
      cmocka_unit_test(test_count_limit),
      cmocka_unit_test(test_count_limit_of_zero),
      cmocka_unit_test(test_default_limit_and_growth),
      cmocka_unit_test(test_value_length_limit),
      cmocka_unit_test(test_an_empty_key_is_dropped_and_counted),
      cmocka_unit_test(test_broken_keys_are_compared_as_repaired),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

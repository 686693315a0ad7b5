/* SPDX-License-Identifier: Apache-2.0 */
#include "sample.h"
#include "schema.h"

#include <string.h>

/* Numbers of the fields that nest: Span.attributes, KeyValue.value, AnyValue.array_value, values.
 */
enum { ATTRIBUTES = 9, VALUE = 2, ARRAY = 5, VALUES = 1 };

/* Puts `*message` into a field of a message around it. */
static void wrap(lens_buffer *message, uint32_t number) {
  uint8_t head[12] = {(uint8_t)(number << 3 | LENS_WIRE_BYTES)};
  const uint8_t *end = lens_varint_write(head + 1, message->size);
  lens_buffer wrapped = {0};
  lens_buffer_add(&wrapped, head, (size_t)(end - head));
  lens_buffer_add_bytes(&wrapped, lens_buffer_bytes(message));
  lens_buffer_clean_up(message);
  *message = wrapped;
}

/* A Span with an attribute of arrays in arrays, as deep as asked. */
static lens_buffer nested_span(unsigned arrays) {
  lens_buffer message = {0};
  for (unsigned i = 0; i < arrays; i++) {
    wrap(&message, VALUES);
    wrap(&message, ARRAY);
  }
  wrap(&message, VALUE);
  wrap(&message, ATTRIBUTES);
  return message;
}

/* Real requests would be refused. */
static void takes_what_an_independent_encoder_writes(void **state) {
  (void)state;
  static const sample_span spans[] = {{"shop", "a", 1, 2, 3, 4, 5, 2, 2, "bad", "k", "v", 0},
                                      {"other", "b", 1, 3, 0, 4, 5, 2, 1, NULL, "n", NULL, -7}};
  lens_buffer request = sample_request(spans, COUNT_OF(spans));
  assert_true(lens_schema_check(&lens_traces_data_rule, lens_buffer_bytes(&request)));
  assert_true(lens_schema_check(&lens_traces_data_rule, (lens_bytes){0}));
  lens_buffer_clean_up(&request);
}

/* A span that is broken inside would be stored and break its readers. */
static void looks_all_the_way_down(void **state) {
  (void)state;
  lens_buffer span = nested_span(3);
  assert_true(lens_schema_check(&lens_span_rule, lens_buffer_bytes(&span)));
  span.data[span.size - 1]++; /* the innermost value claims a byte that is not there */
  assert_false(lens_schema_check(&lens_span_rule, lens_buffer_bytes(&span)));
  lens_buffer_clean_up(&span);
}

/* A deep message would exhaust the stack of whoever walks it. */
static void refuses_what_is_too_deep(void **state) {
  (void)state;
  lens_buffer fits = nested_span(48);
  lens_buffer deep = nested_span(50);
  assert_true(lens_schema_check(&lens_span_rule, lens_buffer_bytes(&fits)));
  assert_false(lens_schema_check(&lens_span_rule, lens_buffer_bytes(&deep)));
  lens_buffer_clean_up(&fits);
  lens_buffer_clean_up(&deep);
}

/* A span with this attribute; behind a field that KeyValue does not have, the attribute is read
 * field by field. */
static bool is_fine(lens_bytes attribute, bool by_field) {
  lens_buffer span = {0};
  lens_buffer_add(&span, "\x18\x01", by_field ? 2 : 0);
  lens_buffer_add_bytes(&span, attribute);
  wrap(&span, ATTRIBUTES);
  bool is_fine = lens_schema_check(&lens_span_rule, lens_buffer_bytes(&span));
  lens_buffer_clean_up(&span);
  return is_fine;
}

/* A broken attribute would be kept, or a good one have its request refused, because it looks like
 * what most of them look like. */
static void attributes_are_no_exception(void **state) {
  (void)state;
  static const lens_bytes plain[] = {
      {(const uint8_t *)"\x0a\x01k\x12\x04\x0a\x02vw", 9},
      {(const uint8_t *)"\x0a\x01k\x12\x04\x18\x80\x80\x01", 9},
      {(const uint8_t *)"\x0a\x00\x12\x02\x18\x07", 6},
      {(const uint8_t *)"\x0a\x00\x12\x0b\x18\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01", 15},
  };
  for (size_t i = 0; i < COUNT_OF(plain); i++) {
    uint8_t bytes[16];
    memcpy(bytes, plain[i].data, plain[i].size);
    for (size_t at = 0; at < plain[i].size; at++) {
      for (unsigned value = 0; value < 256; value++) {
        bytes[at] = (uint8_t)value;
        for (size_t size = 0; size <= plain[i].size; size++) {
          lens_bytes attribute = {bytes, size};
          assert_int_equal(is_fine(attribute, false), is_fine(attribute, true));
        }
      }
      bytes[at] = plain[i].data[at];
    }
    assert_true(is_fine(plain[i], false));
  }
}

/* What is in an attribute would not count. */
static void attributes_are_as_deep_as_what_is_in_them(void **state) {
  (void)state;
  enum { LIST = 6 };
  bool was_fine = true;
  for (unsigned lists = 30; lists < 35; lists++) {
    lens_buffer attribute = {0};
    lens_buffer other = {0};
    lens_buffer_add(&attribute, "\x0a\x00\x12\x02\x18\x07", 6);
    lens_buffer_add(&other, "\x0a\x00\x12\x03\x98\x00\x07", 7);
    for (unsigned i = 0; i < lists; i++) {
      wrap(&attribute, VALUES), wrap(&attribute, LIST), wrap(&attribute, VALUE);
      wrap(&other, VALUES), wrap(&other, LIST), wrap(&other, VALUE);
    }
    bool fits = is_fine(lens_buffer_bytes(&attribute), false);
    assert_int_equal(fits, is_fine(lens_buffer_bytes(&other), false));
    assert_true(was_fine || !fits);
    was_fine = fits;
    lens_buffer_clean_up(&attribute);
    lens_buffer_clean_up(&other);
  }
  assert_false(was_fine);
}

/* A newer sender's fields would have its spans refused. */
static void unknown_fields_pass(void **state) {
  (void)state;
  static const char unknown[] = "\xba\x3e\x03\xff\xff\xff" /* field 999: no message that we know */
                                "\x0d\x01\x00\x00\x00";    /* field 1, but not a run of bytes */
  lens_bytes span = {(const uint8_t *)unknown, sizeof(unknown) - 1};
  assert_true(lens_schema_check(&lens_span_rule, span));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(takes_what_an_independent_encoder_writes),
      cmocka_unit_test(looks_all_the_way_down),
      cmocka_unit_test(refuses_what_is_too_deep),
      cmocka_unit_test(attributes_are_no_exception),
      cmocka_unit_test(attributes_are_as_deep_as_what_is_in_them),
      cmocka_unit_test(unknown_fields_pass),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "sample.h"
#include "wire.h"

#include <stdlib.h>
#include <string.h>

#define MESSAGE(literal) ((lens_bytes){(const uint8_t *)(literal), sizeof(literal) - 1})

/* How many fields can be read; -1 when the message is malformed. */
static int count_fields(lens_bytes message) {
  lens_cursor cursor = lens_cursor_of(message);
  lens_field field;
  int count = 0;
  while (lens_cursor_next(&cursor, &field)) {
    count++;
  }
  return cursor.is_malformed ? -1 : count;
}

/* A field of some wire type would be misread. */
static void reads_every_wire_type(void **state) {
  (void)state;
  lens_cursor cursor = lens_cursor_of(MESSAGE("\x08\x96\x01"
                                              "\x11\x01\x02\x03\x04\x05\x06\x07\x08"
                                              "\x1a\x03xyz"
                                              "\x25\x01\x00\x00\x80"));
  lens_field field;
  assert_true(lens_cursor_next(&cursor, &field));
  assert_int_equal(field.number, 1);
  assert_int_equal(field.value, 150);
  assert_true(lens_cursor_next(&cursor, &field));
  assert_int_equal(field.type, LENS_WIRE_FIXED64);
  assert_true(field.value == 0x0807060504030201);
  assert_true(lens_cursor_next(&cursor, &field));
  assert_int_equal(field.bytes.size, 3);
  assert_memory_equal(field.bytes.data, "xyz", 3);
  assert_true(lens_cursor_next(&cursor, &field));
  assert_int_equal(field.number, 4);
  assert_int_equal(field.value, 0x80000001);
  assert_false(lens_cursor_next(&cursor, &field));
  assert_false(cursor.is_malformed);
}

/* A sender could make us read beyond its message, or for ever. */
static void refuses_what_is_malformed(void **state) {
  (void)state;
  assert_int_equal(count_fields(MESSAGE("\x00\x01")), -1);     /* field number 0 */
  assert_int_equal(count_fields(MESSAGE("\x08")), -1);         /* no value */
  assert_int_equal(count_fields(MESSAGE("\x08\x80")), -1);     /* half a varint */
  assert_int_equal(count_fields(MESSAGE("\x09\x01\x02")), -1); /* half a fixed64 */
  assert_int_equal(count_fields(MESSAGE("\x0d\x01\x02")), -1); /* half a fixed32 */
  assert_int_equal(count_fields(MESSAGE("\x0a\x02x")), -1);    /* length beyond the end */
  assert_int_equal(count_fields(MESSAGE("\x0b\x0c")), -1);     /* a group */
  assert_int_equal(count_fields(MESSAGE("\x0e\x00")), -1);     /* wire type 6 */
  assert_int_equal(count_fields(MESSAGE("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01x")), -1);
  assert_int_equal(count_fields(MESSAGE("\x80\x80\x80\x80\x80\x01\x01")), -1); /* tag > 32 bits */
}

/* Varints at the edge of 64 bits would be cut, or longer ones taken. */
static void varints_have_at_most_64_bits(void **state) {
  (void)state;
  lens_cursor cursor = lens_cursor_of(MESSAGE("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"));
  lens_field field;
  assert_true(lens_cursor_next(&cursor, &field));
  assert_true(field.value == UINT64_MAX);
  assert_int_equal(count_fields(MESSAGE("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02")), -1);
  assert_int_equal(count_fields(MESSAGE("\x08\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00")), -1);
}

/* A message cut anywhere would be read past its end (the copy is of exactly its size). */
static void every_prefix_is_safe(void **state) {
  (void)state;
  static const sample_span spans[] = {{"shop", "name", 1, 2, 3, 4, 5, 2, 2, "bad", "k", "v", 0}};
  lens_buffer request = sample_request(spans, 1);
  for (size_t size = 0; size < request.size; size++) {
    uint8_t *prefix = malloc(size + 1);
    memcpy(prefix, request.data, size);
    count_fields((lens_bytes){prefix, size});
    free(prefix);
  }
  assert_int_equal(count_fields(lens_buffer_bytes(&request)), 1);
  lens_buffer_clean_up(&request);
}

/* Lengths that we write would not be the ones we read. */
static void written_varints_read_back(void **state) {
  (void)state;
  static const uint64_t values[] = {0, 1, 127, 128, 16383, 16384, UINT32_MAX, UINT64_MAX};
  for (size_t i = 0; i < COUNT_OF(values); i++) {
    uint8_t message[12] = {0x08};
    const uint8_t *end = lens_varint_write(message + 1, values[i]);
    assert_int_equal(end - message - 1, lens_varint_size(values[i]));
    lens_cursor cursor = lens_cursor_of((lens_bytes){message, (size_t)(end - message)});
    lens_field field;
    assert_true(lens_cursor_next(&cursor, &field));
    assert_true(field.value == values[i]);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reads_every_wire_type),        cmocka_unit_test(refuses_what_is_malformed),
      cmocka_unit_test(varints_have_at_most_64_bits), cmocka_unit_test(every_prefix_is_safe),
      cmocka_unit_test(written_varints_read_back),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

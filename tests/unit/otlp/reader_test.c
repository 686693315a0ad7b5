/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "reader.h"

static otlp__reader reader_of(const void *bytes, size_t size) {
  return otlp__reader_of((otlp_bytes){bytes, size});
}

/* Each wire type, by its number and value. */
static void test_fields(void **state) {
  (void)state;
  static const uint8_t bytes[] = {
      0x08, 0x96, 0x01,                        /* 1: varint 150 */
      0x11, 1,    0,    0,   0, 0, 0, 0, 0x80, /* 2: fixed64 */
      0x1A, 2,    'h',  'i',                   /* 3: bytes */
      0x25, 1,    2,    0,   0,                /* 4: fixed32 */
      0x85, 0x01, 7,    0,   0, 0,             /* 16: fixed32, tag of two bytes */
  };
  otlp__reader reader = reader_of(bytes, sizeof(bytes));
  otlp__field field;
  assert_true(otlp__reader_next(&reader, &field) && field.number == 1);
  assert_int_equal(field.number_value, 150);
  assert_true(otlp__reader_next(&reader, &field) && field.number == 2);
  assert_true(field.number_value == UINT64_C(0x8000000000000001));
  assert_true(otlp__reader_next(&reader, &field) && field.number == 3);
  assert_memory_equal(field.bytes.data, "hi", field.bytes.size);
  assert_true(otlp__reader_next(&reader, &field) && field.number == 4);
  assert_int_equal(field.number_value, 0x201);
  assert_true(otlp__reader_next(&reader, &field) && field.number == 16);
  assert_int_equal(field.number_value, 7);
  assert_false(otlp__reader_next(&reader, &field));
}

/* Whatever is cut off or makes no sense ends the reading, without a byte read too far. */
static void test_broken_input(void **state) {
  (void)state;
  static const struct {
    uint8_t bytes[12];
    size_t size;
  } cases[] = {
      {{0}, 0},
      {{0x00, 1}, 2},                                                              /* field 0 */
      {{0x08}, 1},                                                                 /* no value */
      {{0x08, 0x80}, 2},                                                           /* cut varint */
      {{0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1}, 12}, /* too long */
      {{0x0A, 2, 'a'}, 3},                                                         /* cut bytes */
      {{0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1}, 11},       /* huge length */
      {{0x09, 1, 2, 3}, 4},                                                        /* cut fixed64 */
      {{0x0D, 1, 2, 3}, 4},                                                        /* cut fixed32 */
      {{0x0B}, 1},                                                                 /* a group */
      {{0x0F, 1}, 2}, /* no such type */
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    uint8_t *copy = malloc(cases[i].size + 1);
    memcpy(copy, cases[i].bytes, cases[i].size);
    uint8_t *exact = realloc(copy, cases[i].size > 0 ? cases[i].size : 1);
    otlp__reader reader = reader_of(exact, cases[i].size);
    otlp__field field;
    assert_false(otlp__reader_next(&reader, &field));
    free(exact);
  }
}

/* Frames one by one off a run, and none from what is no frame. */
static void test_framed_spans(void **state) {
  (void)state;
  static const uint8_t run_bytes[] = {0x12, 2, 'a', 'b', 0x12, 0, 0x12, 1, 'c', 0x12, 9};
  otlp_bytes run = {run_bytes, sizeof(run_bytes)};
  otlp_bytes frame;
  otlp_bytes message;
  assert_true(otlp_next_frame(&run, &frame, &message));
  assert_ptr_equal(frame.data, run_bytes);
  assert_int_equal(frame.size, 4);
  assert_int_equal(message.size, 2);
  assert_true(otlp_next_frame(&run, &frame, &message));
  assert_int_equal(message.size, 0);
  assert_true(otlp_next_frame(&run, &frame, &message));
  assert_memory_equal(message.data, "c", 1);
  assert_false(otlp_next_frame(&run, &frame, &message));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_fields),
      cmocka_unit_test(test_broken_input),
      cmocka_unit_test(test_framed_spans),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

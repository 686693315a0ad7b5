/* SPDX-License-Identifier: Apache-2.0 */
#include "sample.h"

/* A buffer would lose or mix up bytes when it grows. */
static void buffer_keeps_all_bytes_while_growing(void **state) {
  (void)state;
  lens_buffer buffer = {0};
  for (unsigned i = 0; i < 5000; i++) {
    uint8_t byte = (uint8_t)i;
    lens_buffer_add(&buffer, &byte, 1);
  }
  assert_int_equal(buffer.size, 5000);
  for (unsigned i = 0; i < 5000; i++) {
    assert_int_equal(buffer.data[i], (uint8_t)i);
  }
  lens_buffer_clean_up(&buffer);
  assert_null(buffer.data);
}

/* Ids would be unreadable, or a byte's digits the wrong way round. */
static void hex_has_two_lower_case_digits_a_byte(void **state) {
  (void)state;
  static const uint8_t bytes[] = {0x00, 0x0f, 0xf0, 0xab};
  lens_buffer buffer = {0};
  lens_buffer_add_hex(&buffer, (lens_bytes){bytes, sizeof(bytes)});
  lens_buffer_add_hex(&buffer, (lens_bytes){0});
  assert_bytes_equal(&buffer, "000ff0ab");
  lens_buffer_clean_up(&buffer);
}

/* Spans without valid ids would be taken, or good ones refused. */
static void zero_means_no_byte_is_set(void **state) {
  (void)state;
  static const uint8_t zeros[8] = {0};
  static const uint8_t last[8] = {0, 0, 0, 0, 0, 0, 0, 1};
  assert_true(lens_bytes_is_zero((lens_bytes){0}));
  assert_true(lens_bytes_is_zero((lens_bytes){zeros, sizeof(zeros)}));
  assert_false(lens_bytes_is_zero((lens_bytes){last, sizeof(last)}));
}

/* Different keys would be taken for the same one. */
static void equal_compares_length_and_content(void **state) {
  (void)state;
  assert_true(lens_bytes_equal(lens_bytes_of("abc"), lens_bytes_of("abc")));
  assert_false(lens_bytes_equal(lens_bytes_of("abc"), lens_bytes_of("abd")));
  assert_false(lens_bytes_equal(lens_bytes_of("abc"), lens_bytes_of("ab")));
  assert_true(lens_bytes_equal((lens_bytes){0}, lens_bytes_of("")));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(buffer_keeps_all_bytes_while_growing),
      cmocka_unit_test(hex_has_two_lower_case_digits_a_byte),
      cmocka_unit_test(zero_means_no_byte_is_set),
      cmocka_unit_test(equal_compares_length_and_content),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

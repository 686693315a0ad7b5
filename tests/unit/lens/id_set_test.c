/* SPDX-License-Identifier: Apache-2.0 */
#include "id_set.h"
#include "sample.h"

/* Keys would be forgotten when the set grows, or be taken for others. */
static void knows_every_key_once(void **state) {
  (void)state;
  lens_id_set set = {0};
  for (uint64_t key = 0; key < 1000; key++) {
    assert_true(lens_id_set_add(&set, key * 64 + 2)); /* many of them want the same slot */
  }
  for (uint64_t key = 0; key < 1000; key++) {
    assert_false(lens_id_set_add(&set, key * 64 + 2));
  }
  assert_true(lens_id_set_add(&set, 3));
  assert_true(lens_id_set_size(&set) >= 1001 * sizeof(uint64_t));
  lens_id_set_clean_up(&set);
  assert_int_equal(lens_id_set_size(&set), 0);
}

/* The key that marks a free slot would be lost. */
static void zero_is_a_key_too(void **state) {
  (void)state;
  lens_id_set set = {0};
  assert_true(lens_id_set_add(&set, 0));
  assert_false(lens_id_set_add(&set, 0));
  lens_id_set_clean_up(&set);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(knows_every_key_once),
      cmocka_unit_test(zero_is_a_key_too),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

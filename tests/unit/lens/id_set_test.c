/* SPDX-License-Identifier: Apache-2.0 */
#include "id_set.h"
#include "sample.h"

/* Keys would be forgotten when the set grows, or be taken for others. */
static void knows_every_key_once(void **state) {
  (void)state;
  lens_id_set set = {0};
  lens_tape tape;
  lens_tape_init(&tape, 1024);
  for (uint64_t key = 0; key < 1000; key++) {
    assert_true(lens_id_set_add(&set, key * 64 + 2, &tape)); /* many of them want the same slot */
  }
  for (uint64_t key = 0; key < 1000; key++) {
    assert_false(lens_id_set_add(&set, key * 64 + 2, &tape));
  }
  assert_true(lens_id_set_add(&set, 3, &tape));
  lens_tape_clean_up(&tape);
}

/* The key that marks a free slot would be lost. */
static void zero_is_a_key_too(void **state) {
  (void)state;
  lens_id_set set = {0};
  lens_tape tape;
  lens_tape_init(&tape, 1024);
  assert_true(lens_id_set_add(&set, 0, &tape));
  assert_false(lens_id_set_add(&set, 0, &tape));
  lens_tape_clean_up(&tape);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(knows_every_key_once),
      cmocka_unit_test(zero_is_a_key_too),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

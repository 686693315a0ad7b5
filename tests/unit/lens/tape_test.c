/* SPDX-License-Identifier: Apache-2.0 */
#include "sample.h"
#include "tape.h"

#include <string.h>

#define SEGMENT 1024

/* What was handed out would be overwritten by what comes later. */
static void what_is_handed_out_stays(void **state) {
  (void)state;
  lens_tape tape;
  uint8_t *runs[100];
  lens_tape_init(&tape, SEGMENT);
  for (size_t i = 0; i < COUNT_OF(runs); i++) {
    runs[i] = lens_tape_take(&tape, i);
    assert_int_equal((uintptr_t)runs[i] % sizeof(uint64_t), 0);
    memset(runs[i], (int)i, i);
  }
  for (size_t i = 0; i < COUNT_OF(runs); i++) {
    for (size_t j = 0; j < i; j++) {
      assert_int_equal(runs[i][j], i);
    }
  }
  assert_true(tape.memory >= tape.taken);
  lens_tape_clean_up(&tape);
}

/* A long span would run over the end of its segment, or memory would not count it. */
static void what_is_larger_than_a_segment_gets_its_own(void **state) {
  (void)state;
  lens_tape tape;
  lens_tape_init(&tape, SEGMENT);
  lens_tape_take(&tape, 8);
  const lens_segment *first = tape.newest;
  memset(lens_tape_take(&tape, 10 * SEGMENT), 1, 10 * SEGMENT);
  assert_ptr_not_equal(tape.newest, first);
  assert_true(tape.memory > 11 * SEGMENT);
  lens_tape_drop_oldest(&tape);
  lens_tape_drop_oldest(&tape);
  assert_int_equal(tape.memory, 0);
  assert_null(tape.oldest);
  memset(lens_tape_take(&tape, 16), 1, 16);
  assert_int_equal(tape.memory, SEGMENT);
  lens_tape_clean_up(&tape);
}

/* A full store would go to the system for every segment. */
static void a_dropped_segment_is_used_again(void **state) {
  (void)state;
  lens_tape tape;
  lens_tape_init(&tape, SEGMENT);
  for (size_t i = 0; i < 4; i++) {
    lens_tape_take(&tape, SEGMENT / 2);
  }
  assert_int_equal(tape.memory, 4 * SEGMENT); /* with its head, two halves are more than one */
  const lens_segment *dropped = tape.oldest;
  lens_tape_drop_oldest(&tape);
  assert_int_equal(tape.memory, 3 * SEGMENT);
  lens_tape_take(&tape, SEGMENT / 2);
  assert_ptr_equal(tape.newest, dropped);
  lens_tape_clean_up(&tape);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_handed_out_stays),
      cmocka_unit_test(what_is_larger_than_a_segment_gets_its_own),
      cmocka_unit_test(a_dropped_segment_is_used_again),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

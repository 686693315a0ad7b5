/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "timers.h"

enum { MANY = 500 };

/* A timer would fire early. */
static void test_not_before_due(void **state) {
  (void)state;
  mesh__timers timers = {0};
  mesh_timer timer = {0};
  assert_true(mesh__timers_next_due(&timers) == INT64_MAX);
  mesh__timers_add(&timers, &timer, 100);
  assert_int_equal(mesh__timers_next_due(&timers), 100);
  assert_null(mesh__timers_take_due(&timers, 99));
  assert_true(timer.is_pending);
  assert_ptr_equal(mesh__timers_take_due(&timers, 100), &timer);
  assert_false(timer.is_pending);
  assert_null(mesh__timers_take_due(&timers, INT64_MAX));
}

/* Timers of the same moment would fire in any order. */
static void test_equal_due_in_order_of_start(void **state) {
  (void)state;
  mesh__timers timers = {0};
  mesh_timer timer[10];
  memset(timer, 0, sizeof timer);
  for (int i = 0; i < 10; i++) {
    mesh__timers_add(&timers, &timer[i], 5);
  }
  for (int i = 0; i < 10; i++) {
    assert_ptr_equal(mesh__timers_take_due(&timers, 5), &timer[i]);
  }
}

/* Takes all that is left and checks that it comes in order. */
static size_t drain_in_order(mesh__timers *timers) {
  size_t count = 0;
  int64_t last = INT64_MIN;
  mesh_timer *timer;
  while ((timer = mesh__timers_take_due(timers, INT64_MAX)) != NULL) {
    assert_true(timer->due_ms >= last);
    last = timer->due_ms;
    count++;
  }
  return count;
}

/* The heap would lose timers or their order when some are stopped in between. */
static void test_random_adds_and_removes(void **state) {
  (void)state;
  static mesh_timer timer[MANY];
  srand(7);
  for (int round = 0; round < 50; round++) {
    mesh__timers timers = {0};
    memset(timer, 0, sizeof timer);
    size_t expected = 0;
    for (int step = 0; step < 3000; step++) {
      mesh_timer *any = &timer[rand() % MANY];
      if (any->is_pending) {
        mesh__timers_remove(&timers, any);
        expected--;
      } else {
        mesh__timers_add(&timers, any, rand() % 100);
        expected++;
      }
      if (step % 37 == 0 && mesh__timers_take_due(&timers, rand() % 100) != NULL) {
        expected--;
      }
    }
    assert_int_equal(drain_in_order(&timers), expected);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_not_before_due),
      cmocka_unit_test(test_equal_due_in_order_of_start),
      cmocka_unit_test(test_random_adds_and_removes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

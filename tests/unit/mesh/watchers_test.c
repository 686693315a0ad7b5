/* SPDX-License-Identifier: Apache-2.0 */
#include "watchers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "memory.h"

/* A watcher that counts, and may leave when it is woken. */
typedef struct counter {
  mesh__watcher watcher;
  int wakes;
  bool leaves;
} counter;

static void on_wake(mesh__watcher *watcher) {
  counter *self = MESH__CONTAINER(watcher, counter, watcher);
  self->wakes++;
  if (self->leaves) {
    mesh__watchers_remove(watcher);
  }
}

/* Two loops, run in turns on this thread. */
static mesh_loop *loops[2];
static mesh__watchers *watchers;

static int set_up(void **state) {
  (void)state;
  loops[0] = mesh_loop_new();
  loops[1] = mesh_loop_new();
  watchers = mesh__watchers_new(loops, 2, 3);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  mesh__watchers_destroy(watchers);
  mesh_loop_destroy(loops[0]);
  mesh_loop_destroy(loops[1]);
  return 0;
}

static void stop(void *loop) {
  mesh_loop_stop(loop);
}

/* What was posted before this runs. */
static void run(mesh_loop *loop) {
  mesh_loop_post(loop, stop, loop);
  mesh_loop_run(loop);
}

/* A watcher would be called on a thread that is not its own, or sleep through a change. */
static void test_each_is_woken_on_its_loop(void **state) {
  (void)state;
  counter first = {.watcher.on_wake = on_wake};
  counter second = {.watcher.on_wake = on_wake};
  assert_true(mesh__watchers_add(watchers, loops[0], &first.watcher));
  assert_true(mesh__watchers_add(watchers, loops[1], &second.watcher));
  mesh__watchers_wake(watchers);
  assert_int_equal(first.wakes, 0);
  run(loops[0]);
  assert_int_equal(first.wakes, 1);
  assert_int_equal(second.wakes, 0);
  run(loops[1]);
  assert_int_equal(second.wakes, 1);
  mesh__watchers_remove(&first.watcher);
  mesh__watchers_remove(&second.watcher);
}

/* A service that changes its mind a thousand times would fill the loop with posts. */
static void test_wakes_before_the_turn_are_one(void **state) {
  (void)state;
  counter only = {.watcher.on_wake = on_wake};
  assert_true(mesh__watchers_add(watchers, loops[0], &only.watcher));
  mesh__watchers_wake(watchers);
  mesh__watchers_wake(watchers);
  run(loops[0]);
  assert_int_equal(only.wakes, 1);
  mesh__watchers_wake(watchers);
  run(loops[0]);
  assert_int_equal(only.wakes, 2);
  mesh__watchers_remove(&only.watcher);
}

/* A watcher that leaves while it is woken would take its neighbours along. */
static void test_watchers_may_leave_when_woken(void **state) {
  (void)state;
  counter all[3] = {{.watcher.on_wake = on_wake},
                    {.watcher.on_wake = on_wake, .leaves = true},
                    {.watcher.on_wake = on_wake}};
  for (int i = 0; i < 3; i++) {
    assert_true(mesh__watchers_add(watchers, loops[0], &all[i].watcher));
  }
  for (int i = 0; i < 2; i++) {
    mesh__watchers_wake(watchers);
    run(loops[0]);
  }
  assert_int_equal(all[0].wakes, 2);
  assert_int_equal(all[1].wakes, 1);
  assert_int_equal(all[2].wakes, 2);
  mesh__watchers_remove(&all[0].watcher);
  mesh__watchers_remove(&all[1].watcher); /* again: nothing happens */
  mesh__watchers_remove(&all[2].watcher);
}

/* Anyone could make the server hold streams without end; or a place, once used, would be lost. */
static void test_a_loop_has_its_most(void **state) {
  (void)state;
  counter all[4] = {{.wakes = 0}};
  for (int i = 0; i < 3; i++) {
    assert_true(mesh__watchers_add(watchers, loops[0], &all[i].watcher));
  }
  assert_false(mesh__watchers_add(watchers, loops[0], &all[3].watcher));
  assert_true(mesh__watchers_add(watchers, loops[1], &all[3].watcher));
  mesh__watchers_remove(&all[3].watcher);
  mesh__watchers_remove(&all[0].watcher);
  assert_true(mesh__watchers_add(watchers, loops[0], &all[3].watcher));
  for (int i = 0; i < 4; i++) {
    mesh__watchers_remove(&all[i].watcher);
  }
}

/* A server destroyed between a wake and its turn would be used after it is freed. */
static void test_a_wake_under_way_outlives_the_owner(void **state) {
  (void)state;
  mesh__watchers *others = mesh__watchers_new(loops, 2, 3);
  mesh__watchers_wake(others);
  mesh__watchers_destroy(others);
  run(loops[0]);
  run(loops[1]);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_each_is_woken_on_its_loop, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_wakes_before_the_turn_are_one, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_watchers_may_leave_when_woken, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_a_loop_has_its_most, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_a_wake_under_way_outlives_the_owner, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

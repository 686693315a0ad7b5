/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <grpc/grpc.h>
#include <stdlib.h>

#include "cork.h"
#include "process.h"

/* Broken: with this gRPC, every lock of it would look for deadlocks again, and nobody would see it
 * but who counts instructions. */
static void test_the_switch_of_this_abseil_is_known(void **state) {
  (void)state;
  grpc_init();
  assert_true(mesh__process_stop_deadlock_detection());
  grpc_shutdown();
}

/* Broken: a mistyped policy would be none. */
static void test_an_unknown_policy_is_named(void **state) {
  (void)state;
  setenv("MESH_SCHED_POLICY", "fifo", 1);
  mesh_status status = mesh__process_set_up(1);
  assert_int_equal(status.code, GRPC_STATUS_INVALID_ARGUMENT);
  assert_string_equal(status.message, "MESH_SCHED_POLICY is 'fifo': it must be batch or other");
  unsetenv("MESH_SCHED_POLICY");
}

/* Whether connections of a process that is set up like this would be corked. */
static bool is_corked_with(const char *variable) {
  setenv("MESH_CORK", variable, 1);
  mesh_status status = mesh__process_set_up(1);
  unsetenv("MESH_CORK");
  assert_int_equal(status.code, GRPC_STATUS_OK);
  mesh__channel_args args = {0};
  mesh__cork_add_arg(&args);
  return args.args.num_args == 1;
}

/* Broken: MESH_CORK=false would change nothing, or what is not set would. */
static void test_corks_are_what_the_variable_says(void **state) {
  (void)state;
  assert_false(is_corked_with("false"));
  assert_true(is_corked_with("true"));
  assert_false(is_corked_with("false"));
  assert_true(is_corked_with(""));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_the_switch_of_this_abseil_is_known),
      cmocka_unit_test(test_an_unknown_policy_is_named),
      cmocka_unit_test(test_corks_are_what_the_variable_says),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

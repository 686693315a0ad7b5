/* SPDX-License-Identifier: Apache-2.0 */
#include "health_registry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static int set_up(void **state) {
  *state = mesh__health_registry_new();
  return 0;
}

static int tear_down(void **state) {
  mesh__health_registry_destroy(*state);
  return 0;
}

/* A fresh server would look unhealthy, or a stranger's name healthy. */
static void test_starts_with_the_server_alone(void **state) {
  assert_int_equal(mesh__health_registry_get(*state, ""), MESH__SERVING);
  assert_int_equal(mesh__health_registry_get(*state, "a.Service"), MESH__SERVICE_UNKNOWN);
  assert_false(mesh__health_registry_is_shut_down(*state));
}

/* Watchers would be woken for nothing, or not for a change. */
static void test_set_says_what_changed(void **state) {
  assert_true(mesh__health_registry_set(*state, "a.Service", true));
  assert_false(mesh__health_registry_set(*state, "a.Service", true));
  assert_true(mesh__health_registry_set(*state, "a.Service", false));
  assert_int_equal(mesh__health_registry_get(*state, "a.Service"), MESH__NOT_SERVING);
  assert_int_equal(mesh__health_registry_get(*state, ""), MESH__SERVING);
  assert_true(mesh__health_registry_set(*state, "", false));
  assert_int_equal(mesh__health_registry_get(*state, ""), MESH__NOT_SERVING);
}

/* A service set NOT_SERVING before it is added would start as SERVING. */
static void test_add_keeps_what_was_set(void **state) {
  mesh__health_registry_set(*state, "a.Service", false);
  mesh__health_registry_add(*state, "a.Service");
  assert_int_equal(mesh__health_registry_get(*state, "a.Service"), MESH__NOT_SERVING);
  mesh__health_registry_add(*state, "b.Service");
  assert_int_equal(mesh__health_registry_get(*state, "b.Service"), MESH__SERVING);
}

/* A service that sets itself SERVING while the server drains would draw new calls. */
static void test_a_shut_down_is_for_good(void **state) {
  mesh__health_registry_add(*state, "a.Service");
  mesh__health_registry_shut_down(*state);
  assert_true(mesh__health_registry_is_shut_down(*state));
  assert_int_equal(mesh__health_registry_get(*state, ""), MESH__NOT_SERVING);
  assert_int_equal(mesh__health_registry_get(*state, "a.Service"), MESH__NOT_SERVING);
  assert_int_equal(mesh__health_registry_get(*state, "b.Service"), MESH__SERVICE_UNKNOWN);
  assert_false(mesh__health_registry_set(*state, "a.Service", true));
  assert_int_equal(mesh__health_registry_get(*state, "a.Service"), MESH__NOT_SERVING);
  assert_false(mesh__health_registry_set(*state, "a.Service", false));
  assert_false(mesh__health_registry_set(*state, "b.Service", true));
  assert_int_equal(mesh__health_registry_get(*state, "b.Service"), MESH__SERVICE_UNKNOWN);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_starts_with_the_server_alone, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_set_says_what_changed, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_add_keeps_what_was_set, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_a_shut_down_is_for_good, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

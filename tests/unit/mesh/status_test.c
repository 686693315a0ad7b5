/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <mesh/status.h>
#include <string.h>

/* Names in logs, spans and error_type would not be gRPC's. */
static void test_names(void **state) {
  (void)state;
  assert_string_equal(mesh_status_code_name(GRPC_STATUS_OK), "OK");
  assert_string_equal(mesh_status_code_name(GRPC_STATUS_DEADLINE_EXCEEDED), "DEADLINE_EXCEEDED");
  assert_string_equal(mesh_status_code_name(GRPC_STATUS_UNAUTHENTICATED), "UNAUTHENTICATED");
  assert_string_equal(mesh_status_code_name((grpc_status_code)99), "UNKNOWN");
}

/* A long message would overrun its buffer. */
static void test_long_message_is_cut(void **state) {
  (void)state;
  mesh_status status = mesh_status_error(GRPC_STATUS_INTERNAL, "%600d", 1);
  assert_int_equal(strlen(status.message), 511);
  assert_false(mesh_status_is_ok(&status));
}

/* Wrapping an error in another would read the buffer it writes. */
static void test_message_of_the_last_error(void **state) {
  (void)state;
  mesh_status inner = mesh_status_error(GRPC_STATUS_INTERNAL, "inner");
  mesh_status outer = mesh_status_error(GRPC_STATUS_INTERNAL, "outer: %s", inner.message);
  assert_string_equal(outer.message, "outer: inner");
}

/* OK would carry a message or details. */
static void test_ok(void **state) {
  (void)state;
  mesh_status status = mesh_status_ok();
  assert_true(mesh_status_is_ok(&status));
  assert_string_equal(status.message, "");
  assert_null(status.details);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_names),
      cmocka_unit_test(test_long_message_is_cut),
      cmocka_unit_test(test_message_of_the_last_error),
      cmocka_unit_test(test_ok),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

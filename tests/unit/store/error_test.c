/* SPDX-License-Identifier: Apache-2.0 */
#include "../../support/cmocka_headers.h"
#include "engine.h"

/* Callers would retry what cannot work, or give up what can; and nobody would know which file. */
static void test_says_what_happened_to_which_file(void **state) {
  (void)state;
  static const struct {
    int sqlite_code;
    grpc_status_code code;
    const char *name;
  } cases[] = {
      {SQLITE_BUSY, GRPC_STATUS_UNAVAILABLE, "SQLITE_BUSY"},
      {SQLITE_BUSY_SNAPSHOT, GRPC_STATUS_UNAVAILABLE, "SQLITE_BUSY"},
      {SQLITE_FULL, GRPC_STATUS_RESOURCE_EXHAUSTED, "SQLITE_FULL"},
      {SQLITE_IOERR_FSYNC, GRPC_STATUS_UNAVAILABLE, "SQLITE_IOERR"},
      {SQLITE_CORRUPT_INDEX, GRPC_STATUS_DATA_LOSS, "SQLITE_CORRUPT"},
      {SQLITE_NOTADB, GRPC_STATUS_DATA_LOSS, "SQLITE_NOTADB"},
      {SQLITE_READONLY_DIRECTORY, GRPC_STATUS_PERMISSION_DENIED, "SQLITE_READONLY"},
      {SQLITE_CANTOPEN, GRPC_STATUS_FAILED_PRECONDITION, "SQLITE_CANTOPEN"},
      {SQLITE_CONSTRAINT_UNIQUE, GRPC_STATUS_INTERNAL, "SQLITE_CONSTRAINT"},
      {SQLITE_RANGE, GRPC_STATUS_INTERNAL, "SQLITE_ERROR"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    mesh_status status = store__error(cases[i].sqlite_code, "notes.db");
    assert_int_equal(status.code, cases[i].code);
    assert_non_null(strstr(status.message, "notes.db"));
    assert_non_null(strstr(status.message, cases[i].name));
    assert_string_equal(store__error_name(cases[i].sqlite_code), cases[i].name);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_says_what_happened_to_which_file),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What the environment says wrong is said at the start, by name. */
#include "cmocka_headers.h"
#include "mesh_process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A typing mistake would be a default, found out about in production. */
static void a_bad_variable_is_an_error_that_names_it(void **state) {
  (void)state;
  static const struct {
    const char *program;
    const char *variable;
    const char *value;
  } cases[] = {
      {"inventory-service", "INVENTORY_AVAILABILITY", "many"},
      {"inventory-service", "INVENTORY_AVAILABILITY", "-1"},
      {"inventory-service", "WAREHOUSE_SERVICE_URL", "ftp://warehouse:1"},
      {"order-service", "INVENTORY_SERVICE_URL", "ftp://inventory:1"},
      {"order-service", "PAYMENT_SERVICE_URL", "ftp://payment:1"},
  };
  char *folder = mesh_process_folder_new();
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
    char path[512];
    char data[256];
    char variable[128];
    char log_file[256];
    snprintf(path, sizeof(path), "%s/%s", SHOP_PROGRAM_FOLDER, cases[i].program);
    snprintf(data, sizeof(data), "DATA_DIR=%s/%s", folder, cases[i].program);
    snprintf(variable, sizeof(variable), "%s=%s", cases[i].variable, cases[i].value);
    snprintf(log_file, sizeof(log_file), "%s/log", folder);
    const char *const environment[] = {"PORT=0", data, variable, "OTEL_SDK_DISABLED=true", NULL};
    mesh_process *process = mesh_process_start(path, environment, log_file);
    assert_int_equal(mesh_process_wait(process), 1);
    mesh_process_wait_log(process, cases[i].variable);
    assert_false(mesh_process_has_logged(process, "msg=listening"));
    mesh_process_destroy(process);
  }
  mesh_process_folder_destroy(folder);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_bad_variable_is_an_error_that_names_it),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "backends.h"

#include "fixture.h"

#include <stdlib.h>

/* A gateway that serves nobody's service would start, and fail with the first request. */
static void test_nobody_serves(void **state) {
  gateway_fixture *fixture = *state;
  gateway_config config;
  memset(&config, 0, sizeof config);
  gateway_backends_options options = {fixture->api, &config, NULL, 0};
  gateway_backends *backends = NULL;
  mesh_status status = gateway_backends_new(&options, &backends);
  assert_string_equal(status.message,
                      "nobody serves test.library.v1.Library: set LIBRARY_URL, or --backend "
                      "test.library.v1.Library=HOST:PORT");
}

/* The order of options and variables would be another than the README's. */
static void test_order(void **state) {
  gateway_fixture *fixture = *state;
  gateway_config config;
  memset(&config, 0, sizeof config);
  gateway_backends_options options = {fixture->api, &config, NULL, 0};
  static const char *const expected[] = {"short:1", "full:1", "option:1"};
  for (int i = 0; i < 3; i++) {
    gateway_backends *backends = NULL;
    if (i == 0) {
      setenv("LIBRARY_URL", "short:1", 1);
    } else if (i == 1) {
      setenv("TEST_LIBRARY_V1_LIBRARY_URL", "full:1", 1);
    } else {
      config.backends[0] = (gateway_backend_option){"test", 4, "option:1"};
      config.backend_count = 1;
    }
    assert_ok(gateway_backends_new(&options, &backends));
    assert_string_equal(gateway_backends_target(backends, 0), expected[i]);
    assert_string_equal(mesh_client_target(gateway_backends_client(backends, 0)), expected[i]);
    gateway_backends_destroy(backends);
  }
  unsetenv("LIBRARY_URL");
  unsetenv("TEST_LIBRARY_V1_LIBRARY_URL");
}

/* The target in a .proto file would not be used. */
static void test_default_target(void **state) {
  (void)state;
  gateway_descriptors *descriptors = gateway_descriptors_new();
  gateway_api *api = NULL;
  gateway_backends *backends = NULL;
  gateway_config config;
  memset(&config, 0, sizeof config);
  unsetenv("ORDER_SERVICE_URL");
  unsetenv("INVENTORY_SERVICE_URL");
  unsetenv("WAREHOUSE_SERVICE_URL");
  assert_ok(gateway_builtin_add_shop(descriptors));
  gateway_builtin_add_base(descriptors);
  assert_ok(gateway_api_new(descriptors, &api));
  gateway_backends_options options = {api, &config, NULL, 0};
  assert_ok(gateway_backends_new(&options, &backends));
  static const char *const expected[][2] = {
      {"shop.inventory.v1.InventoryService", "localhost:8002"},
      {"shop.order.v1.OrderService", "localhost:8001"},
      {"shop.warehouse.v1.WarehouseService", "localhost:8003"},
  };
  assert_int_equal(api->service_count, 3);
  for (size_t i = 0; i < api->service_count; i++) {
    for (size_t j = 0; j < 3; j++) {
      if (strcmp(api->services[i].name, expected[j][0]) == 0) {
        assert_string_equal(gateway_backends_target(backends, i), expected[j][1]);
      }
    }
  }
  gateway_backends_destroy(backends);
  gateway_api_destroy(api);
  gateway_descriptors_destroy(descriptors);
}

/* A target that is none would not be refused by name. */
static void test_bad_target(void **state) {
  gateway_fixture *fixture = *state;
  gateway_config config;
  memset(&config, 0, sizeof config);
  config.backends[0] = (gateway_backend_option){"*", 1, "no target"};
  config.backend_count = 1;
  gateway_backends_options options = {fixture->api, &config, NULL, 0};
  gateway_backends *backends = NULL;
  mesh_status status = gateway_backends_new(&options, &backends);
  assert_int_equal(status.code, GRPC_STATUS_INVALID_ARGUMENT);
  assert_non_null(strstr(status.message, "the target of test.library.v1.Library: "));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      fixture_test(test_nobody_serves),
      fixture_test(test_order),
      cmocka_unit_test(test_default_target),
      fixture_test(test_bad_target),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* config.c and backend_names.c. */
#include "config.h"

#include "backends.h"
#include "fixture.h"

#include <stdlib.h>

static int clear_environment(void **state) {
  (void)state;
  static const char *const names[] = {"GATEWAY_PORT", "PORT", "LISTEN_ADDRESS",
                                      "GATEWAY_MAX_BODY_BYTES", "GATEWAY_CORS_ORIGIN"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    unsetenv(names[i]);
  }
  return 0;
}

static mesh_status read_arguments(const char *const *arguments, int count,
                                  gateway_config *out_config) {
  return gateway_config_read(count, arguments, out_config);
}

/* Without a word the gateway would listen elsewhere, or without limits. */
static void test_defaults(void **state) {
  (void)state;
  gateway_config config;
  const char *arguments[] = {"gateway"};
  assert_ok(read_arguments(arguments, 1, &config));
  assert_int_equal(config.port, 8000);
  assert_null(config.address);
  assert_int_equal(config.descriptor_file_count, 0);
  assert_int_equal(config.limits.body_bytes, 1 << 20);
  assert_int_equal(config.limits.timeout_ms, 15000);
  assert_true(config.limits.connections > 0 && config.limits.in_flight > 0);
}

/* A variable would be ignored, or one would win that should not. */
static void test_variables(void **state) {
  (void)state;
  gateway_config config;
  const char *arguments[] = {"gateway"};
  setenv("PORT", "1234", 1);
  assert_ok(read_arguments(arguments, 1, &config));
  assert_int_equal(config.port, 1234);
  setenv("GATEWAY_PORT", "0", 1);
  setenv("GATEWAY_MAX_BODY_BYTES", "5", 1);
  assert_ok(read_arguments(arguments, 1, &config));
  assert_int_equal(config.port, 0);
  assert_int_equal(config.limits.body_bytes, 5);
}

/* A variable that can't be parsed would be taken for its default. */
static void test_bad_variables(void **state) {
  (void)state;
  gateway_config config;
  const char *arguments[] = {"gateway"};
  setenv("GATEWAY_PORT", "80x", 1);
  mesh_status status = read_arguments(arguments, 1, &config);
  assert_string_equal(status.message,
                      "GATEWAY_PORT is '80x': it must be an integer from 0 to 65535");
  unsetenv("GATEWAY_PORT");
  setenv("GATEWAY_CORS_ORIGIN", "http://a, http://b", 1);
  status = read_arguments(arguments, 1, &config);
  assert_string_equal(status.message,
                      "GATEWAY_CORS_ORIGIN is 'http://a, http://b': it must be one origin, or *");
  setenv("GATEWAY_CORS_ORIGIN", "https://a.test", 1);
  assert_ok(read_arguments(arguments, 1, &config));
  assert_string_equal(config.cors_origin, "https://a.test");
  setenv("GATEWAY_MAX_BODY_BYTES", "0", 1);
  status = read_arguments(arguments, 1, &config);
  assert_int_equal(status.code, GRPC_STATUS_INVALID_ARGUMENT);
}

/* Options would not be understood in both of their forms, or forgotten when repeated. */
static void test_options(void **state) {
  (void)state;
  gateway_config config;
  const char *arguments[] = {
      "gateway",    "--descriptors",     "a.binpb",         "--descriptors=b.binpb",
      "--backend",  "shop.order.v1=h:1", "--backend=*=h:2", "--listen",
      "127.0.0.1:0"};
  assert_ok(read_arguments(arguments, 9, &config));
  assert_int_equal(config.descriptor_file_count, 2);
  assert_string_equal(config.descriptor_files[1], "b.binpb");
  assert_string_equal(config.address, "127.0.0.1:0");
  assert_string_equal(gateway_backend_option_find(&config, "shop.order.v1.OrderService"), "h:1");
  assert_string_equal(gateway_backend_option_find(&config, "shop.order.v1x.S"), "h:2");
}

/* A typo on the command line would be passed over. */
static void test_bad_options(void **state) {
  (void)state;
  gateway_config config;
  static const struct {
    const char *argument;
    const char *message;
  } cases[] = {
      {"--descriptor", "there is no option '--descriptor' (see --help)"},
      {"--descriptors", "--descriptors needs a value"},
      {"--backend=x", "--backend: 'x' is not SERVICE=TARGET"},
      {"--backend==x", "--backend: '=x' is not SERVICE=TARGET"},
      {"--backend=x=", "--backend: 'x=' is not SERVICE=TARGET"},
      {"x", "there is no option 'x' (see --help)"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    const char *arguments[] = {"gateway", cases[i].argument};
    mesh_status status = read_arguments(arguments, 2, &config);
    assert_string_equal(status.message, cases[i].message);
  }
}

/* The longest name would not win, so a service could not be moved alone. */
static void test_backend_options(void **state) {
  (void)state;
  gateway_config config;
  const char *arguments[] = {"gateway", "--backend=*=any", "--backend=a.b=package",
                             "--backend=a.b.S=service", "--backend=a=outer"};
  assert_ok(read_arguments(arguments, 5, &config));
  assert_string_equal(gateway_backend_option_find(&config, "a.b.S"), "service");
  assert_string_equal(gateway_backend_option_find(&config, "a.b.T"), "package");
  assert_string_equal(gateway_backend_option_find(&config, "a.b.c.T"), "package");
  assert_string_equal(gateway_backend_option_find(&config, "a.bc.T"), "outer");
  assert_string_equal(gateway_backend_option_find(&config, "z.T"), "any");
  config.backend_count = 0;
  assert_null(gateway_backend_option_find(&config, "z.T"));
}

/* Services would not be found by the variables that the README names. */
static void test_target_variables(void **state) {
  (void)state;
  gateway_target_variables names;
  gateway_target_variables_of("shop.order.v1.OrderService", &names);
  assert_string_equal(names.full_name, "SHOP_ORDER_V1_ORDER_SERVICE_URL");
  assert_string_equal(names.short_name, "ORDER_SERVICE_URL");
  gateway_target_variables_of("HTTPProxy", &names);
  assert_string_equal(names.short_name, "HTTP_PROXY_URL");
  gateway_target_variables_of("a.B2Service", &names);
  assert_string_equal(names.short_name, "B2_SERVICE_URL");
  char name[600];
  memset(name, 'a', sizeof name);
  name[sizeof name - 1] = '\0';
  gateway_target_variables_of(name, &names);
  assert_true(strlen(names.full_name) < GATEWAY_VARIABLE_SIZE);
}

int main(void) {
#define clean_test(test) cmocka_unit_test_setup_teardown(test, clear_environment, clear_environment)
  const struct CMUnitTest tests[] = {
      clean_test(test_defaults),         clean_test(test_variables),
      clean_test(test_bad_variables),    clean_test(test_options),
      clean_test(test_bad_options),      clean_test(test_backend_options),
      clean_test(test_target_variables),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

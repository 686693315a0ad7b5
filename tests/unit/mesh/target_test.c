/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "target.h"

typedef struct target_case {
  const char *text;
  const char *core;
  const char *address;
  int port;
  bool is_tls;
} target_case;

static const target_case good[] = {
    {"localhost:8001", "dns:///localhost:8001", "localhost", 8001, false},
    {"order-service:8001", "dns:///order-service:8001", "order-service", 8001, false},
    {"127.0.0.1:1", "dns:///127.0.0.1:1", "127.0.0.1", 1, false},
    {"[::1]:65535", "dns:///[::1]:65535", "::1", 65535, false},
    {"http://inventory:8002", "dns:///inventory:8002", "inventory", 8002, false},
    {"http://inventory:8002/", "dns:///inventory:8002", "inventory", 8002, false},
    {"http://inventory", "dns:///inventory:80", "inventory", 80, false},
    {"https://shop.example", "dns:///shop.example:443", "shop.example", 443, true},
    {"https://[2001:db8::1]:8443", "dns:///[2001:db8::1]:8443", "2001:db8::1", 8443, true},
    {"dns:///a:1", "dns:///a:1", "a", 1, false},
    {"dns://8.8.8.8/a:1", "dns://8.8.8.8/a:1", "a", 1, false},
    {"dns:a:1", "dns:a:1", "a", 1, false},
    {"ipv4:10.0.0.1:1", "ipv4:10.0.0.1:1", "10.0.0.1", 1, false},
    {"ipv4:10.0.0.1:1,10.0.0.2:2", "ipv4:10.0.0.1:1,10.0.0.2:2", "ipv4:10.0.0.1:1,10.0.0.2:2", 0,
     false},
    {"ipv6:[::1]:5", "ipv6:[::1]:5", "::1", 5, false},
    {"unix:/run/a.sock", "unix:/run/a.sock", "/run/a.sock", 0, false},
    {"unix:///run/a.sock", "unix:///run/a.sock", "/run/a.sock", 0, false},
    {"unix-abstract:name", "unix-abstract:name", "name", 0, false},
};

static const char *const bad[] = {
    "",
    "localhost",
    "localhost:",
    "localhost:0",
    "localhost:65536",
    "localhost:99999999999",
    "localhost:http",
    "localhost:80x",
    "localhost:80/",
    ":80",
    "[::1]",
    "[::1:80",
    "[]:80",
    "two words:80",
    "user@host:80",
    "http://",
    "http://:80",
    "http://host:80/path",
    "http://host:80?query",
    "https://host:",
    "ftp://host:80",
    "dns:",
    "unix:",
};

/* A service would not be found, or its spans would name another server. */
static void test_good_targets(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
    mesh__target target;
    mesh_status status = mesh__target_parse(good[i].text, &target);
    assert_true(mesh_status_is_ok(&status));
    assert_string_equal(target.core, good[i].core);
    assert_string_equal(target.address, good[i].address);
    assert_int_equal(target.port, good[i].port);
    assert_int_equal(target.is_tls, good[i].is_tls);
  }
}

/* A typing error would show only at the first call, or never say which target it is in. */
static void test_bad_targets(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    mesh__target target;
    mesh_status status = mesh__target_parse(bad[i], &target);
    assert_int_equal(status.code, GRPC_STATUS_INVALID_ARGUMENT);
    assert_non_null(strstr(status.message, bad[i]));
  }
}

/* A missing target would crash; a huge one overrun a buffer. */
static void test_null_and_huge(void **state) {
  (void)state;
  static char huge[5000];
  mesh__target target;
  mesh_status status = mesh__target_parse(NULL, &target);
  assert_int_equal(status.code, GRPC_STATUS_INVALID_ARGUMENT);
  memset(huge, 'a', sizeof huge - 1);
  status = mesh__target_parse(huge, &target);
  assert_int_equal(status.code, GRPC_STATUS_INVALID_ARGUMENT);
  memcpy(huge + 1000, ":80", 4);
  status = mesh__target_parse(huge, &target);
  assert_true(mesh_status_is_ok(&status));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_good_targets),
      cmocka_unit_test(test_bad_targets),
      cmocka_unit_test(test_null_and_huge),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

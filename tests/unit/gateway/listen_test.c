/* SPDX-License-Identifier: Apache-2.0 */
#include "listen.h"

#include "fixture.h"

#include <stdio.h>
#include <unistd.h>

/* A taken port, or an address that is none, would not be told by name. */
static void test_addresses(void **state) {
  (void)state;
  int first = -1;
  int second = -1;
  int port = 0;
  assert_ok(gateway_listen("127.0.0.1:0", 0, &first, &port));
  assert_in_range(port, 1, 65535);
  char address[64];
  char expected[128];
  snprintf(address, sizeof address, "127.0.0.1:%d", port);
  snprintf(expected, sizeof expected, "can't listen on %s: Address already in use", address);
  mesh_status status = gateway_listen(address, 0, &second, &port);
  assert_int_equal(status.code, GRPC_STATUS_UNAVAILABLE);
  assert_string_equal(status.message, expected);
  close(first);
}

/* Without an address the gateway would not listen at all. */
static void test_any_address(void **state) {
  (void)state;
  int fd = -1;
  int port = 0;
  assert_ok(gateway_listen(NULL, 0, &fd, &port));
  assert_in_range(port, 1, 65535);
  close(fd);
  assert_ok(gateway_listen(":0", 0, &fd, &port));
  close(fd);
}

/* A typo in LISTEN_ADDRESS would listen somewhere. */
static void test_refused(void **state) {
  (void)state;
  static const char *const cases[] = {
      "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:1x", "127.0.0.1:65536", "127.0.0.1:-1",
      ""};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    int fd = -1;
    int port = 0;
    mesh_status status = gateway_listen(cases[i], 0, &fd, &port);
    assert_int_equal(status.code, GRPC_STATUS_INVALID_ARGUMENT);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_addresses),
      cmocka_unit_test(test_any_address),
      cmocka_unit_test(test_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

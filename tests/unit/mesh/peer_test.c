/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "peer.h"
#include <cmocka.h>

/* Spans would carry addresses that nothing else knows. */
static void test_addresses(void **state) {
  (void)state;
  static const struct {
    const char *text;
    const char *address;
    int port;
  } cases[] = {
      {"ipv4:127.0.0.1:8001", "127.0.0.1", 8001},
      {"ipv6:%5B::1%5D:8001", "::1", 8001},
      {"ipv6:[2001:db8::1]:443", "2001:db8::1", 443},
      {"ipv6:%5Bfe80::1%25eth0%5D:1", "fe80::1%eth0", 1},
      {"unix:/run/a.sock", "/run/a.sock", 0},
      {"unix:", "", 0},
      {"", "", 0},
      {"unknown", "", 0},
      {"ipv4:", "", 0},
      {"vsock:1:2", "", 0},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    mesh__peer peer;
    mesh__peer_parse(cases[i].text, &peer);
    assert_string_equal(peer.address, cases[i].address);
    assert_int_equal(peer.port, cases[i].port);
  }
}

/* A long socket path would overrun its buffer. */
static void test_long_address(void **state) {
  (void)state;
  static char text[1000] = "unix:";
  for (size_t i = 5; i < sizeof text - 1; i++) {
    text[i] = 'x';
  }
  mesh__peer peer;
  mesh__peer_parse(text, &peer);
  assert_int_equal(peer.address[MESH__PEER_SIZE - 1], 0);
  assert_int_equal(peer.address[MESH__PEER_SIZE - 2], 'x');
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_addresses),
      cmocka_unit_test(test_long_address),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

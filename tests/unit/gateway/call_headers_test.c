/* SPDX-License-Identifier: Apache-2.0 */
#include "call_headers.h"

#include "fixture.h"

static gateway_call_headers headers_of(const char *const *pairs, size_t count) {
  gateway_call_headers headers;
  memset(&headers, 0, sizeof headers);
  for (size_t i = 0; i < count; i++) {
    gateway_call_headers_add(&headers, text(pairs[2 * i]), text(pairs[2 * i + 1]));
  }
  return headers;
}

/* Headers would be missed for the case of their names, or counted wrongly against the limit. */
static void test_gathering(void **state) {
  (void)state;
  static const char *const pairs[] = {"CONTENT-TYPE", "a/b",          "x-unknown",
                                      "12345",        "content-type", "later"};
  gateway_call_headers headers = headers_of(pairs, 3);
  assert_text_equal(gateway_call_headers_get(&headers, GATEWAY_HEADER_CONTENT_TYPE), "a/b");
  assert_text_equal(gateway_call_headers_get(&headers, GATEWAY_HEADER_ACCEPT), "");
  assert_int_equal(headers.size, 12 + 3 + 4 + 9 + 5 + 4 + 12 + 5 + 4);
}

/* Repeated tracestate headers would be cut to the first. */
static void test_carrier(void **state) {
  (void)state;
  static const char *const pairs[] = {"TraceState", "a=1",        "traceparent",
                                      "00-x",       "tracestate", "b=2"};
  gateway_call_headers headers = headers_of(pairs, 3);
  otlp_string value;
  assert_true(gateway_call_headers_carry(&headers, otlp_string_from("tracestate"), 0, &value));
  assert_memory_equal(value.data, "a=1", 3);
  assert_true(gateway_call_headers_carry(&headers, otlp_string_from("tracestate"), 1, &value));
  assert_memory_equal(value.data, "b=2", 3);
  assert_false(gateway_call_headers_carry(&headers, otlp_string_from("tracestate"), 2, &value));
  assert_false(gateway_call_headers_carry(&headers, otlp_string_from("baggage"), 0, &value));
}

/* More headers than there is room for would be written past the table. */
static void test_many_propagation_headers(void **state) {
  (void)state;
  gateway_call_headers headers = headers_of(NULL, 0);
  for (int i = 0; i < 3 * GATEWAY_PROPAGATION_HEADERS_MAX; i++) {
    gateway_call_headers_add(&headers, text("baggage"), text("k=v"));
  }
  assert_int_equal(headers.propagation_count, GATEWAY_PROPAGATION_HEADERS_MAX);
}

static int64_t timeout_of(void **state, const char *name, const char *value) {
  gateway_fixture *fixture = *state;
  const char *const pairs[] = {name, value};
  gateway_call_headers headers = headers_of(pairs, 1);
  gateway_problem_init(&fixture->problem, fixture->arena);
  int64_t timeout_ms = gateway_call_headers_timeout_ms(&headers, 10000, &fixture->problem);
  return gateway_problem_is_set(&fixture->problem) ? -1 : timeout_ms;
}

/* A deadline would be another than the client's, or longer than allowed. */
static void test_timeouts(void **state) {
  assert_int_equal(timeout_of(state, "accept", "x"), 10000);
  assert_int_equal(timeout_of(state, "grpc-timeout", "2S"), 2000);
  assert_int_equal(timeout_of(state, "grpc-timeout", "1M"), 10000);
  assert_int_equal(timeout_of(state, "grpc-timeout", "1H"), 10000);
  assert_int_equal(timeout_of(state, "grpc-timeout", "7m"), 7);
  assert_int_equal(timeout_of(state, "grpc-timeout", "5000u"), 5);
  assert_int_equal(timeout_of(state, "grpc-timeout", "2000000n"), 2);
  assert_int_equal(timeout_of(state, "grpc-timeout", "1n"), 1);
  assert_int_equal(timeout_of(state, "grpc-timeout", "99999999H"), 10000);
  assert_int_equal(timeout_of(state, "x-timeout-ms", "250"), 250);
}

/* A timeout that is none would be no limit. */
static void test_bad_timeouts(void **state) {
  static const char *const grpc[] = {"S", "5", "5s", "-5S", "5 S", "123456789S", "S5", "1.5S"};
  static const char *const milliseconds[] = {"0",         "-1", "1s",
                                             "123456789", " 5", "99999999999999999999"};
  for (size_t i = 0; i < sizeof grpc / sizeof grpc[0]; i++) {
    assert_int_equal(timeout_of(state, "grpc-timeout", grpc[i]), -1);
  }
  for (size_t i = 0; i < sizeof milliseconds / sizeof milliseconds[0]; i++) {
    assert_int_equal(timeout_of(state, "x-timeout-ms", milliseconds[i]), -1);
  }
}

/* A header that gRPC's metadata can't hold would end the process within the C core. */
static void test_passed_headers(void **state) {
  gateway_fixture *fixture = *state;
  static const char *const bad[] = {"idempotency-key", "a\x01"};
  static const char *const good[] = {"idempotency-key", "a b~!"};
  gateway_call_headers headers = headers_of(good, 1);
  gateway_call_headers_check(&headers, &fixture->problem);
  assert_false(gateway_problem_is_set(&fixture->problem));
  headers = headers_of(bad, 1);
  gateway_call_headers_check(&headers, &fixture->problem);
  assert_text_equal(fixture->problem.violations[0].field, "idempotency-key");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_gathering),
      cmocka_unit_test(test_carrier),
      cmocka_unit_test(test_many_propagation_headers),
      fixture_test(test_timeouts),
      fixture_test(test_bad_timeouts),
      fixture_test(test_passed_headers),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "export/verdict.h"

#include "../../../support/cmocka_headers.h"

#include <curl/curl.h>
#include <grpc/status.h>
#include <stdbool.h>

/* The OTLP specification's table of gRPC codes, row by row. */
static void test_grpc_codes(void **state) {
  (void)state;
  static const bool RETRYABLE[] = {
      [GRPC_STATUS_CANCELLED] = true,        [GRPC_STATUS_DEADLINE_EXCEEDED] = true,
      [GRPC_STATUS_ABORTED] = true,          [GRPC_STATUS_OUT_OF_RANGE] = true,
      [GRPC_STATUS_UNAVAILABLE] = true,      [GRPC_STATUS_DATA_LOSS] = true,
      [GRPC_STATUS_UNAUTHENTICATED] = false,
  };
  for (int code = GRPC_STATUS_CANCELLED; code <= GRPC_STATUS_UNAUTHENTICATED; code++) {
    otlp__verdict wanted = RETRYABLE[code] ? OTLP__RETRYABLE : OTLP__REFUSED;
    assert_int_equal(otlp__grpc_verdict(code, false), wanted);
  }
  assert_int_equal(otlp__grpc_verdict(GRPC_STATUS_OK, false), OTLP__ACCEPTED);
}

/* RetryInfo makes RESOURCE_EXHAUSTED worth a retry, and nothing else. */
static void test_retry_info(void **state) {
  (void)state;
  assert_int_equal(otlp__grpc_verdict(GRPC_STATUS_RESOURCE_EXHAUSTED, false), OTLP__REFUSED);
  assert_int_equal(otlp__grpc_verdict(GRPC_STATUS_RESOURCE_EXHAUSTED, true), OTLP__RETRYABLE);
  assert_int_equal(otlp__grpc_verdict(GRPC_STATUS_INVALID_ARGUMENT, true), OTLP__REFUSED);
}

/* A code that does not exist must not be read past the table. */
static void test_unknown_grpc_codes(void **state) {
  (void)state;
  assert_int_equal(otlp__grpc_verdict(17, false), OTLP__REFUSED);
  assert_int_equal(otlp__grpc_verdict(-1, false), OTLP__REFUSED);
  assert_string_equal(otlp__grpc_status_name(99), "UNKNOWN");
  assert_string_equal(otlp__grpc_status_name(GRPC_STATUS_UNAVAILABLE), "UNAVAILABLE");
}

/* The OTLP specification's four statuses are retried, no other one is. */
static void test_http_statuses(void **state) {
  (void)state;
  for (long status = 100; status < 600; status++) {
    bool retryable = status == 429 || status == 502 || status == 503 || status == 504;
    otlp__verdict wanted = retryable ? OTLP__RETRYABLE : OTLP__REFUSED;
    wanted = status >= 200 && status < 300 ? OTLP__ACCEPTED : wanted;
    assert_int_equal(otlp__http_verdict(status), wanted);
  }
}

/* A lost connection is worth another try; a certificate that is not trusted is not. */
static void test_curl_codes(void **state) {
  (void)state;
  assert_int_equal(otlp__curl_verdict(CURLE_COULDNT_CONNECT), OTLP__RETRYABLE);
  assert_int_equal(otlp__curl_verdict(CURLE_RECV_ERROR), OTLP__RETRYABLE);
  assert_int_equal(otlp__curl_verdict(CURLE_GOT_NOTHING), OTLP__RETRYABLE);
  assert_int_equal(otlp__curl_verdict(CURLE_OPERATION_TIMEDOUT), OTLP__RETRYABLE);
  assert_int_equal(otlp__curl_verdict(CURLE_PEER_FAILED_VERIFICATION), OTLP__REFUSED);
  assert_int_equal(otlp__curl_verdict(CURLE_WEIRD_SERVER_REPLY), OTLP__REFUSED);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_grpc_codes),         cmocka_unit_test(test_retry_info),
      cmocka_unit_test(test_unknown_grpc_codes), cmocka_unit_test(test_http_statuses),
      cmocka_unit_test(test_curl_codes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

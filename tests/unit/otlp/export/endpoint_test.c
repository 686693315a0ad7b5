/* SPDX-License-Identifier: Apache-2.0 */
#include "export/endpoint.h"

#include "../../../support/cmocka_headers.h"

typedef struct grpc_row {
  const char *text;
  const char *target; /* NULL: refused */
  otlp__endpoint_security security;
  bool path_ignored;
} grpc_row;

static const grpc_row GRPC_ROWS[] = {
    {"http://localhost:4317", "localhost:4317", OTLP__SECURITY_PLAIN, false},
    {"http://localhost:4317/", "localhost:4317", OTLP__SECURITY_PLAIN, false},
    {"HTTPS://Collector.example.com", "Collector.example.com:443", OTLP__SECURITY_TLS, false},
    {"http://tempo", "tempo:80", OTLP__SECURITY_PLAIN, false},
    {"https://host:4317/some/path", "host:4317", OTLP__SECURITY_TLS, true},
    {"https://host:4317?q", "host:4317", OTLP__SECURITY_TLS, true},
    {"http://[::1]:4317", "[::1]:4317", OTLP__SECURITY_PLAIN, false},
    {"http://[fe80::1%25eth0]", "[fe80::1%25eth0]:80", OTLP__SECURITY_PLAIN, false},
    {"collector:4317", "collector:4317", OTLP__SECURITY_UNSAID, false},
    {"collector", "collector:4317", OTLP__SECURITY_UNSAID, false},
    {"10.0.0.1", "10.0.0.1:4317", OTLP__SECURITY_UNSAID, false},
    {"[::1]", "[::1]:4317", OTLP__SECURITY_UNSAID, false},
    {"dns:4317", "dns:4317", OTLP__SECURITY_UNSAID, false}, /* a host of that name */
    {"dns:///collector:4317", "dns:///collector:4317", OTLP__SECURITY_UNSAID, false},
    {"unix:/run/otel.sock", "unix:/run/otel.sock", OTLP__SECURITY_UNSAID, false},
    {"unix:///run/otel.sock", "unix:///run/otel.sock", OTLP__SECURITY_UNSAID, false},
    {"unix-abstract:otel", "unix-abstract:otel", OTLP__SECURITY_UNSAID, false},
    {"ipv4:10.0.0.1:4317,10.0.0.2:4317", "ipv4:10.0.0.1:4317,10.0.0.2:4317", OTLP__SECURITY_UNSAID,
     false},
    {"", NULL, OTLP__SECURITY_UNSAID, false},
    {"http://", NULL, OTLP__SECURITY_UNSAID, false},
    {"http://:4317", NULL, OTLP__SECURITY_UNSAID, false},
    {"http://host:", NULL, OTLP__SECURITY_UNSAID, false},
    {"http://host:0", NULL, OTLP__SECURITY_UNSAID, false},
    {"http://host:65536", NULL, OTLP__SECURITY_UNSAID, false},
    {"http://host:99999999999999999999", NULL, OTLP__SECURITY_UNSAID, false},
    {"http://host:43x7", NULL, OTLP__SECURITY_UNSAID, false},
    {"http://user:secret@host:4317", NULL, OTLP__SECURITY_UNSAID, false},
    {"http://[::1", NULL, OTLP__SECURITY_UNSAID, false},
    {"http://[]:4317", NULL, OTLP__SECURITY_UNSAID, false},
    {"http://[::1]4317", NULL, OTLP__SECURITY_UNSAID, false},
    {"http://ho st:4317", NULL, OTLP__SECURITY_UNSAID, false},
    {"http://host\n:4317", NULL, OTLP__SECURITY_UNSAID, false},
    {"ftp://host:4317", NULL, OTLP__SECURITY_UNSAID, false},
    {"a:b:c", NULL, OTLP__SECURITY_UNSAID, false},
};

/* Each form of endpoint the specification and gRPC know must lead where it says, or be refused. */
static void test_grpc_endpoints(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof(GRPC_ROWS) / sizeof(GRPC_ROWS[0]); i++) {
    const grpc_row *row = &GRPC_ROWS[i];
    otlp__grpc_endpoint endpoint;
    const char *problem = otlp__grpc_endpoint_parse(otlp_string_from(row->text), &endpoint);
    if ((problem == NULL) != (row->target != NULL)) {
      fail_msg("'%s': %s", row->text, problem != NULL ? problem : "was accepted");
    }
    if (row->target != NULL) {
      assert_string_equal(endpoint.target, row->target);
      assert_int_equal(endpoint.security, row->security);
      assert_int_equal(endpoint.path_ignored, row->path_ignored);
    }
  }
}

typedef struct http_row {
  const char *text;
  const char *signal_path;
  const char *url; /* NULL: refused */
} http_row;

static const http_row HTTP_ROWS[] = {
    {"http://localhost:4318", "/v1/traces", "http://localhost:4318/v1/traces"},
    {"http://localhost:4318/", "/v1/traces", "http://localhost:4318/v1/traces"},
    {"https://example.com/otlp", "/v1/traces", "https://example.com/otlp/v1/traces"},
    {"https://example.com/otlp/", "/v1/traces", "https://example.com/otlp/v1/traces"},
    {"https://example.com/otlp?key=1#x", "/v1/traces", "https://example.com/otlp/v1/traces?key=1"},
    {"https://example.com", "", "https://example.com/"},
    {"https://example.com/my/own/", "", "https://example.com/my/own/"},
    {"https://example.com?key=1", "", "https://example.com/?key=1"},
    {"http://[::1]:4318/x", "", "http://[::1]:4318/x"},
    {"localhost:4318", "/v1/traces", NULL},
    {"grpc://localhost:4318", "/v1/traces", NULL},
    {"https://", "", NULL},
    {"https:///v1/traces", "", NULL},
    {"https://user@host", "", NULL},
    {"", "", NULL},
};

/* Only the general endpoint gets the signal's path; the signal's own is used as it stands. */
static void test_http_endpoints(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof(HTTP_ROWS) / sizeof(HTTP_ROWS[0]); i++) {
    const http_row *row = &HTTP_ROWS[i];
    char url[OTLP__ENDPOINT_SIZE];
    const char *problem = otlp__http_endpoint_parse(otlp_string_from(row->text),
                                                    otlp_string_from(row->signal_path), url);
    if ((problem == NULL) != (row->url != NULL)) {
      fail_msg("'%s': %s", row->text, problem != NULL ? problem : "was accepted");
    }
    if (row->url != NULL) {
      assert_string_equal(url, row->url);
    }
  }
}

/* Endpoints as long as you like must be refused, not cut or run over. */
static void test_too_long(void **state) {
  (void)state;
  char text[2 * OTLP__ENDPOINT_SIZE];
  char url[OTLP__ENDPOINT_SIZE];
  otlp__grpc_endpoint endpoint;
  for (size_t length = OTLP__ENDPOINT_SIZE - 20; length < sizeof(text); length++) {
    memset(text, 'a', length);
    memcpy(text, "http://", 7);
    otlp_string view = {text, length};
    bool fits = otlp__http_endpoint_parse(view, otlp_string_from("/v1/traces"), url) == NULL;
    assert_int_equal(fits, length + 10 < OTLP__ENDPOINT_SIZE);
    fits = otlp__grpc_endpoint_parse(view, &endpoint) == NULL;
    assert_int_equal(fits, length < OTLP__ENDPOINT_SIZE);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_grpc_endpoints),
      cmocka_unit_test(test_http_endpoints),
      cmocka_unit_test(test_too_long),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

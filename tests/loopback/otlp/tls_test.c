/* SPDX-License-Identifier: Apache-2.0 */
/* TLS of both exporters, with certificates made on the spot. */
#include <otlp/otlp_exporter.h>

#include "../../support/certificates.h"
#include "../../support/cmocka_headers.h"
#include "../../support/log_capture.h"
#include "../../support/otlp_frames.h"
#include "fake_collector.h"
#include "fake_http_collector.h"

#include <grpc/grpc.h>

static certificates server_files;
static certificates client_files;
static char *server_key;
static char *server_certificate;
static char *client_certificate;

typedef otlp_exporter *exporter_constructor(const otlp_exporter_options *options);

static otlp_result export_one(exporter_constructor *constructor, otlp_exporter_options options) {
  options.timeout_ms = 1500;
  options.retry_initial_ms = options.retry_max_ms = 100;
  otlp_exporter *exporter = constructor(&options);
  assert_non_null(exporter);
  test_batch batch;
  test_batch_init(&batch, 1, 100, 1);
  otlp_export_report report = {0};
  otlp_result result = exporter->vtable->export_batch(exporter, &batch.batch, 20000, &report);
  assert_int_equal(report.exported, result == OTLP_OK ? 1 : 0);
  test_batch_clean_up(&batch);
  exporter->vtable->shutdown(exporter, 0);
  otlp_exporter_destroy(exporter);
  return result;
}

static collector *tls_collector(grpc_ssl_client_certificate_request_type client_check) {
  grpc_ssl_pem_key_cert_pair pair = {server_key, server_certificate};
  collector_options options = {.credentials = grpc_ssl_server_credentials_create_ex(
                                   client_certificate, &pair, 1, client_check, NULL)};
  return collector_start(&options);
}

/* A collector that shows a certificate we trust must be spoken to, and any other not. */
static void test_grpc_trusts_its_file_only(void **state) {
  (void)state;
  collector *fake = tls_collector(GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE);
  char endpoint[64];
  snprintf(endpoint, sizeof(endpoint), "https://127.0.0.1:%d", collector_port(fake));
  otlp_exporter_options options = OTLP_EXPORTER_OPTIONS_INIT;
  options.endpoint = endpoint;
  options.certificate_file = server_files.certificate;
  options.insecure = true; /* the scheme beats it */
  assert_int_equal(export_one(otlp_grpc_exporter_new, options), OTLP_OK);
  options.certificate_file = client_files.certificate;
  assert_int_not_equal(export_one(otlp_grpc_exporter_new, options), OTLP_OK);
  options.certificate_file = NULL;
  assert_int_not_equal(export_one(otlp_grpc_exporter_new, options), OTLP_OK);
  assert_int_equal(collector_calls(fake), 1);
  collector_stop(fake);
}

/* Without a scheme it must be TLS, unless told otherwise: telemetry must not leak by omission. */
static void test_grpc_without_scheme(void **state) {
  (void)state;
  collector *fake = tls_collector(GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE);
  char endpoint[64];
  snprintf(endpoint, sizeof(endpoint), "127.0.0.1:%d", collector_port(fake));
  otlp_exporter_options options = OTLP_EXPORTER_OPTIONS_INIT;
  options.endpoint = endpoint;
  options.certificate_file = server_files.certificate;
  assert_int_equal(export_one(otlp_grpc_exporter_new, options), OTLP_OK);
  options.insecure = true;
  assert_int_not_equal(export_one(otlp_grpc_exporter_new, options), OTLP_OK);
  collector_stop(fake);
}

/* A collector that asks who we are must be shown our certificate. */
static void test_grpc_client_certificate(void **state) {
  (void)state;
  collector *fake = tls_collector(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  char endpoint[64];
  snprintf(endpoint, sizeof(endpoint), "https://127.0.0.1:%d", collector_port(fake));
  otlp_exporter_options options = OTLP_EXPORTER_OPTIONS_INIT;
  options.endpoint = endpoint;
  options.certificate_file = server_files.certificate;
  assert_int_not_equal(export_one(otlp_grpc_exporter_new, options), OTLP_OK);
  options.client_key_file = client_files.key;
  options.client_certificate_file = client_files.certificate;
  assert_int_equal(export_one(otlp_grpc_exporter_new, options), OTLP_OK);
  collector_stop(fake);
}

/* The same for HTTP: the file decides whom we trust. */
static void test_http_trusts_its_file_only(void **state) {
  (void)state;
  http_collector_options fake_options = {.key = server_key, .certificate = server_certificate};
  http_collector *fake = http_collector_start(&fake_options);
  char endpoint[64];
  snprintf(endpoint, sizeof(endpoint), "https://127.0.0.1:%d/v1/traces", http_collector_port(fake));
  otlp_exporter_options options = OTLP_EXPORTER_OPTIONS_INIT;
  options.endpoint = endpoint;
  options.certificate_file = server_files.certificate;
  assert_int_equal(export_one(otlp_http_exporter_new, options), OTLP_OK);
  options.certificate_file = client_files.certificate;
  assert_int_not_equal(export_one(otlp_http_exporter_new, options), OTLP_OK);
  options.certificate_file = NULL;
  assert_int_not_equal(export_one(otlp_http_exporter_new, options), OTLP_OK);
  assert_int_equal(http_collector_requests(fake), 1);
  http_collector_stop(fake);
}

static int set_up(void **state) {
  (void)state;
  if (!certificates_init(&server_files) || !certificates_init(&client_files)) {
    return -1;
  }
  server_key = certificates_read(server_files.key);
  server_certificate = certificates_read(server_files.certificate);
  client_certificate = certificates_read(client_files.certificate);
  log_capture_start();
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  certificates_clean_up(&server_files);
  certificates_clean_up(&client_files);
  free(server_key);
  free(server_certificate);
  free(client_certificate);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_grpc_trusts_its_file_only),
      cmocka_unit_test(test_grpc_without_scheme),
      cmocka_unit_test(test_grpc_client_certificate),
      cmocka_unit_test(test_http_trusts_its_file_only),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}

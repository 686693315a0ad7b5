/* SPDX-License-Identifier: Apache-2.0 */
#include "export/pem_file.h"

#include "../../../support/cmocka_headers.h"
#include "../../../support/log_capture.h"

#include <stdlib.h>
#include <unistd.h>

static char path[] = "/tmp/otlp-pem-XXXXXX";

static void write_file(size_t size) {
  FILE *file = fopen(path, "w");
  for (size_t i = 0; i < size; i++) {
    fputc('a' + (int)(i % 26), file);
  }
  fclose(file);
}

/* Bundles of certificates are hundreds of kilobytes: all of them must be read. */
static void test_files_of_all_sizes(void **state) {
  (void)state;
  static const size_t SIZES[] = {0, 1, 16383, 16384, 16385, 300000};
  for (size_t i = 0; i < sizeof(SIZES) / sizeof(SIZES[0]); i++) {
    write_file(SIZES[i]);
    otlp_exporter_options options = OTLP_EXPORTER_OPTIONS_INIT;
    options.certificate_file = path;
    otlp__tls_files files;
    assert_true(otlp__tls_files_init(&files, &options));
    assert_int_equal(strlen(files.certificate), SIZES[i]);
    assert_null(files.client_key);
    otlp__tls_files_clean_up(&files);
  }
}

/* A file named by mistake (a disk image, a device) must not be read into memory without end. */
static void test_endless_file(void **state) {
  (void)state;
  log_capture_start();
  otlp_exporter_options options = OTLP_EXPORTER_OPTIONS_INIT;
  options.certificate_file = "/dev/zero";
  otlp__tls_files files;
  assert_false(otlp__tls_files_init(&files, &options));
  assert_int_equal(log_capture_count("/dev/zero"), 1);
}

/* What is missing must be an error that names it, and leave nothing behind. */
static void test_missing(void **state) {
  (void)state;
  write_file(10);
  log_capture_start();
  otlp_exporter_options options = OTLP_EXPORTER_OPTIONS_INIT;
  options.certificate_file = path;
  options.client_key_file = path;
  otlp__tls_files files;
  assert_false(otlp__tls_files_init(&files, &options));
  assert_int_equal(log_capture_count("only together"), 1);
  options.client_certificate_file = "/nonexistent/client.pem";
  assert_false(otlp__tls_files_init(&files, &options));
  assert_int_equal(log_capture_count("/nonexistent/client.pem"), 1);
  assert_null(files.certificate);
}

static int set_up(void **state) {
  (void)state;
  int fd = mkstemp(path);
  return fd < 0 ? -1 : close(fd);
}

static int tear_down(void **state) {
  (void)state;
  return unlink(path);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_files_of_all_sizes),
      cmocka_unit_test(test_endless_file),
      cmocka_unit_test(test_missing),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}

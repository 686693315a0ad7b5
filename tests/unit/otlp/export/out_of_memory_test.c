/* SPDX-License-Identifier: Apache-2.0 */
/* Every allocation of ours in the making of an exporter fails once. */
#include <otlp/otlp_exporter.h>

#include "../../../support/cmocka_headers.h"
#include "../../../support/log_capture.h"
#include "../failing_malloc.h"

typedef otlp_exporter *exporter_constructor(const otlp_exporter_options *options);

static size_t run(exporter_constructor *constructor, size_t failing, bool *out_made) {
  static const otlp_header HEADERS[] = {{{"a", 1}, {"1", 1}}, {{"b", 1}, {"2", 1}}};
  otlp_exporter_options options = OTLP_EXPORTER_OPTIONS_INIT;
  options.endpoint = "http://127.0.0.1:4";
  options.headers = HEADERS;
  options.header_count = 2;
  failing_malloc_set(failing);
  otlp_exporter *exporter = constructor(&options);
  size_t count = failing_malloc_count();
  failing_malloc_set(0);
  *out_made = exporter != NULL;
  otlp_exporter_destroy(exporter);
  return count;
}

static void check(exporter_constructor *constructor) {
  bool made;
  size_t needed = run(constructor, 0, &made);
  assert_true(made);
  assert_in_range(needed, 4, 40);
  for (size_t failing = 1; failing <= needed; failing++) {
    run(constructor, failing, &made);
    assert_false(made);
  }
}

/* A constructor that runs out of memory must say so with NULL, and leave nothing behind. */
static void test_grpc(void **state) {
  (void)state;
  check(otlp_grpc_exporter_new);
}

/* The same over HTTP. */
static void test_http(void **state) {
  (void)state;
  check(otlp_http_exporter_new);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_grpc),
      cmocka_unit_test(test_http),
  };
  log_capture_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}

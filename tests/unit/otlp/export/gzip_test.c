/* SPDX-License-Identifier: Apache-2.0 */
#include "export/gzip.h"

#include "../../../support/cmocka_headers.h"

#include <stdlib.h>
#include <string.h>

static void assert_round_trip(otlp__gzip *gzip, const uint8_t *data, size_t size) {
  uint8_t *compressed = NULL;
  size_t compressed_size = 0;
  assert_true(otlp__gzip_compress(gzip, data, size, &compressed, &compressed_size));
  uint8_t *plain = malloc(size + 1);
  z_stream stream = {.next_in = compressed,
                     .avail_in = (unsigned)compressed_size,
                     .next_out = plain,
                     .avail_out = (unsigned)size + 1};
  assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
  assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
  assert_int_equal(stream.total_out, size);
  assert_int_equal(stream.avail_in, 0);
  assert_memory_equal(plain, data, size);
  inflateEnd(&stream);
  free(plain);
  free(compressed);
}

/* One compressor must do for many requests of any size, compressible or not. */
static void test_round_trips(void **state) {
  (void)state;
  otlp__gzip gzip = {0};
  uint8_t *data = malloc(300000);
  uint32_t random = 1;
  for (size_t i = 0; i < 300000; i++) {
    random = random * 1664525 + 1013904223;
    data[i] = i < 150000 ? 'a' : (uint8_t)(random >> 24);
  }
  assert_round_trip(&gzip, data, 150000);
  assert_round_trip(&gzip, data + 150000, 150000);
  assert_round_trip(&gzip, data, 1);
  assert_round_trip(&gzip, data, 0);
  assert_round_trip(&gzip, data, 300000);
  free(data);
  otlp__gzip_clean_up(&gzip);
}

/* A compressor that was never needed must cost, and leave behind, nothing. */
static void test_unused(void **state) {
  (void)state;
  otlp__gzip gzip = {0};
  otlp__gzip_clean_up(&gzip);
  otlp__gzip_clean_up(&gzip);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_round_trips),
      cmocka_unit_test(test_unused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

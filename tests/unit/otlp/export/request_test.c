/* SPDX-License-Identifier: Apache-2.0 */
#include "export/request.h"

#include "../../../support/cmocka_headers.h"
#include "../../../support/otlp_frames.h"

enum { SPANS = 60 };

/* Cuts `batch` at `limit`; checks sizes, and that every span comes once, `too_large` of them not.
 */
static size_t cut_and_check(const otlp_batch *batch, size_t limit, size_t too_large_wanted) {
  unsigned seen[SPANS] = {0};
  otlp__batch_position position = {0};
  otlp__request request;
  size_t too_large = 0;
  size_t requests = 0;
  size_t spans = 0;
  while (otlp__request_next(batch, limit, &position, &request, &too_large)) {
    assert_in_range(request.size, 1, limit);
    assert_true(request.item_count > 0);
    uint8_t *bytes = malloc(request.size); /* exactly, for the sanitizer */
    otlp__request_write(batch, &request, bytes);
    assert_int_equal(test_count_spans((otlp_bytes){bytes, request.size}, seen, SPANS),
                     request.item_count);
    free(bytes);
    requests++;
    spans += request.item_count;
  }
  assert_int_equal(too_large, too_large_wanted);
  assert_int_equal(spans + too_large, batch->item_count);
  for (size_t i = 0; i < SPANS && too_large == 0; i++) {
    assert_int_equal(seen[i], i < batch->item_count ? 1 : 0);
  }
  return requests;
}

/* A batch that fits must be one request, byte for byte what the proto says. */
static void test_whole_batch(void **state) {
  (void)state;
  static const uint8_t WANTED[] = {
      0x0A, 0x2F,                                   /* 47 */
      0x0A, 0x06, 0x0A, 0x04, 0x0A, 0x02, 'i', 'd', /* resource */
      0x12, 0x25, 0x0A, 0x03, 0x0A, 0x01, 'a',      /* scope */
      0x12, 0x0E, 0x79, 0,    0,    0,    0,   0,   0, 0, 0, 0x2A, 0x03, 'n', 'n', 'n', /* span 0 */
      0x12, 0x0E, 0x79, 1,    0,    0,    0,   0,   0, 0, 0, 0x2A, 0x03, 'n', 'n', 'n'};
  test_batch batch;
  test_batch_init(&batch, 2, 14, 1);
  otlp__batch_position position = {0};
  otlp__request request;
  size_t too_large = 0;
  assert_true(otlp__request_next(&batch.batch, 1000, &position, &request, &too_large));
  assert_int_equal(request.size, sizeof(WANTED));
  uint8_t bytes[sizeof(WANTED)];
  otlp__request_write(&batch.batch, &request, bytes);
  assert_memory_equal(bytes, WANTED, sizeof(WANTED));
  assert_false(otlp__request_next(&batch.batch, 1000, &position, &request, &too_large));
  test_batch_clean_up(&batch);
}

/* At every limit there is, requests must keep to it and carry each span exactly once. */
static void test_every_limit(void **state) {
  (void)state;
  for (size_t scopes = 1; scopes <= 2; scopes++) {
    test_batch batch;
    test_batch_init(&batch, SPANS, 40, scopes);
    size_t fewest = SIZE_MAX;
    for (size_t limit = 70; limit < 3000; limit++) {
      size_t requests = cut_and_check(&batch.batch, limit, 0);
      assert_true(requests <= fewest); /* room must be used */
      fewest = requests;
    }
    assert_int_equal(fewest, 1);
    test_batch_clean_up(&batch);
  }
}

/* Lengths that take one byte more must be reckoned with: around 128 and 16384. */
static void test_length_boundaries(void **state) {
  (void)state;
  for (size_t size = 90; size < 140; size++) {
    test_batch batch;
    test_batch_init(&batch, 3, size, 1);
    for (size_t limit = size + 20; limit < size + 30; limit++) {
      otlp__batch_position position = {0};
      otlp__request request;
      size_t too_large = 0;
      while (otlp__request_next(&batch.batch, limit, &position, &request, &too_large)) {
        assert_in_range(request.size, 1, limit);
      }
    }
    test_batch_clean_up(&batch);
  }
  test_batch batch;
  test_batch_init(&batch, 5, 16300, 2);
  for (size_t limit = 16320; limit < 16420; limit++) {
    otlp__batch_position position = {0};
    otlp__request request;
    size_t too_large = 0;
    size_t spans = 0;
    while (otlp__request_next(&batch.batch, limit, &position, &request, &too_large)) {
      assert_in_range(request.size, 1, limit);
      spans += request.item_count;
    }
    assert_int_equal(spans + too_large, 5);
  }
  test_batch_clean_up(&batch);
}

/* Spans that fit into no request must be counted, and take no others with them. */
static void test_too_large_spans(void **state) {
  (void)state;
  test_batch batch;
  test_batch_init(&batch, 20, 200, 2);
  assert_int_equal(cut_and_check(&batch.batch, 100, 20), 0);
  assert_int_equal(cut_and_check(&batch.batch, 5, 20), 0);
  test_batch_clean_up(&batch);

  uint8_t bytes[4096];
  size_t size = test_write_frame(bytes, 0, 40);
  size += test_write_frame(bytes + size, 1, 2000);
  size += test_write_frame(bytes + size, 2, 40);
  otlp_bytes run = {bytes, size};
  otlp_scope_items scope = {&test_scopes[0], &run, 1, 3, size};
  otlp_batch mixed = {&test_resource, &scope, 1, 3, OTLP_SIGNAL_TRACES};
  assert_int_equal(cut_and_check(&mixed, 500, 1), 2);
}

/* Nothing must be made of nothing: an empty request would be an error at some collectors. */
static void test_empty_batch(void **state) {
  (void)state;
  otlp_batch batch = {&test_resource, NULL, 0, 0, OTLP_SIGNAL_TRACES};
  assert_int_equal(cut_and_check(&batch, 1000, 0), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_whole_batch),       cmocka_unit_test(test_every_limit),
      cmocka_unit_test(test_length_boundaries), cmocka_unit_test(test_too_large_spans),
      cmocka_unit_test(test_empty_batch),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "batch/batch_builder.h"

#include "../../../support/cmocka_headers.h"
#include "../../../support/otlp_frames.h"

/* Appends `count` spans, numbered from `first`, of scopes as `pattern` says ('a', 'b', repeated).
 */
static void fill(otlp__frame_queue *queue, uint64_t first, size_t count, const char *pattern) {
  for (uint64_t i = 0; i < count; i++) {
    uint8_t frame[64];
    size_t size = test_write_frame(frame, first + i, 20);
    otlp_drop_reason reason;
    const otlp_encoded_scope *scope = &test_scopes[pattern[i % strlen(pattern)] - 'a'];
    assert_true(otlp__frame_queue_push(queue, (otlp_bytes){frame, size}, scope, &reason));
  }
}

static void start(otlp__batch_builder *builder, otlp__frame_queue *queue, size_t max_batch) {
  assert_true(otlp__batch_builder_init(builder, max_batch, OTLP_SIGNAL_TRACES));
  otlp__batch_builder_set_resource(builder, &test_resource);
  otlp__frame_queue_init(queue, 100000, (size_t)64 * 1024 * 1024);
}

static void finish(otlp__batch_builder *builder, otlp__frame_queue *queue) {
  otlp__batch_builder_clean_up(builder);
  otlp__frame_queue_clean_up(queue);
}

/* Neighbours of one scope must become one run, and each scope come once, with its own spans. */
static void test_grouping(void **state) {
  (void)state;
  otlp__batch_builder builder;
  otlp__frame_queue queue;
  start(&builder, &queue, 100);
  fill(&queue, 0, 12, "aaabba");
  otlp__batch_builder_add(&builder, otlp__frame_queue_take_chunks(&queue));
  size_t lost;
  const otlp_batch *batch = otlp__batch_builder_next(&builder, &lost);
  assert_int_equal(lost, 0);
  assert_int_equal(batch->item_count, 12);
  assert_int_equal(batch->scope_count, 2);
  assert_int_equal(batch->scopes[0].item_count, 8);
  assert_int_equal(batch->scopes[0].run_count, 3); /* aaa, a aaa, a */
  assert_int_equal(batch->scopes[1].item_count, 4);
  assert_int_equal(batch->scopes[1].run_count, 2);
  assert_int_equal(batch->scopes[1].byte_count, 4 * 22);
  assert_memory_equal(batch->scopes[1].scope->header.data, test_scope_headers[1], 5);
  assert_ptr_not_equal(batch->scopes[1].scope, &test_scopes[1]); /* a copy */
  finish(&builder, &queue);
}

/* Batches must go on where the last one ended, within chunks and across, and give chunks back. */
static void test_batches_follow_each_other(void **state) {
  (void)state;
  otlp__batch_builder builder;
  otlp__frame_queue queue;
  start(&builder, &queue, 700);
  fill(&queue, 0, 5000, "ab"); /* some chunks */
  otlp__batch_builder_add(&builder, otlp__frame_queue_take_chunks(&queue));
  fill(&queue, 5000, 100, "a");
  otlp__batch_builder_add(&builder, otlp__frame_queue_take_chunks(&queue));
  size_t total = 0;
  size_t lost;
  const otlp_batch *batch = otlp__batch_builder_next(&builder, &lost);
  while (batch->item_count > 0) {
    assert_in_range(batch->item_count, 1, 700);
    total += batch->item_count;
    otlp__frame_chunk *chunk = otlp__batch_builder_pop_done(&builder);
    while (chunk != NULL) {
      otlp__frame_queue_give_back(&queue, chunk);
      chunk = otlp__batch_builder_pop_done(&builder);
    }
    batch = otlp__batch_builder_next(&builder, &lost);
  }
  assert_int_equal(total, 5100);
  assert_int_equal(queue.bytes, 0);
  otlp__batch_builder_add(&builder, NULL);
  fill(&queue, 0, 3, "b");
  otlp__batch_builder_add(&builder, otlp__frame_queue_take_chunks(&queue));
  assert_int_equal(otlp__batch_builder_next(&builder, &lost)->item_count, 3);
  finish(&builder, &queue);
}

/* Many scopes must all be told apart. */
static void test_many_scopes(void **state) {
  (void)state;
  enum { SCOPES = 100 };
  static otlp_encoded_scope scopes[SCOPES];
  otlp__batch_builder builder;
  otlp__frame_queue queue;
  start(&builder, &queue, 1000);
  for (size_t i = 0; i < 3 * SCOPES; i++) {
    uint8_t frame[64];
    size_t size = test_write_frame(frame, i, 20);
    otlp_drop_reason reason;
    assert_true(otlp__frame_queue_push(&queue, (otlp_bytes){frame, size}, &scopes[i * 37 % SCOPES],
                                       &reason));
  }
  otlp__batch_builder_add(&builder, otlp__frame_queue_take_chunks(&queue));
  size_t lost;
  const otlp_batch *batch = otlp__batch_builder_next(&builder, &lost);
  assert_int_equal(batch->scope_count, SCOPES);
  for (size_t i = 0; i < SCOPES; i++) {
    assert_int_equal(batch->scopes[i].item_count, 3);
  }
  finish(&builder, &queue);
}

/* Without a resource there is nothing to send: the spans must be reported lost, not sent bare. */
static void test_without_resource(void **state) {
  (void)state;
  otlp__batch_builder builder;
  otlp__frame_queue queue;
  assert_true(otlp__batch_builder_init(&builder, 10, OTLP_SIGNAL_TRACES));
  otlp__frame_queue_init(&queue, 100, (size_t)1024 * 1024);
  fill(&queue, 0, 15, "ab");
  otlp__batch_builder_add(&builder, otlp__frame_queue_take_chunks(&queue));
  size_t lost;
  assert_int_equal(otlp__batch_builder_next(&builder, &lost)->item_count, 0);
  assert_int_equal(lost, 10);
  finish(&builder, &queue);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_grouping),
      cmocka_unit_test(test_batches_follow_each_other),
      cmocka_unit_test(test_many_scopes),
      cmocka_unit_test(test_without_resource),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

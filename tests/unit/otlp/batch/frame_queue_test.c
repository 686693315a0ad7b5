/* SPDX-License-Identifier: Apache-2.0 */
#include "batch/frame_queue.h"

#include "../../../support/cmocka_headers.h"
#include "../../../support/otlp_frames.h"

static bool push(otlp__frame_queue *queue, uint64_t number, size_t size,
                 otlp_drop_reason *out_reason) {
  uint8_t frame[OTLP__LARGE_FRAME_SIZE];
  size_t frame_size = test_write_frame(frame, number, size);
  return otlp__frame_queue_push(queue, (otlp_bytes){frame, frame_size}, &test_scopes[number % 2],
                                out_reason);
}

/* Gives all chunks back; checks that numbers run from `*expected` on. */
static void drain(otlp__frame_queue *queue, uint64_t *expected) {
  otlp__frame_chunk *chunk = otlp__frame_queue_take_chunks(queue);
  while (chunk != NULL) {
    otlp_bytes rest = {(const uint8_t *)chunk->bytes, chunk->used};
    for (size_t i = 0; i < chunk->count; i++) {
      otlp_bytes frame;
      otlp_bytes message;
      assert_true(otlp_next_frame(&rest, &frame, &message));
      assert_int_equal(otlp__frame_chunk_entry(chunk, i)->size, frame.size);
      assert_ptr_equal(otlp__frame_chunk_entry(chunk, i)->scope, &test_scopes[*expected % 2]);
      otlp__reader fields = otlp__reader_of(message);
      otlp__field field;
      assert_true(otlp__reader_next(&fields, &field));
      assert_int_equal(field.number_value, *expected);
      (*expected)++;
      queue->waiting--;
    }
    assert_int_equal(rest.size, 0);
    otlp__frame_chunk *next = chunk->next;
    otlp__frame_queue_give_back(queue, chunk);
    chunk = next;
  }
}

/* Spans must come out whole and in order, over chunks that are filled to the last byte and reused.
 */
static void test_order_over_chunks(void **state) {
  (void)state;
  otlp__frame_queue queue;
  otlp__frame_queue_init(&queue, 100000, (size_t)64 * 1024 * 1024);
  uint64_t pushed = 0;
  uint64_t drained = 0;
  otlp_drop_reason reason;
  for (int round = 0; round < 5; round++) {
    for (size_t i = 0; i < 3000; i++) {
      assert_true(push(&queue, pushed, 12 + (pushed * 7919) % 400, &reason));
      pushed++;
    }
    assert_int_equal(queue.waiting, 3000);
    drain(&queue, &drained);
    assert_int_equal(drained, pushed);
    assert_int_equal(queue.bytes, 0);
    assert_in_range(queue.spare_count, 1, 16);
  }
  otlp__frame_queue_clean_up(&queue);
}

/* The limit of spans must hold to the span. */
static void test_span_limit(void **state) {
  (void)state;
  otlp__frame_queue queue;
  otlp__frame_queue_init(&queue, 10, (size_t)1024 * 1024);
  otlp_drop_reason reason = OTLP_DROP_REASON_COUNT;
  for (uint64_t i = 0; i < 10; i++) {
    assert_true(push(&queue, i, 20, &reason));
  }
  assert_false(push(&queue, 10, 20, &reason));
  assert_int_equal(reason, OTLP_DROP_QUEUE_FULL);
  uint64_t drained = 0;
  drain(&queue, &drained);
  assert_true(push(&queue, 0, 20, &reason));
  otlp__frame_queue_clean_up(&queue);
}

/* The limit of bytes must hold, for what the worker still has as well. */
static void test_byte_limit(void **state) {
  (void)state;
  otlp__frame_queue queue;
  otlp__frame_queue_init(&queue, 100000, 4 * OTLP__CHUNK_SIZE);
  otlp_drop_reason reason = OTLP_DROP_REASON_COUNT;
  uint64_t pushed = 0;
  while (push(&queue, pushed, 1000, &reason)) {
    pushed++;
  }
  assert_int_equal(reason, OTLP_DROP_QUEUE_FULL);
  assert_in_range(pushed, 4 * 60, 4 * 64);
  assert_true(queue.bytes <= 4 * OTLP__CHUNK_SIZE);
  otlp__frame_chunk *taken = otlp__frame_queue_take_chunks(&queue);
  assert_false(push(&queue, pushed, 1000, &reason));
  otlp__frame_chunk *second = taken->next;
  otlp__frame_queue_give_back(&queue, taken);
  assert_true(push(&queue, pushed, 1000, &reason));
  while (second != NULL) {
    otlp__frame_chunk *next = second->next;
    otlp__frame_queue_give_back(&queue, second);
    second = next;
  }
  otlp__frame_queue_clean_up(&queue);
}

/* A chunk of its own must be linked in order, counted, and freed rather than kept. */
static void test_large_frames(void **state) {
  (void)state;
  otlp__frame_queue queue;
  otlp__frame_queue_init(&queue, 100, (size_t)1024 * 1024);
  otlp_drop_reason reason;
  uint8_t *frame = malloc(100006);
  size_t size = test_write_frame(frame, 1, 100000);
  otlp__frame_chunk *large = otlp__frame_chunk_of_one((otlp_bytes){frame, size}, &test_scopes[1]);
  assert_true(push(&queue, 0, 100, &reason));
  assert_true(otlp__frame_queue_push_chunk(&queue, large, &reason));
  assert_true(push(&queue, 2, 100, &reason));
  assert_in_range(queue.bytes, 100000 + OTLP__CHUNK_SIZE, 101000 + 2 * OTLP__CHUNK_SIZE);
  uint64_t drained = 0;
  drain(&queue, &drained);
  assert_int_equal(drained, 3);
  assert_int_equal(queue.spare_count, 2);
  free(frame);
  otlp__frame_queue_clean_up(&queue);
}

/* In quiet times memory must go back, all but what the next span needs. */
static void test_trim(void **state) {
  (void)state;
  otlp__frame_queue queue;
  otlp__frame_queue_init(&queue, 100000, (size_t)64 * 1024 * 1024);
  otlp__frame_queue_trim(&queue);
  otlp_drop_reason reason;
  for (uint64_t i = 0; i < 1000; i++) {
    assert_true(push(&queue, i, 400, &reason));
  }
  uint64_t drained = 0;
  drain(&queue, &drained);
  assert_true(queue.spare_count > 1);
  otlp__frame_queue_trim(&queue);
  assert_int_equal(queue.spare_count, 1);
  assert_true(push(&queue, 0, 100, &reason));
  otlp__frame_queue_clean_up(&queue);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_order_over_chunks),
      cmocka_unit_test(test_span_limit),
      cmocka_unit_test(test_byte_limit),
      cmocka_unit_test(test_large_frames),
      cmocka_unit_test(test_trim),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

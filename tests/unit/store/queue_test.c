/* SPDX-License-Identifier: Apache-2.0 */
#include "../../support/cmocka_headers.h"
#include "engine.h"

/* Operations would be run in another order than they were asked for. */
static void test_first_in_first_out(void **state) {
  (void)state;
  store__queue queue;
  store__request requests[5] = {0};
  store__queue_init(&queue, 10);
  for (size_t i = 0; i < 5; i++) {
    assert_int_equal(store__queue_push(&queue, &requests[i]),
                     i == 0 ? STORE__FIRST : STORE__BEHIND);
  }
  store__request *taken = store__queue_take(&queue, 3);
  assert_ptr_equal(taken, &requests[0]);
  assert_ptr_equal(taken->next, &requests[1]);
  assert_ptr_equal(taken->next->next, &requests[2]);
  assert_null(taken->next->next->next);
  taken = store__queue_take(&queue, 3);
  assert_ptr_equal(taken, &requests[3]);
  assert_ptr_equal(taken->next, &requests[4]);
  assert_null(taken->next->next);
  store__queue_clean_up(&queue);
}

/* A queue that grows without bound would take the service down instead of refusing work. */
static void test_is_bounded(void **state) {
  (void)state;
  store__queue queue;
  store__request requests[3] = {0};
  store__queue_init(&queue, 2);
  assert_int_equal(store__queue_push(&queue, &requests[0]), STORE__FIRST);
  assert_int_equal(store__queue_push(&queue, &requests[1]), STORE__BEHIND);
  assert_int_equal(store__queue_push(&queue, &requests[2]), STORE__NO_PLACE);
  assert_ptr_equal(store__queue_take(&queue, 1), &requests[0]);
  assert_int_equal(store__queue_push(&queue, &requests[2]), STORE__BEHIND);
  assert_int_equal(store__queue_push(&queue, &requests[0]), STORE__NO_PLACE);
  store__queue_clean_up(&queue);
}

/* Whoever runs what waits would wait itself, or leave some. */
static void test_gives_all_at_once(void **state) {
  (void)state;
  store__queue queue;
  store__request requests[2] = {0};
  store__queue_init(&queue, 2);
  assert_null(store__queue_take_all(&queue));
  store__queue_push(&queue, &requests[0]);
  store__queue_push(&queue, &requests[1]);
  store__request *taken = store__queue_take_all(&queue);
  assert_ptr_equal(taken, &requests[0]);
  assert_ptr_equal(taken->next, &requests[1]);
  assert_null(taken->next->next);
  assert_int_equal(store__queue_push(&queue, &requests[0]), STORE__FIRST);
  store__queue_clean_up(&queue);
}

/* Closing would lose what was accepted, or hang. */
static void test_gives_the_rest_after_closing(void **state) {
  (void)state;
  store__queue queue;
  store__request requests[2] = {0};
  store__queue_init(&queue, 2);
  assert_int_equal(store__queue_push(&queue, &requests[0]), STORE__FIRST);
  store__queue_close(&queue);
  assert_int_equal(store__queue_push(&queue, &requests[1]), STORE__NO_PLACE);
  assert_ptr_equal(store__queue_take(&queue, 8), &requests[0]);
  assert_null(store__queue_take(&queue, 8));
  store__queue_clean_up(&queue);
}

static void *push_later(void *data) {
  void **both = data;
  store__queue_push(both[0], both[1]);
  store__queue_wake(both[0]);
  return NULL;
}

/* A worker that waits would sleep on. */
static void test_wakes_the_taker(void **state) {
  (void)state;
  store__queue queue;
  store__request request = {0};
  store__queue_init(&queue, 2);
  pthread_t pusher;
  void *both[] = {&queue, &request};
  pthread_create(&pusher, NULL, push_later, both);
  assert_ptr_equal(store__queue_take(&queue, 8), &request);
  pthread_join(pusher, NULL);
  store__queue_clean_up(&queue);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_first_in_first_out),
      cmocka_unit_test(test_is_bounded),
      cmocka_unit_test(test_gives_all_at_once),
      cmocka_unit_test(test_gives_the_rest_after_closing),
      cmocka_unit_test(test_wakes_the_taker),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

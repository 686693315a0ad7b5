/* SPDX-License-Identifier: Apache-2.0 */
/* handoff.c and buffer.c. */
#include "handoff.h"

#include "buffer.h"
#include "fixture.h"

#include <poll.h>
#include <pthread.h>

enum { GIVERS = 4, EACH = 10000 };

static bool is_readable(const gateway_handoff *handoff) {
  struct pollfd ready = {handoff->event_fd, POLLIN, 0};
  return poll(&ready, 1, 0) == 1;
}

/* Results would come in another order, or without waking the taker. */
static void test_order(void **state) {
  (void)state;
  gateway_handoff handoff;
  gateway_handoff_item items[3];
  assert_int_equal(gateway_handoff_init(&handoff), 0);
  assert_false(is_readable(&handoff));
  assert_null(gateway_handoff_take(&handoff));
  for (int i = 0; i < 3; i++) {
    assert_int_equal(gateway_handoff_push(&handoff, &items[i]), i == 0);
  }
  assert_false(is_readable(&handoff)); /* until whoever was first says so */
  gateway_handoff_wake(&handoff);
  assert_true(is_readable(&handoff));
  gateway_handoff_item *taken = gateway_handoff_take(&handoff);
  for (int i = 0; i < 3; i++, taken = taken->next) {
    assert_ptr_equal(taken, &items[i]);
  }
  assert_null(taken);
  assert_false(is_readable(&handoff));
  gateway_handoff_wake(&handoff);
  assert_true(is_readable(&handoff));
  gateway_handoff_clean_up(&handoff);
}

typedef struct giver {
  gateway_handoff *handoff;
  gateway_handoff_item items[EACH];
  pthread_t thread;
} giver;

static void *give(void *data) {
  giver *self = data;
  for (int i = 0; i < EACH; i++) {
    if (gateway_handoff_push(self->handoff, &self->items[i])) {
      gateway_handoff_wake(self->handoff);
    }
  }
  return NULL;
}

/* Results of several loops would be lost, or leave the taker asleep. */
static void test_many_givers(void **state) {
  (void)state;
  static giver givers[GIVERS];
  gateway_handoff handoff;
  assert_int_equal(gateway_handoff_init(&handoff), 0);
  for (int i = 0; i < GIVERS; i++) {
    givers[i].handoff = &handoff;
    pthread_create(&givers[i].thread, NULL, give, &givers[i]);
  }
  for (int taken = 0; taken < GIVERS * EACH;) {
    struct pollfd ready = {handoff.event_fd, POLLIN, 0};
    assert_int_equal(poll(&ready, 1, 20000), 1);
    for (gateway_handoff_item *at = gateway_handoff_take(&handoff); at != NULL; at = at->next) {
      taken++;
    }
  }
  for (int i = 0; i < GIVERS; i++) {
    pthread_join(givers[i].thread, NULL);
  }
  gateway_handoff_clean_up(&handoff);
}

/* Bodies would be cut, not end with a NUL, or keep their memory for ever. */
static void test_buffer(void **state) {
  (void)state;
  gateway_buffer buffer = {NULL, 0, 0};
  assert_text_equal(gateway_buffer_text(&buffer), "");
  gateway_buffer_append(&buffer, NULL, 0);
  assert_int_equal(buffer.data[0], '\0');
  gateway_buffer_append(&buffer, "abc", 3);
  gateway_buffer_append(&buffer, "def", 3);
  assert_text_equal(gateway_buffer_text(&buffer), "abcdef");
  assert_int_equal(buffer.data[6], '\0');
  gateway_buffer_reset(&buffer);
  assert_int_equal(buffer.size, 0);
  assert_true(buffer.capacity > 0);
  static char large[GATEWAY_BUFFER_KEPT_MAX];
  gateway_buffer_append(&buffer, large, sizeof large);
  gateway_buffer_reset(&buffer);
  assert_int_equal(buffer.capacity, 0);
  gateway_buffer_clean_up(&buffer);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_order),
      cmocka_unit_test(test_many_givers),
      cmocka_unit_test(test_buffer),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

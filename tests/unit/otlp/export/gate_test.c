/* SPDX-License-Identifier: Apache-2.0 */
#include "export/gate.h"

#include "../../../support/cmocka_headers.h"
#include "export/deadline.h"

static void *wait_forever(void *user_data) {
  return otlp__gate_wait_until(user_data, OTLP__NEVER) ? user_data : NULL;
}

/* Closing must end a wait that would last for ever, and every later one. */
static void test_close_ends_waits(void **state) {
  (void)state;
  otlp__gate gate;
  otlp__gate_init(&gate);
  pthread_t thread;
  pthread_create(&thread, NULL, wait_forever, &gate);
  otlp__gate_close(&gate);
  void *still_open = &gate;
  pthread_join(thread, &still_open);
  assert_null(still_open);
  assert_true(otlp__gate_is_closed(&gate));
  assert_false(otlp__gate_wait_until(&gate, OTLP__NEVER));
  otlp__gate_clean_up(&gate);
}

/* An open gate must let the time pass, and not more. */
static void test_wait_ends_in_time(void **state) {
  (void)state;
  otlp__gate gate;
  otlp__gate_init(&gate);
  int64_t point = otlp__monotonic_now() + 5 * OTLP__NS_PER_MS;
  assert_true(otlp__gate_wait_until(&gate, point));
  assert_true(otlp__monotonic_now() >= point);
  assert_true(otlp__gate_wait_until(&gate, 0));
  otlp__gate_clean_up(&gate);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_close_ends_waits),
      cmocka_unit_test(test_wait_ends_in_time),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

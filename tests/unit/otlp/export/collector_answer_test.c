/* SPDX-License-Identifier: Apache-2.0 */
#include "export/collector_answer.h"

#include "../../../support/cmocka_headers.h"
#include "export/backoff.h"
#include "export/deadline.h"

#define BYTES(literal) ((otlp_string){literal, sizeof(literal) - 1})

/* google.rpc.Status { code 8, details { RetryInfo { retry_delay { 1 s, 500 ms } } } } */
#define TYPE_URL "type.googleapis.com/google.rpc.RetryInfo"
#define RETRY_STATUS \
  "\x08\x08\x1a\x36\x0a\x28" TYPE_URL "\x12\x0a\x0a\x08\x08\x01\x10\x80\xca\xb5\xee\x01"

/* Of rejected spans and message each must come out, together and alone. */
static void test_partial_success(void **state) {
  (void)state;
  otlp__partial_success partial;
  assert_true(otlp__partial_success_decode(BYTES(""), &partial));
  assert_int_equal(partial.rejected_items, 0);
  assert_int_equal(partial.message.length, 0);
  assert_true(otlp__partial_success_decode(BYTES("\x0a\x00"), &partial));
  assert_int_equal(partial.rejected_items, 0);
  assert_true(otlp__partial_success_decode(BYTES("\x0a\x08\x08\xac\x02\x12\x03"
                                                 "bad"),
                                           &partial));
  assert_int_equal(partial.rejected_items, 300);
  assert_memory_equal(partial.message.data, "bad", 3);
  assert_true(otlp__partial_success_decode(BYTES("\x0a\x05\x12\x03why"), &partial));
  assert_int_equal(partial.rejected_items, 0);
  assert_int_equal(partial.message.length, 3);
}

/* Fields of later versions must not make an answer nonsense; a negative count must not be huge. */
static void test_partial_success_oddities(void **state) {
  (void)state;
  otlp__partial_success partial;
  assert_true(otlp__partial_success_decode(BYTES("\x12\x01x\x0a\x04\x08\x02\x18\x01"), &partial));
  assert_int_equal(partial.rejected_items, 2);
  assert_true(otlp__partial_success_decode(
      BYTES("\x0a\x0b\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), &partial));
  assert_int_equal(partial.rejected_items, 0);
}

/* What is no message must be told from an empty one. */
static void test_nonsense_is_refused(void **state) {
  (void)state;
  const otlp_string NONSENSE[] = {
      BYTES("<html>"),           BYTES("\x0a"),
      BYTES("\x0a\x05\x08"),     BYTES("\x0a\x01\x08"),
      BYTES("\x0a\x02\x12\x05"), BYTES("\x00"),
      BYTES("\x0b\x0c"),         BYTES("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff")};
  for (size_t i = 0; i < sizeof(NONSENSE) / sizeof(NONSENSE[0]); i++) {
    otlp__partial_success partial;
    assert_false(otlp__partial_success_decode(NONSENSE[i], &partial));
  }
}

/* The delay must come out in full, among other details too. */
static void test_retry_info(void **state) {
  (void)state;
  int64_t delay;
  assert_true(otlp__retry_info_decode(BYTES(RETRY_STATUS), &delay));
  assert_int_equal(delay, 1500 * OTLP__NS_PER_MS);
  assert_true(otlp__retry_info_decode(BYTES("\x12\x02hi\x1a\x06\x0a\x04"
                                            "else\x1a\x36\x0a\x28" TYPE_URL
                                            "\x12\x0a\x0a\x08\x08\x01\x10\x80\xca\xb5\xee\x01"),
                                      &delay));
  assert_int_equal(delay, 1500 * OTLP__NS_PER_MS);
}

/* RetryInfo without a delay still allows the retry: that is what it is there for. */
static void test_retry_info_without_delay(void **state) {
  (void)state;
  int64_t delay = -1;
  assert_true(otlp__retry_info_decode(BYTES("\x1a\x2a\x0a\x28" TYPE_URL), &delay));
  assert_int_equal(delay, 0);
  assert_true(
      otlp__retry_info_decode(BYTES("\x1a\x2e\x0a\x28" TYPE_URL "\x12\x02\x0a\x00"), &delay));
  assert_int_equal(delay, 0);
}

/* No status, or one about something else, must not allow it. */
static void test_no_retry_info(void **state) {
  (void)state;
  int64_t delay;
  assert_false(otlp__retry_info_decode(BYTES(""), &delay));
  assert_false(otlp__retry_info_decode(BYTES("\x08\x08\x12\x02no"), &delay));
  assert_false(otlp__retry_info_decode(BYTES("\x1a\x06\x0a\x04"
                                             "else"),
                                       &delay));
  assert_false(otlp__retry_info_decode(BYTES("\x1a\x16\x0a\x14google.rpc.RetryInfo"), &delay));
  assert_false(otlp__retry_info_decode(BYTES("\x1a\x36\x0a\x28" TYPE_URL "\x12\x0a\x0a"), &delay));
}

/* A delay of years, or a negative one, must not stop the exporter for good, or wrap around. */
static void test_extreme_delays(void **state) {
  (void)state;
  int64_t delay;
  assert_true(otlp__retry_info_decode(
      BYTES("\x1a\x38\x0a\x28" TYPE_URL "\x12\x0c\x0a\x0a\x08\xff\xff\xff\xff\xff\xff\xff\xff\x7f"),
      &delay));
  assert_int_equal(delay, OTLP__LONGEST_DELAY_S * OTLP__NS_PER_S);
  assert_true(
      otlp__retry_info_decode(BYTES("\x1a\x39\x0a\x28" TYPE_URL
                                    "\x12\x0d\x0a\x0b\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
                              &delay));
  assert_int_equal(delay, 0);
}

/* The reason an HTTP collector gives must reach the log; anything else must stay out of it. */
static void test_status_message(void **state) {
  (void)state;
  otlp_string message = otlp__status_message_decode(BYTES("\x08\x03\x12\x03why"));
  assert_int_equal(message.length, 3);
  assert_memory_equal(message.data, "why", 3);
  assert_int_equal(otlp__status_message_decode(BYTES("<html>")).length, 0);
  assert_int_equal(otlp__status_message_decode(BYTES("")).length, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_partial_success),
      cmocka_unit_test(test_partial_success_oddities),
      cmocka_unit_test(test_nonsense_is_refused),
      cmocka_unit_test(test_retry_info),
      cmocka_unit_test(test_retry_info_without_delay),
      cmocka_unit_test(test_no_retry_info),
      cmocka_unit_test(test_extreme_delays),
      cmocka_unit_test(test_status_message),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

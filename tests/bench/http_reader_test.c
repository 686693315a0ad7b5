/* SPDX-License-Identifier: Apache-2.0 */
/* The load would count answers that are none, or wait for ones that have come. */
#include "http_reader.h"

#include "../support/cmocka_headers.h"

#include <string.h>

static const char created[] =
    "HTTP/1.1 201 Created\r\nLocation: /x\r\ncontent-length: 5\r\n\r\nhello";

/* An answer that comes in pieces, as small as they may be, would be misread. */
static void an_answer_may_come_byte_by_byte(void **state) {
  (void)state;
  http_reader reader = {0};
  for (int round = 0; round < 2; round++) {
    size_t size = strlen(created);
    for (size_t i = 0; i < size; i++) {
      http_reading expected = i + 1 == size ? HTTP_READING_ANSWER : HTTP_READING_MORE;
      assert_int_equal(http_reader_take(&reader, created + i, 1), expected);
    }
    assert_int_equal(reader.status, 201);
  }
}

/* Answers without a body would be waited for. */
static void a_body_may_be_missing(void **state) {
  (void)state;
  static const char *const answers[] = {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                                        "HTTP/1.1 204 No Content\r\n\r\n"};
  for (size_t i = 0; i < 2; i++) {
    http_reader reader = {0};
    assert_int_equal(http_reader_take(&reader, answers[i], strlen(answers[i])),
                     HTTP_READING_ANSWER);
  }
}

/* What we cannot count would be counted. */
static void what_is_not_understood_is_broken(void **state) {
  (void)state;
  static const char *const answers[] = {
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxx",
  };
  for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
    http_reader reader = {0};
    assert_int_equal(http_reader_take(&reader, answers[i], strlen(answers[i])),
                     HTTP_READING_BROKEN);
  }
  static char endless[2 * HTTP_READER_MAX_HEAD];
  memset(endless, 'x', sizeof(endless));
  http_reader reader = {0};
  assert_int_equal(http_reader_take(&reader, endless, sizeof(endless)), HTTP_READING_BROKEN);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_answer_may_come_byte_by_byte),
      cmocka_unit_test(a_body_may_be_missing),
      cmocka_unit_test(what_is_not_understood_is_broken),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

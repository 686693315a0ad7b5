/* SPDX-License-Identifier: Apache-2.0 */
#include "export/header_list.h"

#include "../../../support/cmocka_headers.h"
#include "../../../support/log_capture.h"

typedef struct header_row {
  const char *key;
  const char *value;
  bool text_fine;   /* where values are text */
  bool binary_fine; /* where -bin values are bytes */
} header_row;

static const header_row ROWS[] = {
    {"authorization", "Bearer abc def", true, true},
    {"X-Scope_Org.ID", "tenant-1", true, true},
    {"empty", "", true, true},
    {"data-bin", "\x01\xff", false, true},
    {"data-BIN", "\n", false, true},
    {"text", "a\tb", false, false},
    {"split", "a\r\nEvil: b", false, false},
    {"utf8", "\xc3\xa4", false, false},
    {"", "x", false, false},
    {"sp ace", "x", false, false},
    {"colon:", "x", false, false},
    {":authority", "x", false, false},
    {"Content-Type", "x", false, false},
    {"grpc-status", "x", false, false},
    {"GRPC-timeout", "x", false, false},
    {"User-Agent", "x", false, false},
    {"Host", "x", false, false},
    {"te", "x", false, false},
};

/* What may be sent must be, and nothing that would break the request, or split it in two. */
static void test_rules(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++) {
    otlp_header header = {otlp_string_from(ROWS[i].key), otlp_string_from(ROWS[i].value)};
    assert_int_equal(otlp__header_problem(&header, false) == NULL, ROWS[i].text_fine);
    assert_int_equal(otlp__header_problem(&header, true) == NULL, ROWS[i].binary_fine);
  }
}

/* Good headers must be kept in order, lower-case and terminated; bad ones named without values. */
static void test_list(void **state) {
  (void)state;
  const otlp_header headers[] = {
      {{"X-One", 5}, {"1", 1}}, {{"bad key", 7}, {"secret", 6}}, {{"two-bin", 7}, {"\0\1", 2}}};
  otlp__header_list list;
  log_capture_start();
  assert_true(otlp__header_list_init(&list, headers, 3, true));
  assert_int_equal(list.count, 2);
  assert_string_equal(list.items[0].key.data, "x-one");
  assert_string_equal(list.items[0].value.data, "1");
  assert_int_equal(list.items[1].value.length, 2);
  assert_memory_equal(list.items[1].value.data, "\0\1", 3);
  assert_int_equal(log_capture_count("bad key"), 1);
  assert_int_equal(log_capture_count("secret"), 0);
  otlp__header_list_clean_up(&list);
  assert_true(otlp__header_list_init(&list, NULL, 0, true));
  otlp__header_list_clean_up(&list);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_rules),
      cmocka_unit_test(test_list),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

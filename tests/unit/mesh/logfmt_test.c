/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "logfmt.h"

/* 2026-11-20T10:00:00.123456Z */
static const struct timespec now = {.tv_sec = 1795168800, .tv_nsec = 123456789};

static const char *end(mesh__logfmt *line) {
  otlp_string text = mesh__logfmt_end(line);
  line->text[text.length] = '\0';
  return line->text;
}

/* Broken: lines could not be sorted or read by anyone else's clock. */
static void test_time_is_utc_with_microseconds(void **state) {
  (void)state;
  mesh__logfmt line;
  mesh__logfmt_begin(&line, now);
  assert_string_equal(end(&line), "time=2026-11-20T10:00:00.123456Z\n");
}

/* Broken: a value could pass for another key, or end the line and forge the next one. */
static void test_values_are_quoted_when_they_must_be(void **state) {
  (void)state;
  mesh__logfmt line;
  mesh__logfmt_begin(&line, now);
  mesh__logfmt_text(&line, "plain", otlp_string_from("a-b/c.d"));
  mesh__logfmt_text(&line, "empty", otlp_string_from(""));
  mesh__logfmt_text(&line, "forged", otlp_string_from("x\nlevel=info \"y\" \\ \x1b[2J"));
  assert_string_equal(end(&line) + 32,
                      " plain=a-b/c.d empty=\"\" forged=\"x\\nlevel=info \\\"y\\\" "
                      "\\\\ \\u001b[2J\"\n");
}

/* Broken: a peer's bytes could drive the terminal of who reads the log, or make the log a file that
 * is not UTF-8. */
static void test_what_is_no_text_is_escaped(void **state) {
  (void)state;
  mesh__logfmt line;
  mesh__logfmt_begin(&line, now);
  mesh__logfmt_text(&line, "kept", otlp_string_from("\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80"));
  mesh__logfmt_text(&line, "c1", otlp_string_from("\xc2\x9b[2J"));
  mesh__logfmt_text(&line, "raw", otlp_string_from("\x9b[2J\xff"));
  mesh__logfmt_text(&line, "forms",
                    otlp_string_from("\xc0\xaf \xed\xa0\x80 \xf4\x90\x80\x80 \xe2\x82"));
  assert_string_equal(end(&line) + 32,
                      " kept=\"\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80\" c1=\"\\u009b[2J\" "
                      "raw=\"\\ufffd[2J\\ufffd\" forms=\"\\ufffd\\ufffd \\ufffd\\ufffd\\ufffd "
                      "\\ufffd\\ufffd\\ufffd\\ufffd \\ufffd\\ufffd\"\n");
}

/* Broken: a key from a peer could forge a pair. */
static void test_keys_are_cleaned(void **state) {
  (void)state;
  mesh__logfmt line;
  mesh__logfmt_begin(&line, now);
  mesh__logfmt_text(&line, "a b=c\n", otlp_string_from("v"));
  assert_string_equal(end(&line) + 32, " a_b_c_=v\n");
}

/* Broken: numbers and truth values would be missing or misread. */
static void test_scalar_fields(void **state) {
  (void)state;
  mesh__logfmt line;
  const otlp_attribute fields[] = {
      otlp_attribute_int("i", INT64_MIN),
      otlp_attribute_double("d", 1.5),
      otlp_attribute_bool("b", true),
      otlp_attribute_string("s", "t"),
  };
  mesh__logfmt_begin(&line, now);
  for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
    mesh__logfmt_field(&line, &fields[i]);
  }
  assert_string_equal(end(&line) + 32, " i=-9223372036854775808 d=1.5 b=true s=t\n");
}

/* Broken: a line could not be found by its trace, or named a trace there is not. */
static void test_trace_ids(void **state) {
  (void)state;
  mesh__logfmt line;
  otlp_span_context span = {.trace_id = {0xab}, .span_id = {0xcd}};
  otlp_span_context none = {0};
  mesh__logfmt_begin(&line, now);
  mesh__logfmt_trace(&line, &none);
  mesh__logfmt_trace(&line, &span);
  assert_string_equal(end(&line) + 32,
                      " trace_id=ab000000000000000000000000000000 span_id=cd00000000000000\n");
}

/* Broken: a huge value would overflow the line, or be cut inside a character, or silently. */
static void test_what_is_too_long_is_cut(void **state) {
  (void)state;
  static char huge[8 * MESH__LOG_LINE_SIZE];
  for (size_t i = 0; i + 1 < sizeof huge; i += 2) {
    memcpy(huge + i, "\xc3\xa4", 2);
  }
  memcpy(huge, "a", 1);
  memcpy(huge + 1, "b", 1);
  mesh__logfmt line;
  otlp_string value = {huge + 1, sizeof huge - 2};
  mesh__logfmt_begin(&line, now);
  for (int i = 0; i < 8; i++) {
    mesh__logfmt_text(&line, "k", value);
  }
  otlp_string text = mesh__logfmt_end(&line);
  assert_true(text.length <= sizeof line.text);
  assert_memory_equal(text.data + text.length - 10, " cut=true\n", 10);
  /* Each value that fitted ends with a whole character: 1 + 2 * 511 bytes, between quotes. */
  assert_memory_equal(text.data + 32, " k=\"b\xc3\xa4", 7);
  assert_memory_equal(text.data + 32 + 4 + 1023 - 2, "\xc3\xa4\" k=", 6);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_time_is_utc_with_microseconds),
      cmocka_unit_test(test_values_are_quoted_when_they_must_be),
      cmocka_unit_test(test_what_is_no_text_is_escaped),
      cmocka_unit_test(test_keys_are_cleaned),
      cmocka_unit_test(test_scalar_fields),
      cmocka_unit_test(test_trace_ids),
      cmocka_unit_test(test_what_is_too_long_is_cut),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

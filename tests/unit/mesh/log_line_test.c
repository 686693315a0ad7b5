/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "log_line.h"

/* 2026-11-20T10:00:00.123456Z */
static const struct timespec now = {.tv_sec = 1795168800, .tv_nsec = 123456789};

static const char *end(mesh__log_line *line) {
  otlp_string text = mesh__log_line_end(line);
  line->text[text.length] = '\0';
  return line->text;
}

/* Broken: lines could not be sorted or read by anyone else's clock. */
static void test_time_is_utc_with_microseconds(void **state) {
  (void)state;
  mesh__log_line line;
  mesh__log_line_begin(&line, MESH_LOG_LOGFMT, now);
  assert_string_equal(end(&line), "time=2026-11-20T10:00:00.123456Z\n");
}

/* Broken: after the first line, times would stand still, or be in the other format. */
static void test_each_line_has_its_own_time(void **state) {
  (void)state;
  mesh__log_line line;
  mesh__log_line_begin(&line, MESH_LOG_LOGFMT, now);
  mesh__log_line_begin(&line, MESH_LOG_LOGFMT, (struct timespec){now.tv_sec, 7000});
  assert_string_equal(end(&line), "time=2026-11-20T10:00:00.000007Z\n");
  mesh__log_line_begin(&line, MESH_LOG_JSON, now);
  assert_string_equal(end(&line), "{\"time\":\"2026-11-20T10:00:00.123456Z\"}\n");
  mesh__log_line_begin(&line, MESH_LOG_LOGFMT, (struct timespec){now.tv_sec + 1, 0});
  assert_string_equal(end(&line), "time=2026-11-20T10:00:01.000000Z\n");
}

/* Broken: a value could pass for another key, or end the line and forge the next one. */
static void test_values_are_quoted_when_they_must_be(void **state) {
  (void)state;
  mesh__log_line line;
  mesh__log_line_begin(&line, MESH_LOG_LOGFMT, now);
  mesh__log_line_text(&line, "plain", otlp_string_from("a-b/c.d"));
  mesh__log_line_text(&line, "empty", otlp_string_from(""));
  mesh__log_line_text(&line, "forged", otlp_string_from("x\nlevel=info \"y\" \\ \x1b[2J"));
  assert_string_equal(end(&line) + 32,
                      " plain=a-b/c.d empty=\"\" forged=\"x\\nlevel=info \\\"y\\\" "
                      "\\\\ \\u001b[2J\"\n");
}

/* Broken: a peer's bytes could drive the terminal of who reads the log, or make the log a file that
 * is not UTF-8. */
static void test_what_is_no_text_is_escaped(void **state) {
  (void)state;
  mesh__log_line line;
  mesh__log_line_begin(&line, MESH_LOG_LOGFMT, now);
  mesh__log_line_text(&line, "kept", otlp_string_from("\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80"));
  mesh__log_line_text(&line, "c1", otlp_string_from("\xc2\x9b[2J"));
  mesh__log_line_text(&line, "raw", otlp_string_from("\x9b[2J\xff"));
  mesh__log_line_text(&line, "forms",
                      otlp_string_from("\xc0\xaf \xed\xa0\x80 \xf4\x90\x80\x80 \xe2\x82"));
  assert_string_equal(end(&line) + 32,
                      " kept=\"\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80\" c1=\"\\u009b[2J\" "
                      "raw=\"\\ufffd[2J\\ufffd\" forms=\"\\ufffd\\ufffd \\ufffd\\ufffd\\ufffd "
                      "\\ufffd\\ufffd\\ufffd\\ufffd \\ufffd\\ufffd\"\n");
}

/* Broken: a key from a peer could forge a pair. */
static void test_keys_are_cleaned(void **state) {
  (void)state;
  mesh__log_line line;
  mesh__log_line_begin(&line, MESH_LOG_LOGFMT, now);
  const otlp_attribute odd = otlp_attribute_string("a b=c\n\"\xc3\xa4", "v");
  mesh__log_line_field(&line, &odd);
  assert_string_equal(end(&line) + 32, " a_b_c____=v\n");
}

/* Broken: a field could pass for the line's own, or a JSON object have a key twice. */
static void test_the_lines_own_keys_are_its_own(void **state) {
  (void)state;
  mesh__log_line line;
  const otlp_attribute fields[] = {
      otlp_attribute_string("level", "x"),
      otlp_attribute_string("trace_id", "y"),
      otlp_attribute_string("levels", "z"),
  };
  mesh__log_line_begin(&line, MESH_LOG_LOGFMT, now);
  for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
    mesh__log_line_field(&line, &fields[i]);
  }
  assert_string_equal(end(&line) + 32, " level_=x trace_id_=y levels=z\n");
}

/* Broken: what reads JSON could not read the log, or numbers came as text. */
static void test_json_lines(void **state) {
  (void)state;
  mesh__log_line line;
  otlp_span_context span = {.trace_id = {0xab}, .span_id = {0xcd}};
  const otlp_attribute fields[] = {
      otlp_attribute_int("i", -7),
      otlp_attribute_double("d", 1.5),
      otlp_attribute_double("none", NAN),
      otlp_attribute_bool("b", true),
      otlp_attribute_string("e", ""),
      otlp_attribute_string("any", "\"\\\n\x01\xff\xc2\x9b\xc3\xa4"),
  };
  mesh__log_line_begin(&line, MESH_LOG_JSON, now);
  mesh__log_line_text(&line, "level", otlp_string_from("info"));
  mesh__log_line_trace(&line, &span);
  for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
    mesh__log_line_field(&line, &fields[i]);
  }
  assert_string_equal(
      end(&line), "{\"time\":\"2026-11-20T10:00:00.123456Z\",\"level\":\"info\","
                  "\"trace_id\":\"ab000000000000000000000000000000\","
                  "\"span_id\":\"cd00000000000000\",\"i\":-7,\"d\":1.5,\"none\":\"nan\","
                  "\"b\":true,\"e\":\"\",\"any\":\"\\\"\\\\\\n\\u0001\\ufffd\\u009b\xc3\xa4\"}\n");
}

/* Broken: a JSON line that is cut would be no JSON. */
static void test_a_json_line_that_is_cut_is_an_object(void **state) {
  (void)state;
  static char huge[2 * MESH__LOG_LINE_SIZE];
  memset(huge, 'x', sizeof huge - 1);
  mesh__log_line line;
  mesh__log_line_begin(&line, MESH_LOG_JSON, now);
  for (int i = 0; i < 8; i++) {
    mesh__log_line_text(&line, "k", otlp_string_from(huge));
  }
  otlp_string text = mesh__log_line_end(&line);
  assert_true(text.length <= sizeof line.text);
  assert_memory_equal(text.data + text.length - 15, "x\",\"cut\":true}\n", 15);
}

/* Broken: numbers and truth values would be missing or misread. */
static void test_scalar_fields(void **state) {
  (void)state;
  mesh__log_line line;
  const otlp_attribute fields[] = {
      otlp_attribute_int("i", INT64_MIN),
      otlp_attribute_double("d", 1.5),
      otlp_attribute_bool("b", true),
      otlp_attribute_string("s", "t"),
  };
  mesh__log_line_begin(&line, MESH_LOG_LOGFMT, now);
  for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
    mesh__log_line_field(&line, &fields[i]);
  }
  assert_string_equal(end(&line) + 32, " i=-9223372036854775808 d=1.5 b=true s=t\n");
}

/* Broken: a line could not be found by its trace, or named a trace there is not. */
static void test_trace_ids(void **state) {
  (void)state;
  mesh__log_line line;
  otlp_span_context span = {.trace_id = {0xab}, .span_id = {0xcd}};
  otlp_span_context none = {0};
  mesh__log_line_begin(&line, MESH_LOG_LOGFMT, now);
  mesh__log_line_trace(&line, &none);
  mesh__log_line_trace(&line, &span);
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
  mesh__log_line line;
  otlp_string value = {huge + 1, sizeof huge - 2};
  mesh__log_line_begin(&line, MESH_LOG_LOGFMT, now);
  for (int i = 0; i < 8; i++) {
    mesh__log_line_text(&line, "k", value);
  }
  otlp_string text = mesh__log_line_end(&line);
  assert_true(text.length <= sizeof line.text);
  assert_memory_equal(text.data + text.length - 10, " cut=true\n", 10);
  /* Each value that fitted ends with a whole character: 1 + 2 * 511 bytes, between quotes. */
  assert_memory_equal(text.data + 32, " k=\"b\xc3\xa4", 7);
  assert_memory_equal(text.data + 32 + 4 + 1023 - 2, "\xc3\xa4\" k=", 6);
}

/* Broken: who reads a value of 1 KiB could take it for the whole. */
static void test_a_line_says_that_a_value_is_cut(void **state) {
  (void)state;
  char long_text[MESH__LOG_VALUE_SIZE + 1];
  memset(long_text, 'x', sizeof long_text);
  mesh__log_line line;
  mesh__log_line_begin(&line, MESH_LOG_LOGFMT, now);
  mesh__log_line_text(&line, "k", (otlp_string){long_text, MESH__LOG_VALUE_SIZE});
  assert_null(strstr(end(&line), "cut="));
  mesh__log_line_begin(&line, MESH_LOG_LOGFMT, now);
  mesh__log_line_text(&line, "k", (otlp_string){long_text, sizeof long_text});
  assert_string_equal(end(&line) + 32 + 3 + MESH__LOG_VALUE_SIZE, " cut=true\n");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_time_is_utc_with_microseconds),
      cmocka_unit_test(test_each_line_has_its_own_time),
      cmocka_unit_test(test_values_are_quoted_when_they_must_be),
      cmocka_unit_test(test_what_is_no_text_is_escaped),
      cmocka_unit_test(test_keys_are_cleaned),
      cmocka_unit_test(test_the_lines_own_keys_are_its_own),
      cmocka_unit_test(test_json_lines),
      cmocka_unit_test(test_a_json_line_that_is_cut_is_an_object),
      cmocka_unit_test(test_scalar_fields),
      cmocka_unit_test(test_trace_ids),
      cmocka_unit_test(test_what_is_too_long_is_cut),
      cmocka_unit_test(test_a_line_says_that_a_value_is_cut),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
